"""Counting again, and claims beside ours: each difference by its name."""

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client

from missions.headline import HeadlineRule
from missions.models import Election, Organization, User
from missions.reports.figures.errors import ClaimPublishedError, ClaimWithdrawnError, FiguresNotPublicError
from missions.reports.figures.models import FigureClaim, FrozenFigures
from missions.reports.figures.selectors import Difference, claims_about, figures_on_record, recount
from missions.reports.figures.services.claims import Said, publish_claim, record_claim, withdraw_claim
from missions.reports.figures.services.freezing import freeze_figures, publish_figures
from missions.states import OrganizationKind
from tests.missions.reports.figures.conftest import AS_OF, AT, DAY, Say, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(election: Election, say: Say) -> FrozenFigures:
    say(AS_OF, {"ODIHR": 256, "SCO": 12}, {"DEU": 260, "KAZ": 8}, who="these")
    return freeze_figures(election=election, as_of=AS_OF, by=None, at=AT)


def test_the_same_people_by_the_same_rule_are_the_same(frozen: FrozenFigures) -> None:
    again = recount(frozen)

    assert (again.is_same, again.differences) == (True, ())


def test_every_number_that_differs_is_named(frozen: FrozenFigures, say: Say) -> None:
    say(AS_OF, {"ODIHR": 255, "CIS": 1, "SCO": 12}, {"DEU": 260, "KAZ": 7, "UZB": 1}, who="others")

    again = recount(frozen)

    assert not again.is_same
    assert again.differences == (
        Difference("organizations", 2, 3),
        Difference("countries", 2, 3),
        Difference("CIS", 0, 1),
        Difference("ODIHR", 256, 255),
        Difference("KAZ", 8, 7),
        Difference("UZB", 0, 1),
    )


def test_other_people_under_the_same_numbers_are_not_the_same(frozen: FrozenFigures, say: Say) -> None:
    say(AS_OF, {"ODIHR": 256, "SCO": 12}, {"DEU": 260, "KAZ": 8}, who="others")

    again = recount(frozen)

    assert (again.is_same, again.is_same_rule, again.differences) == (False, True, ())


def test_another_version_of_the_rule_is_not_the_same(frozen: FrozenFigures) -> None:
    desk.rule = HeadlineRule("by-hand", 2, "Otherwise.")

    assert (recount(frozen).is_same, recount(frozen).is_same_rule) == (False, False)


def test_the_command_names_what_differs_and_fails(frozen: FrozenFigures, say: Say) -> None:
    out = StringIO()
    call_command("recount_figures", "az-2024", stdout=out)
    assert out.getvalue() == "az-2024 2024-02-06T19:00:00+00:00 268 / 2 / 2: the same\n"
    say(AS_OF, {"ODIHR": 256, "SCO": 11}, {"DEU": 260, "KAZ": 7}, who="others")
    out = StringIO()

    with pytest.raises(CommandError, match="Not all figures come out again"):
        call_command("recount_figures", stdout=out)

    assert out.getvalue().endswith("268 / 2 / 2: observers 268 -> 267, SCO 12 -> 11, KAZ 8 -> 7\n")


def test_contradicting_claims_stand_side_by_side_each_beside_ours(frozen: FrozenFigures, election: Election) -> None:
    odihr = Organization.objects.create(acronym="ODIHR", name="Office", kind=OrganizationKind.IGO)
    day = dt.date(2024, 2, 6)
    claims = [
        Said("The chair", day, AS_OF, "266 of them", observers=266, organization=odihr),
        Said("The OSCE", day, AS_OF, "256 of them", observers=256, organization=odihr),
        Said("A paper", day, AS_OF, "From 88 countries", observers=790, countries=88),
        Said("A slip", day, AS_OF, "One", observers=1),
    ]
    rows = [record_claim(election=election, said=said, by=None, at=AT) for said in claims]
    withdraw_claim(claim=rows[3], reason="Misread", by=None, at=AT)

    beside = claims_about(election)

    assert [(one.claim.source, one.numbers) for one in beside] == [
        ("The chair", (Difference("observers", 266, 256),)),
        ("The OSCE", (Difference("observers", 256, 256),)),
        ("A paper", (Difference("observers", 790, 268), Difference("countries", 88, 2))),
    ]
    assert beside[0].numbers[0].by == -10


