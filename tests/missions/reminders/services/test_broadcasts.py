import datetime as dt
from dataclasses import replace
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Membership, Mission, User
from missions.reminders.broadcast_audience import LeftOut, count_languages, find_audience, samples_of
from missions.reminders.errors import (
    AudienceChangedError,
    AudienceEmptyError,
    AudienceUnknownError,
    BroadcastTextRefusedError,
    CountMismatchError,
    PreparationTooOldError,
)
from missions.reminders.models import Broadcast, Message
from missions.reminders.services.broadcasts import (
    BroadcastSpec,
    change_broadcast,
    discard_broadcast,
    prepare_broadcast,
    send_broadcast,
    stop_broadcast,
    write_broadcast,
)
from missions.reminders.services.delivery import deliver_due
from missions.reminders.specs import StepText
from missions.reminders.states import BROADCAST_TRANSITIONS, Audience, BroadcastState
from missions.reminders.traits import MissionTrait
from missions.states import MailLanguage, MembershipRole, MissionKind, OrganizationKind
from tests.racing import errors_of, race

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = dt.timedelta(minutes=30)
SECOND = dt.timedelta(seconds=1)
TEXTS = {
    MailLanguage.EN: StepText("Briefing for {mission}", "Dear {name},\n\nthe briefing of {election} is at nine.\n"),
    MailLanguage.RU: StepText("Брифинг: {mission}", "Здравствуйте, {name}!\n"),
}


@pytest.fixture(autouse=True)
def _broadcasts_are_sent(settings: Settings) -> None:
    settings.REMINDER_SOURCES = ["missions.reminders.broadcast_sources.broadcast_mail"]
    settings.AUDIENCE_TRAITS = [f"{__name__}.PABSEC_IS_HERE"]


PABSEC_IS_HERE = MissionTrait(
    "here", "is here", lambda election_id, at: set(Mission.objects.filter(code="PABSEC").values_list("pk", flat=True))
)


@pytest.fixture
def spec(mission: Mission, other_mission: Mission, lead: User, other_lead: User) -> BroadcastSpec:
    """To the leads of two missions, in English and Russian."""
    User.objects.filter(pk=other_lead.pk).update(language=MailLanguage.RU, first_name="Анна")
    return BroadcastSpec(election=mission.election, texts=TEXTS, audiences=(Audience.LEADS,))


@pytest.fixture
def prepared(spec: BroadcastSpec, reviewer: User, at: dt.datetime) -> Broadcast:
    broadcast = write_broadcast(spec=spec, by=reviewer, at=at)
    return prepare_broadcast(broadcast=broadcast, by=reviewer, at=at)


def _addresses(spec: BroadcastSpec, by: User, at: dt.datetime) -> list[str]:
    found = find_audience(write_broadcast(spec=spec, by=by, at=at), at=at)
    return [reader.person.address for reader in found.readers]


def test_each_person_gets_it_once_in_the_own_language(prepared: Broadcast, reviewer: User, at: dt.datetime) -> None:
    sent = send_broadcast(broadcast=prepared, typed_count=2, by=reviewer, at=at)

    assert (sent.state, sent.queued_at, sent.recipients) == (BroadcastState.QUEUED, at, 2)
    assert deliver_due(at=at).sent == 2
    assert sorted((mail_.to[0], mail_.subject, str(mail_.body).splitlines()[0]) for mail_ in mail.outbox) == [
        ("lead@odihr.example", "Briefing for ODIHR mission", "Dear lead@odihr.example,"),
        ("lead@pabsec.example", "Брифинг: PABSEC delegation", "Здравствуйте, Анна!"),
    ]
    assert "the host of Presidential election wrote to the people of the missions" in str(
        next(mail_.body for mail_ in mail.outbox if mail_.to == ["lead@odihr.example"])
    )
    assert list(Message.objects.order_by("to_address").values_list("mission__code", "language")) == [
        ("ODIHR", "en"),
        ("PABSEC", "ru"),
    ]
    told = Event.objects.of(prepared).order_by("pk").values_list("verb", "to_state", "reason")
    assert list(told) == [
        ("broadcast_written", "draft", ""),
        ("broadcast_prepared", "prepared", "2"),
        ("broadcast_sent", "queued", ""),
    ]


