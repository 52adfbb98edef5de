"""The whole story, as `make demo` tells it: from files to released plans, and a second telling that changes nothing."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from pytest_django.fixtures import Settings

from accreditation.badges.models import Badge, PrintBatch, PrintBatchItem, RevocationList, Scan
from accreditation.intake.models import NominationImport
from accreditation.letters.models import Letter, LetterBatch
from accreditation.models import Accreditation, Application, Document, Finding, Nomination, Observer, Stay
from accreditation.selectors import Figures, figures, figures_as_of, heads_as_of
from accreditation.states import Category
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Constituency, Election, Invitation, Mission
from missions.reminders.models import Broadcast, DigestChoice, Message
from missions.reminders.states import MessageState
from missions.reports.figures.models import FigureClaim
from missions.reports.figures.selectors import figures_on_record
from missions.reports.models import Report
from missions.reports.recommendations.models import HostAnswer, Recommendation, RecommendationText
from missions.reports.selectors import public_record
from missions.timeline.models import Milestone
from missions.timeline.programme.judging import violations_of
from missions.timeline.programme.models import Programme
from stations.deployment.models import DeploymentPlan, ObserverSlot, PlanAcknowledgement, Team, TeamMember, Visit
from stations.deployment.presence.models import AskedObserver, PresenceReport, RollCall
from stations.deployment.presence.selectors import actual_visits
from stations.deployment.records import stages_from_json
from stations.deployment.selectors import Share, coverage
from stations.deployment.states import PlanState
from stations.models import PollingStation

APPS = (
    "missions",
    "kernel",
    "timeline",
    "programme",
    "reminders",
    "accreditation",
    "intake",
    "citizens",
    "letters",
    "badges",
    "reports",
    "figures",
    "recommendations",
    "stations",
    "register",
    "deployment",
    "plan_files",
    "presence",
    "samples",
    "access",
    "travel",
)


#: 16:30 in Baku on the day after the vote, where the story ends.
_STANDS_AT = dt.datetime(2024, 2, 8, 12, 30, tzinfo=dt.UTC)


def _at(month: int, day: int) -> dt.datetime:
    return dt.datetime(2024, month, day, 23, tzinfo=dt.UTC)


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
        return figures_as_of(election, at=_at(month, day))

    assert figures(election) == Figures(790, 72, 89)
    assert (as_of(1, 6).observers, as_of(1, 6).nationalities) == (72, 19)
    assert as_of(1, 12) == Figures(78, 8, 21)
    assert as_of(1, 24).observers == 400
    assert as_of(2, 5) == Figures(790, 72, 89)


def _assert_categories(election: Election) -> None:
    """Each category is counted apart, from the session that decided on it."""
    none = dict.fromkeys(Category, 0)
    first = {Category.INTERNATIONAL_OBSERVER: 72, Category.DOMESTIC_OBSERVER: 228}
    assert heads_as_of(election, at=_at(1, 6)) == none | first
    assert heads_as_of(election, at=_at(1, 26))[Category.EXIT_POLLSTER] == 3
    assert heads_as_of(election, at=_at(2, 5)) == none | {
        Category.INTERNATIONAL_OBSERVER: 790,
        Category.DOMESTIC_OBSERVER: 228,
        Category.EXIT_POLLSTER: 3,
        Category.FOREIGN_MEDIA: 119,
    }
    initiatives = Nomination.objects.filter(applications__accreditation__category=Category.DOMESTIC_OBSERVER)
    assert Counter(initiatives.values_list("initiative", flat=True)) == {"self": 92, "ngo": 10, "party": 126}


def _assert_invitations(election: Election) -> None:
    invitations = Invitation.objects.filter(election=election)
    assert Counter(invitations.values_list("state", flat=True)) == {"accepted": 72, "not_invited": 2, "declined": 1}
    assert Mission.objects.get(code="ODIHR").ceiling == 350
    sent = Event.objects.filter(verb="invitation_sent").values_list("at__date", flat=True)
    assert (min(sent), max(sent)) == (dt.date(2023, 12, 11), dt.date(2023, 12, 20))


def _assert_files(election: Election, answers: Path) -> None:
    """One file was sent back in part, answered, and came again; twelve people handed in four files each."""
    versions = NominationImport.objects.filter(mission__code="DEMO-30").order_by("uploaded_at")
    assert [(row.state, row.rows, row.added, row.unchanged) for row in versions] == [
        ("committed", 5, 2, 0),
        ("committed", 5, 3, 2),
    ]
    assert [path.name for path in answers.iterdir()] == [f"result-DEMO-30-{versions[0].pk}.xlsx"]
    files = Counter(Document.objects.exclude(file=None).values_list("kind", "file__media_type"))
    assert files == {
        ("photo", "image/jpeg"): 12 + 21 + 14,
        ("passport_copy", "image/jpeg"): 12,
        ("pledge", "application/pdf"): 3,
        ("pledge", "image/jpeg"): 9,
        ("conflict_statement", "image/jpeg"): 12,
    }
    assert not Finding.objects.filter(code__in=["same_photo", "mrz_unreadable"]).exists()
    assert Event.objects.filter(verb="mrz_recorded").count() == 12 + 5


def _verbs(row: Application | Accreditation) -> list[str]:
    """The edges that the row has walked."""
    events = Event.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).exclude(to_state="")
    return list(events.order_by("pk").values_list("verb", flat=True))


def _assert_single_people() -> None:
    """What befell single people: each by the services, in its order, by the right people."""
    deferred = Application.objects.get(nomination__reference="SCO-010")
    assert _verbs(deferred)[-4:] == ["deferred", "recommended", "scheduled", "accredited"]
    upheld = Application.objects.get(nomination__reference="GUAM-003")
    assert _verbs(upheld)[-3:] == ["refused", "appealed", "accredited"]
    refusal, ruling = upheld.decisions.order_by("pk")
    assert refusal.decided_by != ruling.decided_by
    suspended = Accreditation.objects.get(application__nomination__reference="CIS-020")
    assert _verbs(suspended) == ["accreditation_issued", "suspended", "reinstated"]
    revoked = Accreditation.objects.get(application__nomination__reference="DEMO-48-005-R")
    assert (revoked.state, revoked.revocation is not None) == ("revoked", True)
    replaced = Accreditation.objects.get(application__nomination__reference="OSCE-PA-030")
    assert replaced.state == "replaced"
    listed = Application.objects.get(nomination__reference="DEMO-50-005-I")
    assert (listed.state, listed.findings.get(code="incompatible_status").closed_at is None) == ("refused", False)
    explained = Finding.objects.get(code="incompatible_status_possible")
    assert (explained.application.nomination.reference, explained.application.state) == ("DEMO-29-002", "accredited")


def _assert_stays_and_letters(election: Election) -> None:
    stays = Stay.objects.filter(nomination__applications__accreditation__in=Accreditation.objects.counted(election))
    assert stays.count() == 790 - 98
    assert stays.filter(arrived_at=None).count() == 0
    unbriefed = stays.filter(briefed_at=None)  # landed after the last briefing
    assert list(unbriefed.values_list("nomination__reference", flat=True)) == ["PABSEC-005"]
    assert Counter(Letter.objects.values_list("kind", flat=True)) == {
        "accreditation": 6,
        "refusal": 1,
        "visa_support": 1,
        "note_accredited": 1,
        "accreditation_list": 1,
    }
    assert not LetterBatch.objects.filter(finished_at=None).exists()


def _assert_badges(election: Election) -> None:
    """Everybody accredited has one card that is good; what befell single cards is on the list of the evening."""
    active = Accreditation.objects.filter(election=election, state="active")
    live = Badge.objects.live().filter(accreditation__in=active)
    assert (active.count(), live.count()) == (1140, 1140)
    assert set(live.values_list("state", flat=True)) == {"handed_over"}
    assert not PrintBatch.objects.filter(finished_at=None).exists()
    assert not PrintBatchItem.objects.exclude(code="").exists()
    gone = Badge.objects.filter(election=election).exclude(pk__in=live)
    stories = {row.accreditation.application.nomination.reference: row.state for row in gone}
    assert stories == {"OTS-003": "void", "OTS-005": "void", "SCO-010": "returned", "DEMO-48-005-R": "printed"}
    assert gone.exclude(destroyed_at=None).count() == 2
    newest = RevocationList.objects.filter(election=election).order_by("-number")[0]
    assert newest.entries == 4
    checks = dict(Scan.objects.values_list("badge__accreditation__application__nomination__reference", "result"))
    compared = dict.fromkeys(["SCO-001", "SCO-002", "OTS-001", "OTS-002", "OTS-005"], "valid")
    assert checks == compared | {"DEMO-48-005-R": "revoked"}


def _assert_register(election: Election) -> None:
    stations = PollingStation.objects.filter(election=election)
    assert stations.count() == 6537
    assert stations.overseas().count() == 49
    assert stations.filter(is_newly_covered=True).count() == 26
    assert stations.filter(has_web_camera=True).count() == 1000


def _assert_deployment(election: Election) -> None:
    reached = coverage(election)
    assert reached.newly_covered == Share(26, 26)
    assert reached.constituencies.total == 125
    assert reached.constituencies.reached >= 122
    assert reached.overseas_countries == Share(37, 37)
    assert reached.overseas_stations == Share(49, 49)
    plans = DeploymentPlan.objects.filter(election=election).released()
    assert plans.count() == 9
    members = TeamMember.objects.filter(plan__in=plans)
    assert members.values("observer").distinct().count() == members.count()
    assert ObserverSlot.objects.values("observer").distinct().count() == members.count()
    assert not members.missing().exists()
    assert not Visit.objects.filter(visit_plan__team__plan__in=plans, station__closed_at__isnull=False).exists()
    _assert_planned_again(plans)
    _assert_chosen_places(plans)


def _assert_planned_again(plans: QuerySet[DeploymentPlan]) -> None:
    """Eight teams and five stations were lost; what had to change has changed, and nothing else."""
    assert PollingStation.objects.exclude(closed_at=None).count() == 5
    # Where the only team flew home nobody comes, because nobody is moved for it; everywhere else somebody does.
    lost = Team.objects.filter(plan__state=PlanState.SUPERSEDED, members__nomination__stay__left_at__isnull=False)
    visited = Visit.objects.filter(visit_plan__team__plan__in=plans).values("station__constituency")
    alone = Constituency.objects.exclude(pk__in=visited)
    assert {place.pk for place in alone} <= set(lost.values_list("constituency", flat=True))
    again = plans.exclude(made_from=None)
    assert set(again.values_list("version", flat=True)) == {2}
    stages = [stage for plan in again for stage in stages_from_json(plan.stages)]
    assert (sum(stage.changed for stage in stages), sum(stage.forced for stage in stages)) == (8, 8)


def _assert_chosen_places(plans: QuerySet[DeploymentPlan]) -> None:
    """SCO's nine teams are in the capital and the city beside it, and one of OTS in Shusha and Khojaly."""
    places = Team.objects.filter(plan__in=plans, plan__mission__code="SCO")
    numbers = {15, 21, 24, 29, 35, 41, 42, 43, 44}
    assert set(places.values_list("constituency__number", flat=True)) == numbers
    far = Visit.objects.filter(visit_plan__team__plan__in=plans, visit_plan__team__plan__mission__code="OTS")
    codes = set(far.filter(visit_plan__team__constituency__number=124).values_list("station__code", flat=True))
    assert {"12422", "12221"} <= codes


