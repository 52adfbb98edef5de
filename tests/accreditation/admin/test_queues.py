"""The piles: whose work an application is, how many stand in each, and who comes next."""

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accreditation import rules
from accreditation.admin.queues import MINE, queue_condition, sizes
from accreditation.models import Application, Finding
from accreditation.states import ApplicationState, Category, Severity
from missions.kernel import clock
from missions.models import Election, User
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

_S = ApplicationState
LIST = "/admin/accreditation/application/"
STATES = (_S.DRAFT, _S.SUBMITTED, _S.INCOMPLETE, _S.UNDER_REVIEW, _S.RECOMMENDED, _S.SCHEDULED, _S.ACCREDITED)


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


def in_pile(code: str, user: User) -> set[str]:
    rows = Application.objects.filter(queue_condition(code, user=user, at=clock.now()))
    return set(rows.values_list("state", flat=True))


@pytest.fixture
def one_of_each(make_application: MakeApplication) -> dict[ApplicationState, Application]:
    made = {state: make_application(_S.SCHEDULED, person=draft_number(n)) for n, state in enumerate(STATES, 1)}
    for state, row in made.items():
        reviewer = row.reviewed_by if state in (_S.RECOMMENDED, _S.SCHEDULED, _S.ACCREDITED) else None
        Application.objects.filter(pk=row.pk).update(state=state, reviewed_by=reviewer)
    return made


@pytest.mark.parametrize(
    ("role", "mine"),
    [
        ("reviewer", {_S.SUBMITTED, _S.UNDER_REVIEW, _S.RECOMMENDED}),
        ("registrar", {_S.SUBMITTED, _S.UNDER_REVIEW, _S.RECOMMENDED}),
        ("approver", {_S.SCHEDULED}),
        ("auditor", set()),
    ],
)
def test_ones_own_work_is_what_one_may_do_next(
    one_of_each: dict[ApplicationState, Application], role: str, mine: set[ApplicationState]
) -> None:
    assert in_pile("mine", in_role(role)) == mine


