"""Forms that are sent twice make one thing, and lead to it both times."""

import datetime as dt
import re

import pytest
from django.test import Client

from missions.kernel import clock
from missions.kernel.models import IdempotencyKey
from missions.models import Election
from missions.reports.figures.admin.claims import FigureClaimAdmin
from missions.reports.figures.models import FigureClaim
from tests.racing import race
from tests.staff import browser_of, in_role

ADD = "/admin/figures/figureclaim/add/"
TOKEN = "0123456789abcdef" * 2


@pytest.fixture
def desk(db: None, at: dt.datetime) -> Client:
    clock.set_to(at)
    return browser_of(in_role("registrar"))


def _answers(election: Election, token: str | None = TOKEN, **changes: str) -> dict[str, object]:
    said = {"source": "A paper", "said_on": "2024-01-06", "text": "Fifteen came", "observers": "15"}
    told = {"election": election.pk, **said, **changes}
    return told if token is None else {**told, "form_token": token}


def test_the_page_has_a_token_and_each_page_another(desk: Client) -> None:
    pages = [desk.get(ADD).content.decode() for _turn in range(2)]

    tokens = [re.findall(r'name="form_token" value="([0-9a-f]{32})"', page) for page in pages]
    assert [len(found) for found in tokens] == [1, 1]
    assert tokens[0] != tokens[1]


def test_sent_twice_it_makes_one_row_and_leads_to_it(desk: Client, election: Election) -> None:
    first, again = (desk.post(ADD, _answers(election)) for _turn in range(2))

    row = FigureClaim.objects.get()
    assert [answer.status_code for answer in (first, again)] == [302, 302]
    assert first["Location"] == again["Location"]
    assert f"/{row.pk}/" in first["Location"]
    assert "This form was sent already." in desk.get(again["Location"]).content.decode()


def test_without_the_token_there_would_be_two(desk: Client, election: Election) -> None:
    """The negative control."""
    for _turn in range(2):
        desk.post(ADD, _answers(election, token=None))

    assert FigureClaim.objects.count() == 2


def test_other_answers_and_other_people_make_another(desk: Client, election: Election) -> None:
    desk.post(ADD, _answers(election))
    desk.post(ADD, _answers(election, source="Another"))
    browser_of(in_role("registrar", "second@desk.example")).post(ADD, _answers(election))

    assert sorted(FigureClaim.objects.values_list("source", flat=True)) == ["A paper", "A paper", "Another"]


def test_what_was_refused_may_be_mended_and_sent_again(
    desk: Client, election: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = desk.post(ADD, _answers(election, source=""))
    with monkeypatch.context() as patch:
        patch.setattr(FigureClaimAdmin, "add", lambda *_asked: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.post(ADD, _answers(election))
    done = desk.post(ADD, _answers(election))

    assert (refused.status_code, done.status_code, FigureClaim.objects.count()) == (422, 302, 1)
    assert f'value="{TOKEN}"' in refused.content.decode()


def test_while_the_first_is_at_work_the_second_leads_to_the_list(desk: Client, election: Election) -> None:
    desk.post(ADD, _answers(election))
    IdempotencyKey.objects.update(headers={})

    again = desk.post(ADD, _answers(election))

    assert (again["Location"], FigureClaim.objects.count()) == (ADD.removesuffix("add/"), 1)


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_make_one_row(desk: Client, election: Election) -> None:
    cookies = desk.cookies

    def click() -> int:
        browser = Client()
        browser.cookies = cookies
        return browser.post(ADD, _answers(election)).status_code

    assert race([click] * 10) == [302] * 10
    assert FigureClaim.objects.count() == 1
