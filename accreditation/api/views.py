"""Resources of nominations, applications and accreditations."""

from django.db.models import CharField, F, Prefetch, QuerySet, Value
from drf_spectacular.utils import extend_schema, extend_schema_view

from accreditation.api.filters import AccreditationFilters, ApplicationFilters, NominationFilters
from accreditation.api.names import name_of
from accreditation.api.serializers import (
    AccreditationSerializer,
    ApplicationSerializer,
    NominationSerializer,
    lines_shown_to,
)
from accreditation.models import Accreditation, Application, Decision, Document, Finding, Nomination
from accreditation.permissions import can_read_political_groups
from accreditation.querysets import Viewer
from accreditation.vetting.sentences import sentence_of
from missions.api.rows import RowResource
from missions.kernel.web.rows import Children, Computed

#: Not even read from the database: what is not loaded cannot leave.
PASSPORT = ("observer__passport_number", "observer__passport_key", "observer__passport_issuer", "observer__mrz")

_OPEN_FINDINGS = Finding.objects.filter(closed_at=None)
_SENTENCE = Computed(
    ("code", "evidence", "sentence"), lambda code, evidence, stored: sentence_of(code, evidence, otherwise=stored)
)


def with_shown_group(rows: QuerySet[Nomination], user: Viewer) -> QuerySet[Nomination]:
    """The rows with `shown_group`: the political group as far as this reader needs it, else empty and not even read."""
    group = F("political_group") if can_read_political_groups(user) else Value("", output_field=CharField())
    return rows.select_related("observer").defer(*PASSPORT, "political_group").annotate(shown_group=group)


@extend_schema_view(
    list=extend_schema(summary="List the nominations of own missions"),
    retrieve=extend_schema(summary="Read one nomination"),
)
class Nominations(RowResource[Nomination]):
    """Whom the caller's missions proposed; everybody for the host. Passport data never leave."""

    queryset = Nomination.objects.all()
    serializer_class = NominationSerializer
    filterset_class = NominationFilters

    def get_queryset(self) -> QuerySet[Nomination]:
        return with_shown_group(super().get_queryset(), self.request.user)


@extend_schema_view(
    list=extend_schema(summary="List the applications of own missions"),
    retrieve=extend_schema(summary="Read one application"),
)
class Applications(RowResource[Application]):
    """The files of the people of the caller's missions, with clocks, papers, open findings and decisions."""

    queryset = (
        Application.objects.select_related("observer", "nomination")
        .defer(*PASSPORT)
        .prefetch_related(
            "documents",
            "decisions",
            Prefetch("findings", _OPEN_FINDINGS, to_attr="open_findings"),
        )
    )
    serializer_class = ApplicationSerializer
    filterset_class = ApplicationFilters
    computed = {"name": name_of("observer")}
    children = {
        "documents": Children("application", lambda _user: Document.objects.all()),
        "findings": Children("application", lambda _user: _OPEN_FINDINGS, {"sentence": _SENTENCE}, lines_shown_to),
        "decisions": Children("application", lambda _user: Decision.objects.all()),
    }


@extend_schema_view(
    list=extend_schema(summary="List the accreditations of own missions"),
    retrieve=extend_schema(summary="Read one accreditation"),
)
class Accreditations(RowResource[Accreditation]):
    """The accreditations of the people of the caller's missions; all of them for the host."""

    queryset = Accreditation.objects.select_related("observer", "application__nomination").defer(*PASSPORT)
    serializer_class = AccreditationSerializer
    filterset_class = AccreditationFilters
    computed = {"name": name_of("observer")}