def _assert_day(election: Election) -> None:
    """The teams of two missions have reported, but the last of each; one person has not answered a closed roll call."""
    plans = DeploymentPlan.objects.filter(election=election).released()
    sent_out = Team.objects.filter(plan__in=plans, plan__mission__code__in=("SCO", "OTS")).exclude(kind="lto")
    heard = PresenceReport.objects.order_by().values("team_key")
    silent = sent_out.exclude(key__in=heard).values_list("plan__mission__code", flat=True)
    assert Counter(silent) == {"SCO": 1, "OTS": 1}
    unplanned = [visit for visit in actual_visits(plans, at=_STANDS_AT) if visit.visit_id is None]
    assert len({visit.team_id for visit in unplanned}) == 2
    roll_call = RollCall.objects.get()
    assert (roll_call.mission, roll_call.closed_at is None) == (Mission.objects.get(code="SCO"), False)
    assert AskedObserver.objects.without_answer().count() == 1


def _assert_programme(election: Election) -> None:
    """One programme stands after the minister lost an afternoon, and SCO meets whom it asked for on its days."""
    states = dict(Programme.objects.filter(election=election).values_list("method", "state"))
    assert states == {"fresh": "superseded", "weight": "released", "keep": "discarded"}
    released = Programme.objects.released().get(election=election)
    assert violations_of(released) == []
    away = (dt.datetime(2024, 2, 5, 11, tzinfo=dt.UTC), dt.datetime(2024, 2, 5, 12, 30, tzinfo=dt.UTC))
    with_minister = released.bookings.filter(resource__code="minister")
    assert with_minister.count() >= 15
    assert not with_minister.filter(starts_at__lt=away[1], ends_at__gt=away[0]).exists()
    own = released.bookings.filter(request__mission__code="SCO", request__kind__in=["minister", "chair"])
    days = {booking.request.kind: booking.starts_at.date() for booking in own.select_related("request")}
    assert days == {"minister": dt.date(2024, 2, 5), "chair": dt.date(2024, 2, 6)}


