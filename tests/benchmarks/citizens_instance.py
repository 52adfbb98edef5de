"""A file of many citizens who observe, the election that takes it in, and the yardstick's way of doing so."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tablib  # type: ignore[import-untyped]
from django.db.models import QuerySet
from import_export.fields import Field  # type: ignore[import-untyped]
from import_export.resources import ModelResource  # type: ignore[import-untyped]
from import_export.widgets import (  # type: ignore[import-untyped]
    CachedForeignKeyWidget,
    ForeignKeyWidget,
)

from accreditation.citizens.models import CitizenFile
from accreditation.citizens.services import check_citizens, commit_citizens, order_citizens, receive_citizens
from accreditation.models import Application, Nomination, Observer
from accreditation.states import ApplicationState, Category, Role, Sex
from accreditation.vetting.facts import weak_name
from missions.kernel.crypto import keyed_hash
from missions.kernel.spreadsheets.writer import write_xlsx
from missions.kernel.text import fold_key
from missions.models import Commission, Constituency, Election, Mission, Organization, User
from missions.states import CommissionLevel, DeploymentMode, MissionKind, OrganizationKind
from tests.reference import add_election

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
SENDERS = 60
CONSTITUENCIES = 125
HEADERS = (
    "reference", "sender", "initiative", "surname", "given_names", "patronymic", "sex", "birth_date", "nationality",
    "document_issuer", "document_number", "document_expires_on", "constituency", "precinct", "form", "photo",
)  # fmt: skip
_SURNAME_STEMS = (
    "Əli", "Məmməd", "Hüseyn", "Həsən", "Qulu", "İbrahim", "Rza", "Abbas", "Cəfər", "Oruc", "Kərim", "Nəbi", "Şükür",
    "Vəli", "Qasım", "Baba", "Mustafa", "Səfər", "Ağa", "Bayram", "Xəlil", "Əhməd", "Musa", "Novruz", "Zeynal",
    "Rüstəm", "Tağı", "Nəsir", "İsmayıl", "Süleyman", "Mirzə", "Cavad", "Yusif", "Heydər", "Əsgər", "Fərhad",
)  # fmt: skip
_SURNAME_ENDINGS = ("yev", "ov", "zadə", "li", "oğlu", "bəyli", "xanlı")
_GIVEN = (
    "Elçin", "Rəşad", "Orxan", "Tural", "Vüsal", "Anar", "Ramil", "Samir", "Elnur", "Fərid", "Kamran", "Ceyhun",
    "Nicat", "Murad", "İlqar", "Heydər", "Natiq", "Azər", "Aygün", "Nigar", "Günel", "Leyla", "Sevinc", "Könül",
    "Aynur", "Lalə", "Nərmin", "Şəbnəm", "Ülviyyə", "Fidan", "Gülnar", "Rəna",
)  # fmt: skip


def write_file(path: Path, rows: int) -> None:
    """A workbook of so many sound rows; equal numbers give equal bytes."""
    write_xlsx(str(path), "citizens", HEADERS, _rows(rows))


def make_election() -> Election:
    """An election with its constituencies, its senders, and one person at the desk."""
    election = add_election("bench")
    central = Commission.objects.create(
        election=election, code="CEC", name="Central commission", level=CommissionLevel.CENTRAL
    )
    for number in range(1, CONSTITUENCIES + 1):
        commission = Commission.objects.create(
            election=election,
            level=CommissionLevel.CONSTITUENCY,
            parent=central,
            code=f"ConEC-{number}",
            name=f"Commission {number}",
        )
        Constituency.objects.create(
            election=election,
            commission=commission,
            number=number,
            name=f"Constituency {number}",
            region="",
            languages=["az"],
        )
    for number in range(SENDERS):
        sender = Organization.objects.create(
            acronym=f"NGO-{number}", name=f"Society {number}", kind=OrganizationKind.DOMESTIC_NGO
        )
        Mission.objects.create(
            election=election,
            organization=sender,
            code=f"NGO-{number}",
            name=f"Society {number}",
            kind=MissionKind.DELEGATION,
            deployment_mode=DeploymentMode.HOST_COORDINATED,
            template_code="short-delegation",
        )
    User.objects.create_user("bench@ministry.example", "a long enough password", is_staff=True)
    return election


def check(path: Path) -> CitizenFile:
    """Receive the file and check it, as the upload and the job do."""
    election = Election.objects.get(code="bench")
    file = receive_citizens(path.read_bytes(), file_name=path.name, election=election, by=None, at=AT)
    return check_citizens(file=file, at=AT)


def take_in(file: CitizenFile) -> CitizenFile:
    """Read, check and write the rows, as the job does when somebody has said so."""
    by = User.objects.get(email="bench@ministry.example")
    return commit_citizens(file=order_citizens(file=file, by=by, at=AT), at=AT)


def parse(path: Path) -> tablib.Dataset:
    """The yardstick's reading."""
    return tablib.Dataset().load(path.read_bytes(), format="xlsx")


def write_people(rows: tablib.Dataset) -> None:
    """The yardstick, one table: the people."""
    _run(ObserverResource(), rows)


def write_everything(rows: tablib.Dataset) -> None:
    """The yardstick, three tables: people, nominations and applications."""
    for resource in (ObserverResource(), NominationResource(), ApplicationResource()):
        _run(resource, rows)


