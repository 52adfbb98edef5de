"""No file above 500 lines, no function of the product above 50."""

from tests.architecture.source import PRODUCT, files, functions, name_of


def test_no_file_is_longer_than_500_lines() -> None:
    long = {
        name_of(path): lines
        for path in files(*PRODUCT, "tests")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }

    assert long == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        f"{name_of(path)}:{function.name}": size
        for path in files(*PRODUCT)
        for function in functions(path)
        if (size := (function.end_lineno or 0) - function.lineno + 1) > 50
    }

    assert long == {}
