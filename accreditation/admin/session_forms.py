"""What is asked about sessions: when one meets, who stands on its agenda, and how it voted."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accreditation import rules
from accreditation.admin.forms import RefusalForm, elections_of, offer_grounds
from accreditation.models import AgendaItem, Application, CommissionSession
from accreditation.services.agenda import label_of
from accreditation.services.profiles import profile_of
from accreditation.services.verdicts import Verdict, Votes
from accreditation.states import AgendaOutcome, ApplicationState, Category
from missions.admin.mission_field import MissionField
from missions.admin.moves import MoveForm
from missions.admin.pages import local_text
from missions.kernel.web.forms import PlainForm
from missions.law.rules import GroundUse
from missions.models import Commission, Mission

VOTE_FIELDS = ("in_favour", "against", "abstained")
_MOST_VOTES = 32_767
#: Above this nobody looks for a person in a list of choices; the list is decided as a whole, and then taken apart.
MOST_CHOICES = 1000


class SessionCallForm(PlainForm):
    """A new session: whose, under which number, and when in the host's own time."""

    commission = forms.ModelChoiceField(
        Commission.objects.select_related("election").order_by("-election__e_day", "level", "code"),
        label=_("Commission"),
        widget=UnfoldAdminSelectWidget(),
    )
    number = forms.CharField(label=_("Number"), max_length=40, widget=UnfoldAdminTextInputWidget())
    day = forms.DateField(label=_("Day"), widget=UnfoldAdminSingleDateWidget())
    time = forms.TimeField(
        label=_("Time"), widget=UnfoldAdminSingleTimeWidget(), help_text=_("In the zone of the election.")
    )


class SessionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """Sessions by number and hour, the latest first: people know the day, not the number."""

    def choose_from(self, sessions: "QuerySet[CommissionSession]") -> None:
        """Offer these."""
        self.queryset = sessions.select_related("election").order_by("-held_at")

    def label_from_instance(self, obj: CommissionSession) -> str:
        return f"{obj.number} · {local_text(obj.held_at, obj.election.zone)}"