def test_who_is_not_of_the_host_sees_published_figures_and_no_claim(frozen: FrozenFigures, election: Election) -> None:
    host = User.objects.create_user("host@figures.example", "a long enough password", is_staff=True)
    record_claim(election=election, said=Said("A paper", AS_OF.date(), AS_OF, "Few", observers=3), by=host, at=AT)

    def seen() -> list[int]:
        everybody = (host, AnonymousUser())
        return [FrozenFigures.objects.visible_to(user).count() for user in everybody]

    assert seen() == [1, 0]
    publish_figures(figures=frozen, by=host, at=AT)
    assert seen() == [1, 1]
    assert [FigureClaim.objects.visible_to(user).count() for user in (host, AnonymousUser())] == [1, 0]


def test_a_published_claim_stands_beside_our_published_figure_until_it_is_withdrawn(
    frozen: FrozenFigures, election: Election
) -> None:
    odihr = Organization.objects.create(acronym="ODIHR", name="Office", kind=OrganizationKind.IGO)
    day = dt.date(2024, 2, 6)
    said = [
        Said("The <chair>", day, AS_OF, "266 of them", observers=266, organizations=9, organization=odihr),
        Said("A paper", day, AT, "All came", observers=268, countries=88),
        Said("Not for all", day, AT, "One", observers=1),
    ]
    chair, paper, _kept = (record_claim(election=election, said=one, by=None, at=AT) for one in said)
    with pytest.raises(FiguresNotPublicError):
        publish_claim(claim=chair, by=None, at=AT)
    publish_figures(figures=frozen, by=None, at=AT)
    for claim in (chair, paper):
        publish_claim(claim=claim, by=None, at=AT)
    with pytest.raises(ClaimPublishedError):
        publish_claim(claim=chair, by=None, at=AT)

    page = Client().get("/reports/az-2024/").content.decode()
    assert "Only the observers of ODIHR" in page
    assert "<p>Observers: 266. We count 256 as of 6 February 2024, 23:00.</p>" in page
    assert "<p>Observers: 268, as we count as of 6 February 2024, 23:00.</p>" in page
    assert "<p>Countries: 88. We count 2 as of 6 February 2024, 23:00.</p>" in page
    assert ("<chair>" in page, "Not for all" in page, "Organizations: 9" in page) == (False, False, False)
    assert "Başqaları nə deyir" in Client().get("/az/reports/az-2024/").content.decode()
    assert FigureClaim.objects.visible_to(AnonymousUser()).count() == 2

    withdraw_claim(claim=chair, reason="Misread", by=None, at=AT)
    assert "Observers: 266" not in Client().get("/reports/az-2024/").content.decode()
    with pytest.raises(ClaimWithdrawnError):
        publish_claim(claim=chair, by=None, at=AT)


def test_a_claim_is_compared_with_the_published_figure_next_before_it(
    frozen: FrozenFigures, election: Election
) -> None:
    later = freeze_figures(election=election, as_of=AT, by=None, at=AT)
    for figures in (frozen, later):
        publish_figures(figures=figures, by=None, at=AT)
    for as_of in (AS_OF - DAY, AT - dt.timedelta(minutes=1), AT):
        said = Said("A paper", as_of.date(), as_of, "So many", observers=1)
        publish_claim(claim=record_claim(election=election, said=said, by=None, at=AT), by=None, at=AT)

    claims = figures_on_record(election)[election.pk].claims

    assert [claim.ours_as_of for claim in claims] == [AS_OF, AS_OF, AT]
