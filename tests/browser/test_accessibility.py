"""Nothing serious that axe finds in a page keeps anybody out: pages of the public, of missions and of the desk."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pytest
from pytest_django.fixtures import Settings

from accreditation.models import Accreditation, Application, CommissionSession
from missions.kernel import clock
from missions.models import Constituency, Election, Mission
from missions.reminders.models import Message
from missions.reports.figures.models import FrozenFigures
from missions.reports.models import Report
from stations.deployment.models import DeploymentPlan
from stations.models import PollingStation
from tests.browser.checkworld import CheckWorld
from tests.browser.conftest import Visitor
from tests.config.desk_rows import add_desk_rows
from tests.missions.api.world import AT, World, build_world
from tests.staff import in_role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

#: Not a part of the product, and looked at by no user of it; see the licence beside it.
AXE = (Path(__file__).parent / "vendor/axe-4.14.1.min.js").read_text(encoding="utf-8")
#: What is not ours to mend: the rule and the element, and why.
KNOWN: Mapping[tuple[str, str], str] = MappingProxyType({})
_RUN = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"], preload: false});
    return found.violations
        .filter(violation => ["serious", "critical"].includes(violation.impact))
        .flatMap(violation => violation.nodes.map(node => [violation.id, node.target.join(" ")]));
}"""

PUBLIC = ("/account/sign-in/", "/b", "/reports/", "/reports/az-2024/", "/reports/az-2024/{number}/")
MISSION = (
    "/mission/",
    "/mission/missions/membership/",
    "/mission/missions/membership/add/",
    "/mission/timeline/milestone/",
    "/mission/timeline/milestone/calendar/",
    "/mission/programme/booking/",
    "/mission/stations/pollingstation/map/",
    "/mission/deployment/deploymentplan/",
    "/mission/deployment/deploymentplan/{plan}/change/",
    "/mission/deployment/deploymentplan/{plan}/map/",
    "/mission/reports/report/{report}/change/",
    "/account/",
)
DESK = {
    "registrar": (
        "/admin/",
        "/admin/accreditation/application/",
        "/admin/accreditation/application/{application}/change/",
        "/admin/accreditation/accreditation/{accreditation}/change/",
        "/admin/accreditation/commissionsession/{session}/change/",
        "/admin/reminders/message/{message}/change/",
        "/admin/reminders/reminderrule/add/",
    ),
    "planner": (
        "/admin/deployment/deploymentplan/{plan}/change/",
        "/admin/deployment/deploymentplan/coverage/",
        "/admin/stations/pollingstation/{station}/close/",
    ),
}


@pytest.fixture
def world(election: Election, mission: Mission, other_mission: Mission, constituency: Constituency) -> World:
    """Everything at least once, under a simulated date."""
    world = build_world(election, mission, other_mission, constituency)
    clock.set_to(AT)
    add_desk_rows(world, 1)
    return world


def _keys(world: World, mission: Mission | None) -> dict[str, object]:
    """What the addresses leave open: rows of the mission or, for None, of the desk."""
    own = Report.objects.filter(mission=world.mission)
    return {
        "plan": DeploymentPlan.objects.get(mission=mission).pk,
        "report": own.earliest("pk").pk,
        "number": own.earliest("pk").number,
        "application": Application.objects.latest("pk").pk,
        "accreditation": Accreditation.objects.latest("pk").pk,
        "session": CommissionSession.objects.latest("pk").pk,
        "message": Message.objects.latest("pk").pk,
        "station": PollingStation.objects.latest("pk").pk,
    }


def _faults(visitor: Visitor, addresses: Iterable[str], keys: Mapping[str, object]) -> dict[str, list[tuple[str, str]]]:
    """What is serious in each of these pages; a page that does not open, or has not one main part, is a fault too."""
    found = {}
    for address in addresses:
        faults = [] if visitor.open(address.format(**keys)) == 200 else [("status", "")]
        faults += [] if visitor.page.locator("main").count() == 1 else [("one-main", "")]
        visitor.page.evaluate(AXE)
        faults += [cast("tuple[str, str]", tuple(fault)) for fault in visitor.page.evaluate(_RUN)]
        found[address] = [fault for fault in faults if fault not in KNOWN]
    return {address: faults for address, faults in found.items() if faults}


def test_pages_of_the_public(world: World, visitor: Visitor, settings: Settings, tmp_path: Path) -> None:
    settings.BADGE_PUBLISHED_DIR = tmp_path / "published"
    CheckWorld(world.election)

    assert _faults(visitor, PUBLIC, _keys(world, None)) == {}


def test_on_a_telephone_the_public_pages_are_as_wide_as_the_screen(world: World, visitor: Visitor) -> None:
    earlier = FrozenFigures.objects.latest("as_of")
    earlier.pk, earlier.as_of = None, earlier.as_of - timedelta(days=1)
    earlier.save()
    visitor.page.set_viewport_size({"width": 390, "height": 844})

    widths = {}
    for address in ("/reports/az-2024/", "/az/reports/az-2024/"):
        visitor.open(address)
        assert visitor.page.locator("table").count() == 1
        widths[address] = visitor.page.evaluate("document.documentElement.scrollWidth")

    assert widths == {"/reports/az-2024/": 390, "/az/reports/az-2024/": 390}


def test_pages_of_missions(world: World, visitor: Visitor) -> None:
    lead = world.people.lead
    lead.set_password("a long enough password")
    lead.save()
    visitor.sign_in(lead)

    assert _faults(visitor, MISSION, _keys(world, world.mission)) == {}


@pytest.mark.parametrize("role", DESK)
def test_pages_of_the_desk(world: World, visitor: Visitor, role: str) -> None:
    visitor.sign_in(in_role(role))

    assert _faults(visitor, DESK[role], _keys(world, None)) == {}


def test_what_axe_finds_is_a_fault(visitor: Visitor) -> None:
    """Or else nothing here could fail."""
    visitor.open("/account/sign-in/")
    visitor.page.evaluate(AXE)
    visitor.page.evaluate("() => document.querySelectorAll('label').forEach(label => label.remove())")

    assert ["label", "#id_username"] in visitor.page.evaluate(_RUN)