class ScheduleForm(MoveForm):
    """Asks for a session of the election, and for several people whether they are one item of its agenda."""

    session = SessionField(CommissionSession.objects.none(), label=_("Session"), widget=UnfoldAdminSelectWidget())
    as_list = forms.BooleanField(
        label=_("As one list"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("One item, and one vote on all of them. Otherwise each person is an item."),
    )
    title = forms.CharField(
        label=_("Title of the list"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget()
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        sessions = CommissionSession.objects.filter(election__in=elections_of(subjects))
        cast(SessionField, self.fields["session"]).choose_from(sessions)
        if len(subjects) == 1:
            del self.fields["as_list"], self.fields["title"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("as_list") and not (answers.get("title") or "").strip():
            self.add_error("title", _("Give the list a title."))
        return answers


def _votes_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=_MOST_VOTES, widget=UnfoldAdminIntegerFieldWidget()
    )


class VotesForm(MoveForm):
    """Asks for the votes, needed where the law says so, and proposes those on the item that was decided last."""

    in_favour = _votes_field(_("Votes for"))
    against = _votes_field(_("Votes against"))
    abstained = _votes_field(_("Abstentions"))

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        sessions = {session.pk for subject in subjects if (session := _session_of(subject)) is not None}
        last = AgendaItem.objects.filter(session__in=sessions).exclude(votes_for=None).order_by("-decided_at", "-pk")
        if item := last.first():
            votes = {"in_favour": item.votes_for, "against": item.votes_against, "abstained": item.votes_abstained}
            self.initial = {**self.initial, **votes}
        if any(_needs_votes(subject) for subject in subjects):
            self.fields["in_favour"].required = self.fields["against"].required = True


class OwnVotesForm(VotesForm):
    """Votes on people who are decided by name: not asked for those on no agenda."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        if not any(row.state == ApplicationState.SCHEDULED for row in subjects if isinstance(row, Application)):
            for name in VOTE_FIELDS:
                del self.fields[name]


class OwnRefusalForm(RefusalForm, OwnVotesForm):
    """Ground and reasons, and the votes on somebody who is on an agenda by name."""

    field_order = ("ground", "text", *VOTE_FIELDS)


def _people_field(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 6}),
        help_text=_("Nobody, or several with the Ctrl key."),
    )


class ItemVoteForm(VotesForm):
    """The vote on one item: outcome, ground and reasons, and the people of a list who are decided otherwise."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=AgendaOutcome.choices, widget=UnfoldAdminSelectWidget())
    ground = forms.ChoiceField(
        label=_("Legal ground"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Of a refusal: of the item, or of those people who are refused by exception."),
    )
    text = forms.CharField(
        label=_("Reasons"),
        required=False,
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Of a refusal or a deferral. The people are told these reasons."),
    )
    refused = _people_field(_("Refused by exception"))
    deferred = _people_field(_("Deferred by exception"))
    field_order = (*VOTE_FIELDS, "outcome", "refused", "deferred", "ground", "text")

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        offer_grounds(self, "ground", elections_of(subjects), GroundUse.REFUSAL)
        people = _people_of(subjects)
        for name in ("refused", "deferred"):
            if 1 < len(people) <= MOST_CHOICES:
                cast(forms.MultipleChoiceField, self.fields[name]).choices = people
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if set(answers.get("refused", ())) & set(answers.get("deferred", ())):
            self.add_error("deferred", _("Nobody is refused and deferred at once."))
        return answers


class ListForm(MoveForm):
    """Asks whose recommended people become one item of the agenda."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=UnfoldAdminTextInputWidget())
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, widget=UnfoldAdminSelectWidget())
    mission = MissionField(
        Mission.objects.none(),
        label=_("Mission"),
        required=False,
        empty_label=_("All missions"),
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        recommended = Application.objects.filter(
            election__in=elections_of(subjects), state=ApplicationState.RECOMMENDED
        )
        missions = Mission.objects.filter(pk__in=recommended.order_by().values("nomination__mission")).order_by("name")
        cast("forms.ModelChoiceField[Mission]", self.fields["mission"]).queryset = missions


def votes_of(answers: Mapping[str, Any]) -> Votes | None:
    """The votes as they were typed; None if nothing was."""
    counts = [answers.get(name) for name in VOTE_FIELDS]
    return None if all(count is None for count in counts) else Votes(*(count or 0 for count in counts))


def verdict_of(answers: Mapping[str, Any]) -> Verdict:
    """The outcome of the whole item. Ground and reasons are those of the exceptions if it is accredited."""
    outcome = AgendaOutcome(answers["outcome"])
    match outcome:
        case AgendaOutcome.ACCREDITED:
            return Verdict(outcome)
        case AgendaOutcome.DEFERRED:
            return Verdict(outcome, text=answers["text"])
        case AgendaOutcome.REFUSED:
            return Verdict(outcome, answers["ground"], answers["text"])


def exceptions_of(answers: Mapping[str, Any]) -> dict[int, Verdict]:
    """The people of a list who are decided otherwise, by application."""
    refused = Verdict(AgendaOutcome.REFUSED, answers["ground"], answers["text"])
    deferred = Verdict(AgendaOutcome.DEFERRED, text=answers["text"])
    return {
        **{int(key): refused for key in answers.get("refused", ())},
        **{int(key): deferred for key in answers.get("deferred", ())},
    }


def _needs_votes(subject: Model) -> bool:
    """Whether somebody waits on the subject on whom the law has the commission vote."""
    if isinstance(subject, Application):
        waits = subject.state == ApplicationState.SCHEDULED
        return waits and rules.decides_by_vote(profile_of(subject.election), subject.category)
    session = _session_of(subject)
    if session is None:
        return False
    waiting = Application.objects.filter(session=session, state=ApplicationState.SCHEDULED)
    if isinstance(subject, AgendaItem):
        waiting = waiting.filter(agenda_item=subject)
    profile = profile_of(session.election)
    categories = waiting.order_by().values_list("category", flat=True).distinct()
    return any(rules.decides_by_vote(profile, category) for category in categories)


def _session_of(subject: Model) -> CommissionSession | None:
    if isinstance(subject, CommissionSession):
        return subject
    return subject.session if isinstance(subject, AgendaItem | Application) else None


def _people_of(subjects: Sequence[Model]) -> list[tuple[str, str]]:
    items = [subject.pk for subject in subjects if isinstance(subject, AgendaItem)]
    waiting = Application.objects.filter(agenda_item__in=items, state=ApplicationState.SCHEDULED)
    rows = waiting.select_related("observer", "nomination__mission").defer("observer__passport_number", "observer__mrz")
    ordered = rows.order_by("observer__surname", "pk")[: MOST_CHOICES + 1]
    return [(str(row.pk), label_of(row)) for row in ordered]
