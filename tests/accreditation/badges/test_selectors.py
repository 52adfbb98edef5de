"""Finding people at the desk by whatever they bring, choosing them for a batch, and nobody else's people."""

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.badges.codes.token import code_text
from accreditation.badges.models import Badge
from accreditation.badges.selectors import badge_candidates, find_at_desk
from accreditation.badges.services.custody import mark_printed
from accreditation.badges.services.issuing import issue_badge
from accreditation.models import Accreditation, CommissionSession
from accreditation.services.accreditations import revoke_accreditation, suspend_accreditation
from accreditation.services.decisions import accredit_application
from accreditation.states import ApplicationState, Category
from missions.models import Mission, User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust", "private_files")]


@pytest.fixture
def people(
    make_application: MakeApplication, make_accreditation: MakeAccreditation, approver: User, at: dt.datetime
) -> list[Accreditation]:
    """Adler, Əliyev (number 2) and Claus."""
    named = replace(draft_number(1), surname="Əliyev", given_names="Vəli")
    aliyev = make_application(ApplicationState.SCHEDULED, person=named)
    rows = [make_accreditation(0), accredit_application(application=aliyev, by=approver, at=at)]
    return [*rows, make_accreditation(2)]


@pytest.fixture
def badge(people: list[Accreditation], issuer: User, at: dt.datetime) -> Badge:
    """That of Claus, number B-000001 on the card AZ 33."""
    issued = issue_badge(accreditation=people[2], by=issuer, at=at)
    return mark_printed(badge=issued, stock_serial="AZ 33", by=issuer, at=at)


def found(text: str, user: User) -> list[str]:
    return [row.observer.surname for row in find_at_desk(text, user=user)]


def test_people_are_found_by_code_number_serial_and_name(badge: Badge, issuer: User) -> None:
    code = code_text(bytes(badge.token or b""), url=settings.BADGE_URL)

    for text in (code, f" {code}\n", code.partition("#")[2], "B-000001", "b 1", "az 33", "clau", "ANNA claus"):
        assert found(text, issuer) == ["Claus"], text
    for text in ("eliyev", "Əliyev vəli", "ALIYEV", "Алиев", "2"):
        assert found(text, issuer) == ["Əliyev"], text
    assert found("1", issuer) == ["Adler", "Claus"]  # the accreditation of one, the badge of the other
    assert found("anna", issuer) == ["Adler", "Claus"]
    for text in ("", "  ", "Nobody", "B-000999", f"{code}x", f"{code[:-3]}AAA", "#", "%", "-", "9" * 30, "x" * 2000):
        assert found(text, issuer) == [], text
    assert found("llll", issuer) == []  # it sounds like an l, which many have


def test_who_counts_comes_first_and_everybody_with_all_badges(
    badge: Badge, people: list[Accreditation], issuer: User, at: dt.datetime
) -> None:
    revoke_accreditation(accreditation=people[0], reason="Forged.", by=issuer, at=at)

    with CaptureQueriesContext(connection) as queries:
        rows = find_at_desk("anna", user=issuer)
        shown = [[each.number_text for each in row.badges.all()] for row in rows]

    assert [row.observer.surname for row in rows] == ["Claus", "Adler"]
    assert (shown, len(queries) <= 4) == ([["B-000001"], []], True)


def test_a_lead_finds_the_own_people_only(badge: Badge, lead: User, other_lead: User) -> None:
    for text in ("claus", "B-000001", code_text(bytes(badge.token or b""), url=settings.BADGE_URL)):
        assert (found(text, lead), found(text, other_lead)) == (["Claus"], [])


def test_a_batch_is_chosen_by_mission_category_and_session(
    badge: Badge,
    people: list[Accreditation],
    session: CommissionSession,
    mission: Mission,
    other_mission: Mission,
    issuer: User,
    other_lead: User,
    at: dt.datetime,
) -> None:
    suspend_accreditation(accreditation=people[0], reason="Papers.", by=issuer, at=at)
    election = mission.election

    assert list(badge_candidates(election, user=issuer)) == [people[1]]  # one suspended, one printed
    assert list(badge_candidates(election, user=issuer, mission=mission, session=session)) == [people[1]]
    assert list(badge_candidates(election, user=issuer, category=Category.INTERNATIONAL_OBSERVER)) == [people[1]]
    assert list(badge_candidates(election, user=issuer, mission=other_mission)) == []
    assert list(badge_candidates(election, user=issuer, category=Category.FOREIGN_MEDIA)) == []
    assert list(badge_candidates(election, user=other_lead)) == []
