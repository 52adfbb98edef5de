"""Minute after minute of every load together, and what is there in the end."""

import datetime as dt
import itertools
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import connection

from accreditation.models import Document, Nomination
from missions.accounts.services.credentials import make_token
from missions.kernel import clock
from missions.models import TokenScope, User
from missions.reminders.models import Message
from missions.reminders.states import MessageState
from stations.deployment.presence.models import PresenceReport
from tests.benchmarks import load_calls as calls
from tests.benchmarks import load_scenarios as full
from tests.benchmarks.doors_load import Answer, percentile
from tests.benchmarks.load_crowd import Crowd, Stream
from tests.benchmarks.load_instance import World
from tests.benchmarks.load_table import Target, tally
from tests.benchmarks.results import Line

READINGS_PER_S = 20
#: Told by mail in each round: their token is new.
MAILS = 20


class Soak:
    """The loads at a part of their pace, and what has come of them so far."""

    def __init__(self, world: World, photos: Sequence[Path], *, pace: float) -> None:
        self._world, self._photos, self._pace = world, list(photos), pace
        self._numbers, self._turns, self._mails = itertools.count(1), itertools.count(), 0
        self._taken: dict[str, set[str]] = {"creates": set(), "photos": set(), "reports": set()}
        self._found: Counter[str] = Counter({"offered": 0, "lost": 0, "double": 0, "broken": 0, "unanswered": 0})

    def go_on(self, crowd: Crowd, *, seconds: int) -> str:
        """All loads for so many seconds; one line about them."""
        self._post_mails()
        answers = crowd.ask(*self._streams(seconds))
        stored: Mapping[str, Counter[str]] = {
            "creates": full.stored_people(),
            "photos": full.stored_photos(),
            "reports": full.stored_reports(),
        }
        for name, some in answers.items():
            self._judge(name, some, stored.get(name))
        return ", ".join(f"{name} p95 {percentile(some, 95):,.0f} ms" for name, some in answers.items())

    def lines(self, *, within_s: float) -> list[Line]:
        """What was found; mails get so long to go out."""
        people, reports = self._taken["creates"], self._taken["reports"]
        rows = Nomination.objects.filter(reference__startswith="load-").count()
        photos = Document.objects.exclude(file=None).count()
        found = [(what, f"{self._found[what]:,}", "exactly 0", not self._found[what]) for what in
                 ("lost", "double", "broken")]  # fmt: skip
        # Who got no answer may be there or not, and asks again.
        open_ends = self._found["unanswered"]
        return [
            ("requests", f"{self._found['offered']:,}, {open_ends:,} not answered or told to come again", "", True),
            *found,
            _rows("people", rows, len(people), open_ends),
            _rows("presence reports", PresenceReport.objects.count(), len(reports), open_ends),
            _rows("photos", photos, len(self._taken["photos"]), open_ends),
            self._outbox(within_s),
        ]

    def _streams(self, seconds: int) -> list[Stream]:
        world, senders = self._world, self._world.senders
        paces = {
            "creates": full.CREATES_PER_S,
            "photos": full.PHOTOS_PER_S,
            "reports": full.REPORTS_PER_S,
            "pages": full.PAGES_PER_S,
            "readings": READINGS_PER_S,
        }
        per_s = {name: pace * self._pace for name, pace in paces.items()}
        count = {name: max(int(pace * seconds), 1) for name, pace in per_s.items()}
        turn = next(self._turns)
        waiting = world.without_photo
        of_photos = [waiting[(turn * count["photos"] + n) % len(waiting)] for n in range(count["photos"])]
        files = self._photos[turn % len(self._photos) :] + self._photos[: turn % len(self._photos)]
        made = {
            "creates": calls.creates(senders, count["creates"], numbers=self._numbers),
            "photos": calls.photos(of_photos, files),
            "reports": calls.reports(world, senders, count["reports"]),
            "pages": calls.pages(world, senders, count["pages"]),
            "readings": calls.readings(senders[turn % len(senders)], count["readings"]),
        }
        return [Stream(name, made[name], per_s[name]) for name in made]

    def _judge(self, name: str, answers: Sequence[Answer], stored: Counter[str] | None) -> None:
        one = tally(name, answers, Target(), stored=stored)
        again = one.errors[0] + one.errors[503]
        self._found += Counter(
            offered=len(answers),
            lost=one.lost,
            double=one.double,
            broken=one.errors.total() - again + one.told(422),
            unanswered=again,
        )
        if name in self._taken:
            self._taken[name] |= {answer.call.name for answer in answers if 200 <= answer.status < 300}

    def _post_mails(self) -> None:
        now = clock.now()
        for user in User.objects.filter(is_staff=False).order_by("pk")[:MAILS]:
            self._mails += 1
            make_token(
                user=user,
                name=f"soak {self._mails}",
                scope=TokenScope.READ,
                lifetime=dt.timedelta(days=1),
                by=None,
                at=now,
            )

    def _outbox(self, within_s: float) -> Line:
        """The worker sends what the beat rings for."""
        end = time.monotonic() + within_s
        left = Message.objects.exclude(state=MessageState.SENT)
        while left.exists() and time.monotonic() < end:
            time.sleep(1)
        sent, stuck = Message.objects.filter(state=MessageState.SENT).count(), left.count()
        return "mails that have not gone out", f"{stuck} of {sent + stuck}", "0 of any", stuck == 0 and sent > 0


def connection_lines(*, web: int, others: int) -> list[Line]:
    """What PostgreSQL knows of the processes: no more connections than they may hold, none left in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%%' AND "
            "now() - state_change > interval '5 seconds') FROM pg_stat_activity "
            "WHERE application_name LIKE 'observer-desk %%' AND pid <> pg_backend_pid() GROUP BY 1",
            [],
        )
        rows: list[tuple[str, int, int]] = cursor.fetchall()
    of_web = sum(count for name, count, _idle in rows if name == "observer-desk web")
    rest = sum(count for name, count, _idle in rows if name not in {"observer-desk web", "observer-desk command"})
    idle = sum(idle for _name, _count, idle in rows)
    return [
        ("connections of the web server", f"{of_web}", f"1 to {web}", 0 < of_web <= web),
        # A worker gives its connection back after each job.
        ("connections of worker and beat", f"{rest}", f"0 to {others}", rest <= others),
        ("connections left in a transaction", f"{idle}", "exactly 0", idle == 0),
    ]


def _rows(what: str, found: int, taken: int, open_ends: int) -> Line:
    wanted = f"exactly {taken:,}" if not open_ends else f"{taken:,} to {taken + open_ends:,}"
    return f"rows: {what}", f"{found:,}", wanted, taken <= found <= taken + open_ends
