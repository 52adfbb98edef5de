"""Writing what a file of citizen observers adds or alters: people, nominations, submitted applications, their papers.

The rows are those that `nominate_observers` and `submit_application` would have written one by one; tables are filled
one after the other, each in one go. Runs inside the caller's transaction, with the missions locked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from django.db.models import Max, Model

from accreditation import rules
from accreditation.citizens.sorting import CATEGORY, Entry
from accreditation.citizens.stored import PassportKey, Stored, StoredApplication
from accreditation.models import Application, Document, Nomination, Observer
from accreditation.services.quotas import take_places
from accreditation.states import ApplicationState, DatePrecision, DocumentKind, Role
from accreditation.vetting.findings import binding_documents
from missions.kernel.bulk import insert_rows
from missions.kernel.models import Event
from missions.kernel.text import Folded, fold
from missions.law.profile import RuleProfile
from missions.law.rules import Scope
from missions.models import Election, Mission, User

_S = ApplicationState
_REMEMBERED = 60_000
_CHUNK = 5_000
_LABEL = Application._meta.label_lower

_OBSERVER = (
    "election_id", "surname", "given_names", "patronymic", "folded_name", "weak_key", "sex", "birth_date",
    "birth_precision", "nationality", "second_nationality", "passport_issuer", "passport_number", "passport_key",
    "passport_expires_on", "languages", "residence_country", "email", "phone", "is_experienced", "is_synthetic",
)  # fmt: skip
_NOMINATION = (
    "mission_id", "observer_id", "category", "role", "reference", "sending_state", "documents_on", "initiative",
    "holds_place", "created_at",
)  # fmt: skip
_APPLICATION = (
    "election_id", "observer_id", "nomination_id", "category", "constituency_id", "precinct_code", "exclusive_key",
    "state", "submitted_at", "complete_since", "deadline_at", "decide_by", "version",
)  # fmt: skip
_DOCUMENT = ("application_id", "kind", "received_on")
_EVENT = (
    "at", "actor_id", "verb", "object_type", "object_id", "object_label", "scope_id", "is_private", "from_state",
    "to_state", "changed", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filed:
    """How an application stands right after it was submitted, and by which edges it came there."""

    state: ApplicationState
    deadline_at: datetime | None
    complete_since: datetime | None
    decide_by: datetime | None
    edges: tuple[tuple[str, ApplicationState, ApplicationState], ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """One file's act: by whom, at which instant and local day, for which election under which law."""

    election: Election
    profile: RuleProfile | None
    stored: Stored
    by: User | None
    at: datetime
    today: date

    def add(self, entries: Sequence[Entry]) -> None:
        """Write people who are new to the category, as submitted applications. Takes the places of their senders."""
        self._take_places(entries)
        people = self._add_observers(entries)
        nominations = self._add_nominations(entries, people)
        filed = cache(self._filed)
        told = [filed(entry.scope, _papers(entry)) for entry in entries]
        applications = self._add_applications(entries, told, people, nominations)
        insert_rows(
            Document,
            _DOCUMENT,
            ((applications[entry.place], kind, self.today) for entry in entries for kind in _papers(entry)),
        )
        insert_rows(Event, _EVENT, self._submissions(entries, told, applications))

    def alter(self, changes: Sequence[tuple[Entry, StoredApplication]]) -> None:
        """Bring people whom nobody has judged yet in line with the file. Records one event per application."""
        for entry, known in changes:
            row, (key, weak) = entry.row, _keys(entry)
            Observer.objects.filter(pk=known.observer_id).update(
                surname=row.surname,
                given_names=row.given_names,
                patronymic=row.patronymic,
                folded_name=key,
                weak_key=weak,
                sex=row.sex,
                birth_date=row.birth_date,
                birth_precision=DatePrecision.DAY,
                nationality=row.nationality,
                passport_expires_on=row.document_expires_on,
            )
            Nomination.objects.filter(pk=known.nomination_id).update(initiative=row.initiative)
            Application.objects.filter(nomination=known.nomination_id, closed_at=None).update(
                constituency_id=entry.constituency_id,
                precinct_code=row.precinct,
                exclusive_key=entry.exclusive_key,
            )
        insert_rows(
            Event, _EVENT, (self._event("changed_by_file", entry, known.application_id) for entry, known in changes)
        )

    def _take_places(self, entries: Iterable[Entry]) -> None:
        known = self.stored.by_reference
        wanted = Counter(
            entry.sender.mission_id
            for entry in entries
            if not (entry.place in known and known[entry.place].holds_place)
        )
        for mission in Mission.objects.filter(pk__in=wanted).order_by("pk"):
            take_places(mission, CATEGORY, wanted[mission.pk])

    def _add_observers(self, entries: Iterable[Entry]) -> dict[PassportKey, int]:
        """People by document; those whom the election knows already stay as they are."""
        before = _last(Observer)
        strangers = (entry for entry in entries if entry.passport not in self.stored.observers)
        insert_rows(Observer, _OBSERVER, map(self._observer, strangers))
        added = Observer.objects.filter(election=self.election, pk__gt=before).order_by()
        found = {(issuer, key): pk for pk, issuer, key in added.values_list("pk", "passport_issuer", "passport_key")}
        return self.stored.observers | found

    def _observer(self, entry: Entry) -> tuple[object, ...]:
        row, (key, weak) = entry.row, _keys(entry)
        return (
            self.election.pk, row.surname, row.given_names, row.patronymic, key, weak, row.sex, row.birth_date,
            DatePrecision.DAY, row.nationality, "", row.document_issuer, row.document_number, entry.passport[1],
            row.document_expires_on, [], "", "", "", False, False,
        )  # fmt: skip

    def _add_nominations(self, entries: Sequence[Entry], people: dict[PassportKey, int]) -> dict[tuple[int, str], int]:
        """Nominations by mission and reference; one whose application is over holds a place again."""
        known = self.stored.by_reference
        again = [known[entry.place].nomination_id for entry in entries if entry.place in known]
        for start in range(0, len(again), _CHUNK):
            Nomination.objects.filter(pk__in=again[start : start + _CHUNK]).update(holds_place=True)
        before = _last(Nomination)
        rows = (
            (
                entry.sender.mission_id, people[entry.passport], CATEGORY, Role.CITIZEN_OBSERVER,
                entry.row.reference, "", self.today, entry.row.initiative, True, self.at,
            )
            for entry in entries
            if entry.place not in known
        )  # fmt: skip
        insert_rows(Nomination, _NOMINATION, rows)
        added = Nomination.objects.filter(mission__election=self.election, pk__gt=before).order_by()
        found = {(mission, reference): pk for pk, mission, reference in added.values_list("pk", "mission", "reference")}
        return {place: row.nomination_id for place, row in known.items()} | found

    def _add_applications(
        self,
        entries: Sequence[Entry],
        told: Sequence[Filed],
        people: dict[PassportKey, int],
        nominations: dict[tuple[int, str], int],
    ) -> dict[tuple[int, str], int]:
        before = _last(Application)
        rows = (
            (
                self.election.pk, people[entry.passport], nominations[entry.place], CATEGORY, entry.constituency_id,
                entry.row.precinct, entry.exclusive_key, filed.state, self.at, filed.complete_since,
                filed.deadline_at, filed.decide_by, 1,
            )
            for entry, filed in zip(entries, told, strict=True)
        )  # fmt: skip
        insert_rows(Application, _APPLICATION, rows)
        added = Application.objects.filter(election=self.election, category=CATEGORY, pk__gt=before).order_by()
        by_nomination = dict(added.values_list("nomination", "pk"))
        return {entry.place: by_nomination[nominations[entry.place]] for entry in entries}

    def _filed(self, scope: Scope, papers: tuple[DocumentKind, ...]) -> Filed:
        """What submission makes of every application of this scope with these papers."""
        filing = rules.judge_filing(
            self.profile, CATEGORY, e_day=self.election.e_day, submitted_at=self.at, scope=scope
        )
        submitted = ("submitted", _S.DRAFT, _S.SUBMITTED)
        if not filing.in_time:
            late = ("found_late", _S.SUBMITTED, _S.INADMISSIBLE_LATE)
            return Filed(_S.INADMISSIBLE_LATE, filing.deadline_at, None, None, (submitted, late))
        if self._misses(papers):
            incomplete = ("found_incomplete", _S.SUBMITTED, _S.INCOMPLETE)
            return Filed(_S.INCOMPLETE, filing.deadline_at, None, None, (submitted, incomplete))
        due = rules.decision_due(self.profile, CATEGORY, complete_since=self.at, e_day=self.election.e_day)
        return Filed(_S.SUBMITTED, filing.deadline_at, self.at, due, (submitted,))

    def _misses(self, papers: tuple[DocumentKind, ...]) -> bool:
        if self.profile is None or not rules.knows(self.profile, CATEGORY):
            return False
        return bool(binding_documents(CATEGORY, frozenset(papers), profile=self.profile))

    def _submissions(
        self, entries: Sequence[Entry], told: Sequence[Filed], applications: dict[tuple[int, str], int]
    ) -> Iterator[tuple[object, ...]]:
        for entry, filed in zip(entries, told, strict=True):
            for verb, source, target in filed.edges:
                yield self._event(verb, entry, applications[entry.place], source, target)

    def _event(
        self, verb: str, entry: Entry, application_id: int | None, source: str = "", target: str = ""
    ) -> tuple[object, ...]:
        row = entry.row
        label = " ".join(filter(None, (row.surname, row.given_names, row.patronymic)))[:200]
        actor = self.by.pk if self.by else None
        return (
            self.at, actor, verb, _LABEL, application_id, label, entry.sender.mission_id, False, source, target, [], "",
        )  # fmt: skip


def _papers(entry: Entry) -> tuple[DocumentKind, ...]:
    row = entry.row
    return tuple(
        kind for kind, is_there in ((DocumentKind.FORM, row.form), (DocumentKind.PHOTO, row.photo)) if is_there
    )


def _keys(entry: Entry) -> tuple[str, str]:
    """The keys by which the name is searched: `fold` of the whole name, made from its parts."""
    row = entry.row
    parts = [_folded(part) for part in (row.surname, row.given_names, row.patronymic) if part]
    weak = " ".join(part.weak for part in parts[: 2 if row.given_names else 1])
    return " ".join(part.key for part in parts)[:420], " ".join(sorted(weak.split()))[:420]


@lru_cache(_REMEMBERED)
def _folded(part: str) -> Folded:
    return fold(part)


def _last(model: type[Model]) -> int:
    highest: int | None = model._default_manager.aggregate(highest=Max("pk"))["highest"]
    return highest or 0
