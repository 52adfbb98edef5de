"""The page at a polling station: good badges, taken back ones, no network, false lists, wrong clocks, foreign names."""

import datetime as dt
import io
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, FilePayload, Page, Route, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.revocations import RevocationReason
from accreditation.badges.published import KEYS_FILE, REVOKED_FILE
from missions.kernel import clock
from missions.models import Election
from tests.browser.checkworld import CODE_ID, HOUR, MINUTE, CheckWorld
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PORTRAIT = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
#: A device that has the portrait of everybody, and tells what was recorded.
ENROLLED = f"""
export const changes = new EventTarget();
export const status = async () => ({{name: "Tablet 3", place: "04-12", waiting: 0, refused: 0, warnings: []}});
export const place = () => "04-12";
export const places = () => ["0412", "CONEC4"];
export const portrait = async () => "{PORTRAIT}";
export const record = async (scan) => (self.scans ??= []).push(scan);
export const sync = async () => {{}};
export const isRevoked = () => false;
export const isEnrolment = () => false;
export const enrol = async () => "refused";
"""
CAPTIVE_PORTAL = b"<!DOCTYPE html><title>Welcome</title><p>Accept the terms to go on."


@pytest.fixture
def world(settings: Settings, tmp_path: Path, election: Election) -> CheckWorld:
    settings.BADGE_PUBLISHED_DIR = tmp_path / "published"
    settings.BADGE_HOTLINE = "+994 12 555 01 02"
    return CheckWorld(election)


@pytest.fixture
def door(visitor: Visitor, world: CheckWorld) -> Page:
    """The page, opened once with network; the worker keeps it."""
    visitor.page.goto(f"{visitor.origin}/b")
    expect(visitor.page.get_by_text("This page opens without network.")).to_be_visible()
    return visitor.page


def check(page: Page, code: str) -> None:
    """Enter the code by hand, from wherever the page is."""
    if page.get_by_role("button", name="Next badge").is_visible():
        page.get_by_role("button", name="Next badge").click()
    if not page.get_by_label("Text of the code").is_visible():
        page.get_by_text("Enter the code by hand").click()
    page.get_by_label("Text of the code").fill(code)
    page.get_by_role("button", name="Check", exact=True).click()


def expect_verdict(page: Page, word: str, colour: str) -> None:
    expect(page.get_by_role("heading", name=word, exact=True)).to_be_focused()
    assert page.locator("#verdict").get_attribute("data-colour") == colour


def fact(page: Page, name: str) -> str:
    return page.locator(f"#verdict [data-fact={name}]").inner_text()


def see_update(page: Page) -> None:
    """Press the button, and wait until the update is over."""
    page.get_by_role("button", name="Update now").click()
    expect(page.get_by_role("button", name="Update now")).to_be_enabled()


def test_a_good_badge_says_all_that_it_must_and_is_never_plain_green(door: Page, world: CheckWorld) -> None:
    check(door, world.code())

    expect_verdict(door, "Compare", "amber")
    expect(door.locator("#sentence")).to_have_text(
        "Signature good: compare with the passport. The photo could not be checked."
    )
    expect(door.get_by_text("Hotline: +994 12 555 01 02")).to_be_visible()
    said = {name: fact(door, name) for name in ("name", "organization", "role", "number", "where")}
    assert said == {
        "name": "Sevinj Aliyeva-Gunashli",
        "organization": "Office for Democratic Institutions",
        "role": "short-term observer",
        "number": "B-000412 badge 1 of this person",
        "where": "everywhere",
    }
    assert fact(door, "valid").endswith("(Asia/Baku)")
    assert "0 on the list" in door.locator("#check-facts").inner_text()

    door.get_by_role("button", name="Azərbaycanca").click()
    expect(door.locator("#word")).to_have_text("Tutuşdurun")
    assert (door.locator("html").get_attribute("lang"), fact(door, "role")) == ("az", "qısamüddətli müşahidəçi")


def test_a_code_comes_from_a_picture_or_from_the_address(door: Page, world: CheckWorld) -> None:
    picture = io.BytesIO()
    segno.make(world.code(), error="m", micro=False).save(picture, kind="png", scale=6, border=4)
    photo = FilePayload(name="photo.png", mimeType="image/png", buffer=picture.getvalue())
    door.get_by_label("Take or choose a photo").set_input_files({**photo, "buffer": b"no picture"})
    expect(door.get_by_role("alert")).to_contain_text("No square code was found in the picture.")
    door.get_by_label("Take or choose a photo").set_input_files(photo)
    expect_verdict(door, "Compare", "amber")

    door.goto(f"{door.url}#{world.code(key=SigningKey.new()).partition('#')[2]}")
    expect_verdict(door, "Forged", "red")
    assert door.url.endswith("/b")


