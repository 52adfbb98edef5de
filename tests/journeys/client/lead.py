"""The program of a mission, as its people would write it: functions and types of the generated client, nothing else.

It is imported once the client is generated, and its types are checked against it. The names of the client stand in
docs/openapi.yaml, as ids of operations and names of components.
"""

import io
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import httpx
from observer_desk_client import AuthenticatedClient
from observer_desk_client.api.accreditations import accreditations_list
from observer_desk_client.api.applications import (
    applications_bulk_submit_create,
    applications_documents_create,
    applications_list,
    applications_retrieve,
)
from observer_desk_client.api.documents import documents_file_retrieve
from observer_desk_client.api.me import me_retrieve, me_tokens_create
from observer_desk_client.api.missions import missions_deployment_rules_create, missions_deployment_rules_retrieve
from observer_desk_client.api.nominations import nominations_create
from observer_desk_client.api.plan_runs import plan_runs_create, plan_runs_retrieve
from observer_desk_client.api.plans import (
    plans_findings_retrieve,
    plans_presence_retrieve,
    plans_release_create,
    plans_retrieve,
    plans_sheets_retrieve,
)
from observer_desk_client.api.presence_reports import presence_reports_create
from observer_desk_client.api.reports import (
    reports_create,
    reports_files_create,
    reports_files_retrieve,
    reports_retrieve,
    reports_submit_create,
)
from observer_desk_client.api.roll_calls import (
    roll_calls_answer_create,
    roll_calls_close_create,
    roll_calls_create,
    roll_calls_people_retrieve,
    roll_calls_retrieve,
)
from observer_desk_client.api.teams import teams_list
from observer_desk_client.api.visit_plans import visit_plans_list
from observer_desk_client.models import (
    Accreditation,
    Application,
    ApplicationsListState,
    AskedPerson,
    DeploymentProfile,
    DeploymentRules,
    DeploymentRulesInputRequest,
    DocumentKind,
    FileInputRequest,
    Judgement,
    MadeToken,
    Me,
    NominationRecordRequest,
    NominationsInputRequest,
    Plan,
    PlanPresence,
    PlanRun,
    PlanRunInputRequest,
    PresenceKind,
    PresenceReport,
    PresenceReportInputRequest,
    Problem,
    Receipt,
    RecordResults,
    Report,
    ReportFile,
    ReportFileInputRequest,
    ReportInputRequest,
    ReportKind,
    RollCall,
    RollCallAnswerInputRequest,
    RollCallEndInputRequest,
    RollCallInputRequest,
    RollCallReply,
    RowResults,
    SubmissionsInputRequest,
    Team,
    TokenInputRequest,
    TokenScope,
    VersionedRowInputRequest,
    VisitPlan,
)
from observer_desk_client.types import UNSET, File, Response, Unset

Told = TypeVar("Told")
#: What a cell of a nomination holds.
Cell = str | bool
#: So few that there is a second page to follow.
PAGE = 12


