"""The snapshot: the bytes that Django answers, nothing that is not public, and an end before anything changes."""

import gzip
import json
import time
from pathlib import Path

import pytest
from django.test import Client

from missions.kernel import clock
from missions.models import Mission, User
from missions.reports.models import Report
from missions.reports.services.publishing import write_pages
from missions.reports.services.registering import move_embargo, retract_report
from missions.reports.snapshot import store
from missions.reports.snapshot.recording import NotRecordedError, Recorder
from tests.missions.reports.conftest import CANARY, PRESS_CONFERENCE, MakeReport, pdf
from tests.missions.reports.web.test_views import SECOND

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(make_report: MakeReport, mission: Mission) -> Report:
    return make_report(mission)


def _bytes_of(pages: Path) -> bytes:
    files = [path for path in pages.rglob("*") if path.is_file()]
    return b"".join(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files)


def _manifest() -> store.Manifest:
    manifest = store.read_manifest()
    assert manifest is not None
    return manifest


def test_it_has_every_public_address_with_the_bytes_of_django(report: Report, pages: Path) -> None:
    clock.set_to(PRESS_CONFERENCE)

    count = write_pages()

    entries = _manifest().entries
    both = ["reports/", "reports/az-2024/", "reports/az-2024/1/", "reports/az-2024/recommendations/"]
    expected = [f"/{path}" for path in both] + [f"/az/{path}" for path in both]
    assert sorted(entries) == sorted([*expected, "/reports/feed.atom", "/reports/az-2024/1/en.pdf"])
    assert count == len(entries)
    for path, entry in entries.items():
        asked = Client().get(path)
        assert (pages / entry.file).read_bytes() == asked.content
        assert entry.etag == asked.headers["ETag"]
        assert {"X-Content-Type-Options", "Content-Security-Policy", "Content-Type"} <= {
            name for name, _ in entry.headers
        }
        if entry.gzip:
            assert gzip.decompress((pages / entry.gzip).read_bytes()) == asked.content


def test_nothing_under_an_embargo_is_in_it(report: Report, pages: Path) -> None:
    clock.set_to(PRESS_CONFERENCE - SECOND)

    write_pages()

    assert sorted(_manifest().entries) == ["/az/reports/", "/reports/", "/reports/feed.atom"]
    for secret in (CANARY.encode(), pdf(f"{CANARY} en")[:60], b"az-2024", b"2024-02-08"):
        assert secret not in _bytes_of(pages)


@pytest.mark.parametrize(("left", "least", "most"), [(2, 1.0, 2.0), (3600, 9.0, 10.0)])
def test_it_ends_when_the_next_embargo_does(report: Report, left: int, least: float, most: float) -> None:
    clock.set_to(PRESS_CONFERENCE - left * SECOND)

    write_pages()

    assert least < _manifest().fresh_until - time.monotonic() <= most


