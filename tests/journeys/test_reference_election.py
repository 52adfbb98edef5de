"""The whole story, as `make demo` tells it: from files to released plans, and a second telling that changes nothing."""

import datetime as dt
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from pytest_django.fixtures import Settings

from accreditation.models import Application, Observer
from accreditation.selectors import Figures, figures, figures_as_of
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election
from missions.reminders.models import Message
from missions.reminders.states import MessageState
from missions.timeline.models import Milestone
from stations.deployment.models import DeploymentPlan, ObserverSlot, TeamMember
from stations.deployment.selectors import Share, coverage
from stations.models import PollingStation

APPS = ("missions", "kernel", "timeline", "reminders", "accreditation", "intake", "stations", "register", "deployment")


def _tell() -> Election:
    call_command("demo", no_serve=True)
    return Election.objects.get()


def _rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for app in APPS
        for model in apps.get_app_config(app).get_models()
    }


def _assert_figures(election: Election) -> None:
    def as_of(month: int, day: int) -> Figures:
        return figures_as_of(election, at=dt.datetime(2024, month, day, 23, tzinfo=dt.UTC))

    assert figures(election) == Figures(790, 72, 89)
    assert (as_of(1, 6).observers, as_of(1, 6).nationalities) == (72, 19)
    assert as_of(1, 12) == Figures(78, 8, 21)
    assert 380 <= as_of(1, 24).observers <= 420
    assert as_of(2, 5) == Figures(790, 72, 89)


def _assert_register(election: Election) -> None:
    stations = PollingStation.objects.filter(election=election)
    assert stations.count() == 6537
    assert stations.overseas().count() == 49
    assert stations.filter(is_newly_covered=True).count() == 26
    assert stations.filter(has_web_camera=True).count() == 1000


def _assert_deployment(election: Election) -> None:
    reached = coverage(election)
    assert reached.newly_covered == Share(26, 26)
    assert reached.constituencies == Share(125, 125)
    assert reached.overseas_countries == Share(37, 37)
    assert reached.overseas_stations == Share(49, 49)
    plans = DeploymentPlan.objects.filter(election=election)
    assert plans.count() == plans.released().count()
    members = TeamMember.objects.filter(plan__in=plans)
    assert members.values("observer").distinct().count() == members.count()
    assert ObserverSlot.objects.values("observer").distinct().count() == members.count()


def _assert_desk(election: Election) -> None:
    states = set(Application.objects.filter(election=election).values_list("state", flat=True))
    assert states == {
        "accredited",
        "incomplete",
        "inadmissible_late",
        "recommended",
        "refused",
        "scheduled",
        "under_review",
        "withdrawn",
    }


def _assert_passports_stay_inside(mail_folder: Path, captured: str) -> None:
    """No passport number stands in a mail, an event or what was logged and printed."""
    numbers = [observer.passport_number for observer in Observer.objects.only("passport_number")[:200]]
    mails = "".join(path.read_text(encoding="utf-8", errors="replace") for path in mail_folder.iterdir())
    events = "".join(str(row) for row in Event.objects.values_list("object_label", "reason", "changed"))
    messages = "".join(f"{subject}{body}" for subject, body in Message.objects.values_list("subject", "body"))
    assert mails
    assert [number for number in numbers if number in mails + events + messages + captured] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(420)
def test_the_reference_election_is_told_once(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings.VAR_DIR = tmp_path
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    election = _tell()

    _assert_figures(election)
    _assert_register(election)
    _assert_desk(election)
    _assert_deployment(election)
    assert Milestone.objects.filter(mission__election=election).count() > 500
    assert Message.objects.filter(state=MessageState.SENT).count() > 100
    assert not Message.objects.filter(state__in=[MessageState.FAILED, MessageState.PARKED]).exists()
    assert clock.now().date() == dt.date(2024, 2, 6)
    _assert_passports_stay_inside(tmp_path / "mail", capsys.readouterr().out + caplog.text)

    told = _rows()
    _tell()

    assert _rows() == told