class RefusedError(Exception):
    """What was asked is refused; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def connect(address: str, secret: str) -> AuthenticatedClient:
    """A client with this token. An answer that the description does not know is an error."""
    return AuthenticatedClient(
        base_url=address,
        token=secret,
        timeout=httpx.Timeout(60),
        raise_on_unexpected_status=True,
        httpx_args={"trust_env": False},
    )


def told(answer: Response[Told | Problem]) -> Told:
    """What was answered. Raises RefusedError."""
    if isinstance(answer.parsed, Problem):
        raise RefusedError(answer.parsed)
    assert answer.parsed is not None
    return answer.parsed


def every(read: Callable[..., Response[Any]], **asked: Any) -> Iterator[Any]:
    """The rows of all pages of a list."""
    cursor: str | Unset = UNSET
    while True:
        page = told(read(cursor=cursor, page_size=PAGE, **asked))
        yield from page.results
        if page.next_ is None:
            return
        cursor = httpx.URL(page.next_).params["cursor"]


def who_am_i(desk: AuthenticatedClient) -> Me:
    return told(me_retrieve.sync_detailed(client=desk))


def make_token(desk: AuthenticatedClient, name: str) -> MadeToken:
    wanted = TokenInputRequest(name=name, scope=TokenScope.WRITE, days=30)
    return told(me_tokens_create.sync_detailed(client=desk, body=wanted, idempotency_key=f"token-{name}"))


def nominate(
    desk: AuthenticatedClient, mission: int, people: Sequence[Mapping[str, Cell]], *, key: str
) -> Response[RecordResults | Problem]:
    rows = [NominationRecordRequest(**person) for person in people]
    body = NominationsInputRequest(mission=mission, nominations=rows)
    return nominations_create.sync_detailed(client=desk, body=body, idempotency_key=key)


def own_applications(desk: AuthenticatedClient, state: str = "") -> list[Application]:
    """By the order in which they were begun."""
    wanted = ApplicationsListState(state) if state else UNSET
    return list(every(applications_list.sync_detailed, client=desk, state=wanted))


def application(desk: AuthenticatedClient, key: int) -> Application:
    return told(applications_retrieve.sync_detailed(key, client=desk))


def hand_in(
    desk: AuthenticatedClient, application: int, kind: str, data: bytes, *, key: str, signed_on: date | None = None
) -> Receipt:
    """One paper with its file."""
    body = FileInputRequest(kind=DocumentKind(kind), file=_file(data), signed_on=signed_on or UNSET)
    answer = applications_documents_create.sync_detailed(application, client=desk, body=body, idempotency_key=key)
    return told(answer)


def file_of_document(desk: AuthenticatedClient, document: int) -> bytes:
    found: File = told(documents_file_retrieve.sync_detailed(document, client=desk))
    return found.payload.read()


def submit(desk: AuthenticatedClient, rows: Sequence[tuple[int, int]], *, key: str) -> RowResults:
    """Applications by their ids, each with the version that was read."""
    body = SubmissionsInputRequest(rows=[VersionedRowInputRequest(id=id, version=version) for id, version in rows])
    return told(applications_bulk_submit_create.sync_detailed(client=desk, body=body, idempotency_key=key))


def own_accreditations(desk: AuthenticatedClient) -> list[Accreditation]:
    return list(every(accreditations_list.sync_detailed, client=desk))


def rules(desk: AuthenticatedClient, mission: int) -> Response[DeploymentRules | Problem]:
    return missions_deployment_rules_retrieve.sync_detailed(mission, client=desk)


def choose_rules(
    desk: AuthenticatedClient, mission: int, places: Sequence[int], *, seen: str, key: str
) -> DeploymentRules:
    """`seen` is the ETag of the rules that were read."""
    body = DeploymentRulesInputRequest(profile=DeploymentProfile.ODIHR_LIKE, goes_to=list(places))
    return told(
        missions_deployment_rules_create.sync_detailed(
            mission, client=desk, body=body, idempotency_key=key, if_match=seen
        )
    )


def order_plan(desk: AuthenticatedClient, mission: int, *, key: str) -> Response[PlanRun | Problem]:
    body = PlanRunInputRequest(mission=mission, seconds=60, seed=3)
    return plan_runs_create.sync_detailed(client=desk, body=body, idempotency_key=key)


def plan_run(desk: AuthenticatedClient, key: int) -> PlanRun:
    return told(plan_runs_retrieve.sync_detailed(key, client=desk))


def plan(desk: AuthenticatedClient, key: int) -> Response[Plan | Problem]:
    return plans_retrieve.sync_detailed(key, client=desk)


def judgement(desk: AuthenticatedClient, plan: int) -> Judgement:
    return told(plans_findings_retrieve.sync_detailed(plan, client=desk))


def teams(desk: AuthenticatedClient, plan: int) -> list[Team]:
    return list(every(teams_list.sync_detailed, client=desk, plan=plan))


def days(desk: AuthenticatedClient, plan: int) -> list[VisitPlan]:
    return list(every(visit_plans_list.sync_detailed, client=desk, plan=plan))


def release(desk: AuthenticatedClient, plan: int, *, seen: str, key: str) -> Plan:
    return told(plans_release_create.sync_detailed(plan, client=desk, if_match=seen, idempotency_key=key))


def team_sheets(desk: AuthenticatedClient, plan: int) -> bytes:
    found: File = told(plans_sheets_retrieve.sync_detailed(plan, client=desk))
    return found.payload.read()


def check_in(desk: AuthenticatedClient, team: int, station: int, kind: str, *, at: datetime) -> PresenceReport:
    """A team has `arrived` at a station, or `left` it."""
    body = PresenceReportInputRequest(
        team=team, station=station, kind=PresenceKind(kind), nonce=uuid.uuid4(), client_time=at, device_now=at
    )
    return told(presence_reports_create.sync_detailed(client=desk, body=body, idempotency_key=f"{kind}-{team}"))


def day_of(desk: AuthenticatedClient, plan: int) -> PlanPresence:
    return told(plans_presence_retrieve.sync_detailed(plan, client=desk))


def call_roll(desk: AuthenticatedClient, mission: int, reason: str, *, answer_by: datetime) -> RollCall:
    body = RollCallInputRequest(mission=mission, reason=reason, answer_by=answer_by)
    return told(roll_calls_create.sync_detailed(client=desk, body=body, idempotency_key="roll-1"))


def asked(desk: AuthenticatedClient, roll_call: int) -> list[AskedPerson]:
    return list(told(roll_calls_people_retrieve.sync_detailed(roll_call, client=desk)).people)


def answer(desk: AuthenticatedClient, roll_call: int, person: int, reply: str, *, at: datetime) -> AskedPerson:
    body = RollCallAnswerInputRequest(
        person=person, reply=RollCallReply(reply), nonce=uuid.uuid4(), client_time=at, device_now=at
    )
    key = f"answer-{person}"
    return told(roll_calls_answer_create.sync_detailed(roll_call, client=desk, body=body, idempotency_key=key))


def close_roll(desk: AuthenticatedClient, roll_call: int) -> RollCall:
    seen = roll_calls_retrieve.sync_detailed(roll_call, client=desk).headers["ETag"]
    body = RollCallEndInputRequest(reason="All were found.")
    return told(
        roll_calls_close_create.sync_detailed(
            roll_call, client=desk, body=body, if_match=seen, idempotency_key="roll-1-end"
        )
    )


def roll_call(desk: AuthenticatedClient, key: int) -> RollCall:
    return told(roll_calls_retrieve.sync_detailed(key, client=desk))


def draft_statement(desk: AuthenticatedClient, mission: int, title: str) -> Report:
    body = ReportInputRequest(mission=mission, kind=ReportKind.PRELIMINARY, title=title)
    return told(reports_create.sync_detailed(client=desk, body=body, idempotency_key="statement"))


def add_file(desk: AuthenticatedClient, report: int, language: str, data: bytes) -> ReportFile:
    body = ReportFileInputRequest(language=language, file=_file(data))
    key = f"statement-{language}"
    return told(reports_files_create.sync_detailed(report, client=desk, body=body, idempotency_key=key))


def file_of_report(desk: AuthenticatedClient, report: int, language: str) -> bytes:
    found: File = told(reports_files_retrieve.sync_detailed(report, language, client=desk))
    return found.payload.read()


def report(desk: AuthenticatedClient, key: int) -> Response[Report | Problem]:
    return reports_retrieve.sync_detailed(key, client=desk)


def submit_statement(desk: AuthenticatedClient, report: int, *, seen: str) -> Report:
    return told(
        reports_submit_create.sync_detailed(report, client=desk, if_match=seen, idempotency_key="statement-submit")
    )


def _file(data: bytes) -> File:
    return File(payload=io.BytesIO(data), file_name="file", mime_type="application/octet-stream")