def test_who_acts_for_two_missions_gets_one_mail_that_names_both(
    spec: BroadcastSpec, lead: User, other_mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    Membership.objects.create(user=lead, mission=other_mission, role=MembershipRole.LEAD)
    broadcast = prepare_broadcast(broadcast=write_broadcast(spec=spec, by=reviewer, at=at), by=reviewer, at=at)
    send_broadcast(broadcast=broadcast, typed_count=2, by=reviewer, at=at)

    message = Message.objects.get(to_address=lead.email)
    assert (message.subject, message.mission) == ("Briefing for ODIHR mission, PABSEC delegation", None)


@pytest.mark.parametrize(
    ("changes", "addresses"),
    [
        ({}, ["lead@odihr.example", "lead@pabsec.example"]),
        ({"mission_kinds": (MissionKind.EOM,)}, ["lead@odihr.example"]),
        ({"organization_kinds": (OrganizationKind.PARLIAMENTARY_ASSEMBLY,)}, ["lead@pabsec.example"]),
        ({"traits": ("here",)}, ["lead@pabsec.example"]),
        ({"traits": ("here",), "mission_kinds": (MissionKind.EOM,)}, []),
        ({"audiences": (Audience.FOCAL_POINTS,)}, ["focal@odihr.example"]),
        ({"audiences": (Audience.MEMBERS,)}, ["focal@odihr.example", "lead@odihr.example", "lead@pabsec.example"]),
        ({"audiences": (), "groups": ("reviewer",)}, ["staff@ministry.example"]),
    ],
)
def test_each_filter_narrows_the_audience(
    spec: BroadcastSpec,
    mission: Mission,
    reviewer: User,
    at: dt.datetime,
    changes: dict[str, object],
    addresses: list[str],
) -> None:
    focal = User.objects.create_user("focal@odihr.example")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)
    staff = User.objects.create_user("staff@ministry.example", is_staff=True)
    staff.groups.add(Group.objects.get(name="reviewer"))
    texts = {MailLanguage.EN: StepText("Hello {name}", "{election}")}
    assert _addresses(replace(spec, texts=texts, **changes), reviewer, at) == addresses  # type: ignore[arg-type]


def test_chosen_missions_are_the_only_ones(
    spec: BroadcastSpec, other_mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    assert _addresses(replace(spec, missions=(other_mission,)), reviewer, at) == ["lead@pabsec.example"]


def test_who_is_left_out_is_named_with_the_reason(
    spec: BroadcastSpec, lead: User, other_lead: User, reviewer: User, at: dt.datetime
) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)
    User.objects.filter(pk=other_lead.pk).update(email="a@pabsec.example, b@pabsec.example")
    found = find_audience(write_broadcast(spec=spec, by=reviewer, at=at), at=at)

    assert found.readers == ()
    assert found.left_out == (
        LeftOut("ODIHR", "Nobody acts for the mission in these roles."),
        LeftOut("lead@odihr.example", "The account is deactivated."),
        LeftOut("a@pabsec.example, b@pabsec.example", "This is not one e-mail address."),
    )


