"""What others said: kept as they said it, withdrawn with a reason, and never changing ours."""

import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.models import Election
from missions.reports.figures.errors import ClaimEmptyError, ClaimReasonMissingError, ClaimWithdrawnError
from missions.reports.figures.models import FigureClaim
from missions.reports.figures.services.claims import Said, record_claim, withdraw_claim
from tests.missions.reports.figures.conftest import AS_OF, AT

pytestmark = pytest.mark.django_db
SAID = Said(source="A paper", said_on=dt.date(2024, 2, 6), as_of=AS_OF, text="From 88 countries", countries=88)


def test_a_claim_is_kept_as_it_was_said(election: Election) -> None:
    claim = record_claim(election=election, said=SAID, by=None, at=AT)

    claim.refresh_from_db()
    assert (claim.source, claim.text, claim.said_on) == ("A paper", "From 88 countries", dt.date(2024, 2, 6))
    assert (claim.observers, claim.organizations, claim.countries) == (None, None, 88)
    assert Event.objects.get().verb == "figure_claim_recorded"


def test_zero_is_a_number_and_nothing_is_none(election: Election) -> None:
    nothing = Said(source="A paper", said_on=dt.date(2024, 2, 6), as_of=AS_OF, text="Some came")
    zero = Said(source="A paper", said_on=dt.date(2024, 2, 6), as_of=AS_OF, text="Nobody came", observers=0)

    with pytest.raises(ClaimEmptyError):
        record_claim(election=election, said=nothing, by=None, at=AT)

    assert record_claim(election=election, said=zero, by=None, at=AT).observers == 0
    assert FigureClaim.objects.count() == 1


def test_withdrawn_once_and_with_a_reason(election: Election) -> None:
    claim = record_claim(election=election, said=SAID, by=None, at=AT)
    with pytest.raises(ClaimReasonMissingError):
        withdraw_claim(claim=claim, reason=" ", by=None, at=AT)

    gone = withdraw_claim(claim=claim, reason=" Misread ", by=None, at=AT)

    assert (gone.withdrawn_at, gone.withdrawal_reason, gone.countries) == (AT, "Misread", 88)
    with pytest.raises(ClaimWithdrawnError):
        withdraw_claim(claim=claim, reason="Again", by=None, at=AT)
    assert Event.objects.filter(verb="figure_claim_withdrawn").count() == 1
