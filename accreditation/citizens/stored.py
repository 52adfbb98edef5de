"""What the database holds about an election's citizen observers, read in a few queries whatever the size of a file."""

from dataclasses import dataclass, field

from accreditation.models import Application, CategoryQuota, Nomination, Observer
from accreditation.states import Category
from missions.models import Constituency, Election, Mission

PassportKey = tuple[str, str]
#: What a file may change about a person whom it knows, as lookups from the application.
VALUES = (
    "observer__surname",
    "observer__given_names",
    "observer__patronymic",
    "observer__sex",
    "observer__birth_date",
    "observer__nationality",
    "observer__passport_expires_on",
    "nomination__initiative",
    "constituency_id",
    "precinct_code",
)


@dataclass(frozen=True, slots=True)
class Sender:
    """A mission, as far as a file needs it."""

    mission_id: int
    organization_id: int | None


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """A nomination that is known, and its live application if there is one; `values` are those of VALUES."""

    nomination_id: int
    observer_id: int
    passport: PassportKey
    holds_place: bool
    application_id: int | None = None
    state: str = ""
    values: tuple[object, ...] = ()


@dataclass(slots=True)
class Stored:
    """The senders, places and people of one election in the category of citizen observers."""

    senders: dict[str, Sender]
    constituencies: dict[int, int]
    #: Places left by mission; nothing for a mission without a quota.
    room: dict[int, int]
    by_reference: dict[tuple[int, str], StoredApplication] = field(default_factory=dict)
    nominated: set[tuple[int, PassportKey]] = field(default_factory=set)
    #: Everybody of the election, whatever the category.
    observers: dict[PassportKey, int] = field(default_factory=dict)
    applied_for: set[PassportKey] = field(default_factory=set)
    exclusive_keys: set[str] = field(default_factory=set)


def read_stored(election: Election) -> Stored:
    """Read all of it. Seven queries."""
    missions = Mission.objects.filter(election=election).values_list("code", "pk", "organization_id")
    quotas = CategoryQuota.objects.filter(
        mission__election=election, category=Category.DOMESTIC_OBSERVER, ceiling__isnull=False
    )
    stored = Stored(
        senders={code: Sender(pk, organization) for code, pk, organization in missions},
        constituencies=dict(Constituency.objects.filter(election=election).values_list("number", "pk")),
        room={quota.mission_id: (quota.ceiling or 0) - quota.taken for quota in quotas},
    )
    people = Observer.objects.filter(election=election).order_by()
    stored.observers = {
        (issuer, key): pk for pk, issuer, key in people.values_list("pk", "passport_issuer", "passport_key").iterator()
    }
    _read_nominations(election, stored)
    _read_applications(election, stored)
    return stored


def _read_nominations(election: Election, stored: Stored) -> None:
    rows = Nomination.objects.filter(mission__election=election, category=Category.DOMESTIC_OBSERVER).order_by()
    fields = ("pk", "mission_id", "reference", "observer_id", "holds_place", "observer__passport_issuer")
    for pk, mission, reference, observer, holds, issuer, key in rows.values_list(
        *fields, "observer__passport_key"
    ).iterator():
        stored.by_reference[mission, reference] = StoredApplication(pk, observer, (issuer, key), holds)
        stored.nominated.add((mission, (issuer, key)))


def _read_applications(election: Election, stored: Stored) -> None:
    live = Application.objects.live().filter(election=election, category=Category.DOMESTIC_OBSERVER).order_by()
    fields = (
        "pk",
        "state",
        "exclusive_key",
        "nomination_id",
        "nomination__mission_id",
        "nomination__reference",
        "nomination__holds_place",
        "observer_id",
        "observer__passport_issuer",
        "observer__passport_key",
    )
    for pk, state, key, nomination, mission, reference, holds, observer, *rest in live.values_list(
        *fields, *VALUES
    ).iterator():
        passport = (rest[0], rest[1])
        stored.applied_for.add(passport)
        if key:
            stored.exclusive_keys.add(key)
        stored.by_reference[mission, reference] = StoredApplication(
            nomination, observer, passport, holds, pk, state, tuple(rest[2:])
        )
