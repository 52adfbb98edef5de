"""Takes the pictures of the desk that the documents show, from a fresh demonstration that runs beside it.

It goes where the people of the roles go, by the words that they read. Pictures of papers are not taken here.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.chromium import FLAGS, installed_browser

ORIGIN = "http://127.0.0.1:8000"
FOLDER = Path(__file__).parents[1] / "docs" / "images"
PASSWORD = "observer-desk-demo"
WIDTH = 1440
#: A nomination file of which one row stays out, and another has a warning of its own.
_LIST = """\
reference,surname,given_names,sex,birth_date,nationality,passport_issuer,passport_number,passport_expires_on,role,documents_on
AIPA-21,Sample,Ana,f,1980-05-17,GEO,GEO,12AB45678,2033-04-15,sto,2024-02-08
AIPA-22,Example,Ion,m,1975-11-02,MDA,MDA,A7741235,2023-04-15,sto,2024-02-08
AIPA-23,Örnek,Deniz,f,1991-02-28,TUR,TUR,U1234567,2030-01-01,observer,2024-02-08
AIPA-24,Primer,Olena,f,2007-08-09,UKR,UKR,FA441209,2031-06-30,sto,2024-02-08
""".encode()


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, who looks, where, what is clicked or typed there, and its height in pixels."""

    name: str
    role: str
    path: str
    walk: Callable[[Page], object] = lambda page: None
    height: int = 1000


def first_row(page: Page) -> None:
    page.locator("#result_list tbody a").first.click()


def link(words: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("link", name=words, exact=True).first.click()


def _send(page: Page) -> None:
    page.locator("form button[type=submit]").last.click()


def _correct_a_name(page: Page) -> None:
    first_row(page)
    link("Correct")(page)
    page.get_by_label("Surname").first.fill("Əsgərzadə")
    _send(page)


def _enrol_a_device(page: Page) -> None:
    page.get_by_label("Name").fill("Door of the gymnasium")
    page.get_by_label("Place").fill("00012")
    _send(page)


def _print_anew(page: Page) -> None:
    first_row(page)
    link("Issue anew")(page)
    page.get_by_label("spoiled in print").check()
    page.get_by_label("Note").fill("The ribbon ran out.")
    _send(page)
    link("At the desk")(page)
    page.get_by_label("Stock serial").fill("AZ 009001")
    page.get_by_role("button", name="Print", exact=True).click()


def _hand_in_a_file(page: Page) -> None:
    page.locator("a[href$='/upload/']").click()
    page.get_by_label("Mission").select_option(index=1)
    page.locator("input[type=file]").set_input_files(
        {"name": "second list.csv", "mimeType": "text/csv", "buffer": _LIST}
    )
    _send(page)
    page.get_by_text("What was found").wait_for()


PICTURES = (
    Picture("dashboard", "approver", "/admin/"),
    Picture("history", "auditor", "/admin/kernel/event/"),
    Picture("queue", "reviewer", "/admin/accreditation/application/?queue=mine"),
    Picture("application-review", "reviewer", "/admin/accreditation/application/?state__exact=under_review", first_row),
    Picture("application-decision", "approver", "/admin/accreditation/application/?state__exact=scheduled", first_row),
    Picture("session", "reviewer", "/admin/accreditation/commissionsession/", link("6/2024")),
    Picture("invitations", "protocol", "/admin/missions/invitation/"),
    Picture("stays", "protocol", "/admin/accreditation/nomination/?stay=here"),
    Picture("nomination-file", "registrar", "/admin/intake/nominationimport/", _hand_in_a_file),
    Picture("badge-desk", "protocol", "/admin/badges/badge/?state__exact=handed_over", _print_anew, 600),
    Picture("device-enrolment", "registrar", "/admin/badges/checkdevice/add/", _enrol_a_device, 560),
    Picture("badge-batch", "registrar", "/admin/badges/printbatch/", first_row, 900),
    Picture("badge-keys", "registrar", "/admin/badges/keylist/trust/", height=720),
    Picture("badge-story", "auditor", "/admin/badges/badge/?state__exact=returned", first_row, 900),
    Picture("accounts", "administrator", "/admin/missions/user/"),
    Picture("account", "lead@sco.example", "/account/"),
    Picture("plan", "planner", "/admin/deployment/deploymentplan/", first_row),
    Picture("map-stations", "planner", "/admin/stations/pollingstation/map/"),
    Picture("map-coverage", "planner", "/admin/deployment/deploymentplan/coverage-map/"),
    Picture("mission-home", "lead@sco.example", "/mission/", height=560),
    Picture("correction-preview", "registrar", "/admin/accreditation/accreditation/", _correct_a_name, 680),
)


def main() -> int:
    """Take all pictures, or those named."""
    chosen = [one for one in PICTURES if one.name in sys.argv[1:] or len(sys.argv) == 1]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=installed_browser(), args=list(FLAGS))
        for role in sorted({one.role for one in chosen}):
            page = browser.new_context(viewport={"width": WIDTH, "height": 1000}).new_page()
            _sign_in(page, role)
            for one in (one for one in chosen if one.role == role):
                _take(page, one)
        browser.close()
    return 0


def _sign_in(page: Page, role: str) -> None:
    page.goto(f"{ORIGIN}/account/sign-in/")
    page.get_by_label("E-mail address").fill(role if "@" in role else f"{role}@ministry.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state("networkidle")


def _take(page: Page, picture: Picture) -> None:
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    page.goto(f"{ORIGIN}{picture.path}")
    picture.walk(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{picture.name}.png")


if __name__ == "__main__":
    sys.exit(main())
