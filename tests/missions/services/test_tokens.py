"""Issuing and revoking tokens, with their history."""

import datetime as dt

import pytest
from django.utils import timezone

from missions.errors import TokenNameTakenError, TokenTermsError
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.models import ApiToken, TokenScope, User
from missions.services.tokens import IssuedToken, issue_token, revoke_token

DAY = dt.timedelta(days=1)


def issue(user: User, at: dt.datetime, *, name: str = "laptop", lifetime: dt.timedelta = DAY) -> IssuedToken:
    return issue_token(user=user, name=name, scope=TokenScope.READ, lifetime=lifetime, by=user, at=at)


@pytest.mark.django_db
def test_a_token_is_kept_as_a_digest_and_lives_in_real_time(lead: User, at: dt.datetime) -> None:
    before = timezone.now()

    issued = issue(lead, at)

    token = ApiToken.objects.get()
    assert issued.secret.startswith("odk_")
    assert len(issued.secret) == 68
    assert issued.secret not in "".join(str(value) for value in ApiToken.objects.values_list().get())
    assert issued.secret not in repr(issued)
    assert (token.user, token.name, token.scope, token.last_used_at) == (lead, "laptop", "read", None)
    assert before + DAY <= token.expiry <= timezone.now() + DAY


@pytest.mark.django_db
def test_issuing_and_revoking_are_in_the_history_of_the_user(lead: User, reviewer: User, at: dt.datetime) -> None:
    issued = issue(lead, at)
    revoke_token(token=issued.token, by=reviewer, at=at + DAY)

    start = issued.secret[:15]
    assert list(Event.objects.of(lead).values_list("verb", "actor", "at", "reason")) == [
        ("token_issued", lead.pk, at, f"laptop ({start}…) (read)"),
        ("token_revoked", reviewer.pk, at + DAY, f"laptop ({start}…)"),
    ]
    assert ApiToken.objects.count() == 0


@pytest.mark.django_db
def test_a_name_is_used_once_per_user(lead: User, other_lead: User, at: dt.datetime) -> None:
    issue(lead, at)
    issue(other_lead, at)

    with pytest.raises(TokenNameTakenError):
        issue(lead, at)

    assert ApiToken.objects.filter(user=lead).count() == 1
    assert Event.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "lifetime"),
    [
        ("", DAY),
        ("  ", DAY),
        ("x" * 101, DAY),
        ("lap\u202etop", DAY),
        ("lap\ntop", DAY),
        ("laptop", dt.timedelta(0)),
        ("laptop", -DAY),
    ],
)
def test_impossible_terms_are_refused(lead: User, at: dt.datetime, name: str, lifetime: dt.timedelta) -> None:
    with pytest.raises(TokenTermsError):
        issue(lead, at, name=name, lifetime=lifetime)

    assert (ApiToken.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_somebody_who_is_no_longer_active_gets_no_token(lead: User, at: dt.datetime) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)

    with pytest.raises(TokenTermsError):
        issue(lead, at)


@pytest.mark.django_db
def test_a_token_is_revoked_once(lead: User, at: dt.datetime) -> None:
    issued = issue(lead, at)
    stale = ApiToken.objects.get()
    revoke_token(token=issued.token, by=lead, at=at)

    with pytest.raises(MissingError):
        revoke_token(token=stale, by=lead, at=at)

    assert Event.objects.filter(verb="token_revoked").count() == 1
