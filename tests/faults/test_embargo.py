"""RELIABILITY F14: an embargo ends by the database's clock alone. No worker and no beat runs in any of these tests."""

import datetime as dt
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from rest_framework.test import APIClient

from config.api import router
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Mission, User
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from missions.reports.models import Report
from missions.reports.recommendations.services.writing import Advice, write_recommendation
from missions.reports.recommendations.states import Addressee
from missions.reports.services.drafts import add_file, draft_report
from missions.reports.services.registering import register_report, submit_report
from missions.reports.states import ReportKind
from tests.faults.web import ask, running_web
from tests.missions.api.world import as_user
from tests.missions.reports.conftest import (
    CANARY,
    PRESS_CONFERENCE,
    MakeReport,
    make_report,
    pages,
    pdf,
    registrar,
)
from tests.staff import browser_of, in_role

__all__ = ["make_report", "pages", "registrar"]

SECOND = dt.timedelta(seconds=1)
#: Stands in the title and in the file.
SECRET = b"CANARY7391"
NEAR = (
    "/admin/reports/",
    "/admin/recommendations/",
    "/admin/missions/mission/",
    "/admin/missions/election/",
    "/admin/timeline/",
)


# --- Every route, as everybody who is not the mission


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address of the product as a pattern; those of the API's router are regular expressions and come beside."""
    for entry in patterns:
        if isinstance(entry.pattern, RoutePattern):
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from _routes(entry.url_patterns, route)
            else:
                yield route


def _addresses(report: Report) -> list[str]:
    """Every address that may be asked, its arguments filled with what leads to the report."""
    words = {"election": report.election.code, "number": str(report.number), "file_language": "en", "language": "en"}
    routes = [f"/{route}" for route in _routes(get_resolver().url_patterns)]
    routes += [f"/api/v1/{prefix}/{end}" for prefix, *_rest in router.registry for end in ("", "<id>/")]
    return sorted({re.sub(r"<(?:\w+:)?(\w+)>", lambda at: words.get(at[1], str(report.pk)), path) for path in routes})


def _answers(client: Client | APIClient, paths: list[str], *, at: dt.datetime) -> Iterator[tuple[str, bytes]]:
    """Body and headers of each address, each asked at that instant: the clock runs on meanwhile."""
    for path in paths:
        clock.set_to(at)
        response: Any = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        yield path, body + repr(sorted(response.headers.items())).encode()


@pytest.mark.django_db
def test_a_second_before_no_route_tells_anybody_else_a_byte(
    make_report: MakeReport, mission: Mission, lead: User, other_lead: User
) -> None:
    cache.clear()
    report = make_report(mission)
    advice = Advice(None, {"en": f"{CANARY}, recommended"}, Addressee.COMMISSION)
    write_recommendation(report=report, advice=advice, by=lead, at=PRESS_CONFERENCE - 60 * SECOND)
    before = PRESS_CONFERENCE - SECOND
    paths = _addresses(report)
    assert {"/reports/az-2024/1/en.pdf", f"/api/v1/reports/{report.pk}/files/en/", "/reports/feed.atom"} <= set(paths)
    auditor = in_role("auditor")  # who reads all that the host may read at all
    # Of the staff's pages: every list, and the pages of what a report belongs to.
    desk = [path for path in paths if path.startswith("/admin/") and (path.count("/") <= 4 or path.startswith(NEAR))]
    api = [path for path in paths if path.startswith("/api/")]
    callers = [
        ("nobody", Client(), [path for path in paths if not path.startswith("/admin/")]),
        ("another mission", as_user(other_lead), api),
        ("another mission in the browser", browser_of(other_lead), ["/account/", "/reports/"]),
        ("the host over the API", as_user(auditor), api),
        ("the host", browser_of(auditor), desk),
        ("the registrar", browser_of(in_role("registrar")), [path for path in desk if path.startswith(NEAR[:2])]),
    ]

    leaks = [
        (who, path)
        for who, client, theirs in callers
        for path, answer in _answers(client, theirs, at=before)
        if SECRET in answer
    ]

    assert leaks == []
    # The probe does find what it looks for, where somebody may read it.
    own_paths = [path for path in paths if path.startswith(("/api/v1/reports/", "/api/v1/recommendations/"))]
    own = [path for path, answer in _answers(as_user(lead), own_paths, at=before) if SECRET in answer]
    api_root = "/api/v1/reports"
    assert set(own) >= {f"{api_root}/{report.pk}/", f"{api_root}/{report.pk}/files/en/", "/api/v1/recommendations/"}


