"""What happens to the installation under load, one thing after the other, and what is held against its rows."""

import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import F

from accreditation.intake.models import NominationImport
from accreditation.intake.states import ImportState
from accreditation.models import Document, Nomination
from accreditation.states import DocumentKind
from missions.models import Mission
from stations.deployment.presence.models import PresenceReport
from tests.benchmarks import load_calls as calls
from tests.benchmarks.doors_load import Answer, percentile
from tests.benchmarks.load_crowd import Crowd, Stream
from tests.benchmarks.load_instance import Sender, World
from tests.benchmarks.load_table import SENT_AWAY, Tally, Target, tally
from tests.benchmarks.results import Line

CREATES_PER_S, CREATES_TARGET = 20, Target(p95=400)
PHOTOS_PER_S, PHOTOS_TARGET = 10, Target(p95=400)
REPORTS_PER_S, REPORTS_TARGET = 50, Target(p95=300, p99=1000)
PAGES_PER_S, PAGES_TARGET = 5, Target(p95=500)
DEADLINE_MISSIONS = 20
#: So much of what is offered to each mission on the last day has a place.
PLACES = 0.9
FILES, FILE_ROWS = 30, 1_000
FILE_READ_S, FILE_DELAY_S = 30, 60
WARM_UP_S = 10
LOUD, OTHERS, OTHERS_PER_S = 7, 6, 3
_LONGEST_S = 1_800


