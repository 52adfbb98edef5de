"""Who may do what, as one table."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from accreditation import permissions
from accreditation.models import Application
from accreditation.querysets import Viewer
from accreditation.states import ApplicationState
from missions.models import Membership, Mission, User
from missions.states import MembershipRole
from tests.accreditation.conftest import MakeApplication
from tests.conftest import staff

pytestmark = pytest.mark.django_db

MAY = {
    "nominate": {"lead", "focal", "registrar"},
    "submit": {"lead", "focal", "registrar"},
    "withdraw": {"lead"},
    "appeal": {"lead"},
    "return": {"lead"},
    "review": {"reviewer", "both"},
    "decide": {"approver", "both"},
    "end": {"approver", "both"},
    "session": {"registrar"},
}


@pytest.fixture
def people(mission: Mission, lead: User, other_lead: User, reviewer: User, approver: User) -> dict[str, Viewer]:
    focal = User.objects.create_user("focal@odihr.example")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)
    inactive = User.objects.create_user("gone@odihr.example", is_active=False)
    Membership.objects.create(user=inactive, mission=mission, role=MembershipRole.LEAD)
    powers = ("accreditation.review_application", "accreditation.decide_application")
    no_staff = staff("lent@odihr.example", *powers, "accreditation.add_nomination")
    User.objects.filter(pk=no_staff.pk).update(is_staff=False)
    dismissed = staff("dismissed@ministry.example", *powers, "accreditation.add_nomination")
    User.objects.filter(pk=dismissed.pk).update(is_active=False)
    return {
        "lead": lead,
        "focal": focal,
        "inactive": inactive,
        "other": other_lead,
        "reviewer": reviewer,
        "approver": approver,
        "both": staff("both@ministry.example", *powers),
        "registrar": staff(
            "registrar@ministry.example", "accreditation.add_nomination", "accreditation.add_commissionsession"
        ),
        "clerk": staff("clerk@ministry.example"),
        "no_staff": User.objects.get(pk=no_staff.pk),
        "dismissed": User.objects.get(pk=dismissed.pk),
        "anonymous": AnonymousUser(),
    }


@pytest.mark.parametrize("act", MAY)
def test_who_may(act: str, people: dict[str, Viewer], mission: Mission, make_application: MakeApplication) -> None:
    application = make_application()
    asks: dict[str, Callable[[Viewer], bool]] = {
        "nominate": lambda user: permissions.can_nominate_observers(user, mission),
        "submit": lambda user: permissions.can_submit_application(user, application),
        "withdraw": lambda user: permissions.can_withdraw_application(user, application),
        "appeal": lambda user: permissions.can_appeal_refusal(user, application),
        "return": lambda user: permissions.can_return_accreditation(user, application),
        "review": permissions.can_review_application,
        "decide": permissions.can_decide_application,
        "end": permissions.can_end_accreditation,
        "session": permissions.can_call_session,
    }

    assert {name for name, user in people.items() if asks[act](user)} == MAY[act]


def test_the_reviewer_of_an_application_may_not_decide_that_one(
    make_application: MakeApplication, people: dict[str, Viewer]
) -> None:
    application = make_application(ApplicationState.RECOMMENDED)
    Application.objects.update(reviewed_by=people["both"].pk)
    application.refresh_from_db()

    assert permissions.can_decide_application(people["both"])
    assert not permissions.can_decide_application(people["both"], application)
    assert permissions.can_decide_application(people["approver"], application)
