"""The run-off, from the first round's badge to the door: the same card opens it, by the real verifier."""

import datetime as dt

import pytest

from accreditation.badges.codes import cose
from accreditation.badges.codes.token import code_text, read_claims
from accreditation.badges.codes.verdict import Result
from accreditation.badges.composing import differences_now, with_card_facts
from accreditation.badges.models import Badge
from accreditation.badges.services.custody import hand_over_badge, mark_printed
from accreditation.badges.services.devices import add_device
from accreditation.badges.services.issuing import issue_badge, reissue_badge
from accreditation.badges.services.past import past_standing
from accreditation.badges.services.revoking import revoked_badges
from accreditation.badges.services.verifying import verify_code
from accreditation.badges.states import BadgeState, CollectionProof, VoidReason
from accreditation.models import Accreditation, Application, Document, Nomination, Observer
from accreditation.selectors import figures
from accreditation.services.accreditations import return_accreditation, suspend_accreditation
from accreditation.services.endings import expire_due
from accreditation.services.keeping import keep_due
from accreditation.states import AccreditationState, ApplicationState
from missions.kernel.models import Event
from missions.models import Election, User
from missions.services.elections import publish_results
from missions.states import FollowKind
from missions.timeline.moving.rounds import open_next_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust", "constituency")]

RUN_OFF_DAY = dt.date(2024, 2, 14)
AFTER = dt.datetime(2024, 2, 8, 8, tzinfo=dt.UTC)
AT_THE_DOOR = dt.datetime(2024, 2, 14, 6, tzinfo=dt.UTC)
GOOD = Result.COMPARE


@pytest.fixture
def card(accreditation: Accreditation, issuer: User, at: dt.datetime) -> Badge:
    """A card at its holder, good until after the run-off."""
    Nomination.objects.update(departs_on=dt.date(2024, 2, 16))
    accreditation.refresh_from_db()
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    printed = mark_printed(badge=badge, stock_serial="", by=issuer, at=at)
    proof = CollectionProof.SIGNATURE
    return hand_over_badge(badge=printed, collected_by="Anna Meyer", proof=proof, by=issuer, at=at)


def open_run_off(election: Election, by: User) -> Election:
    return open_next_round(election=election, kind=FollowKind.RUN_OFF, e_day=RUN_OFF_DAY, by=by, at=AFTER)


def verdict(badge: Badge, at: dt.datetime) -> Result:
    assert badge.token is not None
    return verify_code(code_text(bytes(badge.token), url="https://verify.example/b"), at=at).result


def test_the_card_of_the_first_round_opens_the_door_of_the_run_off(
    card: Badge, election: Election, approver: User
) -> None:
    run_off = open_run_off(election, approver)
    kept = keep_due(at=AFTER)
    again = keep_due(at=AFTER)
    publish_results(election=election, published_at=AFTER, by=approver, at=AFTER)
    expire_due(at=AFTER)

    own = Accreditation.objects.get(election=run_off)
    assert (kept, again) == (1, 0)
    assert (verdict(card, AT_THE_DOOR), revoked_badges(election, at=AT_THE_DOOR)) == (GOOD, {})
    card.refresh_from_db()
    assert (card.accreditation, card.mission.election, card.election) == (own, run_off, election)
    assert own.continues is not None
    assert (own.number, own.state, own.continues.state) == (1, AccreditationState.ACTIVE, AccreditationState.EXPIRED)
    assert not Badge.objects.exclude(pk=card.pk).exists()  # no new card


def test_it_stays_good_when_the_first_results_were_published_before(
    card: Badge, election: Election, approver: User
) -> None:
    publish_results(election=election, published_at=AFTER, by=approver, at=AFTER)
    expire_due(at=AFTER)
    between = verdict(card, AFTER)

    open_run_off(election, approver)
    kept = keep_due(at=AFTER)

    assert (between, kept, verdict(card, AT_THE_DOOR)) == (Result.REVOKED, 1, GOOD)


def test_without_the_run_off_it_is_over_with_the_results(card: Badge, election: Election, approver: User) -> None:
    """The control: what keeps the card good is the accreditation for the run-off, nothing else."""
    publish_results(election=election, published_at=AFTER, by=approver, at=AFTER)
    expire_due(at=AFTER)

    assert (keep_due(at=AFTER), verdict(card, AT_THE_DOOR)) == (0, Result.REVOKED)


def test_the_results_of_the_run_off_end_it(card: Badge, election: Election, approver: User) -> None:
    run_off = open_run_off(election, approver)
    keep_due(at=AFTER)
    published = dt.datetime(2024, 2, 18, tzinfo=dt.UTC)
    publish_results(election=run_off, published_at=published, by=approver, at=published)

    assert verdict(card, published) == Result.REVOKED


