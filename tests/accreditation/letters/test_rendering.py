"""What typst makes of a letter: the archive's format, every script, the same bytes, and no code out of names."""

import datetime as dt
import hashlib
import io

import pytest
from pypdf import PdfReader

from accreditation.letters.content import Body, Column, Content, Fact, content_of
from accreditation.letters.errors import LetterNotPrintableError
from accreditation.letters.rendering import render_pdf
from tests.accreditation.letters.conftest import text_of

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
TWO = ("az", "en")


def content(*names: str, number: str = "AL-0001/2024") -> Content:
    body = Body(
        basis="decision:1",
        authority=("Mərkəzi Seçki Komissiyası", "Central Election Commission"),
        country=("Azərbaycan", "Azerbaijan"),
        title=("Siyahı", "List"),
        addressee=(("Kimə", "To whom"),),
        opening=(("Birinci.", "First."),),
        facts=tuple(Fact(("Adı", "Name"), (name,)) for name in names),
        columns=(Column(("№", "No.")), Column(("Adı", "Name"), share=1)),
        rows=tuple((str(place), name) for place, name in enumerate(names, start=1)),
        closing=(("Sonuncu.", "Last."),),
        signature=(("İmza", "Signature"),),
    )
    return content_of(body, languages=TWO, number_label=("№", "No."), number=number, issued=("18.01", "18 Jan"))


def render(*names: str, at: dt.datetime = AT) -> bytes:
    return render_pdf(content(*names), layout=1, issued_at=at)


@pytest.mark.parametrize(
    "name",
    [
        "Əliyev Şəhriyar Oğuz oğlu İsgəndərzadə Çingiz Güllü Ən",
        "Иванова Наталья Ёжикова",
        "Ґалаґан Їжакевич Өмірбек Қасымұлы Ңұр Ҳамроев Ўткир",
        "D'Arsøns-O’Neil ʻOkina ßæðþŁĄŽ",
    ],
)
def test_names_stand_in_the_letter_as_they_are(name: str) -> None:
    assert name in text_of(render(name))


@pytest.mark.parametrize(
    "name", ["محمد عبد الرحمن", "پژمان گچسارانی", "Nguyễn Thị Ánh Đặng", "Παπαδόπουλος Ἀλέξανδρος"]
)
def test_no_letter_of_a_name_is_missing(name: str) -> None:
    """Of shaped scripts pypdf tells the letters, in the order of their places on the paper."""
    assert set(name) - set(text_of(render(name))) == set()


@pytest.mark.parametrize("name", ["ბერიძე", "Հակոբյան", "王小明", "כהן"])
def test_a_script_without_a_font_is_refused_and_never_printed_as_boxes(name: str) -> None:
    with pytest.raises(LetterNotPrintableError) as refusal:
        render(name)

    assert refusal.value.detail[-1] in name


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "*bold* _it_ `raw` $x^2$ = Heading",
        "https://example.org/<label> @ref \\ \" ' // --- /* */",
        "[#import]",
    ],
)
def test_what_looks_like_code_is_printed_as_it_is(name: str) -> None:
    assert name in text_of(render(name))


def test_the_file_says_that_it_is_for_the_archive_and_for_everybody() -> None:
    reader = PdfReader(io.BytesIO(render("Anna")))

    xmp = reader.xmp_metadata
    assert xmp is not None
    packet = xmp.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("az", True)  # type: ignore[index]  # a dictionary
    assert reader.metadata is not None
    assert reader.metadata.title == "Siyahı · List AL-0001/2024"
    assert reader.metadata.creation_date == AT


def test_all_fonts_are_inside_and_nothing_acts() -> None:
    reader = PdfReader(io.BytesIO(render("Anna محمد")))

    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]  # a dictionary
    files = ["/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert len(fonts) >= 2
    assert set(files) == {True}
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.trailer["/Root"])  # type: ignore[call-overload]  # a dictionary


def test_the_same_words_at_the_same_instant_are_the_same_bytes() -> None:
    first, second = render("Əliyev", "Иванова"), render("Əliyev", "Иванова")

    assert first == second
    assert render("Əliyev", "Иванова", at=AT + dt.timedelta(seconds=1)) != first


def test_the_first_layout_still_gives_the_bytes_it_gave() -> None:
    """Fails when typst, a font or the layout changes: then issued letters no longer come out as they were issued.

    A new layout gets a new number. A new typst or font is a decision, and the new sum belongs here.
    """
    assert (
        hashlib.sha256(render("Əliyev", "Иванова", "محمد")).hexdigest()
        == "5a6f4aaf3cfa148b688c6761dc521f0133be0eabb69e9c9b0dcb5a79e523bf8a"
    )


@pytest.mark.parametrize("name", ["W" * 200, "Ə" * 199 + "x", "Ж" * 200, f"{'ab ' * 66}ab", "م" * 120])
def test_the_longest_names_stay_inside_the_margins(name: str) -> None:
    rights: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            rights.append(cm[4] + tm[4])

    reader = PdfReader(io.BytesIO(render(name)))
    for page in reader.pages:
        page.extract_text(visitor_text=visit)

    width = float(reader.pages[0].mediabox.width)
    assert text_of(render(name)).replace(" ", "").count(name.replace(" ", "")) == 2 or name.startswith("م")
    assert max(rights) < width - 22 / 25.4 * 72


def test_one_language_alone_makes_a_letter() -> None:
    single = content_of(
        Body(
            basis="x",
            authority=("Ministry",),
            country=("Country",),
            title=("Title",),
            opening=(("Opening.",),),
            facts=(Fact(("Name",), ("Anna",)),),
        ),
        languages=("en",),
        number_label=("No.",),
        number="VS-0001/2024",
        issued=("today",),
    )

    text = text_of(render_pdf(single, layout=1, issued_at=AT))

    assert text == "Ministry Country No. VS-0001/2024 today Title Opening. Name Anna VS-0001/2024 1 / 1"


def test_a_list_goes_over_pages_with_its_head_on_each_and_its_end_together() -> None:
    rows = tuple((str(number), f"Person {number}") for number in range(1, 61))
    long = {**content(), "rows": rows}

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(long, layout=1, issued_at=AT))).pages]

    assert len(pages) == 2
    assert [page.count("№\nNo.\nAdı\nName") for page in pages] == [1, 1]
    assert ["Last." in page for page in pages] == ["Signature" in page for page in pages] == [False, True]
    assert "AL-0001/2024 1 / 2" in pages[0]
    assert [f"Person {number}" in pages[0] + pages[1] for number in range(1, 61)] == [True] * 60
