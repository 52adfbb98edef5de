"""Where the links of a demonstration lead that is served on another port than the usual one."""

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from config.management.commands import demo
from missions.accounts.tokens import home_address


class _NoLoop:
    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


@pytest.mark.parametrize(
    ("public_url", "led_to"),
    [("http://127.0.0.1:8000", "http://127.0.0.1:8941"), ("https://desk.example", "https://desk.example")],
)
def test_links_lead_to_the_port_that_is_served(
    public_url: str, led_to: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_URL = public_url
    served: list[str] = []
    monkeypatch.setattr(demo, "JobLoop", _NoLoop)
    monkeypatch.setattr(demo, "serve", lambda *args, **kwargs: served.append(home_address()))

    demo.Command()._serve(8941)

    assert served == [f"{led_to}{reverse('account:home')}"]
