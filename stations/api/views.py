"""Resources of the station register and its versions."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from missions.api.resources import Resource
from missions.api.rows import RowResource
from missions.kernel.web.rows import Children
from missions.models import Election
from stations.api.filters import PollingStationFilters, RegisterVersionFilters
from stations.api.serializers import PollingStationSerializer, RegisterVersionSerializer
from stations.models import AccessRequirement, PollingStation
from stations.register.models import RegisterVersion


@extend_schema_view(
    list=extend_schema(summary="List polling stations"), retrieve=extend_schema(summary="Read one polling station")
)
class PollingStations(RowResource[PollingStation]):
    """The register is open to everybody who signs in; who observes where is not part of it."""

    queryset = PollingStation.objects.select_related("constituency").prefetch_related("access_requirements")
    serializer_class = PollingStationSerializer
    filterset_class = PollingStationFilters
    children = {"access_requirements": Children("station", lambda _user: AccessRequirement.objects.all())}


@extend_schema_view(
    list=extend_schema(summary="List versions of the register"),
    retrieve=extend_schema(summary="Read one version of the register"),
)
class RegisterVersions(Resource[RegisterVersion]):
    """Compare the highest number with yours to know whether your copy of the register is current."""

    serializer_class = RegisterVersionSerializer
    filterset_class = RegisterVersionFilters

    def get_queryset(self) -> QuerySet[RegisterVersion]:
        return RegisterVersion.objects.filter(election__in=Election.objects.visible_to(self.request.user))
