import pytest

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, User
from missions.reminders.models import Message
from missions.states import MailLanguage
from missions.timeline.models import Milestone
from missions.timeline.programme.errors import ProgrammeBreaksRulesError, ProgrammeOvertakenError
from missions.timeline.programme.models import Programme, SharedResource
from missions.timeline.programme.notices import MAILS
from missions.timeline.programme.selectors import bookings_of
from missions.timeline.programme.services.releases import release_programme
from missions.timeline.programme.services.requests import pin_request, withdraw_request
from missions.timeline.programme.services.resources import close_resource
from missions.timeline.programme.states import ProgrammeState, RequestKind
from missions.timeline.services.laying import lay_timeline
from tests.missions.timeline.programme.conftest import Ask, MakeMission, MakeProgramme, local

pytestmark = pytest.mark.django_db
Shared = dict[str, SharedResource]
AT = local(1, 9)
_S = ProgrammeState


def test_a_release_tells_those_whose_places_differ_and_nobody_else(
    ask: Ask, make_programme: MakeProgramme, mission: Mission, other_mission: Mission, lead: User, other_lead: User
) -> None:
    own, other = ask(mission), ask(other_mission)
    stays = (other, "minister", local(5, 10, 25), 20)
    first = release_programme(programme=make_programme((own, "minister", local(5, 10), 20), stays), by=None, at=AT)
    chair = ask(mission, RequestKind.CHAIR)
    draft = make_programme((own, "minister", local(5, 15), 20), (chair, "chair", local(5, 9), 25), stays, base=first)

    released = release_programme(programme=draft, by=None, at=AT)

    first.refresh_from_db()
    assert (first.state, released.state, released.released_at) == (_S.SUPERSEDED, _S.RELEASED, AT)
    mails = list(Message.objects.filter(rule="programme_changed").order_by("pk").values_list("to_address", "subject"))
    assert mails == [
        (lead.email, "Your times in the ministry's programme, version 1"),
        (other_lead.email, "Your times in the ministry's programme, version 1"),
        (lead.email, "Your times in the ministry's programme, version 2"),
    ]
    body = Message.objects.filter(to_address=lead.email).latest("pk").body
    assert body == (
        "Presidential election\nODIHR mission\n\nThe ministry's programme has changed for you:\n\n"
        "- meeting with the minister: 5 February 2024, 15:00–15:20, Minister of Foreign Affairs, Ministry, "
        "reception room (was 5 February 2024, 10:00–10:20)\n"
        "- meeting with the chair of the commission: 5 February 2024, 09:00–09:25, Chair of the Central Election "
        "Commission, Commission, meeting hall"
    )
    assert "PABSEC" not in body
    verbs = Event.objects.of(released).values_list("verb", "from_state", "to_state")
    assert list(verbs) == [("programme_released", "draft", "released")]
    assert [row.sequence for row in bookings_of([mission.pk], lead)] == [0, 1]


def test_what_is_over_is_no_news(ask: Ask, make_programme: MakeProgramme, mission: Mission, lead: User) -> None:
    own, chair = ask(mission), ask(mission, RequestKind.CHAIR)
    first = release_programme(programme=make_programme((own, "minister", local(5, 10, 25), 20)), by=None, at=AT)
    moved = (own, "minister", local(5, 10), 20)
    late = make_programme(moved, base=first)
    second = release_programme(programme=late, by=None, at=local(5, 10, 45))
    assert Message.objects.filter(rule="programme_changed").count() == 1

    later = make_programme(moved, (chair, "chair", local(5, 15), 25), base=second)
    release_programme(programme=later, by=None, at=local(5, 11))

    body = Message.objects.filter(to_address=lead.email).latest("pk").body
    assert Message.objects.filter(rule="programme_changed").count() == 2
    assert ("the chair" in body, "the minister" in body) == (True, False)


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        (
            "az",
            "Nazirliyin proqramında vaxtlarınız, 1 nömrəli versiya",
            "- nazirlə görüş: 5 fevral 2024, 10:00–10:20",
        ),
        ("ru", "Ваше время в программе министерства, версия 1", "- встреча с министром: 5 февраля 2024, 10:00–10:20, "),
        (
            "fr",
            "Vos horaires dans le programme du ministère, version 1",
            "- entretien avec le ministre : 5 février 2024",
        ),
    ],
)
def test_leads_are_told_in_their_own_language(
    ask: Ask, make_programme: MakeProgramme, mission: Mission, lead: User, language: str, subject: str, line: str
) -> None:
    User.objects.filter(pk=lead.pk).update(language=language)

    release_programme(programme=make_programme((ask(mission), "minister", local(5, 10), 20)), by=None, at=AT)

    mail = Message.objects.get(rule="programme_changed")
    assert (mail.language, mail.subject) == (language, subject)
    assert line in mail.body


@pytest.mark.parametrize("language", MailLanguage)
def test_every_kind_of_request_has_its_words_in_every_language(language: MailLanguage) -> None:
    kinds = {key for key in MAILS.sentences(language) if key.startswith("kinds.")}

    assert kinds == {f"kinds.{kind}" for kind in RequestKind}


