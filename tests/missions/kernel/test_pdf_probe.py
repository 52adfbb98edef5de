"""What the probe finds in a PDF; in this process, since the parser's answers are asked for and not its caps."""

import io

import pytest
from pypdf.errors import PdfReadError

from missions.kernel import pdf_probe
from missions.kernel.pdf_probe import PdfLimits
from tests.corpus.files import papers as made

LIMITS = PdfLimits(pages=5, objects=20_000, seconds=8)


def fault_of(data: bytes, limits: PdfLimits = LIMITS) -> str:
    return pdf_probe.fault_of(data, limits)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ("script", "pdf_javascript"),
        ("script on opening", "pdf_javascript"),
        ("print on opening", "pdf_open_action"),
        ("acts on pages", "pdf_open_action"),
        ("program", "pdf_launch"),
        ("form sent away", "pdf_launch"),
        ("attachment", "pdf_embedded_file"),
        ("attached note", "pdf_embedded_file"),
        ("film", "pdf_embedded_file"),
        ("xfa", "pdf_xfa"),
        ("password", "pdf_encrypted"),
        ("no password to open", "pdf_encrypted"),
        ("endless picture", "pdf_too_complex"),
        ("first page shown", ""),
        ("web link", ""),
    ],
)
def test_each_trouble_has_its_code(trouble: str, code: str) -> None:
    assert fault_of(made.pdf_with(trouble)) == code


@pytest.mark.parametrize(("pages", "code"), [(0, "pdf_broken"), (1, ""), (5, ""), (6, "pdf_too_many_pages")])
def test_pages_are_counted(pages: int, code: str) -> None:
    assert fault_of(made.pdf(pages)) == code


def test_an_escaped_name_hides_nothing() -> None:
    hidden = made.pdf_with_hidden_name()

    assert b"/JavaScript" not in hidden
    assert fault_of(hidden) == "pdf_javascript"


def test_a_script_that_no_table_lists_is_found_in_the_bytes() -> None:
    assert fault_of(made.pdf_with_lost_script()) == "pdf_javascript"


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", made.pdf()[:-60], b"\x00" + made.pdf(), made.pdf() + b"PK\x03\x04" * 500]
)
def test_what_does_not_begin_and_end_as_a_pdf_is_broken(data: bytes) -> None:
    assert fault_of(data) == "pdf_broken"


def test_pages_that_have_themselves_as_a_branch_are_an_error_of_the_parser() -> None:
    with pytest.raises(PdfReadError):
        fault_of(made.pdf_with_endless_pages())


def test_too_many_objects_are_not_looked_through() -> None:
    with pytest.raises(RecursionError):
        fault_of(made.pdf(), PdfLimits(pages=5, objects=3, seconds=8))


@pytest.mark.parametrize(
    ("error", "code"),
    [(MemoryError(), "pdf_too_complex"), (RecursionError(), "pdf_too_complex"), (ZeroDivisionError(), "pdf_broken")],
)
def test_whatever_the_parser_raises_becomes_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, code: str
) -> None:
    def broken(data: bytes, limits: PdfLimits) -> str:
        raise error

    monkeypatch.setattr("sys.argv", ["pdf_probe", "5", "20000", "8"])
    monkeypatch.setattr(pdf_probe, "_cap", lambda seconds: None)  # the caps would be those of the tests
    monkeypatch.setattr("logging.disable", lambda: None)
    monkeypatch.setattr(pdf_probe, "fault_of", broken)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"%PDF-")))

    pdf_probe.main()

    assert capsys.readouterr().out == f'{{"fault": "{code}"}}\n'
