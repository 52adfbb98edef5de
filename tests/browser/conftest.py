"""A real Chromium against a live server. Whatever the console complains of, and every request that leaves, fails."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from missions.models import User
from tests.chromium import FLAGS, installed_browser

VIEWPORT = {"width": 1440, "height": 900}
PASSWORD = "a long enough password"


@dataclass
class Visitor:
    """Somebody at a browser, and what went wrong on the way."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Go to a path of the server; the status of the answer."""
        answer = self.page.goto(f"{self.origin}{path}")
        assert answer is not None
        self.page.wait_for_load_state("networkidle")
        return answer.status

    def sign_in(self, user: User) -> None:
        """Through the form, as people do."""
        self.open("/admin/")
        self.page.get_by_label("E-mail address").fill(user.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_load_state("networkidle")

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text}")

    def watch(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.complaints.append(f"request to {request.url}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The installed browser, else playwright's own; without either the tests fail.

    It lives for one module only: while it runs, its event loop makes Django refuse the database in this thread
    unless told that this is meant.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(executable_path=installed_browser(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer) -> Iterator[Visitor]:
    """A fresh browser window; afterwards there must have been no complaint."""
    context = chromium.new_context(viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]})
    page = context.new_page()
    visitor = Visitor(page, live_server.url)
    page.on("console", visitor.hear)
    page.on("pageerror", lambda error: visitor.complaints.append(f"script: {error}"))
    page.on("request", visitor.watch)
    yield visitor
    context.close()
    assert visitor.complaints == []
