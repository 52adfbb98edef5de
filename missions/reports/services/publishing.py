"""The snapshot of the public pages: what everybody may read at one instant, as files. No embargoed byte is in it."""

import gzip
import hashlib
import logging
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.template.loader import get_template

from missions.reports import selectors
from missions.reports.selectors import ElectionOnRecord, PublicReport
from missions.reports.snapshot import store
from missions.reports.snapshot.recording import Recorder
from missions.reports.snapshot.store import Entry, Manifest
from missions.reports.web import addresses, pages
from missions.reports.wording import PAGE_LANGUAGES, words_in

logger = logging.getLogger(__name__)

_TEMPLATES = ("base", "index", "election", "report", "lines")


def write_pages() -> int:
    """Make this machine's snapshot fresh; how many addresses it has, 0 if another process is at it just now.

    It counts until the next embargo ends, ten seconds at most. If nothing has changed, its end alone is written
    anew. Raises OSError, NotRecordedError, and what the database raises; then the snapshot stays as it was.
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
    record, elections = selectors.public_record(), selectors.elections_on_record()
    contents = _name_of(record, elections, moment.is_simulated)
    former = store.read_manifest()
    if former is not None and former.contents == contents:
        entries = former.entries
    else:
        entries = dict(_entries(record, elections))
    manifest = Manifest(epoch, store.boot_name(), fresh_until, contents, entries)
    store.publish(manifest)
    return manifest


def _name_of(*facts: object) -> str:
    """A name for all that the pages say. Facts are compared, and not versions: the name of a mission counts too."""
    return hashlib.sha256(repr((_release(), *facts)).encode()).hexdigest()


@cache
def _release() -> str:
    """A name for templates and words; they do not change while a process runs."""
    digest = hashlib.sha256(repr([words_in(language) for language in PAGE_LANGUAGES]).encode())
    for name in _TEMPLATES:
        path = get_template(f"public/{name}.html").origin.name  # type: ignore[attr-defined]  # of Django's own engine
        digest.update(Path(path).read_bytes())
    digest.update(pages.absent_page(PAGE_LANGUAGES[0]).encode())  # it names the style sheet of this release
    return digest.hexdigest()


def _entries(record: tuple[PublicReport, ...], elections: tuple[ElectionOnRecord, ...]) -> Iterator[tuple[str, Entry]]:
    recorder, folder = Recorder(), store.new_pages_folder()
    for number, path in enumerate(_page_paths(record, elections)):
        yield path, _page(recorder, path, f"{folder}/{number}")
    store.make_files_folder()
    for report in record:
        for file in report.files:
            path = addresses.file_path(report, file.language)
            name = store.published_file_name(file.sha256)
            if not store.holds(name):
                store.put(name, selectors.read_public_file(file))
            answer = recorder.record(path, method="HEAD")
            yield path, Entry(name, "", answer.etag, answer.headers)


def _page(recorder: Recorder, path: str, name: str) -> Entry:
    answer, zipped = recorder.record(path), f"{name}.gz"
    store.put(name, answer.data)
    store.put(zipped, gzip.compress(answer.data, mtime=0))
    return Entry(name, zipped, answer.etag, answer.headers)


def _page_paths(record: tuple[PublicReport, ...], elections: tuple[ElectionOnRecord, ...]) -> Iterator[str]:
    yield addresses.FEED_PATH
    for language in PAGE_LANGUAGES:
        yield addresses.index_path(language)
        yield from (addresses.election_path(election.code, language) for election in elections)
        yield from (addresses.report_path(report, language) for report in record)
