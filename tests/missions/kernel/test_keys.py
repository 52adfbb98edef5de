"""Idempotency keys end after two days, and not before."""

import datetime as dt

import pytest

from missions.kernel import keys
from missions.kernel.keys import KEPT_FOR, forget_old_keys
from missions.kernel.models import IdempotencyKey

SECOND = dt.timedelta(seconds=1)


def _keep(key: str, created_at: dt.datetime) -> None:
    IdempotencyKey.objects.create(principal="user:1", key=key, fingerprint="0" * 64, created_at=created_at)


@pytest.mark.django_db
def test_a_key_is_kept_for_two_days(at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_BATCH", 2)
    for number in range(5):
        _keep(f"old {number}", at - KEPT_FOR - SECOND)
    _keep("just kept", at - KEPT_FOR)
    _keep("new", at)

    assert [forget_old_keys(at=at), forget_old_keys(at=at)] == [5, 0]
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"just kept", "new"}
