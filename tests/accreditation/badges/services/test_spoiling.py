"""A correction and the badges of the person: shown before, void and intended anew with it, or not at all."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from accreditation.badges.content import read_content
from accreditation.badges.models import Badge
from accreditation.badges.services.custody import hand_over_badge, mark_printed
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.services.spoiling import replace_corrected_badges
from accreditation.badges.states import BadgeState, CollectionProof, VoidReason
from accreditation.errors import PreviewOutdatedError
from accreditation.models import Accreditation, CommissionSession, Document, Observer, StoredFile
from accreditation.services.accreditations import suspend_accreditation
from accreditation.services.corrections import Correction, correct_accreditation, preview_correction
from accreditation.services.photos import keep_new_photo
from accreditation.signals import accreditations_corrected
from accreditation.states import DocumentKind, Role
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.badges.made import badge_in
from tests.corpus.files import papers as made

pytestmark = pytest.mark.django_db

REASON = "Misread in the file"
_S = BadgeState
Shown = list[tuple[str, str, str]]


def shown(accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime) -> tuple[str, Shown]:
    """The digest of the preview, and what it says of badges."""
    preview = preview_correction(accreditation=accreditation, correction=correction, by=by, at=at)
    said = [
        (str(row.subject), str(row.sentence), str(row.weight)) for row in preview.impacts if row.code == "badge_void"
    ]
    return preview.digest, said


def correct(accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime) -> Accreditation:
    digest, _said = shown(accreditation, correction, by, at)
    return correct_accreditation(
        accreditation=accreditation, correction=correction, digest=digest, reason=REASON, by=by, at=at
    )


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (_S.INTENDED, "Becomes void. Another one is issued and has to be printed."),
        (_S.PRINTED, "Becomes void. Another one is issued and has to be printed. Put its card aside."),
        (
            _S.HANDED_OVER,
            "Becomes void. Another one is issued and has to be printed. Its holder has to bring the card back.",
        ),
    ],
)
def test_the_preview_names_the_badge_and_what_to_do_about_its_card(
    accreditation: Accreditation, issuer: User, at: dt.datetime, state: BadgeState, sentence: str
) -> None:
    badge_in(state, accreditation, by=issuer, at=at)

    _digest, said = shown(accreditation, Correction(surname="Mayer"), issuer, at)

    assert said == [(f"B-000001, {state.label} (ODIHR)", sentence, "spoils")]


def test_only_who_may_open_the_page_of_a_badge_gets_its_address(
    accreditation: Accreditation, issuer: User, approver: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.SIGNED, accreditation, by=issuer, at=at)
    urls = {}
    for user in (issuer, approver):
        preview = preview_correction(
            accreditation=accreditation, correction=Correction(surname="Mayer"), by=user, at=at
        )
        urls[user.email.split("@")[0]] = [row.url for row in preview.impacts if row.code == "badge_void"]

    assert urls == {"protocol": [f"/admin/badges/badge/{badge.pk}/change/"], "approver": [""]}


@pytest.mark.parametrize("state", [_S.RETURNED, _S.LOST, _S.VOID])
def test_a_badge_that_is_good_no_more_is_not_spoiled(
    accreditation: Accreditation, issuer: User, at: dt.datetime, state: BadgeState
) -> None:
    badge_in(state, accreditation, by=issuer, at=at)

    correct(accreditation, Correction(surname="Mayer"), issuer, at)

    assert list(Badge.objects.values_list("state", flat=True)) == [state]


def test_a_name_makes_the_badge_void_and_another_is_intended_with_it(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge_in(_S.HANDED_OVER, accreditation, by=issuer, at=at)

    correct(accreditation, Correction(surname="Mayer"), issuer, at)

    former, present = Badge.objects.order_by("number")
    assert (former.state, former.void_reason, former.ended_at) == (_S.VOID, VoidReason.CHANGED, at)
    assert (present.state, present.issue, present.accreditation) == (_S.INTENDED, 2, accreditation)
    assert read_content(present.content).latin_name == "MAYER ANNA"
    event = Event.objects.of(former).get(verb="badge_void")
    assert (event.actor, event.reason, event.changed) == (issuer, REASON, ["changed"])


def test_who_had_no_badge_gets_none(accreditation: Accreditation, issuer: User, at: dt.datetime) -> None:
    correct(accreditation, Correction(surname="Mayer"), issuer, at)

    assert not Badge.objects.exists()


def test_the_badge_of_a_suspended_person_becomes_void_alone(
    accreditation: Accreditation, issuer: User, approver: User, at: dt.datetime
) -> None:
    badge_in(_S.HANDED_OVER, accreditation, by=issuer, at=at)
    suspend_accreditation(accreditation=accreditation, reason="Under investigation", by=approver, at=at)

    _digest, said = shown(accreditation, Correction(role=Role.LTO), issuer, at)
    correct(accreditation, Correction(role=Role.LTO), issuer, at)

    assert [sentence.split(". ")[1] for _subject, sentence, _weight in said] == [
        "Another one can be issued when the accreditation counts again"
    ]
    assert list(Badge.objects.values_list("state", flat=True)) == [_S.VOID]


def test_another_mission_has_a_badge_of_its_own(
    accreditation: Accreditation,
    other_mission: Mission,
    session: CommissionSession,
    approver: User,
    issuer: User,
    at: dt.datetime,
) -> None:
    badge_in(_S.PRINTED, accreditation, by=issuer, at=at)

    present = correct(accreditation, Correction(mission=other_mission, session=session), approver, at)

    former, badge = Badge.objects.order_by("number")
    assert (former.state, former.mission.code, former.accreditation) == (_S.VOID, "ODIHR", accreditation)
    assert (badge.state, badge.mission, badge.accreditation, badge.issue) == (_S.INTENDED, other_mission, present, 1)
    content = read_content(badge.content)
    assert (content.organization_code, content.accreditation_number) == ("PABSEC", "00002")


def test_a_new_photo_comes_with_a_new_portrait(
    accreditation: Accreditation, issuer: User, at: dt.datetime, private_files: Path
) -> None:
    badge_in(_S.SIGNED, accreditation, by=issuer, at=at)

    correct(accreditation, Correction(photo=keep_new_photo(made.photo())), issuer, at)

    badge = Badge.objects.get(state=_S.INTENDED)
    photo = Document.objects.select_related("file").get(kind=DocumentKind.PHOTO).file
    assert photo is not None
    assert badge.portrait is not None
    assert read_content(badge.content).photo_sha256 == photo.sha256
    kept = {str(path.relative_to(private_files)) for path in private_files.rglob("*") if path.is_file()}
    assert kept == {photo.name_in_storage, badge.portrait.name_in_storage}


@pytest.mark.usefixtures("trust")
def test_the_new_badge_is_signed_after_the_commit(
    accreditation: Accreditation, issuer: User, at: dt.datetime, django_capture_on_commit_callbacks: Any
) -> None:
    badge = badge_in(_S.SIGNED, accreditation, by=issuer, at=at)

    with django_capture_on_commit_callbacks() as rung:
        correct(accreditation, Correction(surname="Mayer"), issuer, at)
    assert rung  # the signer's bell among them
    newer = issue_badge(accreditation=accreditation, by=issuer, at=at)

    assert (newer.pk != badge.pk, newer.state, Badge.objects.count()) == (True, _S.SIGNED, 2)


def test_what_a_receiver_refuses_undoes_the_whole_correction(
    accreditation: Accreditation, issuer: User, at: dt.datetime, private_files: Path
) -> None:
    """The badge stays good and says what is true, because the name stays what it was."""
    badge = badge_in(_S.HANDED_OVER, accreditation, by=issuer, at=at)
    photo = keep_new_photo(made.photo())
    digest, _said = shown(accreditation, Correction(surname="Mayer", photo=photo), issuer, at)
    events = Event.objects.count()

    def break_off(successors: Mapping[int, int], **_act: object) -> None:
        assert Badge.objects.get(pk=badge.pk).state == _S.VOID  # as far as this transaction goes
        raise RuntimeError("power cut")

    accreditations_corrected.connect(break_off)
    try:
        with pytest.raises(RuntimeError, match="power cut"):
            correct_accreditation(
                accreditation=accreditation,
                correction=Correction(surname="Mayer", photo=photo),
                digest=digest,
                reason=REASON,
                by=issuer,
                at=at,
            )
    finally:
        accreditations_corrected.disconnect(break_off)

    badge.refresh_from_db()
    assert (badge.state, badge.version, Badge.objects.count()) == (_S.HANDED_OVER, 1, 1)
    assert (Observer.objects.get().surname, StoredFile.objects.count()) == ("Meyer", 0)
    assert Event.objects.count() == events


def test_a_hand_over_after_the_preview_makes_it_old(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = badge_in(_S.PRINTED, accreditation, by=issuer, at=at)
    digest, _said = shown(accreditation, Correction(surname="Mayer"), issuer, at)
    hand_over_badge(badge=badge, collected_by="Anna Meyer", proof=CollectionProof.SIGNATURE, by=issuer, at=at)

    with pytest.raises(PreviewOutdatedError):
        correct_accreditation(
            accreditation=accreditation,
            correction=Correction(surname="Mayer"),
            digest=digest,
            reason=REASON,
            by=issuer,
            at=at,
        )


def test_a_badge_printed_meanwhile_is_void_all_the_same(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    """The service itself, whatever the preview said: no live badge of the person survives it."""
    badge = badge_in(_S.SIGNED, accreditation, by=issuer, at=at)
    mark_printed(badge=badge, stock_serial="AZ 1", by=issuer, at=at)

    [newer] = replace_corrected_badges(successors={accreditation.pk: accreditation.pk}, reason=REASON, by=issuer, at=at)

    badge.refresh_from_db()
    assert (badge.state, newer.state, newer.number) == (_S.VOID, _S.INTENDED, 2)
