"""Every address of the product as the router knows it, filled in with the keys of what there is to find.

What stands in no table here has no address to be walked, and the test fails: whoever adds a route decides what its
parameters are keys of.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import cast

from django.apps import apps
from django.contrib.admin import site
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

Keys = Mapping[type[Model], Sequence[object]]

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
#: Below /api/v1/: what the first part of an address is about.
_RESOURCES: Mapping[str, str] = MappingProxyType(
    {
        "accreditations": "accreditation.Accreditation",
        "access-grants": "access.AccessGrant",
        "applications": "accreditation.Application",
        "areas": "deployment.AreaOfResponsibility",
        "badges": "badges.Badge",
        "break-glasses": "deployment.BreakGlass",
        "bookings": "programme.Booking",
        "constituencies": "missions.Constituency",
        "documents": "accreditation.Document",
        "elections": "missions.Election",
        "exit-polls": "accreditation.ExitPollResult",
        "figure-claims": "figures.FigureClaim",
        "figures": "figures.FrozenFigures",
        "invitations": "missions.Invitation",
        "letters": "letters.Letter",
        "meeting-requests": "programme.MeetingRequest",
        "members": "missions.Membership",
        "milestones": "timeline.Milestone",
        "missions": "missions.Mission",
        "nomination-files": "intake.NominationImport",
        "nominations": "accreditation.Nomination",
        "plan-files": "plan_files.PlanFile",
        "plan-runs": "deployment.PlanRun",
        "plans": "deployment.DeploymentPlan",
        "polling-stations": "stations.PollingStation",
        "presence-reports": "presence.PresenceReport",
        "recommendations": "recommendations.Recommendation",
        "register-versions": "register.RegisterVersion",
        "reports": "reports.Report",
        "roll-calls": "presence.RollCall",
        "sampled-stations": "samples.SampledStation",
        "station-samples": "samples.StationSample",
        "stays": "accreditation.Stay",
        "teams": "deployment.Team",
        "travel-matrices": "travel.TravelMatrix",
        "visit-plans": "deployment.VisitPlan",
    }
)
#: Parameters that are keys of the same model wherever they stand.
_KEYS_OF: Mapping[str, str] = MappingProxyType(
    {
        "accreditation_id": "accreditation.Accreditation",
        "application_id": "accreditation.Application",
        "election_id": "missions.Election",
        "mission_id": "missions.Mission",
    }
)
#: Parameters that are words.
_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "code": ("az-2024",),
        "day": ("2024-02-07",),
        "election": ("az-2024",),
        "file_language": ("en",),
        "language": ("en",),
        "name": ("revocations",),
        "number": ("1",),
        "position": ("1",),
        "token": ("x",),
        "url": ("nothing-here/",),
        "app_label": tuple(sorted({model._meta.app_label for model in site._registry})),
    }
)


#: Rooms that tell of where people go: everything in them is walked.
_NEAR = {"access", "deployment", "plan_files", "presence", "register", "samples", "stations", "travel"}
#: All others of the admin. Of them the pages without a key are walked and one page of each model; an act on a row of
#: theirs shows that row, but for the acts that tell what else a change would touch.
_FAR = {"accreditation", "auth", "badges", "citizens", "figures", "intake", "kernel", "letters", "missions"}
_FAR |= {"programme", "recommendations", "reminders", "reports", "timeline"}
_TELLING_ACTS = {"change", "correct", "history", "move", "protocol"}
#: Ends the session, or works long at something else. The description of the API is the committed one for everybody
#: (tests/config/test_api_schema.py), and made anew for each who asks.
_LEFT_OUT = {"account:sign-out", "admin:logout", "mission:logout", "api:letter-pdf", "api:schema"}


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern of the router: its text, with every parameter in braces, and its name."""

    text: str
    name: str

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.text))

    @property
    def is_walked(self) -> bool:
        """Raises LookupError for a room of the admin of which nobody has said whether it is near."""
        parts = self.text.split("/")
        if self.name in _LEFT_OUT or parts[0] not in ("admin", "mission") or not self.parameters:
            return self.name not in _LEFT_OUT
        if "object_id" not in self.parameters or parts[1] in _NEAR:
            return self.name not in ("admin:None", "mission:None") or parts[1] in _NEAR
        if parts[1] not in _FAR:
            raise LookupError(f"the room {parts[1]} is neither near nor far: see {__name__}")
        return parts[-2] in _TELLING_ACTS and (parts[-2] != "history" or parts[2] == "event")

    @property
    def is_telling(self) -> bool:
        """Whether it is more than a form of the admin, or a list in a room that is far and writes of nobody's plans."""
        parts = self.text.split("/")
        if self.text.endswith("/add/"):
            return False
        return parts[0] not in ("admin", "mission") or len(parts) < 3 or parts[1] in {*_NEAR, "kernel", "reminders"}

    def is_about(self, keys: Keys) -> bool:
        """Whether it is about a row of one of these models, and nothing else is to be filled in."""
        return len(self.parameters) == 1 and self.model_of(self.parameters[0]) in keys

    def addresses(self, keys: Keys, secrets: Sequence[str]) -> list[str]:
        """The route with everything that it can be filled in with; `secrets` are those of calendars.

        Raises LookupError for a parameter of which nothing is known.
        """
        choices = [self._choices(parameter, keys, secrets) for parameter in self.parameters]
        pattern = re.sub(r"{\w+}", "{}", self.text)
        return ["/" + pattern.format(*values) for values in product(*choices)]

    def with_room_for(self, parameter: str) -> str:
        """The address with its first words filled in, and room for the key that this parameter is."""
        values = {name: _WORDS[name][0] if name in _WORDS else "{}" for name in self.parameters}
        return "/" + self.text.format(**{**values, parameter: "{}"})

    def _choices(self, parameter: str, keys: Keys, secrets: Sequence[str]) -> Iterable[object]:
        if parameter == "secret":
            return secrets
        if parameter in _WORDS:
            return _WORDS[parameter]
        model = self.model_of(parameter)
        if model is None:
            raise LookupError(f"of the parameter {parameter} of {self.text} nothing is known: see {__name__}")
        return keys[model]

    def model_of(self, parameter: str) -> type[Model] | None:
        """The model that the parameter is a key of; None for words and secrets."""
        parts = self.text.split("/")
        if parameter in _KEYS_OF:
            return apps.get_model(_KEYS_OF[parameter])
        if parts[0] in ("admin", "mission") and parameter == "object_id":
            return apps.get_model(parts[1], parts[2])
        if parts[:2] == ["api", "v1"] and parts[2] in _RESOURCES and parameter in ("id", "pk"):
            return apps.get_model(_RESOURCES[parts[2]])
        if "calendars" in parts and parameter in ("id", "pk"):
            return apps.get_model("feeds.FeedAddress")
        if parts[:2] == ["account", "mails"] and parameter == "pk":
            return apps.get_model("missions.Mission")
        return None


def all_routes() -> list[Route]:
    """What the router knows, in its order, each once."""
    return list(dict.fromkeys(_routes(get_resolver().url_patterns, "", "")))


def _routes(entries: Sequence[object], before: str, space: str) -> Iterator[Route]:
    for entry in entries:
        text = before + _braced(str(cast(URLPattern | URLResolver, entry).pattern))
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, text, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield Route(text, f"{space}{entry.name}")


def _braced(pattern: str) -> str:
    """The text of a pattern with its parameters in braces, without what only regular expressions need."""
    text = _PARAMETER.sub(lambda found: f"{{{found[1] or found[2]}}}", pattern)
    return text.replace("(?:.*/)?", "nothing/").removeprefix("^").removesuffix("$").replace("\\.", ".")