def test_only_a_person_who_compared_the_photo_makes_it_green(visitor: Visitor, world: CheckWorld) -> None:
    page = visitor.page
    page.context.route(
        "**/verify/device.js", lambda route: route.fulfill(body=ENROLLED, content_type="text/javascript")
    )
    visitor.page.goto(f"{visitor.origin}/b")
    check(page, world.code(areas=("0412", "0413")))
    expect_verdict(page, "Compare", "amber")
    expect(page.get_by_role("img", name="Photo of Sevinj Aliyeva-Gunashli")).to_be_visible()

    page.get_by_role("button", name="Same person").click()
    expect_verdict(page, "Valid", "green")
    page.get_by_role("button", name="The photo differs").click()
    expect_verdict(page, "Another person", "red")
    page.get_by_role("button", name="Next badge").click()
    check(page, world.code(areas=("0001",), portrait=None))
    expect_verdict(page, "Wrong place", "amber")

    scans = page.evaluate(
        "self.scans.map(({result, photo, code_id, list_number}) => ({result, photo, code_id, list_number}))"
    )
    assert scans == [
        {"result": "photo_differs", "photo": "differs", "code_id": CODE_ID.hex(), "list_number": 1},
        {"result": "wrong_place", "photo": "absent", "code_id": CODE_ID.hex(), "list_number": 1},
    ]


def test_a_code_that_comes_before_the_first_list_is_judged_with_it_and_shows_its_photo(
    visitor: Visitor, world: CheckWorld
) -> None:
    page, held = visitor.page, list[Route]()
    page.context.route(
        "**/verify/device.js", lambda route: route.fulfill(body=ENROLLED, content_type="text/javascript")
    )
    page.route("**/b/trust.json", lambda route: held.append(route))
    page.goto(f"{visitor.origin}/b")
    check(page, world.code(areas=("0412",)))
    expect_verdict(page, "Cannot check", "amber")
    expect(page.get_by_role("img", name="Photo of")).to_have_count(0)

    held[0].continue_()

    expect(page.get_by_role("heading", name="Compare", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="Photo of Sevinj Aliyeva-Gunashli")).to_be_visible()


def test_a_badge_is_red_after_the_next_list_and_a_false_or_older_list_changes_nothing(
    door: Page, world: CheckWorld
) -> None:
    check(door, world.code())
    expect_verdict(door, "Compare", "amber")
    world.publish_revoked({CODE_ID: RevocationReason.REPLACED}, number=5)
    see_update(door)
    expect(door.locator("#word")).to_have_text("Revoked")
    expect(door.locator("#next-step")).to_have_text("Ask for the newer badge. Do not admit the person on this one.")

    world.publish_revoked({}, number=4)
    see_update(door)
    expect(door.get_by_text("az-2024: the list that came is older than the one here, and was refused.")).to_be_visible()
    world.publish(REVOKED_FILE, CAPTIVE_PORTAL)
    world.publish(KEYS_FILE, CAPTIVE_PORTAL)
    see_update(door)
    expect(door.get_by_text("az-2024: what came is not a list of ours. The lists stay as they are.")).to_be_visible()
    expect(door.locator("#word")).to_have_text("Revoked")


def test_the_page_opens_and_judges_for_days_without_network(chromium: Browser, world: CheckWorld) -> None:
    server = LiveServer("localhost")
    page = chromium.new_context().new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/b")
    expect(page.get_by_text("This page opens without network.")).to_be_visible()

    page.context.set_offline(True)
    page.clock.set_fixed_time(world.now + 30 * HOUR)
    page.reload()
    expect(page.get_by_text("No network. Badges are checked with what this device knows.")).to_be_visible()
    check(page, world.code())
    expect_verdict(page, "Compare", "amber")
    expect(page.get_by_text("No word of withdrawals since")).to_be_visible()
    check(page, world.code(key=SigningKey.new()))
    expect_verdict(page, "Forged", "red")

    world.publish_revoked({CODE_ID: RevocationReason.LOST}, number=2)
    page.context.set_offline(False)
    see_update(page)
    server.stop()
    page.reload()
    check(page, world.code())
    expect_verdict(page, "Revoked", "red")
    page.context.close()
    assert complaints == []


