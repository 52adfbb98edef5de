"""The site at /mission/: a mission's people look at what is theirs, and print it, on the same pages as the staff.

Rows come from `visible_to(user)` there as everywhere; what this site adds is that its people need no permission of
the staff's to look. What they may do with a row the act itself asks.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from config.mission_home import mission_home
from config.site_routes import Route, without_oracle
from missions.admin.members import MembershipAdmin
from missions.admin.moves import Move
from missions.admin.pages import moment
from missions.models import Membership, User
from missions.reports.admin.reports import ReportAdmin
from missions.reports.models import Report
from missions.timeline.admin.milestones import MilestoneAdmin
from missions.timeline.admin.moves import STEP_MOVES
from missions.timeline.models import Milestone
from missions.timeline.programme.admin.bookings import BookingAdmin
from missions.timeline.programme.admin.requests import MeetingRequestAdmin
from missions.timeline.programme.models import Booking, MeetingRequest
from stations.access.admin.grants import AccessGrantAdmin
from stations.access.models import AccessGrant
from stations.admin import PollingStationAdmin
from stations.deployment.admin.break_glass import BreakGlassAdmin
from stations.deployment.admin.plans import DeploymentPlanAdmin
from stations.deployment.admin.runs import PlanRunAdmin
from stations.deployment.admin.settings import DeploymentSettingsAdmin
from stations.deployment.admin.shares import VisitSharesAdmin
from stations.deployment.models import BreakGlass, DeploymentPlan, DeploymentSettings, PlanRun, VisitShares
from stations.deployment.plan_files.admin.files import PlanFileAdmin
from stations.deployment.plan_files.models import PlanFile
from stations.deployment.presence.admin.roll_calls import RollCallAdmin
from stations.deployment.presence.models import RollCall
from stations.deployment.samples.admin.samples import StationSampleAdmin
from stations.deployment.samples.models import StationSample
from stations.models import PollingStation
from stations.travel.admin.matrices import TravelMatrixAdmin
from stations.travel.models import TravelMatrix

_MEMBERS = "mission:missions_membership_changelist"


class MissionSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold is untyped
    """Open to whoever acts for a mission and is not of the host's staff, who have the whole desk."""

    settings_name = "UNFOLD_MISSION"
    index_title = _("Your missions")
    index_template = "desk/mission_home.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Asked many times for one page, and of the database once."""
        known: bool | None = getattr(request, "_acts_for_missions", None)
        if known is None:
            user = request.user
            known = isinstance(user, User) and user.is_active and not user.is_host and user.memberships.exists()
            request._acts_for_missions = known  # type: ignore[attr-defined]  # as middleware hangs things on a request
        return known

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """As Django's, but who is signed in and does not belong here is told so, and not asked to sign in again."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return guarded

    def get_urls(self) -> list[Route]:
        return without_oracle(super().get_urls())

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """As Django's, once somebody reads it: the frame of every page is given it, and shows another navigation.

        It asks of each model whether this person may add to it, which costs a query for most of them.
        """
        listed = super().get_app_list
        return SimpleLazyObject(lambda: listed(request, app_label))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What comes next and what is missing."""
        home = mission_home(cast(User, request.user), at=moment(request))
        page: TemplateResponse = super().index(request, {"home": home, **(extra_context or {})})
        return page

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one page to sign in."""
        query = request.GET.urlencode()
        return HttpResponseRedirect(reverse("account:sign-in") + (f"?{query}" if query else ""))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one page for passwords."""
        return HttpResponseRedirect(reverse("account:change-password"))


class ForMissions:
    """Lets the people of the site look. Filters are left out: their choices would name what others have."""

    admin_site: MissionSite
    list_filter_submit = False

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)


class OwnMembers(ForMissions, MembershipAdmin):
    """Who acts for the own missions; leads appoint others and let them go."""

    # On the staff's pages an act leads back to the list there.
    moves = tuple(replace(move, back=lambda membership: reverse(_MEMBERS)) for move in MembershipAdmin.moves)

    def move_view(self, request: HttpRequest, object_id: str, *, move: Move[Any]) -> HttpResponse:
        """Whoever has let themselves go from the only mission sees nothing here any more: the account says so."""
        answer = super().move_view(request, object_id, move=move)
        if request.method != "POST" or self.actor(request).memberships.exists():
            return answer
        messages.info(request, gettext("You act for no mission any more. Your account stays."))
        return HttpResponseRedirect(reverse("account:home"))


class OwnMilestones(ForMissions, MilestoneAdmin):
    """Steps of the own timelines; leads change them."""

    # On the staff's pages an act leads back to the timeline there.
    moves = tuple(replace(move, back=None) for move in STEP_MOVES)


class OwnBookings(ForMissions, BookingAdmin):
    """Places in the released programme."""

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("request", "resource", "room", "begins")


class OwnRequests(ForMissions, MeetingRequestAdmin):
    """What the missions have asked for."""


class OwnReports(ForMissions, ReportAdmin):
    """The own reports, and the joint statements that the missions share: their title is no secret here."""

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("name", "mission", "standing", "until", "title")


class OwnPlans(ForMissions, DeploymentPlanAdmin):
    """The own plans, and of the pool's the teams with own people."""


class OwnEarlyLooks(ForMissions, BreakGlassAdmin):
    """Who of the ministry has read the own plans, and why; leads end it."""


class OwnPlanRuns(ForMissions, PlanRunAdmin):
    """The orders for plans of the own missions."""


class OwnPlanFiles(ForMissions, PlanFileAdmin):
    """Plans that the own missions made by hand, as files; leads send them in."""


class OwnRules(ForMissions, DeploymentSettingsAdmin):
    """By which rules the own missions deploy; leads choose them."""


class OwnShares(ForMissions, VisitSharesAdmin):
    """What the own plans are to have of each kind of station; leads choose it."""


class OwnStations(ForMissions, PollingStationAdmin):
    """The register, which is for everybody."""


class OwnAccess(ForMissions, AccessGrantAdmin):
    """What the missions asked for to enter special-access stations; leads ask and give up."""


class OwnTravelTimes(ForMissions, TravelMatrixAdmin):
    """The ministry's travel times and the own ones; leads upload these."""


class OwnSamples(ForMissions, StationSampleAdmin):
    """The own samples; leads draw, lock and mend them."""


class OwnRollCalls(ForMissions, RollCallAdmin):
    """The roll calls of the own missions, and of the pool's the own people; leads call, answer and close them."""


mission_site = MissionSite(name="mission")
mission_site.register(Membership, OwnMembers)
mission_site.register(Milestone, OwnMilestones)
mission_site.register(Booking, OwnBookings)
mission_site.register(MeetingRequest, OwnRequests)
mission_site.register(Report, OwnReports)
mission_site.register(DeploymentPlan, OwnPlans)
mission_site.register(BreakGlass, OwnEarlyLooks)
mission_site.register(DeploymentSettings, OwnRules)
mission_site.register(PlanRun, OwnPlanRuns)
mission_site.register(VisitShares, OwnShares)
mission_site.register(PlanFile, OwnPlanFiles)
mission_site.register(PollingStation, OwnStations)
mission_site.register(AccessGrant, OwnAccess)
mission_site.register(StationSample, OwnSamples)
mission_site.register(RollCall, OwnRollCalls)
mission_site.register(TravelMatrix, OwnTravelTimes)