@dataclass(slots=True)
class Load:
    """The crowd before the installation, and everything found so far."""

    world: World
    crowd: Crowd
    folder: Path
    seconds: int
    photos: Sequence[Path]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    tallies: list[Tally] = field(default_factory=list)
    #: What has to be so on every machine, and what is marked only.
    exact: list[Line] = field(default_factory=list)
    marks: list[Line] = field(default_factory=list)

    def warm_up(self) -> None:
        """Both web processes load what they need, and do each thing at its pace: all their threads hold one at once."""
        senders, waiting = self.world.senders[-8:], self.world.without_photo[: PHOTOS_PER_S * WARM_UP_S]
        people = calls.creates(senders, CREATES_PER_S * WARM_UP_S, numbers=self.numbers)
        self.crowd.ask(
            Stream("creates", people, CREATES_PER_S),
            Stream("photos", calls.photos(waiting, self.photos), PHOTOS_PER_S),
        )
        reports = calls.reports(self.world, senders, REPORTS_PER_S * WARM_UP_S)
        self.crowd.ask(Stream("reports", reports, REPORTS_PER_S))
        pages = calls.pages(self.world, senders, PAGES_PER_S * WARM_UP_S)
        self.crowd.ask(Stream("pages", pages, PAGES_PER_S), *_reading_streams(senders, WARM_UP_S))

    def deadline_day(self) -> None:
        """Twenty missions send their last people, and photos, until their places are gone and then some."""
        senders = self.world.senders[:DEADLINE_MISSIONS]
        offered = CREATES_PER_S * self.seconds // DEADLINE_MISSIONS
        places = int(PLACES * offered)
        missions = Mission.objects.filter(pk__in=[sender.mission.pk for sender in senders])
        missions.update(ceiling=F("places_taken") + places)
        waiting = self.world.without_photo[-PHOTOS_PER_S * self.seconds :]
        answers = self.crowd.ask(
            Stream("creates", calls.creates(senders, offered * len(senders), numbers=self.numbers), CREATES_PER_S),
            Stream("photos", calls.photos(waiting, self.photos), PHOTOS_PER_S),
        )
        self.tallies += [
            tally(f"creates, {CREATES_PER_S}/s", answers["creates"], CREATES_TARGET, stored=stored_people()),
            tally(f"photos of 2 MB, {PHOTOS_PER_S}/s", answers["photos"], PHOTOS_TARGET, stored=stored_photos()),
        ]
        taken = sum(missions.values_list("places_taken", flat=True))
        rows = Nomination.objects.filter(mission__in=missions, reference__startswith="load-").count()
        self.exact += [
            _exact("places taken on the last day", taken, places * len(senders)),
            _exact("people who hold them", rows, places * len(senders)),
        ]
        missions.update(ceiling=None)

    def imports(self) -> None:
        """Many leads send a file at once, the first of them a broken one; others have pages open meanwhile."""
        count = max(4, math.ceil(FILES * self.seconds / 60))
        senders = self.world.senders[:count]
        began, known = time.perf_counter(), Nomination.objects.count()
        uploads = [calls.upload(sender, self._file(n)) for n, sender in enumerate(senders)]
        uploads.insert(0, calls.upload(self.world.senders[-1], self._file(count, is_sound=False)))
        sent = self.crowd.ask(Stream("uploads", uploads, 5))["uploads"]
        open_pages = self._pages_until(lambda: not _waiting(ImportState.RECEIVED))
        keys = {row.mission_id: row.pk for row in NominationImport.objects.filter(state=ImportState.STAGED)}
        commits = [calls.commit(sender, keys[sender.mission.pk]) for sender in senders if sender.mission.pk in keys]
        sent += self.crowd.ask(Stream("commits", commits, 5))["commits"]
        open_pages += self._pages_until(lambda: not _waiting(ImportState.COMMITTING))
        self.tallies += [
            tally(f"{count} files and their commits", sent, Target()),
            tally(f"pages meanwhile, {PAGES_PER_S}/s", open_pages, PAGES_TARGET),
        ]
        self._judge_files(count, known, seconds=time.perf_counter() - began)

    def loud_lead(self) -> None:
        """One lead asks at seven times the pace of the others, who must not feel it."""
        loud, *others = self.world.senders[: OTHERS + 1]
        alone = self._readings(others)
        together = self.crowd.ask(
            Stream("loud", calls.readings(loud, LOUD * OTHERS_PER_S * self.seconds), LOUD * OTHERS_PER_S),
            *_reading_streams(others, self.seconds),
        )
        noisy, beside = together["loud"], [each for name, some in together.items() if name != "loud" for each in some]
        least = max(percentile(alone, 95) * 1.5, 50)
        self.tallies += [
            tally(f"{OTHERS} leads who read, {OTHERS_PER_S}/s each", alone, Target()),
            tally("the same beside a loud one", beside, Target(p95=least)),
            tally(f"the loud one, {LOUD * OTHERS_PER_S}/s", noisy, Target()),
        ]
        away = [answer for answer in noisy if answer.status == SENT_AWAY]
        told = sum(answer.retry_after >= 1 for answer in away)
        others_away = sum(answer.status == SENT_AWAY for answer in [*alone, *beside])
        self.exact += [
            ("the loud one is sent away", f"{len(away):,} times", "at least once", bool(away)),
            _exact("and told when to come back", told, len(away)),
            _exact("others sent away", others_away, 0),
        ]

    def election_day(self) -> None:
        """Teams report where they are; one report in twenty comes twice."""
        sent = calls.reports(self.world, self.world.senders, REPORTS_PER_S * self.seconds)
        answers = self.crowd.ask(Stream("reports", sent, REPORTS_PER_S))["reports"]
        self.tallies.append(
            tally(f"presence reports, {REPORTS_PER_S}/s", answers, REPORTS_TARGET, stored=stored_reports())
        )
        taken = {answer.call.name for answer in answers if 200 <= answer.status < 300}
        stored = PresenceReport.objects.filter(nonce__in={call.name for call in sent}).count()
        first = sum(answer.status == 201 for answer in answers)
        self.exact += [
            _exact("their rows", stored, len(taken)),
            _exact("answers that said it was new", first, len(taken)),
        ]

    def _file(self, number: int, *, is_sound: bool = True) -> Path:
        path = self.folder / f"people-{number}.csv"
        calls.write_nomination_file(path, FILE_ROWS, numbers=self.numbers)
        if not is_sound:
            calls.spoil(path)
        return path

    def _pages_until(self, is_over: Callable[[], bool]) -> list[Answer]:
        """Pages are opened, a few seconds at a time, until it is so. Raises TimeoutError."""
        answers: list[Answer] = []
        end = time.monotonic() + _LONGEST_S
        while not is_over() or not answers:
            if time.monotonic() > end:
                raise TimeoutError("files wait for ever")
            asked = calls.pages(self.world, self.world.senders, 3 * PAGES_PER_S)
            answers += self.crowd.ask(Stream("pages", asked, PAGES_PER_S))["pages"]
        return answers

    def _judge_files(self, count: int, known: int, *, seconds: float) -> None:
        files = NominationImport.objects.filter(file_name__startswith="people-")
        read = [row.staged_at - row.uploaded_at for row in files if row.staged_at is not None]
        first, last = (row.total_seconds() for row in (min(read), max(read)))
        whole = f"{count * FILE_ROWS / seconds:,.0f} rows/s"
        each = last / count
        self.marks += [
            (
                "first sound file read after the broken one",
                f"{first:.1f} s",
                f"{FILE_DELAY_S} s",
                first <= FILE_DELAY_S,
            ),
            (
                f"last of {count} files read",
                f"{last:.0f} s, {each:.1f} s each",
                f"{FILE_READ_S} s each",
                each <= FILE_READ_S,
            ),
            ("sent, read, committed and taken in", f"{seconds:.0f} s, {whole}", "", True),
        ]
        self.exact += [
            _exact("people of the files", Nomination.objects.count() - known, count * FILE_ROWS),
            _exact("files taken in whole", files.filter(state=ImportState.COMMITTED).count(), count),
            _exact("files refused as unreadable", files.filter(state=ImportState.UNREADABLE).count(), 1),
        ]

    def _readings(self, senders: Sequence[Sender]) -> list[Answer]:
        answers = self.crowd.ask(*_reading_streams(senders, self.seconds))
        return [each for some in answers.values() for each in some]


def _reading_streams(senders: Sequence[Sender], seconds: int) -> list[Stream]:
    return [Stream(one.mission.code, calls.readings(one, OTHERS_PER_S * seconds), OTHERS_PER_S) for one in senders]


def stored_people() -> Counter[str]:
    """How often each person whom the crowd nominates is there."""
    return Counter(Nomination.objects.filter(reference__startswith="load-").values_list("reference", flat=True))


def stored_photos() -> Counter[str]:
    """How many photos each application has."""
    photos = Document.objects.filter(kind=DocumentKind.PHOTO).exclude(file=None)
    return Counter(str(key) for key in photos.values_list("application", flat=True))


def stored_reports() -> Counter[str]:
    """How often each report is there, by its nonce."""
    return Counter(PresenceReport.objects.values_list("nonce", flat=True))


def _waiting(state: ImportState) -> bool:
    return NominationImport.objects.filter(state=state).exists()


def _exact(what: str, found: int, expected: int) -> Line:
    return what, f"{found:,}", f"exactly {expected:,}", found == expected
