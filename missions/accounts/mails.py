"""The mails about accounts. The stored text has a mark where the link belongs; the link is put in when sending."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from missions.accounts.models import AccountLink
from missions.accounts.states import LinkPurpose
from missions.accounts.tokens import address_of, home_address
from missions.models import ApiToken, Membership, TokenScope, User
from missions.reminders.audiences import Recipient
from missions.reminders.sources import ReminderDraft
from missions.reminders.texts import Facts, shortened
from missions.reminders.wording import Wordings, instant_text

#: Stands in the outbox instead of the link, and is read there by staff.
PLACE_OF_LINK = "[personal link, in the mail itself only]"

APPOINTMENT_RULE = "member_appointed"
DISMISSAL_RULE = "member_dismissed"
INVITATION_RULE = "account_invitation"
RESET_RULE = "password_reset"
TOKEN_RULE = "token_made"  # noqa: S105 - the name of a rule
WORDINGS = Wordings(Path(__file__).parent / "wordings")
#: A mail about an appointment is of no use any more after this.
_NEWS_FOR = timedelta(days=7)


def invitation_draft(link: AccountLink, *, at: datetime) -> ReminderDraft:
    """The mail that invites the person to choose a password. Says which role or missions wait."""
    say = _Voice(INVITATION_RULE, link.user.language)
    inviter = link.issued_by
    parts = (
        say.greeting(link.user),
        say("inviter", {"inviter": str(inviter)}) if inviter else say("opening"),
        "\n".join(_tasks(link.user, say)),
        say("choose"),
        PLACE_OF_LINK,
        say("until", {"until": _until(link)}),
        say("unexpected"),
    )
    return _draft(link, say, parts, at=at)


def reset_draft(link: AccountLink, *, at: datetime) -> ReminderDraft:
    """The mail that lets the person choose a new password."""
    say = _Voice(RESET_RULE, link.user.language)
    until = say("until", {"until": _until(link)})
    parts = (say.greeting(link.user), say("opening"), PLACE_OF_LINK, until, say("unexpected"))
    return _draft(link, say, parts, at=at)


def appointment_draft(membership: Membership, *, to: Recipient, by: User | None, at: datetime) -> ReminderDraft:
    """The mail that tells the people of a mission who acts for it from now on."""
    return _news_of_member(membership, APPOINTMENT_RULE, to=to, by=by, at=at)


def dismissal_draft(membership: Membership, *, to: Recipient, by: User | None, at: datetime) -> ReminderDraft:
    """The mail that tells the people of a mission who does not act for it any more."""
    return _news_of_member(membership, DISMISSAL_RULE, to=to, by=by, at=at)


def token_draft(token: ApiToken, *, at: datetime) -> ReminderDraft:
    """The mail that tells the owner of a new token of it; its secret is not there."""
    user = token.user
    say = _Voice(TOKEN_RULE, user.language)
    until = instant_text(cast(datetime, token.expiry), "UTC", language=user.language)  # a service has set it
    facts = {"name": token.name, "until": until}
    scope = "may_write" if token.scope == TokenScope.WRITE else "may_read"
    parts = (
        say.greeting(user),
        f"{say('opening', facts)} {say(scope)}",
        say("unexpected"),
        say("tokens", {"home": home_address()}),
    )
    return ReminderDraft(
        to_address=user.email,
        subject_type=ApiToken._meta.label_lower,
        # A token has no number: the first 60 bits of its digest name it as well.
        subject_id=int(token.digest[:15], 16),
        slot=at.date(),
        due_at=at,
        not_after=at + _NEWS_FOR,
        mission_id=None,
        subject=say.line("subject"),
        body=_text(parts),
        language=say.language,
        reason=say("reason"),
    )


def _news_of_member(
    membership: Membership, rule: str, *, to: Recipient, by: User | None, at: datetime
) -> ReminderDraft:
    say = _Voice(rule, to.language)
    mission = membership.mission
    news = say("opening", _facts_of(membership, say))
    parts = (
        say("greeting.nobody"),
        f"{news} {say('by', {'by': str(by)})}" if by else news,
        say("unexpected"),
        say("missions", {"home": home_address()}),
    )
    return ReminderDraft(
        to_address=to.address,
        subject_type=Membership._meta.label_lower,
        subject_id=membership.pk,
        slot=at.date(),
        due_at=at,
        not_after=at + _NEWS_FOR,
        mission_id=membership.mission_id,
        subject=say.line("subject", {"code": mission.code}),
        body=_text(parts),
        language=to.language,
        reason=say("reason", {"mission": mission.name}),
    )


def with_link(body: str, link: AccountLink) -> str:
    """The text as it goes out."""
    return body.replace(PLACE_OF_LINK, address_of(link))


def rule_of(link: AccountLink) -> str:
    """The rule under which the mail of the link stands in the outbox."""
    return INVITATION_RULE if link.purpose == LinkPurpose.INVITATION else RESET_RULE


class _Voice:
    """Says the sentences of one mail in the language of its reader."""

    def __init__(self, rule: str, language: str) -> None:
        self.rule, self.language = rule, language

    def __call__(self, key: str, facts: Facts | None = None) -> str:
        """A sentence of the mail, or of another table if the key names one."""
        return WORDINGS.say(key if "." in key else f"{self.rule}.{key}", facts, language=self.language)

    def line(self, key: str, facts: Facts | None = None) -> str:
        """The same, short enough for a subject."""
        return shortened(self(key, facts))

    def greeting(self, user: User) -> str:
        """How the mail begins."""
        name = user.get_full_name()
        return self("greeting.person", {"person": name}) if name else self("greeting.nobody")

    def role(self, code: str) -> str:
        """A role in words; one that the installation made itself under its own name."""
        key = f"role.{code}"
        return self(key) if key in WORDINGS.sentences(self.language) else code


def _tasks(user: User, say: _Voice) -> Iterator[str]:
    """What waits for the person: roles, and missions to act for."""
    for name in user.groups.order_by("name").values_list("name", flat=True):
        yield say("role", {"role": say.role(name)})
    for membership in Membership.objects.filter(user=user).select_related("mission__election").order_by("pk"):
        yield say("membership", _facts_of(membership, say))


def _facts_of(membership: Membership, say: _Voice) -> Facts:
    return {
        "person": str(membership.user),
        "address": membership.user.email,
        "role": say.role(membership.role),
        "mission": membership.mission.name,
        "election": str(membership.mission.election),
    }


def _until(link: AccountLink) -> str:
    return instant_text(link.expires_at, "UTC", language=link.user.language)


def _text(parts: tuple[str, ...]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _draft(link: AccountLink, say: _Voice, parts: tuple[str, ...], *, at: datetime) -> ReminderDraft:
    return ReminderDraft(
        to_address=link.user.email,
        subject_type=AccountLink._meta.label_lower,
        subject_id=link.pk,
        slot=at.date(),
        due_at=at,
        not_after=link.expires_at,
        mission_id=None,
        subject=say.line("subject"),
        body=_text(parts),
        language=say.language,
        reason=say("reason"),
    )