def test_another_root_is_told_and_taken_only_by_a_person(door: Page, world: CheckWorld) -> None:
    code = world.code()
    world.root = SigningKey.new()
    world.install_root()
    world.publish_keys(number=2)
    see_update(door)
    expect(door.get_by_text(f"names another root key ({world.root.kid.hex()})")).to_be_visible()
    expect(door.get_by_text("what came is not a list of ours")).to_be_visible()
    check(door, code)
    expect_verdict(door, "Compare", "amber")

    door.once("dialog", lambda dialog: dialog.accept())
    door.get_by_role("button", name="Trust the new key").click()

    expect(door.locator("#lists")).to_contain_text("list 2 of")
    expect(door.locator("#notices")).to_be_empty()


def test_a_wrong_clock_and_an_old_list_are_said(visitor: Visitor, world: CheckWorld) -> None:
    page = visitor.page
    page.clock.set_fixed_time(world.now - 10 * MINUTE - 30)
    visitor.page.goto(f"{visitor.origin}/b")
    check(page, world.code())
    expect_verdict(page, "Clock wrong", "amber")
    expect(page.get_by_text("The clock of this device is 10 min behind. Set its date and time.")).to_be_visible()

    page.clock.set_fixed_time(world.now + 10 * MINUTE + 30)
    see_update(page)
    expect(page.get_by_text("The clock of this device is 10 min ahead. Set its date and time.")).to_be_visible()

    page.clock.set_fixed_time(world.now + 7 * HOUR)
    check(page, world.code())
    expect_verdict(page, "Compare", "amber")
    expect(page.get_by_text("Withdrawals could not be checked since")).to_be_visible()


def test_foreign_names_are_text_and_what_is_not_signed_is_not_shown(door: Page, world: CheckWorld) -> None:
    name = """&lt;img src=x onerror=alert(1)&gt; ${7*7} {name} "'`"""
    check(door, world.code(name=name, role="constructor"))
    expect_verdict(door, "Compare", "amber")
    assert (fact(door, "name"), fact(door, "role")) == (name, "constructor")

    for code, word in [
        (world.code(key=SigningKey.new()), "Forged"),
        ("<img src=x onerror=alert(1)>", "Not a badge"),
        (world.code(election="ke-2022"), "Forged"),
    ]:
        check(door, code)
        expect_verdict(door, word, "red")
        expect(door.locator("[data-fact=name]")).to_have_count(0)
    assert door.locator("img[src=x]").count() == 0


def test_a_rehearsal_says_so_over_everything_and_keeps_its_own_time(visitor: Visitor, world: CheckWorld) -> None:
    rehearsed = dt.datetime(2024, 2, 7, 6, tzinfo=dt.UTC)
    clock.set_to(rehearsed)
    world = CheckWorld(world.election, environment="test", now=int(rehearsed.timestamp()))
    visitor.page.goto(f"{visitor.origin}/b")
    check(visitor.page, world.code())

    expect_verdict(visitor.page, "Compare", "amber")
    expect(visitor.page.get_by_text("TEST: badges and lists of a rehearsal")).to_be_visible()
    expect(visitor.page.get_by_text("Simulated time: 7 February 2024, 10:0")).to_be_visible()
    assert visitor.page.locator("#verdict").evaluate("one => getComputedStyle(one, '::after').content") == '"TEST"'


def test_the_page_fits_and_every_field_has_a_name(door: Page, world: CheckWorld) -> None:
    long = "Abdurrahman-Muhammad Hajizade-Karimbeyli Ibn-Suleyman-Al-Qasimi-de-la-Fuente-y-Montenegro van den Berg"
    check(door, world.code(name=long, organization="Parliamentary Assembly of the Organization for Security", issue=3))
    expect_verdict(door, "Compare", "amber")
    nameless = """() => [...document.querySelectorAll("input, textarea, button, img:not([alt=''])")]
        .filter(one => !(one.labels && one.labels.length) && !one.ariaLabel && !one.textContent.trim() && !one.alt)
        .map(one => one.outerHTML)"""

    for width in (320, 360, 1440):
        door.set_viewport_size({"width": width, "height": 740})
        assert door.evaluate("document.documentElement.scrollWidth") == width
    assert (door.locator("main").count(), door.locator("h1").count(), door.evaluate(nameless)) == (1, 1, [])
