from io import StringIO
from pathlib import Path

from django.core.management import call_command


def test_the_command_prints_the_totals(tmp_path: Path) -> None:
    out = StringIO()

    call_command("make_reference_data", tmp_path / "new", stdout=out)

    numbers = [line.split("│")[2].strip() for line in out.getvalue().splitlines() if line.startswith("│")]
    assert numbers == [
        "790",
        "72",
        "89",
        "26",
        "228",
        "122",
        "37",
        "6,537",
        "49",
        "37",
        "125",
        "26",
        "1,000",
        "6,478,623",
        "85",
    ]
    assert (tmp_path / "new" / "manifest.toml").is_file()
