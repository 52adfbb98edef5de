import dataclasses
import datetime as dt

import pytest

from config.reference.chance import Chance
from config.reference.manifest import read_manifest
from config.reference.places import Place, plan_places
from config.reference.senders import STO, Sender, read_senders


def plan(stations_abroad: list[str], senders: tuple[Sender, ...] | None = None) -> tuple[Place, ...]:
    data = read_senders()
    return plan_places(
        data.senders if senders is None else senders,
        stations_abroad,
        calendar=data.calendar,
        manifest=read_manifest(),
        chance=Chance(1, "places"),
    )


def test_everybody_has_a_day_within_the_weeks_of_the_desk() -> None:
    places = plan([])

    assert len(places) == 790
    assert min(place.documents_on for place in places) >= dt.date(2024, 1, 3)
    assert max(place.documents_on for place in places) <= dt.date(2024, 1, 28)


def test_residents_are_two_observers_of_one_pooled_mission() -> None:
    first, second = [place for place in plan(["KEN"]) if place.residence]

    assert first.sender == second.sender
    assert first.sender.is_pooled
    assert (first.seat.role, second.seat.role) == (STO, STO)
    assert len({first.seat.nationality, second.seat.nationality, "KEN"}) == 3


def test_a_pool_that_is_too_small_says_so() -> None:
    with pytest.raises(ValueError, match="nobody is left to live in FRA"):
        plan(["FRA"] * 100)


def test_heads_of_delegations_come_late_unless_the_data_says_otherwise() -> None:
    senders = {sender.code: sender for sender in read_senders().senders}
    days = {(place.sender.code, place.order): place.documents_on for place in plan([])}

    assert days["ODIHR", 1] < dt.date(2024, 1, 6)
    assert days["NS-RS", 1] > dt.date(2024, 1, 12)
    assert not senders["NS-RS"].heads_early


def test_another_seed_moves_days_and_not_the_figures() -> None:
    data = read_senders()
    one, other = (
        plan_places(data.senders, [], calendar=data.calendar, manifest=read_manifest(), chance=Chance(seed, "places"))
        for seed in (1, 2)
    )

    assert [place.documents_on for place in one] != [place.documents_on for place in other]
    assert [dataclasses.replace(place, documents_on=dt.date.min) for place in one] == [
        dataclasses.replace(place, documents_on=dt.date.min) for place in other
    ]
