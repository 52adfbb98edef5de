"""Issuing: the intent first, the signature after it, one live badge for each person, and a reason for who gets none."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.errors import (
    BadgeNotAccreditedError,
    BadgeOverError,
    BadgeSuspendedError,
    NoLatinNameError,
    SignerAwayError,
)
from accreditation.badges.models import Badge
from accreditation.badges.portraits import portrait_of
from accreditation.badges.services import intents, issuing
from accreditation.badges.services.issuing import (
    issue_badge,
    issue_badges,
    reissue_badge,
    replace_badge_within,
    sign_waiting,
)
from accreditation.badges.signer import request_signatures
from accreditation.badges.signer.protocol import Reply, Request, SigningResult
from accreditation.badges.states import BadgeState, VoidReason
from accreditation.errors import ReasonMissingError
from accreditation.letters.errors import LanguageNotOfferedError
from accreditation.models import Accreditation, Document, Observer, Stay, StoredFile
from accreditation.services.accreditations import reinstate_accreditation, revoke_accreditation, suspend_accreditation
from accreditation.services.decisions import accredit_application
from accreditation.services.paper_files import FileCheck, check_files, stored_file
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel.errors import MissingError
from missions.kernel.files import FileLostError, read_file_bytes
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, Organization, User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.badges.made import badge_in
from tests.accreditation.conftest import DRAFT, MakeApplication
from tests.corpus.files import papers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust", "private_files")]

_S = BadgeState
BAKU = dt.timezone(dt.timedelta(hours=4))


def away(request: Request, *, at: dt.datetime) -> Reply:
    raise SignerAwayError


@pytest.fixture
def no_signer(trust: KeyList, settings: Settings) -> None:
    settings.BADGE_SIGNER = f"{__name__}.away"


def give_photo(accreditation: Accreditation, data: bytes, at: dt.datetime) -> StoredFile:
    """A photo that is filed with the application, whatever its state."""
    with stored_file(data, folder="papers", media_type="image/jpeg", by=None, at=at) as file:
        file.save()
    Document.objects.update_or_create(
        application=accreditation.application,
        kind=DocumentKind.PHOTO,
        defaults={"file": file, "received_on": at.date()},
    )
    return file


def test_a_badge_is_intended_whole_and_then_signed(
    accreditation: Accreditation, issuer: User, mission: Mission, at: dt.datetime
) -> None:
    photo = give_photo(accreditation, papers.photo(), at)

    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)

    assert (badge.state, badge.number_text, badge.issue, badge.version) == (_S.SIGNED, "B-000001", 1, 2)
    assert (badge.election, badge.mission, badge.intended_by) == (accreditation.election, mission, issuer)
    assert (badge.valid_from, badge.valid_until) == (
        at - dt.timedelta(hours=1),
        dt.datetime(2024, 2, 11, tzinfo=BAKU),
    )
    assert badge.content == {
        "layout": 1,
        "number": "B-000001",
        "name": {"latin": "MEYER ANNA", "local": ""},
        "organization": {"code": "ODIHR", "name": "Office"},
        "mission": "ODIHR",
        "role": "sto",
        "category": "international_observer",
        "accreditation_number": "00001",
        "election": {"code": "az-2024", "name": "Presidential election", "e_day": "2024-02-07"},
        "valid": {"from": "2024-01-18", "until": "2024-02-10"},
        "areas": [],
        "languages": ["az", "en"],
        "photo_sha256": photo.sha256,
    }
    assert badge.portrait is not None
    portrait = portrait_of(papers.photo())
    assert read_file_bytes(badge.portrait.name_in_storage) == portrait.data
    assert badge.portrait_hash == portrait.digest.hex()
    assert check_files() == FileCheck(forgotten=(), lost=())
    told = [(row.verb, row.to_state, row.scope_id) for row in Event.objects.of(badge)]
    assert told == [("badge_intended", "intended", mission.pk), ("badge_signed", "signed", mission.pk)]


def test_whoever_issues_again_gets_the_same_badge(accreditation: Accreditation, issuer: User, at: dt.datetime) -> None:
    first = issue_badge(accreditation=accreditation, by=issuer, at=at)

    again = issue_badge(accreditation=accreditation, by=issuer, at=at + dt.timedelta(hours=1))

    assert (again, again.intended_at, Badge.objects.count()) == (first, at, 1)


@pytest.mark.usefixtures("no_signer")
def test_the_intent_stays_while_the_signer_is_away_and_is_signed_later(
    accreditation: Accreditation, issuer: User, at: dt.datetime, settings: Settings
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)

    assert (badge.state, badge.token, sign_waiting(at=at)) == (_S.INTENDED, None, 0)
    settings.BADGE_SIGNER = "accreditation.badges.signer.here.ask"
    assert (sign_waiting(at=at), sign_waiting(at=at)) == (1, 0)
    assert issue_badge(accreditation=accreditation, by=issuer, at=at).state == _S.SIGNED


@pytest.mark.usefixtures("no_signer")
def test_who_is_suspended_waits_and_is_signed_after_the_reinstatement(
    accreditation: Accreditation, issuer: User, at: dt.datetime, settings: Settings
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    suspend_accreditation(accreditation=accreditation, reason="Papers.", by=issuer, at=at)
    settings.BADGE_SIGNER = "accreditation.badges.signer.here.ask"

    assert sign_waiting(at=at) == 0
    reinstate_accreditation(accreditation=accreditation, reason="In order.", by=issuer, at=at)
    assert sign_waiting(at=at) == 1
    badge.refresh_from_db()
    assert badge.state == _S.SIGNED


def test_the_signer_is_asked_after_the_intent_is_committed(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    """Within a transaction there is no commit to wait for, so nobody may issue there."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), transaction.atomic():
        issue_badge(accreditation=accreditation, by=issuer, at=at)


