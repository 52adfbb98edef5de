"""What checkers trust in one election, as people ask about it: root, keys, the next key, and how old the lists are."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from accreditation.badges.ceremony.rules import NOTICE, OVERLAP
from accreditation.badges.ceremony.spelling import fingerprint_of, spelled
from accreditation.badges.codes.keylist import KeyList as SignedKeys
from accreditation.badges.codes.keylist import KeyRecord
from accreditation.badges.models import KeyList, RevocationList, SigningAttempt, TrustRoot
from accreditation.badges.services.trust import current_keys
from missions.admin.pages import local_text
from missions.models import Election

#: A successor that is due within this time is asked for in colour.
SOON = timedelta(days=7)
#: Devices call a list old after so long (docs/badge-code.md).
OLD = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One signing key of the current list."""

    kid: str
    standing: str
    tone: str
    first_use: str
    last_signature: str
    end: str
    badges: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the page says in colour."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Trust:
    """All of the page. Without a root or a list, what hangs on it is None or empty."""

    root: TrustRoot | None
    root_installed: str
    fingerprint: tuple[tuple[str, str], ...]
    key_list: KeyList | None
    keys_issued: str
    keys: tuple[KeyLine, ...]
    successor: Remark | None
    revoked: RevocationList | None
    revoked_age: Remark | None
    last_signed: str


def trust_of(election: Election, *, at: datetime) -> Trust:
    """What checkers trust in the election at the instant. Six queries."""
    root = TrustRoot.objects.filter(election=election).first()
    signed = current_keys(election)
    key_list = KeyList.objects.filter(election=election).defer("data").first() if signed else None
    revoked = RevocationList.objects.filter(election=election).defer("data").first()
    records = signed.keys if signed else ()
    attempts = SigningAttempt.objects.filter(key_id__in=[record.key.kid.hex() for record in records])
    badges = dict(attempts.order_by().values_list("key_id").annotate(total=Sum("badges")))
    last = attempts.first()
    return Trust(
        root=root,
        root_installed=local_text(root.installed_at if root else None, election.zone),
        fingerprint=_read_aloud(fingerprint_of(bytes(root.public_key))) if root else (),
        key_list=key_list,
        keys_issued=local_text(key_list.issued_at if key_list else None, election.zone),
        keys=tuple(_line(record, badges, election, at) for record in records),
        successor=_successor(signed, election, at) if signed else None,
        revoked=revoked,
        revoked_age=_age(revoked, at) if revoked else None,
        last_signed=local_text(last.signed_at if last else None, election.zone),
    )


def _read_aloud(fingerprint: str) -> tuple[tuple[str, str], ...]:
    """Each group of the fingerprint with its words."""
    return tuple(zip(fingerprint.split("-"), spelled(fingerprint), strict=True))


def _line(record: KeyRecord, badges: dict[str, int], election: Election, at: datetime) -> KeyLine:
    standing, tone = _standing(record, at)
    kid = record.key.kid.hex()
    return KeyLine(
        kid=kid,
        standing=standing,
        tone=tone,
        first_use=_local(record.first_use, election),
        last_signature=_local(record.last_signature, election),
        end=_local(record.end, election),
        badges=badges.get(kid, 0),
    )


def _standing(record: KeyRecord, at: datetime) -> tuple[str, str]:
    second = at.timestamp()
    if record.is_withdrawn:
        return _("withdrawn"), "danger"
    if second < record.first_use:
        return _("waits for its time"), "info"
    if second <= record.last_signature:
        return _("signs"), "success"
    if second < record.end:
        return _("signs no more; its badges are good"), "calm"
    return _("over"), "calm"


def _successor(signed: SignedKeys, election: Election, at: datetime) -> Remark:
    """By when the next key has to be on a list, so that devices know it before the last one stops signing."""
    second = int(at.timestamp())
    able = [record for record in signed.keys if not record.is_withdrawn and record.last_signature >= second]
    if not able:
        return Remark(_("No key can sign. A ceremony is needed now."), "danger")
    due = _instant(max(record.last_signature for record in able) - OVERLAP - NOTICE)
    said = _("The next key is due on a list by %s.") % local_text(due, election.zone)
    if due <= at:
        return Remark(said, "danger")
    return Remark(said, "warning" if due - at <= SOON else "success")


def _age(revoked: RevocationList, at: datetime) -> Remark:
    """How old the newest list is; the signer makes one every ten minutes, so an old one means that it is away."""
    minutes = max(0, int((at - revoked.issued_at).total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    said = _("%(hours)d h %(minutes)d min old") % {"hours": hours, "minutes": rest}
    if at - revoked.issued_at > OLD:
        return Remark(said, "danger")
    return Remark(said, "success" if at <= revoked.next_update_at else "warning")


def _local(second: int, election: Election) -> str:
    return local_text(_instant(second), election.zone)


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, tz=UTC)
