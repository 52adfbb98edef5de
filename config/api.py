"""The API, version 1: every address below /api/v1/, composed from the apps, with its description."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accreditation.api.views import Accreditations, Applications, Nominations
from accreditation.letters.api.views import Letters
from missions.api.resources import Absent
from missions.api.views import Constituencies, Elections, Invitations, Me, Missions
from missions.timeline.api.views import Milestones
from stations.api.views import PollingStations, RegisterVersions
from stations.deployment.api.views import Areas, Plans, Teams, VisitPlans

app_name = "api"

router = SimpleRouter()
router.register("elections", Elections, basename="election")
router.register("constituencies", Constituencies, basename="constituency")
router.register("missions", Missions, basename="mission")
router.register("invitations", Invitations, basename="invitation")
router.register("milestones", Milestones, basename="milestone")
router.register("nominations", Nominations, basename="nomination")
router.register("applications", Applications, basename="application")
router.register("accreditations", Accreditations, basename="accreditation")
router.register("letters", Letters, basename="letter")
router.register("polling-stations", PollingStations, basename="polling-station")
router.register("register-versions", RegisterVersions, basename="register-version")
router.register("plans", Plans, basename="plan")
router.register("areas", Areas, basename="area")
router.register("teams", Teams, basename="team")
router.register("visit-plans", VisitPlans, basename="visit-plan")

urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("", include(router.urls)),
    # Only addresses with their slash, so that Django still redirects the others.
    re_path(r"^(?:.*/)?$", Absent.as_view(), name="absent"),
]
