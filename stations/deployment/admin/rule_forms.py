"""What the pages of deployment rules ask: whose rules, which profile, which lists, and who approved."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar, cast

from django import forms
from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accreditation.intake.cells import languages
from missions.admin.moves import MoveForm
from missions.countries import nationality_choices
from missions.figures import Viewer
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission
from missions.states import MembershipRole
from stations.deployment.models import DeploymentSettings, RestrictedArea
from stations.deployment.profile_choice import chosen_rules
from stations.deployment.rules.chosen import (
    MOST_MEMBERS,
    ChosenRules,
    GroupRow,
    InterpreterRow,
    ListedState,
    RestrictedPlaces,
)
from stations.deployment.rules.profile import deployment_profile_codes, load_deployment_profile
from stations.deployment.states import RestrictionLevel

Owner = tuple[Election, Mission | None]
#: So many empty rows follow those that are filled in.
_EMPTY_ROWS: Final = 2
_RowT = TypeVar("_RowT")
_WIDEST_RANGE: Final = 1_000


def owners_without_rules(user: Viewer) -> dict[str, Owner]:
    """For whom this person may choose rules and nobody has: pools of elections, or own missions. Two queries."""
    if not user.is_authenticated:
        return {}
    chosen = DeploymentSettings.objects.order_by()
    if user.is_host:
        elections = Election.objects.exclude(pk__in=chosen.filter(mission=None).values("election"))
        may = user.has_perm("deployment.make_plan")
        return {f"election-{row.pk}": (row, None) for row in (elections.order_by("-e_day") if may else ())}
    missions = Mission.objects.self_directed().filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)
    free = missions.exclude(pk__in=chosen.filter(mission__isnull=False).values("mission")).select_related("election")
    return {f"mission-{row.pk}": (row.election, row) for row in free.order_by("-election__e_day", "code")}


def profile_choices() -> list[tuple[str, str]]:
    """Every profile by its title."""
    language = get_language() or "en"
    return [(code, load_deployment_profile(code).title.text(language)) for code in deployment_profile_codes()]


class FirstChoiceForm(PlainForm):
    """Asks for whom rules are chosen, and which profile."""

    owner = forms.ChoiceField(label=_("For"), widget=UnfoldAdminSelectWidget())
    profile = forms.ChoiceField(label=_("Rules"), choices=profile_choices, widget=UnfoldAdminSelectWidget())


class NumbersField(forms.CharField):
    """Numbers of constituencies as people write them: "1, 2, 5-9"; the value is a tuple of them."""

    def to_python(self, value: object) -> Any:
        text = str(value or "")
        return tuple(number for part in text.replace(";", ",").split(",") if part.strip() for number in _range(part))


class LanguagesField(forms.CharField):
    """Languages as people write them, by name or code; the value is a tuple of codes."""

    def to_python(self, value: object) -> Any:
        try:
            return languages(Cell(str(value)), CellContext()) if value else ()
        except CellError as error:
            raise forms.ValidationError(error.message) from error


def _range(part: str) -> Iterator[int]:
    first, dash, last = (piece.strip() for piece in part.partition("-"))
    ends = [first, last] if dash else [first, first]
    if not all(end.isascii() and end.isdecimal() and len(end) < 6 for end in ends):
        raise forms.ValidationError(_now("Numbers with commas between them, such as 1, 2, 5-9."))
    begin, end = int(ends[0]), int(ends[1])
    if not 0 <= end - begin < _WIDEST_RANGE:
        raise forms.ValidationError(_now("Numbers with commas between them, such as 1, 2, 5-9."))
    yield from range(begin, end + 1)


class RulesForm(MoveForm):
    """Asks for the whole choice: a row for each listed nationality and restricted area, and some empty ones."""

    profile = forms.ChoiceField(label=_("Rules"), choices=profile_choices, widget=UnfoldAdminSelectWidget())
    avoids_other_missions = forms.BooleanField(
        label=_("Warn of stations of other missions"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=_("Among self-directed missions that all agreed to it; which mission it is is never said."),
    )
    goes_to = NumbersField(
        label=_("Goes to constituencies"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Numbers such as 1, 2, 5-9; empty: to all."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        settings = cast(DeploymentSettings, subjects[0])
        before = chosen_rules(settings)
        kwargs["initial"] = {
            "profile": before.profile,
            "avoids_other_missions": before.avoids_other_missions,
            "goes_to": _text(before.goes_to),
            "seen": settings.version,
        }
        super().__init__(*args, subjects=subjects, **kwargs)
        if not settings.is_private:
            del self.fields["avoids_other_missions"]
        self._listed = self._add_rows(before.listed, self._add_listed)
        self._restricted = self._add_rows(before.restricted, self._add_restricted)
        self._interpreters = self._add_rows(before.interpreters, self._add_interpreter)
        self._groups = self._add_rows(before.groups, self._add_group)

    def _add_rows(self, chosen: Sequence[_RowT], add: Callable[[int, _RowT | None], None]) -> range:
        """The numbers of the rows: those that were chosen, and some empty ones."""
        rows = [*chosen, *[None] * _EMPTY_ROWS]
        for number, row in enumerate(rows):
            add(number, row)
        return range(len(rows))

    def _add_group(self, number: int, row: GroupRow | None) -> None:
        self.fields[f"group-{number}"] = forms.CharField(
            label=_now("Political group"),
            max_length=60,
            required=False,
            initial=row.name if row else "",
            widget=UnfoldAdminTextInputWidget(),
            help_text=_now("Of a parliamentary delegation, as its nominations name it."),
        )
        self.fields[f"group-{number}-strength"] = forms.IntegerField(
            label=_now("Its members in the parliament"),
            min_value=1,
            max_value=MOST_MEMBERS,
            required=False,
            initial=row.strength if row else None,
            widget=UnfoldAdminIntegerFieldWidget(),
        )

    def _add_interpreter(self, number: int, row: InterpreterRow | None) -> None:
        self.fields[f"interpreter-{number}"] = forms.CharField(
            label=_now("Interpreter"),
            max_length=100,
            required=False,
            initial=row.name if row else "",
            widget=UnfoldAdminTextInputWidget(),
        )
        self.fields[f"interpreter-{number}-languages"] = LanguagesField(
            label=_now("Languages"),
            required=False,
            initial=", ".join(row.languages) if row else "",
            widget=UnfoldAdminTextInputWidget(),
            help_text=_now("By name or code, with commas between them."),
        )
        self.fields[f"interpreter-{number}-contact"] = forms.CharField(
            label=_now("Contact"),
            max_length=200,
            required=False,
            initial=row.contact if row else "",
            widget=UnfoldAdminTextInputWidget(),
            help_text=_now("Stands on the sheet of the team."),
        )

    def _add_listed(self, number: int, row: ListedState | None) -> None:
        nationalities = [("", ""), *nationality_choices(get_language() or "en")]
        self.fields[f"listed-{number}"] = forms.ChoiceField(
            label=_now("Nationals of"),
            choices=nationalities,
            required=False,
            initial=row.nationality if row else "",
            widget=UnfoldAdminSelectWidget(),
        )
        self.fields[f"listed-{number}-places"] = NumbersField(
            label=_now("are not sent to constituencies"),
            required=False,
            initial=_text(row.constituencies) if row else "",
            widget=UnfoldAdminTextInputWidget(),
            help_text=_now("Numbers such as 1, 2, 5-9; empty: to none at all."),
        )

    def _add_restricted(self, number: int, row: RestrictedPlaces | None) -> None:
        self.fields[f"restricted-{number}"] = forms.CharField(
            label=_now("Restricted area"),
            max_length=100,
            required=False,
            initial=row.name if row else "",
            widget=UnfoldAdminTextInputWidget(),
        )
        self.fields[f"restricted-{number}-level"] = forms.ChoiceField(
            label=_now("What is asked there"),
            choices=RestrictionLevel.choices,
            required=False,
            initial=row.level if row else RestrictionLevel.NO_GO,
            widget=UnfoldAdminSelectWidget(),
        )
        self.fields[f"restricted-{number}-places"] = NumbersField(
            label=_now("Its constituencies"),
            required=False,
            initial=_text(row.constituencies) if row else "",
            widget=UnfoldAdminTextInputWidget(),
        )
        self.fields[f"restricted-{number}-approver"] = forms.CharField(
            label=_now("Who approves"),
            max_length=200,
            required=False,
            initial=row.approver if row else "",
            widget=UnfoldAdminTextInputWidget(),
        )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not self.errors:
            answers["chosen"] = self._chosen(answers)
        return answers

    def _chosen(self, answers: dict[str, Any]) -> ChosenRules:
        """The rows that are filled in; one whose name was emptied is no longer chosen."""
        return ChosenRules(
            profile=answers["profile"],
            avoids_other_missions=answers.get("avoids_other_missions", False),
            goes_to=answers["goes_to"],
            listed=tuple(
                ListedState(answers[f"listed-{number}"], answers[f"listed-{number}-places"])
                for number in self._listed
                if answers[f"listed-{number}"]
            ),
            restricted=tuple(
                RestrictedPlaces(
                    answers[f"restricted-{number}"],
                    RestrictionLevel(answers[f"restricted-{number}-level"] or RestrictionLevel.NO_GO),
                    answers[f"restricted-{number}-places"],
                    answers[f"restricted-{number}-approver"],
                )
                for number in self._restricted
                if answers[f"restricted-{number}"]
            ),
            interpreters=tuple(
                InterpreterRow(
                    answers[f"interpreter-{number}"],
                    answers[f"interpreter-{number}-languages"],
                    answers[f"interpreter-{number}-contact"],
                )
                for number in self._interpreters
                if answers[f"interpreter-{number}"]
            ),
            groups=tuple(
                GroupRow(answers[f"group-{number}"], answers[f"group-{number}-strength"] or 0)
                for number in self._groups
                if answers[f"group-{number}"]
            ),
        )


class ApprovalForm(MoveForm):
    """Asks which area was approved, and how."""

    area = forms.ModelChoiceField(
        RestrictedArea.objects.none(), label=_("Area"), empty_label=None, widget=UnfoldAdminSelectWidget()
    )
    note = forms.CharField(
        label=_("How it was approved"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("By whom, when, and on which paper. Kept in the history."),
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        asked = RestrictedArea.objects.filter(settings=subjects[0].pk, level=RestrictionLevel.APPROVAL)
        cast("forms.ModelChoiceField[RestrictedArea]", self.fields["area"]).queryset = asked


def _text(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)