@pytest.mark.django_db
def test_neither_history_nor_mails_tell_it_before(make_report: MakeReport, mission: Mission, lead: User) -> None:
    make_report(mission)

    plan_reminders(at=PRESS_CONFERENCE - SECOND)

    history = [*Event.objects.values_list("object_label", "reason", "changed")]
    mails = [*Message.objects.values_list("subject", "body")]
    assert [row for row in (*history, *mails) if "CANARY" in repr(row)] == []


@pytest.mark.django_db
def test_at_the_instant_everybody_reads_it(make_report: MakeReport, mission: Mission) -> None:
    report = make_report(mission)
    paths = [path for path in _addresses(report) if not path.startswith("/admin/")]

    public = [path for path, answer in _answers(Client(), paths, at=PRESS_CONFERENCE) if SECRET in answer]

    both = ["reports/", "reports/az-2024/", "reports/az-2024/1/"]
    expected = {f"/{path}" for path in both} | {f"/az/{path}" for path in both}
    assert set(public) == expected | {"/reports/feed.atom", "/reports/az-2024/1/en.pdf"}


# --- Three servers with wrong clocks, across the instant


@dataclass(frozen=True, slots=True)
class _Sample:
    """One answer: between which monotonic seconds it was asked and read, what it was, and how long it may be kept."""

    path: str
    sent: float
    read: float
    status: int
    is_told: bool
    max_age: int
    skew: float


def _poll(port: int, until: float, samples: list[_Sample]) -> None:
    paths = ["/reports/", "/reports/az-2024/1/", "/reports/feed.atom", "/reports/az-2024/1/en.pdf"]
    turn = 0
    while time.monotonic() < until:
        path = paths[turn % len(paths)]
        sent, wall = time.monotonic(), time.time()
        status, body, headers = ask(port, path)
        kept = headers.get("Cache-Control", "").partition("max-age=")[2]
        skew = parsedate_to_datetime(headers["Date"]).timestamp() - wall
        samples.append(_Sample(path, sent, time.monotonic(), status, b"CANARY" in body, int(kept) if kept else 0, skew))
        turn += 1
        time.sleep(0.1)


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_three_servers_with_wrong_clocks_publish_within_a_second_and_none_early(
    election: object, mission: Mission, lead: User, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the database's clock is the process's own, so there the servers' clocks are right."""
    skews = (0, 600, -600) if connection.vendor == "postgresql" else (0, 0, 0)
    monkeypatch.setattr("missions.reports.rules.pdf_fault", lambda data, limits: "")
    by, at = in_role("registrar"), clock.now()
    report = draft_report(
        mission=mission, kind=ReportKind.PRELIMINARY, title=CANARY, embargo_wished=None, by=lead, at=at
    )
    add_file(report=report, language="en", data=pdf("CANARY7391"), by=lead, at=at)
    report = submit_report(report=report, by=lead, at=at)
    samples: list[_Sample] = []
    with running_web(pages, tmp_path / "server.log", skews=skews) as port:
        asked, now = time.monotonic(), clock.now()
        ends = now + dt.timedelta(seconds=3)
        register_report(report=report, embargo_until=ends, by=by, at=now)
        instant = asked + (ends - now).total_seconds()  # in our monotonic seconds, early by the time of one query
        pollers = [threading.Thread(target=_poll, args=(port, instant + 2, samples)) for _each in skews]
        for poller in pollers:
            poller.start()
        for poller in pollers:
            poller.join()

    early = [sample for sample in samples if sample.read < instant and (sample.is_told or sample.status >= 500)]
    late = [sample for sample in samples if sample.sent > instant + 1 and not sample.is_told]
    kept = [sample for sample in samples if not sample.is_told and sample.sent + sample.max_age > instant + 0.1]
    assert (early, late, [sample for sample in kept if sample.sent < instant]) == ([], [], [])
    # It was asked for on both sides of the instant, and the clocks were really wrong: the servers say so themselves.
    assert {sample.is_told for sample in samples} == {False, True}
    assert {round(sample.skew / 60) for sample in samples} == {skew // 60 for skew in skews}
