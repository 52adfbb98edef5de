"""Recommendations that are written and ranked at the same moment, on real connections."""

from functools import partial

import pytest

from missions.models import Mission
from missions.reports.models import Report
from missions.reports.recommendations.errors import RanksIncompleteError, RecommendationNumberTakenError
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.services.writing import Advice, rank_recommendations, write_recommendation
from missions.reports.recommendations.states import Addressee
from missions.reports.states import ReportState
from tests.missions.reports.conftest import EARLIER, MakeReport
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)


def _advice(number: int | None = None) -> Advice:
    return Advice(number, {"en": "Publish results"}, Addressee.COMMISSION)


def _numbers(report: Report) -> list[int]:
    return list(Recommendation.objects.filter(report=report).order_by("number").values_list("number", flat=True))


def test_who_writes_at_once_gets_the_next_number_each(make_report: MakeReport, mission: Mission) -> None:
    report = make_report(mission, ReportState.DRAFT, languages=())

    results = race([partial(write_recommendation, report=report, advice=_advice(), by=None, at=EARLIER)] * 6)

    assert (errors_of(results), _numbers(report)) == ([], [1, 2, 3, 4, 5, 6])


def test_a_number_that_two_ask_for_is_given_once(make_report: MakeReport, mission: Mission) -> None:
    for _round in range(ROUNDS):
        report = make_report(mission, ReportState.DRAFT, languages=())

        results = race([partial(write_recommendation, report=report, advice=_advice(4), by=None, at=EARLIER)] * 2)

        assert (errors_of(results), _numbers(report)) == ([RecommendationNumberTakenError], [4])


def test_orders_do_not_mix(make_report: MakeReport, mission: Mission) -> None:
    report = make_report(mission, ReportState.DRAFT, languages=())
    made = [write_recommendation(report=report, advice=_advice(), by=None, at=EARLIER).pk for _turn in range(3)]
    orders = [made, made[::-1], [*made[1:], made[0]]]

    results = race([partial(rank_recommendations, report=report, order=order, by=None, at=EARLIER) for order in orders])

    assert (errors_of(results), _numbers(report)) == ([], [1, 2, 3])
    assert list(Recommendation.objects.order_by("number").values_list("pk", flat=True)) in orders
    with pytest.raises(RanksIncompleteError):
        rank_recommendations(report=report, order=made[:2], by=None, at=EARLIER)
