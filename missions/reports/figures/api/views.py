"""Figures and claims by the API, to read: the public ones for everybody who signs in, all of them for the host."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from missions.api.resources import Resource
from missions.reports.figures.api.filters import ClaimFilters, FiguresFilters
from missions.reports.figures.api.serializers import FigureClaimSerializer, FrozenFiguresSerializer
from missions.reports.figures.models import FigureClaim, FrozenFigures


@extend_schema_view(
    list=extend_schema(summary="List frozen figures"), retrieve=extend_schema(summary="Read the figures of an instant")
)
class Figures(Resource[FrozenFigures]):
    """What was counted for which instant, and by which rule."""

    queryset = FrozenFigures.objects.all()
    serializer_class = FrozenFiguresSerializer
    filterset_class = FiguresFilters


@extend_schema_view(
    list=extend_schema(summary="List what others say about figures"), retrieve=extend_schema(summary="Read one claim")
)
class FigureClaims(Resource[FigureClaim]):
    """What others say; it stands beside our figures, and neither is made to fit the other."""

    queryset = FigureClaim.objects.all()
    serializer_class = FigureClaimSerializer
    filterset_class = ClaimFilters
