"""Every act of the desk on many rows at once, on rows in each of their states together.

What may move has moved, what may not is named with the reason and is as it was, and what was not chosen is untouched.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model

from accreditation.letters.models import Letter
from accreditation.models import CommissionSession, Revocation
from missions.admin.moves import MovesAdmin
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Constituency, Mission, User
from tests.accreditation.conftest import MakeApplication, make_application, session  # noqa: F401 - fixtures
from tests.config.bulk_rows import ROWS, Desk
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

REASON = {"reason": "For a reason"}
_state = attrgetter("state")


def _letters(kind: str) -> Callable[[Any], int]:
    return lambda row: Letter.objects.filter(kind=kind, **{row._meta.model_name: row}).count()


def _proposals(row: Any) -> int:
    return Revocation.objects.filter(subject=row).count()


def _links(row: Any) -> int:
    return int(row.links.count())


def _is_there(row: Model) -> bool:
    return True


def _has(name: str) -> Callable[[Any], bool]:
    return lambda row: getattr(row, name) is not None


def _stay(name: str) -> Callable[[Any], bool]:
    return lambda row: getattr(row.stay, name) is not None


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, what they answer, what is looked at, and what that is afterwards for those that may move.

    `seen` of a row that is gone is None.
    """

    role: str
    moved: Mapping[str, object]
    seen: Callable[[Any], object] = _state
    answers: Mapping[str, object] = field(default_factory=dict)


ACTS: Mapping[tuple[str, str], Act] = {
    ("accreditation.Application", "submit"): Act("registrar", {"draft": "submitted"}),
    ("accreditation.Application", "open"): Act("reviewer", {"submitted": "under_review"}),
    ("accreditation.Application", "recommend"): Act("reviewer", {"under_review": "recommended"}),
    ("accreditation.Application", "schedule"): Act(
        "reviewer", {"recommended": "scheduled"}, answers={"session": "SESSION"}
    ),
    ("accreditation.Application", "accredit"): Act(
        "approver", {"scheduled": "accredited", "appealed": "accredited"}, answers={"in_favour": 5, "against": 0}
    ),
    ("accreditation.Application", "visa_letter"): Act(
        "registrar",
        dict.fromkeys(("submitted", "incomplete", "under_review", "recommended", "scheduled", "accredited"), 1),
        _letters("visa_support"),
        {"foreign": "en"},
    ),
    ("accreditation.Application", "refusal_letter"): Act(
        "registrar", dict.fromkeys(("refused", "appealed", "refused_final"), 1), _letters("refusal"), {"foreign": "en"}
    ),
    ("accreditation.Accreditation", "suspend"): Act("approver", {"active": "suspended"}, answers=REASON),
    ("accreditation.Accreditation", "reinstate"): Act("approver", {"suspended": "active"}, answers=REASON),
    ("accreditation.Accreditation", "propose"): Act(
        "reviewer", {"active": 1, "suspended": 1}, _proposals, {"ground": "other_revocation", "text": "Why"}
    ),
    ("accreditation.Accreditation", "letter"): Act(
        "registrar", {"active": 1}, _letters("accreditation"), {"foreign": "en"}
    ),
    ("accreditation.Nomination", "arrived"): Act("protocol", {"expected": True}, _stay("arrived_at")),
    ("accreditation.Nomination", "briefed"): Act("protocol", {"here": True}, _stay("briefed_at")),
    ("accreditation.Nomination", "left"): Act("protocol", {"here": True, "briefed": True}, _stay("left_at")),
    ("accreditation.ListedPerson", "remove"): Act("registrar", {"listed": None}, _is_there, REASON),
    ("missions.Invitation", "reply"): Act(
        "registrar", {"sent": "accepted"}, answers={"answer": "accepted", "replied_on": "2024-01-02"}
    ),
    ("missions.Invitation", "strike"): Act("registrar", {"planned": "not_invited"}, answers=REASON),
    ("missions.Invitation", "lapse"): Act("registrar", {"sent": "lapsed"}, answers=REASON),
    ("missions.User", "invite"): Act("administrator", {"invited": 1}, _links),
    ("missions.User", "deactivate"): Act(
        "administrator", {"invited": False, "active": False}, attrgetter("is_active"), REASON
    ),
    ("missions.ApiToken", "revoke"): Act("administrator", {"live": None}, _is_there),
    ("access.AccessGrant", "grant"): Act(
        "protocol", {"requested": "granted"}, answers={"valid_until_0": "2024-02-08", "valid_until_1": "20:00"}
    ),
    ("access.AccessGrant", "refuse"): Act("protocol", {"requested": "refused", "granted": "refused"}, answers=REASON),
    ("stations.PollingStation", "close"): Act("planner", {"open": True}, _has("closed_at"), REASON),
    ("stations.PollingStation", "reopen"): Act("planner", {"closed": False}, _has("closed_at"), REASON),
    ("badges.CheckDevice", "revoke"): Act("registrar", {"live": True}, _has("revoked_at")),
    ("badges.Scan", "annul"): Act("registrar", {"counted": True}, _has("annulled_at"), REASON),
    ("badges.ScanAlert", "close"): Act("registrar", {"open": True}, _has("closed_at"), {"note": "Seen"}),
    ("reminders.Message", "retry"): Act("registrar", {"failed": "planned", "parked": "planned"}),
}
#: Not row by row: one order of a stack, which tells of each card itself (tests/accreditation/badges/admin).
TOGETHER = {("accreditation.Accreditation", "order_badges")}