def _assert_reports(election: Election, told: str) -> None:
    """SCO's statement was nobody's to read a second before its instant, and everybody's at it."""
    public = {report.senders[0].organization or "IEOM" for report in public_record(election_code=election.code)}
    assert public == {"ODIHR", "PABSEC", "SCO", "OTS", "IEOM"}
    assert Report.objects.embargoed().get(election=election).mission.code == "TURKPA"
    lines = [line for line in told.splitlines() if "the public reads" in line]
    assert [line.rpartition(" of ")[2].strip() for line in lines] == ["OTS", "OTS, SCO"]


def _assert_advice(election: Election) -> None:
    """What reports recommend is public with them: written by missions or split out, and answered once."""
    public = Recommendation.objects.public().filter(report__election=election).select_related("report__mission")
    assert sorted(map(str, public)) == ["IEOM 5.1", "ODIHR 1.1", "ODIHR 1.2", "OTS 4.1"]
    assert Recommendation.objects.exclude(pk__in=public).get().report.mission.code == "TURKPA"
    texts = RecommendationText.objects.filter(recommendation__report__mission__code="IEOM")
    assert sorted(texts.values_list("language", flat=True)) == ["az", "en"]
    assert HostAnswer.objects.values_list("recommendation__number", "answer").get() == (1, "accepted")


