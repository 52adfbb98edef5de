"""A process that has loaded the product and forks a child for each order, so that a test may kill twenty of them.

Orders are lines of JSON on standard input: `{"act": ..., **Order}`. Answers are lines too: the child's exit code, or
minus the signal that killed it, for what ends by itself; the child's id for what runs on ("worker", "beat").
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.db import connections  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from config.celery import app  # noqa: E402
from config.jobs import run_due  # noqa: E402
from missions.kernel import clock  # noqa: E402
from missions.kernel.providers import providers_of  # noqa: E402
from missions.reminders.models import Message  # noqa: E402
from missions.reminders.services import outbox  # noqa: E402
from missions.reminders.services.delivery import deliver_due  # noqa: E402
from missions.reminders.services.planning import plan_reminders  # noqa: E402
from tests.faults.taking import take_in  # noqa: E402

#: What the tests of faults ring for, far more often than the product does.
RINGS = ("reminders.plan_due", "reminders.deliver_due")
EVERY_SECONDS = 0.25
Order = Mapping[str, Any]


def send(order: Order) -> None:
    deliver_due(at=clock.now(), limit=order.get("limit", 1_000))


def plan(order: Order) -> None:
    plan_reminders(at=clock.now())


def sweep(order: Order) -> None:
    run_due(at=clock.now())


def worker(order: Order) -> None:
    app.Worker(pool="solo", without_gossip=True, without_mingle=True, without_heartbeat=True).start()


def beat(order: Order) -> None:
    every = timedelta(seconds=order.get("every", EVERY_SECONDS))
    app.conf.beat_schedule = {name: {"task": name, "schedule": every} for name in order.get("rings", RINGS)}
    app.Beat(pidfile=None, quiet=True).run()


ACTS: Mapping[str, Callable[[Order], None]] = {
    "send": send,
    "plan": plan,
    "sweep": sweep,
    "take_in": take_in,
    "worker": worker,
    "beat": beat,
}
RUNS_ON = frozenset({"worker", "beat"})


def mark_before_sending() -> None:
    """The classical mistake: the row says sent, then the mail is handed over."""
    begin = outbox.begin

    def begin_and_mark(*args: Any, **kwargs: Any) -> Message | None:
        message = begin(*args, **kwargs)
        if message is not None:
            Message.objects.filter(pk=message.pk).update(state="sent", sent_at=clock.now())
        return message

    outbox.begin = begin_and_mark


def count_after_the_work() -> None:
    """Another one: an attempt is counted when it is over, so that those that kill their sender never are."""
    begin = outbox.begin

    def begin_uncounted(*args: Any, **kwargs: Any) -> Message | None:
        message = begin(*args, **kwargs)
        Message.objects.filter(pk=args[0].message_id).update(unanswered=0)
        return message

    outbox.begin = begin_uncounted


def ask_the_own_clock() -> None:
    """And another: instants come from the process, not from the database."""
    true_now = clock.now
    clock.now = lambda: true_now() + timedelta(seconds=_SKEW["seconds"])


SABOTAGES: Mapping[str, Callable[[], None]] = {
    "mark before sending": mark_before_sending,
    "count after the work": count_after_the_work,
    "ask the own clock": ask_the_own_clock,
}
_SKEW = {"seconds": 0.0}


def skew(seconds: float) -> None:
    """Let the process's own clock go wrong by so many seconds."""
    _SKEW["seconds"] = seconds
    true_time, true_now = time.time, timezone.now
    time.time = lambda: true_time() + seconds
    timezone.now = lambda: true_now() + timedelta(seconds=seconds)


def prepare(order: Order) -> None:
    for name, value in order.get("settings", {}).items():
        setattr(settings, name, value)
    providers_of.cache_clear()
    app.conf.update(broker_url=settings.CELERY_BROKER_URL)
    if order.get("sabotage"):
        SABOTAGES[order["sabotage"]]()
    if order.get("skew"):
        skew(order["skew"])


def in_child(order: Order, *, is_sound: bool) -> None:
    """Do the act and end the process, whatever comes. A fault strikes the first of several copies."""
    with open(order["log"], "ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    code = 1
    try:
        prepare(order)
        if is_sound:
            settings.FAILPOINT = ""
        ACTS[order["act"]](order)
        code = 0
    finally:
        connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the test's own process decides
    reverse("account:mails")  # loads all addresses, so that no child has to
    children: list[int] = []
    print("ready", flush=True)  # noqa: T201 - an answer
    for line in sys.stdin:
        order = json.loads(line)
        pids = []
        for copy in range(order.get("copies", 1)):
            pid = os.fork()
            if pid == 0:
                in_child(order, is_sound=copy > 0)
            pids.append(pid)
        if order["act"] in RUNS_ON:
            children += pids
            print(json.dumps(pids), flush=True)  # noqa: T201 - the answer
        else:
            ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
            print(json.dumps(ends), flush=True)  # noqa: T201 - the answer
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
