"""Which letters can be printed, as typst itself answers."""

import pytest
import typst

from accreditation.badges.glyphs import missing_letters


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", ""),
        ("Əliyev ı İ ğ Ş O’Neil ʻOkina", ""),
        ("Иванова Ґ Қ Ң Ҳ Ў", ""),
        ("Παπαδόπουλος Ἀλέξανδρος", ""),
        ("محمد پژمان", ""),
        ("Nguye\u0302\u0303n", ""),
        ("x\u0331\u0307", ""),
        ("ბერიძე", "ბერიძ"),
        ("Anna Հակ", "Հակ"),
        ("王小明王", "王小明"),
        ("כהן", "כהן"),
        ('"', ""),
    ],
)
def test_letters_that_no_font_has_are_told_once_each(text: str, missing: str) -> None:
    assert missing_letters(text) == missing


def test_a_letter_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    missing_letters("Əliyev ბ")
    monkeypatch.setattr(typst, "compile", lambda *_, **__: pytest.fail("asked again"))

    assert missing_letters("veyilƏ ბ") == "ბ"
