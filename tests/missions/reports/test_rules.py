"""When an embargo ends by the clocks of the host, and which files are refused."""

import datetime as dt
import io
import zipfile
from zoneinfo import ZoneInfo

import pytest

from missions.kernel.web.problems import status_of
from missions.reports import rules
from missions.reports.errors import EmbargoHourMissingError, ReportFileRefusedError
from missions.reports.rules import embargo_instant, ensure_known_language, ensure_publishable
from tests.corpus.files import papers

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_embargo_is_counted_by_the_clocks_of_the_host() -> None:
    instant = embargo_instant(dt.date(2024, 2, 8), dt.time(15), ZoneInfo("Asia/Baku"))

    assert instant == dt.datetime(2024, 2, 8, 11, tzinfo=dt.UTC)


def test_an_hour_that_comes_twice_is_the_second_one() -> None:
    instant = embargo_instant(dt.date(2024, 10, 27), dt.time(2, 30), BERLIN)

    assert instant == dt.datetime(2024, 10, 27, 1, 30, tzinfo=dt.UTC)


def test_an_hour_that_never_comes_is_refused() -> None:
    with pytest.raises(EmbargoHourMissingError):
        embargo_instant(dt.date(2024, 3, 31), dt.time(2, 30), BERLIN)


def test_known_languages_pass_and_no_others() -> None:
    def is_known(code: str) -> bool:
        try:
            ensure_known_language(code)
        except ReportFileRefusedError:
            return False
        return True

    assert [code for code in ("en", "az", "ru", "fr", "ka", "xx") if is_known(code)] == ["en", "az", "ru", "fr", "ka"]


@pytest.mark.parametrize("code", ["", "EN", "eng", "xx", "e1", "../", "ен", "en.pdf"])
def test_other_languages_are_refused_by_name(code: str) -> None:
    with pytest.raises(ReportFileRefusedError) as caught:
        ensure_known_language(code)

    assert (caught.value.reason, caught.value.violations[0].field) == ("language_unknown", "language")


def _archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evil.txt", "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "reason", "status"),
    [
        (b"", "file_empty", 422),
        (b"MZ\x90", "media_type_not_allowed", 415),
        (b"<html></html>", "media_type_not_allowed", 415),
        (papers.photo(), "media_type_not_allowed", 415),
        (_archive(), "media_type_not_allowed", 415),
        (papers.pdf() + _archive(), "pdf_two_files", 422),
        (papers.pdf() + _archive() + b"%%EOF", "pdf_two_files", 422),
        (papers.pdf() + b"<script>", "pdf_two_files", 422),
        (papers.pdf() + papers.EICAR, "malware_found", 422),
    ],
)
def test_what_is_no_report_is_refused_by_its_content(data: bytes, reason: str, status: int) -> None:
    with pytest.raises(ReportFileRefusedError) as caught:
        ensure_publishable(data)

    assert (caught.value.reason, status_of(caught.value)) == (reason, status)


def test_a_file_above_the_limit_is_refused_before_anybody_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_BYTES", 100)
    monkeypatch.setattr(rules, "what_scanners_find", lambda data: pytest.fail("read"))

    with pytest.raises(ReportFileRefusedError) as caught:
        ensure_publishable(b"%PDF-" + b"0" * 100)

    assert (caught.value.reason, status_of(caught.value)) == ("file_too_large", 413)


@pytest.mark.parametrize(("pages", "trouble", "reason"), [(6, "", ""), (1, "script", "pdf_javascript")])
def test_a_report_may_be_long_and_may_not_act(pages: int, trouble: str, reason: str) -> None:
    data = papers.pdf_with(trouble) if trouble else papers.pdf(pages)

    if reason:
        with pytest.raises(ReportFileRefusedError, match="script"):
            ensure_publishable(data)
    else:
        ensure_publishable(data)