def _run(resource: ModelResource, rows: tablib.Dataset) -> None:
    result = resource.import_data(rows, raise_errors=True, use_transactions=True)
    if result.has_errors() or len(rows) != sum(result.totals.values()):
        raise RuntimeError(f"the yardstick wrote {result.totals}")


def _column(attribute: str, name: str, **options: Any) -> Field:
    return Field(attribute=attribute, column_name=name, **options)


class _PersonWidget(ForeignKeyWidget):  # type: ignore[misc]  # import-export is untyped
    """Finds the person by the unique index."""

    def get_queryset(self, value: Any, row: dict[str, Any], *args: Any, **kwargs: Any) -> QuerySet[Observer]:
        return Observer.objects.filter(election=_election(), passport_issuer=row["document_issuer"])


class _NominationWidget(ForeignKeyWidget):  # type: ignore[misc]  # import-export is untyped
    """Finds the nomination by the unique index."""

    def get_queryset(self, value: Any, row: dict[str, Any], *args: Any, **kwargs: Any) -> QuerySet[Nomination]:
        return Nomination.objects.filter(mission__election=_election(), mission__code=row["sender"])


class _Bulk:
    """What makes django-import-export fast."""

    use_bulk = True
    batch_size = 1_000
    skip_diff = True
    skip_html_diff = True
    force_init_instance = True


class ObserverResource(ModelResource):  # type: ignore[misc]  # import-export is untyped
    """People by their document; the keys of search are made as the product makes them."""

    issuer = _column("passport_issuer", "document_issuer")
    number = _column("passport_number", "document_number")
    expires_on = _column("passport_expires_on", "document_expires_on")

    class Meta(_Bulk):
        model = Observer
        import_id_fields = ("number",)
        fields = ("surname", "given_names", "patronymic", "birth_date", "nationality", "issuer", "number", "expires_on")

    def after_init_instance(self, instance: Observer, new: bool, row: dict[str, Any], **kwargs: Any) -> None:
        instance.election_id = _election()
        instance.sex = Sex.MALE if row["sex"] == "m" else Sex.FEMALE
        instance.passport_key = keyed_hash(row["document_number"])
        instance.folded_name = fold_key(f"{row['surname']} {row['given_names']} {row['patronymic']}")
        instance.weak_key = weak_name(row["surname"], row["given_names"])


class NominationResource(ModelResource):  # type: ignore[misc]  # import-export is untyped
    """Nominations with their mission and person, looked up as the library does."""

    mission = _column("mission", "sender", widget=CachedForeignKeyWidget(Mission, "code"))
    observer = _column("observer", "document_key", widget=_PersonWidget(Observer, "passport_key"))

    class Meta(_Bulk):
        model = Nomination
        import_id_fields = ("reference",)
        fields = ("reference", "mission", "observer", "initiative")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row["document_key"] = keyed_hash(row["document_number"])

    def after_init_instance(self, instance: Nomination, new: bool, row: dict[str, Any], **kwargs: Any) -> None:
        instance.category, instance.role = Category.DOMESTIC_OBSERVER, Role.CITIZEN_OBSERVER
        instance.documents_on, instance.created_at, instance.holds_place = AT.date(), AT, True


class ApplicationResource(ModelResource):  # type: ignore[misc]  # import-export is untyped
    """Applications with person, nomination and constituency, looked up as the library does."""

    observer = _column("observer", "document_key", widget=_PersonWidget(Observer, "passport_key"))
    nomination = _column("nomination", "reference", widget=_NominationWidget(Nomination, "reference"))
    constituency = _column("constituency", "constituency", widget=CachedForeignKeyWidget(Constituency, "number"))
    precinct = _column("precinct_code", "precinct")

    class Meta(_Bulk):
        model = Application
        import_id_fields = ("nomination",)
        fields = ("observer", "nomination", "constituency", "precinct")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row["document_key"] = keyed_hash(row["document_number"])

    def after_init_instance(self, instance: Application, new: bool, row: dict[str, Any], **kwargs: Any) -> None:
        instance.election_id, instance.category = _election(), Category.DOMESTIC_OBSERVER
        instance.state, instance.submitted_at = ApplicationState.SUBMITTED, AT


def _election() -> int:
    return _ELECTION.setdefault("pk", Election.objects.values_list("pk", flat=True).get(code="bench"))


_ELECTION: dict[str, int] = {}


def _rows(count: int) -> Iterator[Sequence[str | dt.date | int]]:
    rng = random.Random(0)
    first = dt.date(1945, 1, 1)
    for number in range(count):
        station = number // SENDERS
        constituency = station % CONSTITUENCIES + 1
        yield (
            f"D-{number}", f"NGO-{number % SENDERS}", rng.choice(("ngo", "party", "candidate")),
            rng.choice(_SURNAME_STEMS) + rng.choice(_SURNAME_ENDINGS), rng.choice(_GIVEN), rng.choice(_GIVEN),
            rng.choice("mf"), first + dt.timedelta(days=rng.randrange(21_000)), "AZE", "AZE",
            f"AZE{rng.randrange(1000):03d}{number:06d}", dt.date(2027, 1, 1) + dt.timedelta(days=rng.randrange(2_000)),
            constituency, f"{constituency:03d}-{station // CONSTITUENCIES + 1:02d}", "yes", "yes",
        )  # fmt: skip