def test_where_the_law_needs_no_session_the_approver_decides_at_once(
    one_of_each: dict[ApplicationState, Application], election: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    approver, reviewer = in_role("approver"), in_role("reviewer", "rena@ministry.example")
    law = rules.known_profile(election.profile_code)
    monkeypatch.setattr(rules, "decides_without_session", lambda profile, category: profile == law)

    assert (in_pile("agenda", approver), in_pile("mine", approver)) == (set(), {_S.RECOMMENDED, _S.SCHEDULED})
    assert in_pile("mine", reviewer) == {_S.SUBMITTED, _S.UNDER_REVIEW}


def test_what_somebody_else_reviewed_goes_back_to_that_one(make_application: MakeApplication) -> None:
    first, second = in_role("reviewer", "first@ministry.example"), in_role("reviewer", "second@ministry.example")
    row = make_application(_S.UNDER_REVIEW)
    Application.objects.filter(pk=row.pk).update(reviewed_by=first)

    assert (in_pile("mine", first), in_pile("mine", second)) == ({_S.UNDER_REVIEW}, set())


def test_nobody_finds_the_own_recommendation_among_what_is_to_decide(make_application: MakeApplication) -> None:
    root = User.objects.create_superuser("root@ministry.example", "a long enough password")
    other = User.objects.create_superuser("other@ministry.example", "a long enough password")
    row = make_application(_S.SCHEDULED)
    Application.objects.filter(pk=row.pk).update(reviewed_by=root)

    assert (in_pile("mine", root), in_pile("mine", other)) == (set(), {_S.SCHEDULED})


@pytest.mark.parametrize(
    ("severity", "closed", "blocked"),
    [(Severity.BLOCK, False, True), (Severity.WARN, False, False), (Severity.BLOCK, True, False)],
)
def test_only_open_blocking_findings_block(
    make_application: MakeApplication, reviewer: User, severity: Severity, closed: bool, blocked: bool
) -> None:
    row = make_application(_S.UNDER_REVIEW)
    row.findings.all().delete()
    Finding.objects.create(
        application=row,
        code="same_passport",
        severity=severity,
        sentence="The same passport is on another nomination.",
        found_at=clock.now(),
        **({"closed_by": reviewer, "closed_at": clock.now(), "note": "Seen."} if closed else {}),
    )

    assert in_pile("blocked", reviewer) == ({_S.UNDER_REVIEW} if blocked else set())


def test_the_sizes_of_all_piles_are_counted_in_one_query(
    one_of_each: dict[ApplicationState, Application],
    at: dt.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = in_role("reviewer")
    assert person.has_perm("accreditation.review_application")
    Application.objects.filter(state=_S.DRAFT).update(category=Category.FOREIGN_MEDIA)

    with django_assert_num_queries(1):
        counted = sizes(Application.objects.all(), user=person, at=at)

    assert {name for name, count in counted[Category.FOREIGN_MEDIA].items() if count} == {"draft"}
    international = counted[Category.INTERNATIONAL_OBSERVER]
    steps = ("draft", "submitted", "review", "agenda", "decide", "incomplete", "late")
    assert [international[name] for name in (MINE.code, *steps)] == [3, 0, 1, 1, 1, 1, 1, 0]


def test_a_category_narrows_the_piles_and_a_pile_the_categories(
    one_of_each: dict[ApplicationState, Application],
) -> None:
    Application.objects.filter(state__in=(_S.DRAFT, _S.SUBMITTED)).update(category=Category.FOREIGN_MEDIA)
    browser = browser_of(in_role("reviewer"))

    answer = browser.get(LIST, {"queue": "mine", "category__exact": "foreign_media"})

    mine = answer.context["piles"][0]
    assert (mine.count, mine.chosen, mine.url) == (1, True, f"{LIST}?category__exact=foreign_media")
    assert [(pile.queue.code, pile.count, pile.chosen) for pile in answer.context["categories"]] == [
        ("international_observer", 2, False),
        ("foreign_media", 1, True),
    ]
    assert answer.context["cl"].result_count == 1


def walk(browser: Client, start: Application, kept: str = "queue%3Dmine") -> list[int]:
    """The keys of the applications that "next" leads to, until one comes again."""
    url, seen = f"{LIST}{start.pk}/change/?_changelist_filters={kept}", []
    while (key := int(url.split("/")[4])) not in seen:
        seen.append(key)
        url = browser.get(url).context["next_url"]
    return seen


def test_next_leads_through_the_pile_by_urgency_and_round(make_application: MakeApplication, at: dt.datetime) -> None:
    rows = [make_application(_S.UNDER_REVIEW, person=draft_number(n)) for n in range(1, 5)]
    for row, hours in zip(rows, (30, 10, None, 10), strict=True):
        due = None if hours is None else at + dt.timedelta(hours=hours)
        Application.objects.filter(pk=row.pk).update(decide_by=due)
    browser = browser_of(in_role("reviewer"))

    first, second, third, fourth = (row.pk for row in rows)
    assert walk(browser, rows[0]) == [first, third, second, fourth]


def test_after_an_act_the_page_still_knows_the_pile(make_application: MakeApplication) -> None:
    rows = [make_application(_S.UNDER_REVIEW, person=draft_number(n)) for n in (1, 2)]
    browser = browser_of(in_role("reviewer"))
    page = browser.get(f"{LIST}{rows[0].pk}/change/?_changelist_filters=queue%3Dreview")

    answer = browser.post(page.context["step"]["url"], follow=True)

    place = answer.context["place"]
    assert (place.queue.code, place.following, place.url) == ("review", rows[1], f"{LIST}?queue=review")
    assert Application.objects.get(pk=rows[0].pk).state == _S.RECOMMENDED


def test_a_finding_is_closed_on_the_page_and_the_pile_is_not_lost(make_application: MakeApplication) -> None:
    row = make_application(_S.UNDER_REVIEW)
    finding = Finding.objects.create(
        application=row,
        code="same_name",
        severity=Severity.BLOCK,
        sentence="The same name is on another nomination.",
        found_at=clock.now(),
    )
    browser = browser_of(in_role("reviewer"))
    page = browser.get(f"{LIST}{row.pk}/change/?_changelist_filters=queue%3Dblocked")
    [line] = [line for line in page.context["findings"] if line["blocks"]]

    answer = browser.post(line["close_url"], {"note": "Two people."})

    finding.refresh_from_db()
    assert (page.context["blocked"], finding.note) == (True, "Two people.")
    assert answer.headers["Location"] == f"{LIST}{row.pk}/change/?_changelist_filters=queue%3Dblocked"
