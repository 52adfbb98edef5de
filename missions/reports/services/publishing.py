"""The snapshot of the public pages: what everybody may read at one instant, as files. No embargoed byte is in it."""

import gzip
import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from django.template.loader import get_template

from missions.reports import selectors
from missions.reports.selectors import ElectionOnRecord, PublicFile, PublicReport
from missions.reports.snapshot import store
from missions.reports.snapshot.recording import Recorder
from missions.reports.snapshot.store import Entry, Manifest
from missions.reports.web import addresses, pages
from missions.reports.wording import PAGE_LANGUAGES, words_in

logger = logging.getLogger(__name__)

_TEMPLATES = ("base", "index", "election", "report", "recommendations", "lines", "advice", "filter")


def write_pages() -> int:
    """Make this machine's snapshot fresh; how many addresses it has, 0 if another process is at it just now.

    It counts until the next embargo ends, ten seconds at most. Only what says something new is made anew. Raises
    OSError, NotRecordedError, and what the database raises; then the snapshot stays as it was.
    """
    with store.sole_writer() as is_mine:
        return len(_write().entries) if is_mine else 0


def _write() -> Manifest:
    """The order is what makes it safe: first the epoch and the clocks, then what is public, then the pages.

    Whatever changes in between makes the snapshot void before it is there.
    """
    epoch, began = store.current_epoch(), time.monotonic()
    moment = selectors.publication_moment()
    left = moment.seconds_left
    fresh_until = began + (store.LIFE_SECONDS if left is None else min(store.LIFE_SECONDS, left))
    former = store.read_manifest()
    entries = _Making(former.entries if former else {}, is_simulated=moment.is_simulated).entries()
    ends_at = None if left is None else began + left
    manifest = Manifest(epoch, store.boot_name(), fresh_until, ends_at, entries)
    store.publish(manifest)
    return manifest


class _Making:
    """Makes one snapshot; what says the same as in the former one is taken over and not asked of Django again."""

    def __init__(self, former: Mapping[str, Entry], *, is_simulated: bool) -> None:
        self._former = former
        self._is_simulated = is_simulated
        self._recorder = Recorder()
        store.make_folders()

    def entries(self) -> dict[str, Entry]:
        """Every public address."""
        record, elections = selectors.public_record(), selectors.elections_on_record()
        latest, of_election = record[: pages.LATEST], defaultdict(list)
        for report in record:
            of_election[report.election_code].append(report)
        made = {addresses.FEED_PATH: self._page(addresses.FEED_PATH, latest)}
        for language in PAGE_LANGUAGES:
            path = addresses.index_path(language)
            made[path] = self._page(path, (latest, elections))
            for election in elections:
                path = addresses.election_path(election.code, language)
                made[path] = self._page(path, (election, of_election[election.code]))
                path, advised = addresses.recommendations_path(election.code, language), _advised(of_election, election)
                made[path] = self._page(path, (election.name, election.time_zone, advised))
            for report in record:
                path = addresses.report_path(report, language)
                made[path] = self._page(path, report)
        return made | {path: entry for report in record for path, entry in self._files(report)}

    def _page(self, path: str, facts: object) -> Entry:
        contents = self._name_of(facts)
        if (known := self._known(path, contents)) is not None:
            return known
        answer = self._recorder.record(path)
        name = store.page_name(answer.data)
        store.put(name, answer.data)
        store.put(f"{name}.gz", gzip.compress(answer.data, mtime=0))
        return Entry(contents, name, f"{name}.gz", answer.etag, answer.headers)

    def _files(self, report: PublicReport) -> Iterator[tuple[str, Entry]]:
        for file in report.files:
            path, contents = addresses.file_path(report, file.language), self._name_of(file)
            known = self._known(path, contents)
            yield path, known if known is not None else self._file(path, contents, file)

    def _file(self, path: str, contents: str, file: PublicFile) -> Entry:
        name = store.published_file_name(file.sha256)
        if not store.holds(name):
            store.put(name, selectors.read_public_file(file))
        answer = self._recorder.record(path, method="HEAD")
        return Entry(contents, name, "", answer.etag, answer.headers)

    def _known(self, path: str, contents: str) -> Entry | None:
        entry = self._former.get(path)
        return entry if entry is not None and entry.contents == contents and store.holds(entry.file) else None

    def _name_of(self, facts: object) -> str:
        """Facts are compared, and not versions: the name of a mission counts too."""
        return hashlib.sha256(repr((_release(), self._is_simulated, facts)).encode()).hexdigest()[:32]


def _advised(of_election: Mapping[str, list[PublicReport]], election: ElectionOnRecord) -> list[PublicReport]:
    """The reports that the election's page of recommendations speaks of."""
    return [report for report in of_election.get(election.code, ()) if report.recommendations]


@cache
def _release() -> str:
    """A name for templates and words; they do not change while a process runs."""
    digest = hashlib.sha256(repr([words_in(language) for language in PAGE_LANGUAGES]).encode())
    for name in _TEMPLATES:
        path = get_template(f"public/{name}.html").origin.name  # type: ignore[attr-defined]  # of Django's own engine
        digest.update(Path(path).read_bytes())
    digest.update(pages.absent_page(PAGE_LANGUAGES[0]).encode())  # it names the style sheet of this release
    return digest.hexdigest()
