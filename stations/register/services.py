"""Taking in a register file: look first, then commit the whole of it in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.spreadsheets.limits import MAX_FINDINGS
from missions.kernel.spreadsheets.table import FileNotice, RowFinding, Severity
from missions.models import Commission, Constituency, Election, User
from missions.states import CommissionLevel
from stations.models import AccessRequirement, PollingStation
from stations.register.errors import CentralCommissionMissingError, RegisterRefusedError
from stations.register.facts import ConstituencyFacts, StationFacts
from stations.register.models import RegisterVersion
from stations.register.reading import Layout, RegisterFile, read_register
from stations.register.rules import check_rows
from stations.register.selectors import KnownRegister, current_version, known_register, version_of_file
from stations.states import StationKind

_BATCH = 500
_SHOWN_CODES = 5
#: The fields of a station that a file may change; the rest of StationFacts names keys and parts.
_PLAIN_FIELDS = tuple(
    field.name for field in fields(StationFacts) if field.name not in {"code", "constituency", "access"}
)


@dataclass(frozen=True, slots=True)
class RegisterPreview:
    """What a file would do. `row_count` are its rows; counts of stations hold for the rows without errors.

    `gone` are stations of the same layout that the file does not name; they are kept. `imported_as` is the
    version that the same file made before, 0 if it is new.
    """

    row_count: int
    added: int
    changed: int
    unchanged: int
    gone: int
    new_constituencies: int
    imported_as: int
    error_count: int
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]

    @property
    def ok(self) -> bool:
        """Whether the file could be committed."""
        return self.error_count == 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a committed file did, and the version of the register after it."""

    added: int
    changed: int
    unchanged: int
    version: int
    already_imported: bool
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The file beside the register: what is new or different, and all that there is to say about it."""

    file: RegisterFile
    added: tuple[StationFacts, ...]
    changed: tuple[StationFacts, ...]
    unchanged: int
    gone: tuple[str, ...]
    new_constituencies: tuple[ConstituencyFacts, ...]
    changed_constituencies: tuple[ConstituencyFacts, ...]
    error_count: int
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]


def preview_register(
    source: BinaryIO | bytes, *, file_name: str, election: Election, encoding: str | None = None
) -> RegisterPreview:
    """Say what a register file would do, with the errors of all its rows; nothing is written.

    Raises SpreadsheetError for a file that cannot be read as a whole.
    """
    file = read_register(source, file_name=file_name, election=election, encoding=encoding)
    comparison = _compare(file, known_register(election), election)
    before = version_of_file(election, file.sha256)
    return RegisterPreview(
        row_count=file.row_count,
        added=len(comparison.added),
        changed=len(comparison.changed),
        unchanged=comparison.unchanged,
        gone=len(comparison.gone),
        new_constituencies=len(comparison.new_constituencies),
        imported_as=before.number if before else 0,
        error_count=comparison.error_count,
        findings=comparison.findings,
        notices=comparison.notices,
    )


def commit_register(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    election: Election,
    by: User | None,
    at: datetime,
    encoding: str | None = None,
) -> ImportReport:
    """Take in a register file, all of it or nothing, and record a new version if it changed anything.

    Unknown constituencies are created with their commissions. Stations that the file does not name are kept.
    The same file again writes nothing. Raises SpreadsheetError, RegisterRefusedError (rows have errors) or
    CentralCommissionMissingError.
    """
    file = read_register(source, file_name=file_name, election=election, encoding=encoding)
    with transaction.atomic():
        # Two files at the same time would number the same version; the second waits here.
        Election.objects.select_for_update().get(pk=election.pk)
        before = version_of_file(election, file.sha256)
        if before is not None:
            return ImportReport(0, 0, file.row_count, before.number, True, file.findings, file.notices)
        comparison = _compare(file, known_register(election), election)
        _refuse_errors(comparison)
        version = _store(comparison, file_name, election, by, at)
    return ImportReport(
        added=len(comparison.added),
        changed=len(comparison.changed),
        unchanged=comparison.unchanged,
        version=version,
        already_imported=False,
        findings=comparison.findings,
        notices=comparison.notices,
    )


def _compare(file: RegisterFile, known: KnownRegister, election: Election) -> _Comparison:
    checked = check_rows(file.rows, known_codes=known.stations.keys(), host_country=election.host_country)
    added = tuple(station for station in checked.stations if station.code not in known.stations)
    changed = tuple(s for s in checked.stations if s.code in known.stations and known.stations[s.code] != s)
    gone = _gone(file, known, {station.code for station in checked.stations})
    constituencies = [_with_known_languages(facts, known) for facts in checked.constituencies]
    findings = sorted((*file.findings, *checked.findings), key=lambda f: (f.severity is Severity.WARNING, f.row))
    return _Comparison(
        file=file,
        added=added,
        changed=changed,
        unchanged=len(checked.stations) - len(added) - len(changed),
        gone=gone,
        new_constituencies=tuple(c for c in constituencies if c.number not in known.constituencies),
        changed_constituencies=tuple(c for c in constituencies if known.constituencies.get(c.number, c) != c),
        error_count=file.error_count + sum(f.severity is Severity.ERROR for f in checked.findings),
        findings=tuple(sorted(findings[:MAX_FINDINGS], key=lambda finding: finding.row)),
        notices=(*file.notices, *_gone_notice(gone)),
    )


def _with_known_languages(facts: ConstituencyFacts, known: KnownRegister) -> ConstituencyFacts:
    """A file without languages says nothing about them; it does not take them away."""
    before = known.constituencies.get(facts.number)
    return replace(facts, languages=before.languages) if before and not facts.languages else facts


def _gone(file: RegisterFile, known: KnownRegister, named: Collection[str]) -> tuple[str, ...]:
    abroad = file.layout is Layout.OVERSEAS
    return tuple(
        code
        for code, station in known.stations.items()
        if code not in named and (station.kind == StationKind.OVERSEAS) == abroad
    )


def _gone_notice(gone: Sequence[str]) -> tuple[FileNotice, ...]:
    if not gone:
        return ()
    message = ngettext(
        "%(count)d station of the register is not in the file and is kept: %(codes)s.",
        "%(count)d stations of the register are not in the file and are kept: %(codes)s.",
        len(gone),
    )
    codes = ", ".join(gone[:_SHOWN_CODES]) + ("…" if len(gone) > _SHOWN_CODES else "")
    return (FileNotice("stations_not_in_file", message % {"count": len(gone), "codes": codes}),)


def _refuse_errors(comparison: _Comparison) -> None:
    if comparison.error_count == 0:
        return
    errors = [finding for finding in comparison.findings if finding.severity is Severity.ERROR]
    message = ngettext(
        "%(count)d error was found; nothing was stored.",
        "%(count)d errors were found; nothing was stored.",
        comparison.error_count,
    ) % {"count": comparison.error_count}
    raise RegisterRefusedError(
        message, violations=[Violation(f"{error.row}:{error.column}", error.code, error.message) for error in errors]
    )


def _store(comparison: _Comparison, file_name: str, election: Election, by: User | None, at: datetime) -> int:
    """Write what differs and return the number of the version that the register has then."""
    current = current_version(election)
    touched = (*comparison.added, *comparison.changed)
    if not (touched or comparison.new_constituencies or comparison.changed_constituencies):
        return current
    constituency_ids = _store_constituencies(comparison, election)
    _store_stations(touched, election, constituency_ids)
    version = RegisterVersion.objects.create(
        election=election,
        number=current + 1,
        sha256=comparison.file.sha256,
        file_name=file_name[:200],
        rows=comparison.file.row_count,
        added=len(comparison.added),
        changed=len(comparison.changed),
        imported_at=at,
        imported_by=by,
    )
    record_event("register_imported", version, by=by, at=at)
    return version.number


def _store_constituencies(comparison: _Comparison, election: Election) -> dict[int, int]:
    """Create and correct constituencies; return the key of every constituency by its number."""
    if comparison.new_constituencies:
        _create_constituencies(comparison.new_constituencies, election)
    changed = {facts.number: facts for facts in comparison.changed_constituencies}
    stale = list(Constituency.objects.filter(election=election, number__in=changed)) if changed else []
    for constituency in stale:
        facts = changed[constituency.number]
        constituency.name, constituency.region = facts.name, facts.region
        constituency.languages = list(facts.languages)
    Constituency.objects.bulk_update(stale, ["name", "region", "languages"], batch_size=_BATCH)
    return dict(Constituency.objects.filter(election=election).values_list("number", "pk"))


def _create_constituencies(new: Sequence[ConstituencyFacts], election: Election) -> None:
    central = Commission.objects.filter(election=election, level=CommissionLevel.CENTRAL).first()
    if central is None:
        raise CentralCommissionMissingError
    name = _("Constituency Election Commission %(number)d")
    commissions = Commission.objects.bulk_create(
        Commission(
            election=election,
            level=CommissionLevel.CONSTITUENCY,
            parent=central,
            code=f"ConEC-{facts.number}",
            name=name % {"number": facts.number},
        )
        for facts in new
    )
    Constituency.objects.bulk_create(
        Constituency(
            election=election,
            commission=commission,
            number=facts.number,
            name=facts.name,
            region=facts.region,
            languages=list(facts.languages),
        )
        for facts, commission in zip(new, commissions, strict=True)
    )


def _store_stations(touched: Sequence[StationFacts], election: Election, constituency_ids: dict[int, int]) -> None:
    """Insert or overwrite stations by their code, and lay their access conditions anew."""
    stations = PollingStation.objects.bulk_create(
        [
            PollingStation(
                election=election,
                code=facts.code,
                constituency_id=None if facts.constituency is None else constituency_ids[facts.constituency],
                **{name: getattr(facts, name) for name in _PLAIN_FIELDS},
            )
            for facts in touched
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["election", "code"],
        update_fields=["constituency", *_PLAIN_FIELDS],
    )
    keys = [station.pk for station in stations]
    for start in range(0, len(keys), _BATCH):
        AccessRequirement.objects.filter(station__in=keys[start : start + _BATCH]).delete()
    AccessRequirement.objects.bulk_create(
        (
            AccessRequirement(station=station, condition=access.condition, granted_by=access.granted_by)
            for station, facts in zip(stations, touched, strict=True)
            for access in facts.access
        ),
        batch_size=_BATCH,
    )
