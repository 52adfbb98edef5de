"""A device at a door: enrolled by a code, off the network all day, and wiped when it is revoked."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from accreditation.badges.models import Badge, CheckDevice, Scan, ScanAlert
from accreditation.badges.services.devices import add_device, revoke_device
from accreditation.models import Accreditation, StoredFile
from missions.kernel import clock
from missions.kernel.files import kept_file
from missions.models import Constituency, Election, Mission, User
from tests.accreditation.badges.doors import badge_row
from tests.browser.checkworld import CODE_ID, CheckWorld
from tests.browser.conftest import Visitor
from tests.missions.api.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFLINE, ONLINE = True, False
#: What the browser's own database holds of the device: counts, and what a portrait looks like at rest.
AT_REST = """async () => {
    const open = indexedDB.open("observer-desk-device");
    const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
    const all = (name) => new Promise((resolve) => {
        const request = database.transaction(name).objectStore(name).getAll();
        request.onsuccess = () => resolve(request.result);
    });
    const [self, waiting, portraits] = [await all("self"), await all("waiting"), await all("portraits")];
    database.close();
    return {
        counts: [self.length, waiting.length, portraits.length],
        extractable: self.map((one) => one.key.extractable),
        starts: portraits.map((one) => Array.from(new Uint8Array(one.data).slice(0, 4))),
        fields: [...new Set(waiting.flatMap(Object.keys))].sort(),
    };
}"""


@pytest.fixture
def portrait() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (160, 200), "#8899aa").save(file, "WEBP")
    return file.getvalue()


@pytest.fixture
def world(election: Election, mission: Mission, other_mission: Mission, constituency: Constituency) -> World:
    cache.clear()
    return build_world(election, mission, other_mission, constituency)


@pytest.fixture
def checks(settings: Settings, tmp_path: Path, world: World) -> CheckWorld:
    settings.BADGE_PUBLISHED_DIR = tmp_path / "published"
    return CheckWorld(world.election)


@pytest.fixture
def badge(world: World, checks: CheckWorld, portrait: bytes, private_files: Path) -> Badge:
    """The row of the badge whose code the checks make, with its portrait."""
    with kept_file(portrait, folder="portraits") as name:
        file = StoredFile.objects.create(
            name_in_storage=name, media_type="image/webp", size=len(portrait), sha256="", created_at=clock.now()
        )
    Badge.objects.all().delete()
    return badge_row(
        Accreditation.objects.earliest("pk"),
        world.people.host,
        code_id=CODE_ID.hex(),
        number=412,
        portrait=file,
        portrait_hash=hash_of(portrait).hex(),
        valid_until=clock.now().replace(year=clock.now().year + 1),
    )


@pytest.fixture
def enrolled(visitor: Visitor, world: World, badge: Badge) -> Page:
    """The page on a device that was enrolled by typing the code."""
    added = add_device(election=world.election, name="Door 1", place_code="001", by=world.people.host, at=clock.now())
    page = visitor.page
    visitor.open("/b")
    page.get_by_label("Enrolment code").fill(added.code.lower())
    page.get_by_role("button", name="Enrol this device").click()
    expect(page.get_by_text("Door 1, at 001")).to_be_visible()
    return page


def hash_of(portrait: bytes) -> bytes:
    return hashlib.sha256(portrait).digest()[:16]


def check(page: Page, code: str) -> None:
    if page.get_by_role("button", name="Next badge").is_visible():
        page.get_by_role("button", name="Next badge").click()
        expect(page.locator("#scan")).to_be_visible()
    if not page.get_by_label("Text of the code").is_visible():
        page.get_by_text("Enter the code by hand").click()
    page.get_by_label("Text of the code").fill(code)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#word")).to_be_focused()


def see_update(page: Page) -> None:
    page.get_by_role("button", name="Update now").click()
    expect(page.get_by_role("button", name="Update now")).to_be_enabled()


def forgive_network(visitor: Visitor) -> None:
    """The browser itself complains of each request that fails; these were meant to."""
    visitor.complaints = [line for line in visitor.complaints if "Failed to load resource" not in line]


def test_a_day_off_the_network_is_handed_in_once_though_the_answer_is_lost(
    enrolled: Page, visitor: Visitor, checks: CheckWorld, badge: Badge, portrait: bytes
) -> None:
    good, forged = checks.code(portrait=hash_of(portrait)), f"{checks.code()[:-8]}AAAAAAAA"
    enrolled.context.set_offline(OFFLINE)
    for number in range(14):
        check(enrolled, forged if number % 5 == 4 else good)
        if number == 0:
            enrolled.get_by_role("button", name="Same person").click()
            expect(enrolled.get_by_role("heading", name="Valid", exact=True)).to_be_visible()
        if number == 1:
            enrolled.get_by_role("button", name="The photo differs").click()
            expect(enrolled.locator("#verdict")).to_have_attribute("data-result", "photo_differs")
    enrolled.get_by_role("button", name="Next badge").click()
    expect(enrolled.get_by_text("Checks that wait to be sent: 14")).to_be_visible()
    at_rest = enrolled.evaluate(AT_REST)

    enrolled.context.route("**/verification/scans/", lose_answer)
    enrolled.context.set_offline(ONLINE)
    see_update(enrolled)
    stored_but_unheard = Scan.objects.count()
    enrolled.context.unroute("**/verification/scans/")
    see_update(enrolled)

    expect(enrolled.get_by_text("Every check has been sent.")).to_be_visible()
    expect(enrolled.get_by_text("Badge B-000412", exact=False)).to_be_visible()
    assert at_rest["counts"] == [1, 14, 1]
    assert at_rest["extractable"] == [False]
    assert at_rest["starts"] != [list(b"RIFF")]
    assert at_rest["fields"] == ["code_id", "device_time", "list_number", "nonce", "photo", "result"]
    rows = sorted(Scan.objects.values_list("result", "photo", "badge"), key=str)
    shown, nothing = ("compare", "shown", badge.pk), ("forged", "absent", None)
    assert rows == sorted(
        [shown] * 10 + [nothing] * 2 + [("valid", "same", badge.pk), ("photo_differs", "differs", badge.pk)], key=str
    )
    assert stored_but_unheard == 14
    assert [alert.kind for alert in ScanAlert.objects.all()] == ["photo_differs"]
    forgive_network(visitor)


def test_a_revoked_device_forgets_everything_at_its_next_word(
    enrolled: Page, visitor: Visitor, checks: CheckWorld, world: World, portrait: bytes
) -> None:
    check(enrolled, checks.code(portrait=hash_of(portrait)))
    enrolled.get_by_role("button", name="Next badge").click()
    expect(enrolled.get_by_text("Checks that wait to be sent: 1")).to_be_visible()
    check(enrolled, checks.code(portrait=hash_of(portrait)))
    enrolled.get_by_role("button", name="Same person").click()
    expect(enrolled.get_by_role("heading", name="Valid", exact=True)).to_be_visible()
    revoke_device(device=CheckDevice.objects.get(), by=world.people.host, at=clock.now())

    see_update(enrolled)

    expect(enrolled.get_by_text("This device was revoked.", exact=False)).to_be_visible()
    expect(enrolled.get_by_label("Enrolment code")).to_be_visible()
    expect(enrolled.get_by_role("heading", name="Compare", exact=True)).to_be_visible()
    expect(enrolled.locator("#portrait")).to_be_hidden()
    assert enrolled.evaluate(AT_REST)["counts"] == [0, 0, 0]
    assert Scan.objects.count() == 0
    check(enrolled, checks.code(portrait=hash_of(portrait)))
    expect(enrolled.locator("#portrait")).to_be_hidden()
    forgive_network(visitor)


def test_a_device_enrols_by_the_address_that_it_scans_and_knows_where_it_stands(
    visitor: Visitor, checks: CheckWorld, world: World
) -> None:
    by: User = world.people.host
    added = add_device(election=world.election, name="Door 2", place_code="00-1", by=by, at=clock.now())
    page = visitor.page
    visitor.open("/b#enrol-AAAABBBBCCCCDDDD")
    expect(page.get_by_text("This code does not enrol a device. Ask for a new one.")).to_be_visible()

    page.goto(f"{visitor.origin}/b#{added.fragment}")
    expect(page.get_by_text("Door 2, at 00-1")).to_be_visible()

    assert page.url == f"{visitor.origin}/b"
    assert page.get_by_label("Enrolment code").is_hidden()
    for area, word in (("001", "Compare"), ("CONEC1", "Compare"), ("CONEC2", "Wrong place")):
        check(page, checks.code(areas=(area,)))
        expect(page.locator("#word")).to_have_text(word)
    expect(page.locator("#verdict [data-fact=where]")).to_have_text("CONEC2 (you are at 00-1)")
    forgive_network(visitor)


def lose_answer(route: Route) -> None:
    """The server gets the request, and the device never hears of it."""
    route.fetch()
    route.abort()