def test_an_empty_audience_is_refused(spec: BroadcastSpec, reviewer: User, at: dt.datetime) -> None:
    with pytest.raises(AudienceEmptyError):
        write_broadcast(spec=replace(spec, audiences=()), by=reviewer, at=at)
    broadcast = write_broadcast(spec=spec, by=reviewer, at=at)
    User.objects.filter(is_staff=False).update(is_active=False)
    with pytest.raises(AudienceEmptyError):
        prepare_broadcast(broadcast=broadcast, by=reviewer, at=at)
    broadcast.refresh_from_db()
    assert broadcast.state == BroadcastState.DRAFT


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (StepText("Hello {person}", "x"), [("subject_en", "variable-unknown")]),
        (StepText("Hello", "{mission.secret}"), [("body_en", "place-broken")]),
        (StepText("Hello\r\nBcc: evil@x.example", "x"), [("subject_en", "control-character")]),
        (StepText("", " "), [("subject_en", "text-empty"), ("body_en", "text-empty")]),
        (StepText("s" * 201, "x"), [("subject_en", "text-too-long")]),
    ],
)
def test_a_wrong_text_is_refused_when_it_is_kept(
    spec: BroadcastSpec, reviewer: User, at: dt.datetime, text: StepText, problems: list[tuple[str, str]]
) -> None:
    with pytest.raises(BroadcastTextRefusedError) as refused:
        write_broadcast(spec=replace(spec, texts={MailLanguage.EN: text}), by=reviewer, at=at)
    assert [(row.field, row.code) for row in refused.value.violations] == problems
    assert not Broadcast.objects.exists()


def test_a_letter_to_staff_cannot_name_their_mission(spec: BroadcastSpec, reviewer: User, at: dt.datetime) -> None:
    with pytest.raises(BroadcastTextRefusedError):
        write_broadcast(spec=replace(spec, groups=("reviewer",)), by=reviewer, at=at)


def test_whom_nobody_knows_is_refused(spec: BroadcastSpec, reviewer: User, at: dt.datetime) -> None:
    text = {MailLanguage.EN: StepText("Hello", "x")}
    with pytest.raises(AudienceUnknownError) as refused:
        write_broadcast(spec=replace(spec, texts=text, groups=("ghosts",), traits=("rich",)), by=reviewer, at=at)
    assert [row.field for row in refused.value.violations] == ["groups", "traits"]


@pytest.mark.parametrize("typed", [0, 1, 3])
def test_the_count_has_to_be_typed_right(prepared: Broadcast, reviewer: User, at: dt.datetime, typed: int) -> None:
    with pytest.raises(CountMismatchError):
        send_broadcast(broadcast=prepared, typed_count=typed, by=reviewer, at=at)
    assert not Message.objects.exists()


def test_it_has_to_be_confirmed_within_half_an_hour(prepared: Broadcast, reviewer: User, at: dt.datetime) -> None:
    late = at + HALF_AN_HOUR + SECOND
    with pytest.raises(PreparationTooOldError):
        send_broadcast(broadcast=prepared, typed_count=2, by=reviewer, at=late)
    prepare_broadcast(broadcast=prepared, by=reviewer, at=late)
    send_broadcast(broadcast=prepared, typed_count=2, by=reviewer, at=late + HALF_AN_HOUR)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("change", ["another person", "another name", "another language", "other words"])
def test_what_was_not_shown_is_not_sent(
    prepared: Broadcast, lead: User, mission: Mission, reviewer: User, at: dt.datetime, change: str
) -> None:
    if change == "another person":
        Membership.objects.filter(user=lead).delete()
        second = User.objects.create_user("second@odihr.example")
        Membership.objects.create(user=second, mission=mission, role=MembershipRole.LEAD)
    elif change == "another name":
        User.objects.filter(pk=lead.pk).update(first_name="Ann")
    elif change == "another language":
        User.objects.filter(pk=lead.pk).update(language=MailLanguage.FR)
    else:
        prepared.texts.filter(language="en").update(body="Something else")

    with pytest.raises(AudienceChangedError):
        send_broadcast(broadcast=prepared, typed_count=2, by=reviewer, at=at)
    assert not Message.objects.exists()


def test_changing_a_prepared_one_makes_it_a_draft_again(
    prepared: Broadcast, spec: BroadcastSpec, reviewer: User, at: dt.datetime
) -> None:
    text = {MailLanguage.FR: StepText("Bonjour", "{name}")}
    changed = change_broadcast(broadcast=prepared, spec=replace(spec, texts=text), by=reviewer, at=at)
    assert (changed.state, changed.fingerprint, changed.recipients) == (BroadcastState.DRAFT, "", 0)
    assert list(changed.texts.values_list("language", "subject")) == [("fr", "Bonjour")]
    with pytest.raises(IllegalTransitionError):
        send_broadcast(broadcast=changed, typed_count=2, by=reviewer, at=at)


