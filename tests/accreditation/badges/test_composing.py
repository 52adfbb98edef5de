"""What a card says: until when, where, and by which name."""

import datetime as dt

import pytest

from accreditation.badges.errors import (
    NoLatinNameError,
)
from accreditation.badges.services.issuing import (
    issue_badge,
    reissue_badge,
)
from accreditation.badges.states import VoidReason
from accreditation.models import Accreditation, Application, Observer, Stay
from missions.models import Constituency, Mission, User
from missions.timeline.models import Milestone
from tests.accreditation.vetting.zones import passport_zone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust", "private_files")]


@pytest.mark.parametrize(
    ("departs_on", "planned", "until"),
    [
        (dt.date(2024, 2, 9), dt.datetime(2024, 2, 12, 22, tzinfo=dt.UTC), dt.date(2024, 2, 14)),
        (dt.date(2024, 2, 9), None, dt.date(2024, 2, 10)),
        (None, None, dt.date(2024, 2, 13)),
    ],
)
def test_the_end_is_that_of_the_arranged_stay_or_the_nomination_or_the_mission(
    departs_on: dt.date | None,
    planned: dt.datetime | None,
    until: dt.date,
    accreditation: Accreditation,
    issuer: User,
    mission: Mission,
    at: dt.datetime,
) -> None:
    nomination = accreditation.application.nomination
    nomination.departs_on = departs_on
    nomination.save()
    if planned:
        Stay.objects.create(nomination=nomination, departs_at=planned)
    for code, day in (("sto_departure", 10), ("core_departure", 12), ("final_report", 20)):
        Milestone.objects.create(
            mission=mission,
            code=code,
            title=code,
            anchor="e_day",
            offset_days=3,
            local_time=dt.time(10),
            time_zone="Asia/Baku",
            planned_at=dt.datetime(2024, 2, day, 6, tzinfo=dt.UTC),
        )

    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)

    assert badge.content["valid"]["until"] == until.isoformat()


def test_a_badge_names_where_a_citizen_may_observe_and_a_joint_mission_by_its_name(
    accreditation: Accreditation, constituency: Constituency, issuer: User, mission: Mission, at: dt.datetime
) -> None:
    Application.objects.update(constituency=constituency)
    Mission.objects.update(organization=None, kind="joint")
    first = issue_badge(accreditation=accreditation, by=issuer, at=at)
    Application.objects.update(precinct_code="001-05")

    newer = reissue_badge(badge=first, reason=VoidReason.CHANGED, note="Precinct named.", by=issuer, at=at)

    assert (first.content["areas"], newer.content["areas"]) == (["CONEC1"], ["00105"])
    assert newer.content["organization"] == {"code": "ODIHR", "name": "ODIHR mission"}


@pytest.mark.parametrize(
    ("surname", "zone", "latin", "local"),
    [
        ("Əliyev", None, "ƏLİYEV ANNA", ""),
        ("Алиев", None, "ALIEV ANNA", "Алиев Anna"),
        ("ბერიძე", passport_zone(surname="Beridze", given_names="Nino Maria"), "BERIDZE NINO MARIA", "ბერიძე Anna"),
    ],
)
def test_the_latin_name_is_as_written_transliterated_or_from_the_passport(
    surname: str, zone: str | None, latin: str, local: str, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    observer = accreditation.observer
    observer.surname = surname
    observer.mrz = zone
    observer.save()

    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)

    assert badge.content["name"] == {"latin": latin, "local": local}


def test_a_name_without_latin_form_waits_for_the_passport(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    Observer.objects.update(surname="ბერიძე")

    with pytest.raises(NoLatinNameError):
        issue_badge(accreditation=accreditation, by=issuer, at=at)