def test_a_draft_of_an_older_state_of_things_is_overtaken(
    ask: Ask, make_programme: MakeProgramme, mission: Mission
) -> None:
    place = (ask(mission), "minister", local(5, 10), 20)
    drafts = [make_programme(place), make_programme(place)]
    release_programme(programme=drafts[0], by=None, at=AT)

    with pytest.raises(ProgrammeOvertakenError):
        release_programme(programme=drafts[1], by=None, at=AT)
    with pytest.raises(IllegalTransitionError):
        release_programme(programme=drafts[0], by=None, at=AT)

    drafts[1].refresh_from_db()
    assert drafts[1].state == _S.DRAFT


def test_broken_rules_are_named_in_words_and_nothing_is_released(
    shared: Shared, ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission
) -> None:
    closed, early, fixed, gone = (ask(make_mission(code)) for code in "ABCD")
    must = ask(make_mission("E"), RequestKind.BADGES, earliest_at=local(4, 9), latest_at=local(4, 20))
    draft = make_programme(
        (closed, "minister", local(5, 15), 20),
        (early, "minister", local(5, 8), 20),
        (fixed, "minister", local(5, 10), 20),
        (gone, "minister", local(5, 10, 25), 20),
    )
    close_resource(
        resource=shared["minister"], starts_at=local(5, 15), ends_at=local(5, 15, 5), reason="x", by=None, at=AT
    )
    pin_request(request=fixed, starts_at=local(5, 10, 50), by=None, at=AT)
    withdraw_request(request=gone, by=None, at=AT)

    with pytest.raises(ProgrammeBreaksRulesError) as error:
        release_programme(programme=draft, by=None, at=AT)

    told = {(row.code, row.field): row.detail for row in error.value.violations}
    minister = "meeting with the minister"
    assert told == {
        ("programme-hours", f"request-{closed.pk}"): (
            f"A: {minister}: Minister of Foreign Affairs is closed at 5 Feb, 15:00."
        ),
        ("programme-hours", f"request-{early.pk}"): (
            f"B: {minister}: Minister of Foreign Affairs is closed at 5 Feb, 08:00."
        ),
        ("programme-place", f"request-{early.pk}"): (
            f"B: {minister}: Minister of Foreign Affairs has no place at 5 Feb, 08:00."
        ),
        ("programme-window", f"request-{early.pk}"): f"B: {minister}: lies outside the time that was asked for.",
        ("programme-pin", f"request-{fixed.pk}"): f"C: {minister}: was fixed at another time.",
        ("programme-request", f"request-{gone.pk}"): f"D: {minister}: is asked no longer, or fits nowhere now.",
        ("programme-must", f"request-{must.pk}"): "E: badges: must take place and has no place.",
    }
    draft.refresh_from_db()
    assert draft.state == _S.DRAFT
    assert not Message.objects.exists()


def test_a_released_meeting_sets_the_step_of_the_timeline(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission, election: Election
) -> None:
    mission = make_mission("SCO")
    lay_timeline(mission=mission, by=None, at=AT)
    row = ask(mission)
    laid = Milestone.objects.get(mission=mission, code="ministry_meeting").planned_at

    first = release_programme(programme=make_programme((row, "minister", local(5, 15, 25), 20)), by=None, at=AT)

    step = Milestone.objects.get(mission=mission, code="ministry_meeting")
    assert (laid, step.planned_at, step.is_own) == (local(5, 11), local(5, 15, 25), True)
    assert (step.reason, step.sequence) == ("Programme 1: Minister of Foreign Affairs", 1)
    second = release_programme(
        programme=make_programme((row, "minister", local(5, 15, 25), 20), base=first), by=None, at=AT
    )
    step.refresh_from_db()
    assert step.sequence == 1  # the same instant is no change

    release_programme(programme=make_programme(base=second), by=None, at=AT)

    step.refresh_from_db()
    assert (step.planned_at, step.is_own, step.sequence) == (laid, False, 2)


def test_a_step_that_somebody_put_elsewhere_stays_when_the_meeting_falls_away(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission
) -> None:
    mission = make_mission("SCO")
    lay_timeline(mission=mission, by=None, at=AT)
    row = ask(mission)
    first = release_programme(programme=make_programme((row, "minister", local(5, 15, 25), 20)), by=None, at=AT)
    steps = Milestone.objects.filter(mission=mission, code="ministry_meeting")
    steps.update(planned_at=local(5, 18), is_own=True)

    release_programme(programme=make_programme(base=first), by=None, at=AT)

    assert steps.get().planned_at == local(5, 18)


def test_a_mission_without_such_a_step_is_released_all_the_same(
    ask: Ask, make_programme: MakeProgramme, mission: Mission
) -> None:
    press = ask(mission, RequestKind.PRESS)
    draft = make_programme((press, "press-centre", local(8, 9), 45))

    assert release_programme(programme=draft, by=None, at=AT).state == _S.RELEASED
    assert Programme.objects.released().count() == 1