@pytest.fixture
def desk(
    mission: Mission,
    constituency: Constituency,
    make_application: MakeApplication,  # noqa: F811 - the fixture
    lead: User,
    reviewer: User,
    approver: User,
    at: dt.datetime,
) -> Desk:
    Mission.objects.update(ceiling=None)
    mission.refresh_from_db()
    clock.set_to(at)
    return Desk(mission, constituency, make_application, lead, reviewer, approver, at)


def test_every_act_on_many_stands_here() -> None:
    found = {
        (model._meta.label, move.name)
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, MovesAdmin)
        for move in model_admin.moves
        if move.in_bulk
    }

    assert found == {*ACTS, *TOGETHER}


@pytest.mark.parametrize(("label", "name"), ACTS, ids=lambda part: part.lower())
def test_an_act_on_many_moves_those_that_may_and_names_the_others(desk: Desk, label: str, name: str) -> None:
    act, (make, states) = ACTS[label, name], ROWS[label]
    desk.moving = frozenset(act.moved)
    chosen = {state: make(desk, state).pk for state in states}
    left = {state: make(desk, state).pk for state in act.moved}
    model = apps.get_model(label)
    rows_before, seen_before, events = _stored(model), _seen(model, act), _events(model)

    answer = browser_of(in_role(act.role)).post(
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/",
        {"action": name, "_selected_action": [*chosen.values()], "index": 0, "confirmed": 1, **_answers(act)},
    )

    assert answer.status_code == 200, answer
    assert "done_count" in answer.context, answer.context["form"].errors
    moved = {chosen[state]: value for state, value in act.moved.items()}
    refused = {pk for state, pk in chosen.items() if state not in act.moved}
    seen = _seen(model, act)
    assert {pk: seen.get(pk) for pk in moved} == moved
    assert {pk: value for pk, value in seen_before.items() if pk in moved and value == moved[pk]} == {}
    assert {_key(outcome.url) for outcome in answer.context["done"]} == {str(pk) for pk in moved}
    assert {_key(outcome.url) for outcome in answer.context["refused"]} == {str(pk) for pk in refused}
    assert [outcome for outcome in answer.context["refused"] if not outcome.refusal or not outcome.label] == []
    still = refused | {*left.values()}
    rows = _stored(model)
    assert {pk: rows.get(pk) for pk in still} == {pk: rows_before[pk] for pk in still}
    assert {pk: seen[pk] for pk in still} == {pk: seen_before[pk] for pk in still}
    assert {pk: count for pk, count in _events(model).items() if pk in still} == {
        pk: count for pk, count in events.items() if pk in still
    }


def _answers(act: Act) -> dict[str, object]:
    given = dict(act.answers)
    if given.get("session"):
        given["session"] = CommissionSession.objects.get().pk
    return given


def _stored(model: type[Model]) -> dict[object, dict[str, Any]]:
    """All rows with their columns. Of an encrypted one the value is read: it is stored anew each time."""
    return {
        row.pk: {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        for row in model._default_manager.all()
    }


def _seen(model: type[Model], act: Act) -> dict[object, object]:
    return {row.pk: act.seen(row) for row in model._default_manager.all()}


def _events(model: type[Model]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for key in Event.objects.filter(object_type=model._meta.label_lower).values_list("object_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return counts


def _key(url: str) -> str:
    found = re.fullmatch(r"/admin/\w+/\w+/([^/]+)/change/", url)
    assert found, url
    return found[1]
