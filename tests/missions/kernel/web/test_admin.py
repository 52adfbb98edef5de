import pytest
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django.fixtures import Settings
from unfold.sites import UnfoldAdminSite

from missions.kernel.errors import RuleViolationError, Violation
from missions.kernel.web.admin import KeyedPaginator, StaffAdmin, ViewOnlyAdmin, require
from missions.models import Mission, Organization, User
from missions.states import OrganizationKind

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
VIOLATIONS = [
    Violation("name", "taken", "The name is taken."),
    Violation("kind", "odd", "The kind is odd."),
    Violation("", "odd", "The kind is odd."),
]


class OrganizationAdmin(StaffAdmin):
    """Saves first and asks the service then, so that a refusal has something to undo."""

    fields = ["acronym", "name", "kind", "country"]
    state_fields = ("country",)

    def save_model(self, request: HttpRequest, obj: Organization, form: object, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.name == "refused":
            raise RuleViolationError("This cannot be.", violations=VIOLATIONS)


class MissionAdmin(ViewOnlyAdmin):
    pass


site = UnfoldAdminSite(name="admin")
site.register(Organization, OrganizationAdmin)
site.register(Mission, MissionAdmin)
urlpatterns = [path("admin/", site.urls)]


@pytest.fixture(autouse=True)
def _plain_site(settings: Settings) -> None:
    """This site has two models; the product's own navigation would look for all the others."""
    settings.UNFOLD = {}


@pytest.fixture
def root(client: Client) -> Client:
    """A browser of somebody who may do everything that the admin allows."""
    client.force_login(User.objects.create_superuser("root@ministry.example"))
    return client


def _messages(request: HttpRequest) -> list[tuple[int, str]]:
    return [(message.level, str(message)) for message in get_messages(request)]


def _form(name: str) -> dict[str, str]:
    return {"acronym": "OSCE", "name": name, "kind": OrganizationKind.IGO}


def test_service_that_refuses_an_addition_leaves_nothing_but_one_message(root: Client) -> None:
    response = root.post("/admin/missions/organization/add/", _form("refused"))

    assert (response.status_code, response["Location"]) == (302, "/admin/missions/organization/add/")
    assert _messages(response.wsgi_request) == [(messages.ERROR, "This cannot be. The name is taken. The kind is odd.")]
    assert (Organization.objects.count(), LogEntry.objects.count()) == (0, 0)


def test_service_that_refuses_a_change_leaves_nothing_but_one_message(root: Client) -> None:
    row = Organization.objects.create(**_form("before"))
    address = f"/admin/missions/organization/{row.pk}/change/?_changelist_filters=q%3DO"

    response = root.post(address, {**_form("refused"), "acronym": "CIS"})

    assert (response.status_code, response["Location"]) == (302, address)
    assert _messages(response.wsgi_request) == [(messages.ERROR, "This cannot be. The name is taken. The kind is odd.")]
    assert list(Organization.objects.values_list("acronym", "name")) == [("OSCE", "before")]
    assert LogEntry.objects.count() == 0


def test_service_that_takes_it_saves_and_logs(root: Client) -> None:
    response = root.post("/admin/missions/organization/add/", _form("fine"))

    assert (response.status_code, response["Location"]) == (302, "/admin/missions/organization/")
    assert list(Organization.objects.values_list("name", flat=True)) == ["fine"]
    assert LogEntry.objects.count() == 1


def test_state_fields_are_shown_and_never_taken_from_the_form(root: Client) -> None:
    row = Organization.objects.create(**_form("before"), country="AZE")

    root.post(f"/admin/missions/organization/{row.pk}/change/", {**_form("after"), "country": "KEN"})

    row.refresh_from_db()
    assert (row.name, row.country) == ("after", "AZE")


def test_deleting_is_refused_one_by_one_and_in_bulk(root: Client) -> None:
    row = Organization.objects.create(**_form("kept"))

    one = root.post(f"/admin/missions/organization/{row.pk}/delete/", {"post": "yes"})
    many = root.post(
        "/admin/missions/organization/",
        {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"},
    )

    assert (one.status_code, many.status_code) == (403, 200)  # the list again: it offers no such action
    assert Organization.objects.count() == 1


def test_view_only_rows_can_be_neither_added_nor_changed(root: Client, mission: Mission) -> None:
    add = root.get("/admin/missions/mission/add/")
    change = root.post(f"/admin/missions/mission/{mission.pk}/change/", {"name": "forged"})

    mission.refresh_from_db()
    assert (add.status_code, change.status_code) == (403, 403)
    assert mission.name == "ODIHR mission"


def test_lists_start_at_what_the_person_may_see(
    mission: Mission, other_mission: Mission, lead: User, reviewer: User
) -> None:
    seen = {}
    for user in (lead, reviewer):
        request = RequestFactory().get("/admin/missions/mission/")
        request.user = user
        seen[user] = set(MissionAdmin(Mission, site).get_queryset(request))

    assert seen == {lead: {mission}, reviewer: {mission, other_mission}}


def test_require_stops_who_may_not() -> None:
    require(True)

    with pytest.raises(PermissionDenied):
        require(False)


def test_pages_follow_the_order_of_the_list_and_join_only_their_own_rows() -> None:
    Organization.objects.bulk_create(
        Organization(acronym=f"O{number}", name=f"Office {number % 3}", kind=OrganizationKind.IGO)
        for number in range(7)
    )
    rows = Organization.objects.order_by("-name", "pk")
    paginator = KeyedPaginator(rows, 3)

    pages = [list(page.object_list) for page in paginator]

    assert [row.acronym for page in pages for row in page] == ["O2", "O5", "O1", "O4", "O0", "O3", "O6"]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert "LIMIT" not in str(paginator.page(2).object_list.query)  # type: ignore[attr-defined]  # a queryset, typed as any list
