"""Who keeps an accreditation for the vote that follows, who does not, and that nobody keeps it twice."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from accreditation.models import Accreditation, Application, Nomination, Observer, Revocation, Stay
from accreditation.services.decisions import accredit_application
from accreditation.services.keeping import keep_accreditations, keep_due
from accreditation.services.nominations import nominate_observers
from accreditation.services.revocations import propose_revocation, propose_revocation_of_organization
from accreditation.states import AccreditationState, ApplicationState
from missions.kernel.models import Event
from missions.models import Constituency, Election, Mission, Organization, User
from missions.states import FollowKind
from missions.timeline.moving.rounds import open_next_round
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db

AFTER = dt.datetime(2024, 2, 8, 8, tzinfo=dt.UTC)
RUN_OFF_DAY = dt.date(2024, 2, 21)


def opened(election: Election, kind: FollowKind = FollowKind.RUN_OFF, numbers: list[int] | None = None) -> Election:
    return open_next_round(election=election, kind=kind, e_day=RUN_OFF_DAY, constituencies=numbers, by=None, at=AFTER)


def test_who_is_bound_to_a_constituency_that_does_not_vote_again_keeps_nothing(
    accreditation: Accreditation, election: Election, constituency: Constituency
) -> None:
    other = Constituency.objects.get()
    other.pk, other.number, other.name = None, 2, "Second"
    commission = constituency.commission
    commission.pk, commission.code = None, "ConEC-2"
    commission.save()
    other.commission = commission
    other.save()
    Application.objects.update(constituency=constituency)

    elsewhere = opened(election, FollowKind.REPEAT, [2])
    kept = keep_due(at=AFTER)

    assert (kept, Accreditation.objects.filter(election=elsewhere).count()) == (0, 0)
    assert Accreditation.objects.get().state == AccreditationState.ACTIVE  # for the vote that it was given for


def test_what_was_kept_is_bound_to_the_same_constituency_of_the_new_vote(
    accreditation: Accreditation, election: Election, constituency: Constituency
) -> None:
    Application.objects.update(constituency=constituency, precinct_code="00101")

    repeat = opened(election, FollowKind.REPEAT, [1])

    assert keep_due(at=AFTER) == 1
    own = Application.objects.get(election=repeat)
    assert (own.constituency, own.precinct_code) == (repeat.constituencies.get(), "00101")


def test_while_a_revocation_is_proposed_nobody_escapes_it(
    accreditation: Accreditation, election: Election, organization: Organization, reviewer: User
) -> None:
    terms: dict[str, Any] = {"ground": "other_revocation", "text": "Took part", "by": reviewer, "at": AFTER}
    proposed = propose_revocation(accreditation=accreditation, **terms)
    of_all = propose_revocation_of_organization(organization=organization, election=election, **terms)
    opened(election)

    kept = [keep_due(at=AFTER)]
    for revocation in (proposed, of_all):
        Revocation.objects.filter(pk=revocation.pk).update(dropped_at=AFTER)
        kept.append(keep_due(at=AFTER))

    assert kept == [0, 0, 1]


def test_who_was_applied_for_anew_is_decided_anew(accreditation: Accreditation, election: Election, lead: User) -> None:
    run_off = opened(election)
    nominate_observers(mission=run_off.missions.get(), drafts=[DRAFT], by=lead, at=AFTER)

    assert keep_due(at=AFTER) == 0
    assert Application.objects.get(election=run_off).state == ApplicationState.DRAFT


def test_a_reference_that_is_taken_gets_a_mark(accreditation: Accreditation, election: Election, lead: User) -> None:
    run_off = opened(election)
    other = replace(draft_number(7), reference=DRAFT.reference)
    nominate_observers(mission=run_off.missions.get(), drafts=[other], by=lead, at=AFTER)

    former = accreditation.application.nomination
    assert keep_due(at=AFTER) == 1
    references = Nomination.objects.filter(mission__election=run_off).order_by("pk").values_list("reference", flat=True)
    assert list(references) == ["R-1", f"R-1/{former.pk}"]


def test_a_mission_without_room_is_told_to_the_log_and_stops_no_other(
    accreditation: Accreditation, election: Election, caplog: pytest.LogCaptureFixture
) -> None:
    run_off = opened(election)
    Mission.objects.filter(election=run_off).update(ceiling=0)

    assert keep_due(at=AFTER) == 0
    assert "keeps no accreditation for az-2024-runoff" in caplog.text
    Mission.objects.filter(election=run_off).update(ceiling=1)
    assert keep_due(at=AFTER) == 1


def test_who_stays_until_then_keeps_the_stay_and_who_leaves_says_it_anew(
    make_application: MakeApplication, approver: User, election: Election, at: dt.datetime
) -> None:
    for number, last in ((1, dt.date(2024, 2, 9)), (2, dt.date(2024, 2, 25))):
        application = make_application(ApplicationState.SCHEDULED, person=draft_number(number, departs_on=last))
        accredit_application(application=application, by=approver, at=at)
        departs_at = dt.datetime(last.year, last.month, last.day, 9, tzinfo=dt.UTC)
        Stay.objects.create(nomination=application.nomination, departs_at=departs_at, lodging=f"Hotel {number}")
    run_off = opened(election)

    keep_due(at=AFTER)

    kept = Nomination.objects.filter(mission__election=run_off).order_by("reference")
    assert list(kept.values_list("reference", "arrives_on", "departs_on", "stay__lodging")) == [
        ("R-1", None, None, None),
        ("R-2", dt.date(2024, 2, 3), dt.date(2024, 2, 25), "Hotel 2"),
    ]


def test_numbers_go_on_from_those_that_are_kept(
    accreditation: Accreditation, make_application: MakeApplication, approver: User, election: Election
) -> None:
    run_off = opened(election)
    waiting = make_application(ApplicationState.SCHEDULED, person=draft_number(3))
    Application.objects.filter(pk=waiting.pk).update(election=run_off)

    anew = accredit_application(application=waiting, by=approver, at=AFTER)
    keep_due(at=AFTER)

    assert (anew.number, Accreditation.objects.get(continues=accreditation).number) == (2, 1)


def test_both_histories_tell_it(accreditation: Accreditation, election: Election, approver: User) -> None:
    run_off = opened(election)

    keep_accreditations(election=run_off, by=approver, at=AFTER)

    own = Accreditation.objects.get(election=run_off)
    assert list(Event.objects.of(own).values_list("verb", "to_state", "actor")) == [
        ("accreditation_kept", "active", approver.pk)
    ]
    last = Event.objects.of(accreditation).last()
    assert last is not None
    assert (last.verb, last.to_state, last.reason) == ("continued", "expired", "Presidential election, run-off")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_jobs_keep_everybody_once(
    make_application: MakeApplication, approver: User, election: Election, at: dt.datetime, number: int
) -> None:
    for person in range(5):
        application = make_application(ApplicationState.SCHEDULED, person=draft_number(person))
        accredit_application(application=application, by=approver, at=at)
    run_off = opened(election)

    results = race([partial(keep_due, at=AFTER)] * 3)

    assert errors_of(results) == []
    assert sum(row for row in results if isinstance(row, int)) == 5
    assert Accreditation.objects.filter(election=run_off).count() == 5
    assert Observer.objects.filter(election=run_off).count() == 5
    assert Mission.objects.get(election=run_off).places_taken == 5