def test_a_person_withdrawn_for_the_run_off_stays_outside(
    card: Badge, election: Election, approver: User, lead: User
) -> None:
    run_off = open_run_off(election, approver)
    keep_due(at=AFTER)

    return_accreditation(accreditation=Accreditation.objects.get(election=run_off), by=lead, at=AFTER, reason="Ill")

    assert verdict(card, AT_THE_DOOR) == Result.REVOKED
    assert list(revoked_badges(election, at=AT_THE_DOOR)) == [bytes.fromhex(card.code_id)]
    assert keep_due(at=AT_THE_DOOR) == 0  # it is not kept once more


def test_who_is_suspended_stays_so(card: Badge, election: Election, approver: User) -> None:
    suspend_accreditation(accreditation=card.accreditation, reason="Complaint", by=approver, at=AFTER)
    run_off = open_run_off(election, approver)
    keep_due(at=AFTER)

    own = Accreditation.objects.get(election=run_off)
    assert (own.state, own.reason, verdict(card, AT_THE_DOOR)) == ("suspended", "Complaint", Result.REVOKED)


def test_person_papers_and_figures_are_those_of_the_run_off(card: Badge, election: Election, approver: User) -> None:
    former = card.accreditation.application
    papers = set(Document.objects.values_list("kind", flat=True))
    before = figures(election)
    run_off = open_run_off(election, approver)

    keep_due(at=AFTER)

    own = Application.objects.get(election=run_off)
    observer = Observer.objects.get(election=run_off)
    assert (observer.full_name, observer.passport_number) == (former.observer.full_name, "C01X00T47")
    assert (own.state, own.observer, own.nomination.mission.continues) == (
        ApplicationState.ACCREDITED,
        observer,
        former.nomination.mission,
    )
    assert set(own.documents.values_list("kind", flat=True)) == papers
    assert [row.outcome for row in own.decisions.all()] == ["accredited"]
    assert own.nomination.mission.places_taken == 1
    assert figures(run_off) == before


def test_a_card_that_ends_too_early_is_issued_anew_under_the_keys_of_the_first_round(
    accreditation: Accreditation, issuer: User, election: Election, approver: User, at: dt.datetime
) -> None:
    short = issue_badge(accreditation=accreditation, by=issuer, at=at)  # until two days after E+2
    run_off = open_run_off(election, approver)
    keep_due(at=AFTER)
    Nomination.objects.filter(mission__election=run_off).update(departs_on=dt.date(2024, 2, 16))
    expired = verdict(short, AT_THE_DOOR)

    anew = reissue_badge(badge=short, reason=VoidReason.CHANGED, note="Run-off", by=issuer, at=AFTER)

    claims = read_claims(cose.open_message(bytes(anew.token or b"")).payload)
    assert (expired, anew.state, anew.election, claims.election) == (
        Result.EXPIRED,
        BadgeState.SIGNED,
        election,
        election.code,
    )
    assert (anew.number, anew.issue, anew.content["election"]["code"]) == (2, 2, run_off.code)
    assert (verdict(anew, AT_THE_DOOR), verdict(short, AT_THE_DOOR)) == (GOOD, Result.REVOKED)


def test_somebody_new_gets_the_next_number_and_a_badge_that_opens_the_same_doors(
    card: Badge, election: Election, approver: User, issuer: User
) -> None:
    run_off = open_run_off(election, approver)
    keep_due(at=AFTER)
    own = Accreditation.objects.get(election=run_off)

    assert (
        add_device(election=run_off, name="Door", place_code="00101", by=issuer, at=AFTER).device.election == election
    )
    card.refresh_from_db()
    card.accreditation = with_card_facts(Accreditation.objects.all()).get(pk=own.pk)
    assert [row.fact for row in differences_now([card])[card.pk]] == ["election", "e_day"]


def test_the_past_of_a_card_is_told_across_both_rounds(card: Badge, election: Election, approver: User) -> None:
    suspend_accreditation(
        accreditation=card.accreditation, reason="Complaint", by=approver, at=AFTER - dt.timedelta(days=2)
    )
    open_run_off(election, approver)
    keep_due(at=AFTER)
    publish_results(election=election, published_at=AFTER, by=approver, at=AFTER)
    Accreditation.objects.filter(state="suspended").update(state="active", reason="")
    card = Badge.objects.select_related("accreditation").get()

    standing = past_standing(election, [card])

    assert standing.was_off(card, at=AFTER - dt.timedelta(days=1))  # suspended then
    assert not standing.was_off(card, at=AFTER - dt.timedelta(days=3))
    assert Event.objects.filter(verb="badge_kept").count() == 1
