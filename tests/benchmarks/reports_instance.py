"""An election after which every mission has published, and one more statement that waits for its hour."""

import datetime as dt
import hashlib

from missions.kernel import clock
from missions.kernel.files import kept_file
from missions.models import Election, Mission, MissionHead, Organization, User
from missions.reports.models import Report, ReportFile
from missions.reports.services.registering import register_report
from missions.reports.states import ReportKind, ReportState
from missions.states import DeploymentMode, MissionKind, OrganizationKind
from tests.corpus.files import papers

MISSIONS = 72
#: What stands in the title of the statement that waits.
AWAITED = "Awaited statement"


def make_reports() -> Report:
    """Two public reports of each mission in three languages, and the submitted one that waits."""
    now = clock.now()
    by = User.objects.create_user("bench@ministry.example", is_staff=True)
    election = Election.objects.create(
        code="bench",
        name="Bench election",
        host_country="AZE",
        e_day=now.date(),
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
        profile_code="az-2024",
    )
    for number in range(MISSIONS):
        mission = _mission(election, number)
        for kind in (ReportKind.PRELIMINARY, ReportKind.FINAL):
            report = _report(mission, kind, f"Findings of mission {number}", now)
            register_report(report=report, embargo_until=None, by=by, at=now)
    return _report(mission, ReportKind.PRESS_RELEASE, AWAITED, now)


def _mission(election: Election, number: int) -> Mission:
    organization = Organization.objects.create(
        acronym=f"ORG{number}", name=f"Organization {number}", kind=OrganizationKind.IGO
    )
    mission = Mission.objects.create(
        election=election,
        organization=organization,
        code=f"M{number}",
        name=f"Mission of organization {number}",
        kind=MissionKind.EOM,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
    )
    MissionHead.objects.create(mission=mission, name=f"Head {number}", title="Head of mission")
    return mission


def _report(mission: Mission, kind: ReportKind, title: str, at: dt.datetime) -> Report:
    report = Report.objects.create(
        election=mission.election,
        mission=mission,
        kind=kind,
        title=title,
        state=ReportState.SUBMITTED,
        drafted_at=at,
        submitted_at=at,
    )
    for language in ("az", "en", "ru"):
        data = papers.pdf() + f"% {report.pk} {language}\n%%EOF".encode()
        with kept_file(data, folder="reports") as name:
            ReportFile.objects.create(
                report=report,
                language=language,
                name_in_storage=name,
                size=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                created_at=at,
            )
    return report
