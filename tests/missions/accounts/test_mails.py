"""The words of the mails about accounts, in the language of whoever reads them."""

import datetime as dt

import pytest

from missions.accounts.mails import PLACE_OF_LINK, WORDINGS, appointment_draft, invitation_draft, reset_draft
from missions.accounts.models import AccountLink
from missions.models import Membership, User
from missions.reminders.audiences import Recipient
from missions.states import MailLanguage

pytestmark = pytest.mark.django_db


def test_an_invitation_is_written_in_the_language_of_the_person(
    invited: User, invitation: AccountLink, lead: User, at: dt.datetime
) -> None:
    invitation.user.language, invitation.issued_by = MailLanguage.FR, lead

    draft = invitation_draft(invitation, at=at)

    assert (draft.language, draft.subject) == ("fr", "Votre compte Observer Desk")
    assert draft.body.split("\n\n") == [
        "Bonjour Rəna Quliyeva,",
        "lead@odihr.example vous invite à rejoindre Observer Desk, où l’observation électorale est enregistrée et "
        "accréditée.",
        "Votre fonction : chargé(e) d’examen",
        "Choisissez votre mot de passe et connectez-vous ici :",
        PLACE_OF_LINK,
        "Le lien fonctionne une seule fois, jusqu’au 21 janvier 2024, 12:00 (UTC). Il vous est personnel : merci de "
        "ne pas transférer ce message.",
        "Si vous n’attendiez pas cette invitation, vous n’avez rien à faire.\n",
    ]
    assert draft.reason == "un compte Observer Desk a été ouvert pour cette adresse."


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("en", "A new password for Observer Desk", "Dear Rəna Quliyeva,"),
        ("az", "Observer Desk üçün yeni parol", "Hörmətli Rəna Quliyeva,"),
        ("ru", "Новый пароль для Observer Desk", "Здравствуйте, Rəna Quliyeva!"),
        ("fr", "Un nouveau mot de passe pour Observer Desk", "Bonjour Rəna Quliyeva,"),
    ],
)
def test_a_reset_is_written_in_each_language(
    invitation: AccountLink, at: dt.datetime, language: str, subject: str, greeting: str
) -> None:
    invitation.user.language = language
    draft = reset_draft(invitation, at=at)
    assert (draft.language, draft.subject, draft.body.splitlines()[0]) == (language, subject, greeting)


def test_each_of_the_mission_is_told_of_an_appointment_in_the_own_language(lead: User, at: dt.datetime) -> None:
    membership = Membership.objects.get(user=lead)
    reader = Recipient("second@odihr.example", MailLanguage.RU, "")

    draft = appointment_draft(membership, to=reader, by=lead, at=at)

    assert (draft.to_address, draft.language, draft.subject) == (
        "second@odihr.example",
        "ru",
        "ODIHR: новый представитель миссии",
    )
    assert draft.body.split("\n\n")[1] == (
        "lead@odihr.example <lead@odihr.example> теперь представляет миссию ODIHR mission (Presidential election); "
        "роль: руководитель миссии. Кем назначен представитель: lead@odihr.example."
    )


def test_names_cannot_add_a_line_a_link_or_a_place_of_the_link(invitation: AccountLink, at: dt.datetime) -> None:
    invitation.user.first_name = f"Eve\n\nhttp://evil.example/ {PLACE_OF_LINK} {{until}} \u202e"

    lines = invitation_draft(invitation, at=at).body.splitlines()

    assert lines[0] == "Dear Eve http://evil.example/ [personal link, in the mail itself only] {until} Quliyeva,"
    assert [line for line in lines if line == PLACE_OF_LINK] == [PLACE_OF_LINK]


@pytest.mark.parametrize("language", MailLanguage.values)
def test_every_language_has_every_sentence(language: str) -> None:
    assert WORDINGS.sentences(language).keys() == WORDINGS.sentences("en").keys()
