import pytest
from django.db import connection

from config.database import LIMITS, Limits, limited

URL = {"ENGINE": "django.db.backends.postgresql", "NAME": "desk", "OPTIONS": {"sslmode": "require"}}


def test_a_web_server_waits_five_seconds_for_a_statement_and_three_for_a_lock() -> None:
    made = limited(URL, role="web", limits=LIMITS["web"])

    assert made["OPTIONS"] == {
        "sslmode": "require",
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,
        "application_name": "observer-desk web",
        "options": "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000",
    }
    assert (made["CONN_MAX_AGE"], made["CONN_HEALTH_CHECKS"]) == (60, True)


def test_what_the_address_says_counts_more() -> None:
    given = {**URL, "CONN_MAX_AGE": 0, "OPTIONS": {"connect_timeout": 9, "options": "-c statement_timeout=1"}}

    made = limited(given, role="web", limits=Limits(statement=5, lock=3))

    assert made["CONN_MAX_AGE"] == 0
    assert made["OPTIONS"]["connect_timeout"] == 9
    assert made["OPTIONS"]["options"].endswith("-c idle_in_transaction_session_timeout=30000 -c statement_timeout=1")


def test_jobs_may_take_a_minute_and_commands_as_long_as_they_need() -> None:
    assert (LIMITS["worker"].statement, LIMITS["command"].statement) == (60, 0)
    assert set(LIMITS) == {"web", "worker", "signer", "beat", "command"}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "sqlite", reason="its limits are PostgreSQL's own")
def test_the_server_is_told_the_limits_when_a_connection_begins() -> None:
    own = connection.settings_dict
    options = {name: value for name, value in own["OPTIONS"].items() if name != "options"}
    bounded = connection.copy()
    bounded.settings_dict = limited({**own, "OPTIONS": options}, role="web", limits=LIMITS["web"])
    told = []
    try:
        with bounded.cursor() as cursor:
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                cursor.execute(f"SHOW {name}")
                told += cursor.fetchone()
    finally:
        bounded.close()

    assert told == ["5s", "3s", "30s"]