def test_who_is_not_accredited_gets_no_badge(
    accreditation: Accreditation, issuer: User, election: Election, at: dt.datetime, private_files: Path
) -> None:
    give_photo(accreditation, papers.photo(), at)
    kept = sorted(private_files.rglob("*"))
    suspend_accreditation(accreditation=accreditation, reason="Papers.", by=issuer, at=at)
    with pytest.raises(BadgeSuspendedError):
        issue_badge(accreditation=accreditation, by=issuer, at=at)
    revoke_accreditation(accreditation=accreditation, reason="Forged.", by=issuer, at=at)
    with pytest.raises(BadgeNotAccreditedError):
        issue_badge(accreditation=accreditation, by=issuer, at=at)

    assert (Badge.objects.count(), [path for path in private_files.rglob("*") if path.is_file()]) == (
        0,
        [path for path in kept if path.is_file()],
    )


def test_an_accreditation_that_the_law_has_ended_gets_no_badge_before_a_job_says_so(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    Election.objects.update(results_published_at=at)
    accreditation.refresh_from_db()

    with pytest.raises(BadgeNotAccreditedError):
        issue_badge(accreditation=accreditation, by=issuer, at=at + dt.timedelta(seconds=1))


def test_who_has_left_gets_no_badge(accreditation: Accreditation, issuer: User, at: dt.datetime) -> None:
    Stay.objects.create(nomination=accreditation.application.nomination, left_at=at - dt.timedelta(days=3))

    with pytest.raises(BadgeOverError):
        issue_badge(accreditation=accreditation, by=issuer, at=at)


def test_a_lost_photo_is_named_and_a_language_without_words_too(
    accreditation: Accreditation, issuer: User, at: dt.datetime, private_files: Path
) -> None:
    photo = give_photo(accreditation, papers.photo(), at)
    (private_files / photo.name_in_storage).unlink()

    with pytest.raises(FileLostError):
        issue_badge(accreditation=accreditation, by=issuer, at=at)
    Document.objects.filter(kind="photo").delete()
    with pytest.raises(LanguageNotOfferedError):
        issue_badge(accreditation=accreditation, by=issuer, at=at, foreign="xx")
    with pytest.raises(MissingError):
        issue_badge(accreditation=Accreditation(pk=999), by=issuer, at=at)


def test_many_are_issued_in_the_order_of_their_numbers_and_nobody_stops_the_others(
    make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [make_accreditation(number) for number in range(6)]
    live = issue_badge(accreditation=rows[1], by=issuer, at=at)
    suspend_accreditation(accreditation=rows[2], reason="Papers.", by=issuer, at=at)
    monkeypatch.setattr(issuing, "CHUNK", 4)
    drafts = intents._draft

    def poisoned(accreditation: Accreditation, *args: object, **facts: object) -> Badge:
        if accreditation == rows[3]:
            raise ZeroDivisionError
        return drafts(accreditation, *args, **facts)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(intents, "_draft", poisoned)

    results = issue_badges(accreditation_ids=[*(row.pk for row in rows), 999], by=issuer, at=at)

    assert [(row.accreditation_id, row.code) for row in results] == [
        (rows[0].pk, ""),
        (rows[1].pk, ""),
        (rows[2].pk, "badge-suspended"),
        (rows[3].pk, "badge-broken"),
        (rows[4].pk, ""),
        (rows[5].pk, ""),
        (999, "not-found"),
    ]
    assert results[1].badge_id == live.pk
    badges = Badge.objects.order_by("number").values_list("number", "accreditation", "state")
    assert list(badges) == [
        (1, rows[1].pk, "signed"),
        (2, rows[0].pk, "signed"),
        (3, rows[4].pk, "signed"),
        (4, rows[5].pk, "signed"),
    ]


@pytest.mark.usefixtures("no_signer")
def test_a_signer_that_is_away_is_asked_once_and_everybody_is_intended(
    make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [make_accreditation(number) for number in range(3)]
    monkeypatch.setattr(issuing, "CHUNK", 1)
    asked: list[object] = []

    def ask(ids: list[int], *, at: dt.datetime, by: User | None) -> tuple[SigningResult, ...]:
        asked.append(ids)
        return request_signatures(ids, at=at, by=by)

    monkeypatch.setattr(issuing, "request_signatures", ask)

    results = issue_badges(accreditation_ids=[row.pk for row in rows], by=issuer, at=at)

    assert [row.code for row in results] == ["", "", ""]
    assert (len(asked), Badge.objects.filter(state=_S.INTENDED).count()) == (1, 3)


def test_people_of_two_elections_are_numbered_apart(
    accreditation: Accreditation, make_accreditation: MakeAccreditation, issuer: User, at: dt.datetime
) -> None:
    other = make_accreditation(2)
    later = Election.objects.get()
    later.pk, later.code = None, "later"
    later.save()
    Accreditation.objects.filter(pk=other.pk).update(election=later)

    issue_badges(accreditation_ids=[accreditation.pk, other.pk], by=issuer, at=at)

    assert list(Badge.objects.order_by("election__code").values_list("election__code", "number")) == [
        ("az-2024", 1),
        ("later", 1),
    ]


@pytest.mark.parametrize("state", [_S.INTENDED, _S.SIGNED, _S.PRINTED, _S.HANDED_OVER])
def test_a_reissue_makes_the_former_badge_void_and_the_next_one_at_once(
    state: BadgeState, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    former = badge_in(state, accreditation, by=issuer, at=at)

    newer = reissue_badge(badge=former, reason=VoidReason.SPOILED, note=" Torn. ", by=issuer, at=at)

    former.refresh_from_db()
    assert (former.state, former.void_reason, former.ended_at) == (_S.VOID, "spoiled", at)
    assert (newer.state, newer.number, newer.issue) == (_S.SIGNED, 2, 2)
    told = Event.objects.of(former).values_list("verb", "changed", "reason")
    assert list(told) == [("badge_void", ["spoiled"], "Torn.")]


def test_a_lost_badge_stays_lost_when_the_person_gets_another(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    lost = badge_in(_S.LOST, accreditation, by=issuer, at=at)

    newer = reissue_badge(badge=lost, reason=VoidReason.LOST, note="Looked for it.", by=issuer, at=at)

    lost.refresh_from_db()
    assert (lost.state, lost.version, newer.state, newer.issue) == (_S.LOST, 1, _S.SIGNED, 2)


@pytest.mark.parametrize("state", [_S.RETURNED, _S.VOID])
def test_what_has_ended_is_not_reissued_but_the_person_may_get_another(
    state: BadgeState, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    ended = badge_in(state, accreditation, by=issuer, at=at)

    with pytest.raises(IllegalTransitionError):
        reissue_badge(badge=ended, reason=VoidReason.REPLACED, note="Again.", by=issuer, at=at)

    assert issue_badge(accreditation=accreditation, by=issuer, at=at).issue == 2


def test_a_reissue_that_is_refused_leaves_the_badge_good(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)

    with pytest.raises(ReasonMissingError):
        reissue_badge(badge=badge, reason=VoidReason.SPOILED, note=" ", by=issuer, at=at)
    with pytest.raises(ValueError, match="WITHDRAWN"):
        reissue_badge(badge=badge, reason=VoidReason.WITHDRAWN, note="x", by=issuer, at=at)
    Observer.objects.update(surname="ბერიძე")
    with pytest.raises(NoLatinNameError):
        reissue_badge(badge=badge, reason=VoidReason.CHANGED, note="Name.", by=issuer, at=at)
    suspend_accreditation(accreditation=accreditation, reason="Papers.", by=issuer, at=at)
    with pytest.raises(BadgeSuspendedError):
        reissue_badge(badge=badge, reason=VoidReason.CHANGED, note="Name.", by=issuer, at=at)
    badge.refresh_from_db()
    assert (badge.state, badge.version, Badge.objects.count()) == (_S.SIGNED, 2, 1)


def test_a_change_replaces_the_badge_within_its_own_transaction_or_not_at_all(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)

    def change(*, breaks: bool) -> Badge:
        with transaction.atomic():
            Organization.objects.update(name="Bureau")
            newer = replace_badge_within(badge=badge, reason=VoidReason.CHANGED, note="Renamed.", by=issuer, at=at)
            if breaks:
                raise ZeroDivisionError
        return newer

    with pytest.raises(ZeroDivisionError):
        change(breaks=True)
    badge.refresh_from_db()
    assert (badge.state, Badge.objects.count()) == (_S.SIGNED, 1)
    newer = change(breaks=False)
    badge.refresh_from_db()
    assert (badge.state, newer.state, newer.content["organization"]["name"]) == (_S.VOID, _S.INTENDED, "Bureau")
    assert sign_waiting(at=at) == 1


def test_numbers_are_never_given_again(
    make_application: MakeApplication, approver: User, issuer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED, person=replace(DRAFT, reference="R-9"))
    row = accredit_application(application=application, by=approver, at=at)
    first = issue_badge(accreditation=row, by=issuer, at=at)
    second = reissue_badge(badge=first, reason=VoidReason.REPLACED, note="Again.", by=issuer, at=at)
    third = reissue_badge(badge=second, reason=VoidReason.REPLACED, note="Again.", by=issuer, at=at)

    assert [badge.number for badge in (first, second, third)] == [1, 2, 3]
    assert len({badge.code_id for badge in (first, second, third)}) == 3