def test_stopping_cancels_what_has_not_gone(prepared: Broadcast, reviewer: User, at: dt.datetime) -> None:
    send_broadcast(broadcast=prepared, typed_count=2, by=reviewer, at=at)
    deliver_due(at=at, limit=1)

    assert stop_broadcast(broadcast=prepared, reason="Wrong hall.", by=reviewer, at=at) == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == ["cancelled", "sent"]
    assert deliver_due(at=at).sent == 0
    with pytest.raises(IllegalTransitionError):
        stop_broadcast(broadcast=prepared, reason="Again.", by=reviewer, at=at)


def test_what_was_leased_when_it_was_stopped_is_asked_once_more(
    prepared: Broadcast, reviewer: User, at: dt.datetime
) -> None:
    send_broadcast(broadcast=prepared, typed_count=2, by=reviewer, at=at)
    Broadcast.objects.update(state=BroadcastState.STOPPED)
    assert deliver_due(at=at).cancelled == 2


def test_who_was_deactivated_meanwhile_gets_nothing(
    prepared: Broadcast, lead: User, reviewer: User, at: dt.datetime
) -> None:
    send_broadcast(broadcast=prepared, typed_count=2, by=reviewer, at=at)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert (deliver_due(at=at).sent, [mail_.to for mail_ in mail.outbox]) == (1, [["lead@pabsec.example"]])


def test_a_discarded_one_can_do_nothing(prepared: Broadcast, reviewer: User, at: dt.datetime) -> None:
    discard_broadcast(broadcast=prepared, by=reviewer, at=at)
    for act in (prepare_broadcast, discard_broadcast, partial(send_broadcast, typed_count=2)):
        with pytest.raises(IllegalTransitionError):
            act(broadcast=prepared, by=reviewer, at=at)


def test_the_transitions_are_exactly_the_table() -> None:
    edges = {(source.value, target.value) for source, targets in BROADCAST_TRANSITIONS.items() for target in targets}
    assert edges == {
        ("draft", "prepared"),
        ("draft", "discarded"),
        ("prepared", "draft"),
        ("prepared", "queued"),
        ("prepared", "discarded"),
        ("queued", "stopped"),
    }
    assert set(BROADCAST_TRANSITIONS) == set(BroadcastState)


def test_the_preview_counts_languages_and_shows_one_of_each(
    prepared: Broadcast, mission: Mission, at: dt.datetime
) -> None:
    for number, language in enumerate(("fr", "fr", "az", "en")):
        user = User.objects.create_user(f"more{number}@odihr.example", language=language)
        Membership.objects.create(user=user, mission=mission, role=MembershipRole.LEAD)
    readers = find_audience(prepared, at=at).readers

    counts = count_languages(readers, prepared.texts.all())
    samples = samples_of(readers)

    assert [(row.language, row.text, row.people) for row in counts] == [
        ("en", "en", 2),
        ("az", "en", 1),
        ("ru", "ru", 1),
        ("fr", "en", 2),
    ]
    assert len({sample.person.language for sample in samples}) == len(samples) == 3


def test_the_audience_takes_few_queries_however_many_people(
    prepared: Broadcast, mission: Mission, at: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = User.objects.bulk_create(User(email=f"more{number}@odihr.example") for number in range(50))
    Membership.objects.bulk_create(Membership(user=user, mission=mission, role=MembershipRole.LEAD) for user in people)
    with django_assert_num_queries(4):
        assert len(find_audience(prepared, at=at).readers) == 52


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_send_once(prepared: Broadcast, reviewer: User, at: dt.datetime) -> None:
    confirm = partial(send_broadcast, broadcast=prepared, typed_count=2, by=reviewer, at=at)

    results = race([confirm] * 4)

    assert errors_of(results) == [IllegalTransitionError] * 3
    assert Message.objects.count() == 2