def test_if_nothing_has_changed_only_its_end_is_written(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_to(PRESS_CONFERENCE)
    write_pages()
    first = _manifest()
    monkeypatch.setattr(Recorder, "record", lambda *args, **options: pytest.fail("asked Django again"))

    write_pages()

    second = _manifest()
    assert second.entries == first.entries
    assert second.fresh_until > first.fresh_until


@pytest.mark.parametrize("change", ["name of the mission", "head"])
def test_what_stands_on_a_page_makes_it_new(report: Report, mission: Mission, change: str) -> None:
    clock.set_to(PRESS_CONFERENCE)
    write_pages()
    first = _manifest()

    if change == "head":
        mission.heads.create(name="New Head", title="Head of mission")
    else:
        Mission.objects.filter(pk=mission.pk).update(name="Another name")
    write_pages()

    new = {path for path, entry in _manifest().entries.items() if entry != first.entries.get(path)}
    assert new >= {"/reports/az-2024/1/", "/az/reports/az-2024/1/"}


def test_what_becomes_public_makes_only_the_pages_new_that_tell_of_it(
    report: Report, make_report: MakeReport, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_report(mission, until=PRESS_CONFERENCE + 60 * SECOND, title="Later")
    clock.set_to(PRESS_CONFERENCE)
    write_pages()
    asked, record = [], Recorder.record

    def overheard(self: Recorder, path: str, *, method: str = "GET") -> object:
        asked.append(path)
        return record(self, path, method=method)

    monkeypatch.setattr(Recorder, "record", overheard)
    clock.set_to(PRESS_CONFERENCE + 60 * SECOND)
    write_pages()

    lists = {"/reports/", "/reports/az-2024/", "/az/reports/", "/az/reports/az-2024/", "/reports/feed.atom"}
    assert set(asked) == lists | {"/reports/az-2024/2/", "/az/reports/az-2024/2/", "/reports/az-2024/2/en.pdf"}


def test_former_pages_stay_for_their_readers_and_retracted_files_go(
    report: Report, registrar: User, pages: Path
) -> None:
    clock.set_to(PRESS_CONFERENCE)
    write_pages()
    first = _manifest().entries
    (file,) = (pages / "files").iterdir()

    retract_report(report=report, reason="A wrong figure", by=registrar, at=clock.now())
    write_pages()

    assert not file.exists()
    assert (pages / first["/reports/"].file).exists()
    assert "/reports/az-2024/1/en.pdf" not in _manifest().entries
    Mission.objects.update(name="Another name")
    write_pages()
    assert not (pages / first["/reports/"].file).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["retract", "lift"])
def test_acts_on_the_register_make_it_void(report: Report, registrar: User, pages: Path, act: str) -> None:
    clock.set_to(PRESS_CONFERENCE - 60 * SECOND if act == "lift" else PRESS_CONFERENCE)
    write_pages()
    assert _manifest().epoch == store.current_epoch()

    if act == "retract":
        retract_report(report=report, reason="A wrong figure", by=registrar, at=clock.now())
    else:
        move_embargo(report=report, embargo_until=None, reason="It is out", by=registrar, at=clock.now())

    assert _manifest().epoch != store.current_epoch()
    write_pages()
    assert _manifest().epoch == store.current_epoch()


def test_an_act_while_it_is_being_made_makes_it_void(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_to(PRESS_CONFERENCE)
    record = Recorder.record

    def slow(self: Recorder, path: str, *, method: str = "GET") -> object:
        store.void_snapshot()
        return record(self, path, method=method)

    monkeypatch.setattr(Recorder, "record", slow)
    write_pages()

    assert _manifest().epoch != store.current_epoch()


def test_two_processes_do_not_make_it_at_once(report: Report) -> None:
    with store.sole_writer() as is_mine:
        assert (is_mine, write_pages()) == (True, 0)

    assert write_pages() > 0


def test_a_page_that_does_not_answer_leaves_the_former_snapshot(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set_to(PRESS_CONFERENCE - SECOND)
    write_pages()
    former = _manifest()
    clock.set_to(PRESS_CONFERENCE)
    monkeypatch.setattr("missions.reports.web.views.atom_feed", lambda reports: 1 / 0)

    with pytest.raises(NotRecordedError, match=r"^/reports/feed\.atom: 500$"):
        write_pages()

    assert _manifest() == former


@pytest.mark.parametrize("text", ["", "{", '{"entries": {}}', '{"entries": {"/": {"file": 1}}}', "[]"])
def test_a_manifest_that_cannot_be_read_is_none(pages: Path, text: str) -> None:
    pages.mkdir()
    (pages / "snapshot.json").write_text(text)

    assert store.read_manifest() is None


def test_after_a_restart_of_the_machine_it_is_over(report: Report, pages: Path) -> None:
    clock.set_to(PRESS_CONFERENCE)
    write_pages()
    assert _manifest().seconds_left > 0
    written = json.loads((pages / "snapshot.json").read_text())

    (pages / "snapshot.json").write_text(json.dumps({**written, "boot": "another"}))

    assert _manifest().seconds_left < 0