def _assert_what_others_say(election: Election) -> None:
    """Figures of two instants are public, and beside them what others said; one claim is not for everybody."""
    record = figures_on_record(election)[election.pk]
    counted = [(row.observers, row.organizations, row.countries) for row in record.figures]
    assert counted == [(78, 8, 21), (790, 72, 89)]
    said = {claim.source: [(one.of, one.before, one.now) for one in claim.numbers] for claim in record.claims}
    assert said == {
        "A remark in the central commission": [("observers", 800, 790)],
        "A newspaper": [("observers", 790, 790), ("countries", 88, 89)],
    }
    assert FigureClaim.objects.filter(published_at=None).get().observers == 266


def _assert_exchanges(election: Election) -> None:
    """One letter went to the leads of all parliamentary assemblies, one mission chose a digest, three noted plans."""
    broadcast = Broadcast.objects.get(election=election)
    letters = Message.objects.filter(rule="broadcast", state=MessageState.SENT)
    assert (broadcast.state, letters.count()) == ("queued", broadcast.recipients)
    assert broadcast.recipients > 5
    assert DigestChoice.objects.get().mission.code == "ODIHR"
    noted = PlanAcknowledgement.objects.filter(plan__election=election).values_list("mission__code", flat=True)
    assert set(noted) == {"ODIHR", "PABSEC", "SCO"}


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


@pytest.fixture
def _cards_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand cards look the same from either database: those of the telling on SQLite are drawn."""
    if connection.vendor != "sqlite":
        monkeypatch.setattr("accreditation.badges.services.sheets.render_cards", lambda _cards, **_how: b"%PDF-")


@pytest.mark.django_db(transaction=True)
@pytest.mark.longest
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("_cards_are_drawn_once")
def test_the_reference_election_is_told_once(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings.VAR_DIR = tmp_path
    settings.BADGE_KEY_DIR, settings.BADGE_PUBLISHED_DIR = tmp_path / "badge-keys", tmp_path / "published"
    settings.PUBLIC_PAGES_DIR = tmp_path / "public-pages"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    election = _tell()

    _assert_figures(election)
    _assert_categories(election)
    _assert_invitations(election)
    _assert_files(election, tmp_path / "answers")
    _assert_single_people()
    _assert_stays_and_letters(election)
    _assert_badges(election)
    _assert_register(election)
    _assert_desk(election)
    _assert_deployment(election)
    _assert_day(election)
    _assert_programme(election)
    told_on_screen = capsys.readouterr().out
    _assert_reports(election, told_on_screen)
    _assert_advice(election)
    _assert_what_others_say(election)
    _assert_exchanges(election)
    assert Milestone.objects.filter(mission__election=election).count() > 500
    assert Message.objects.filter(state=MessageState.SENT).count() > 100
    assert not Message.objects.filter(state__in=[MessageState.FAILED, MessageState.PARKED]).exists()
    assert clock.now().date() == _STANDS_AT.date()
    _assert_passports_stay_inside(tmp_path / "mail", told_on_screen + caplog.text)

    told = _rows()
    _tell()

    assert _rows() == told
