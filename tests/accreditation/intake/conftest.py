"""Nomination files made in memory."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence

from accreditation.intake.headers import HEADERS
from missions.kernel.spreadsheets.writer import OutputValue, write_csv, write_xlsx

COLUMNS = tuple(HEADERS)
ROW: dict[str, OutputValue] = {
    "reference": "R-1",
    "surname": "Meyer",
    "given_names": "Anna",
    "patronymic": "",
    "sex": "f",
    "birth_date": dt.date(1980, 5, 17),
    "nationality": "Germany",
    "second_nationality": "",
    "passport_issuer": "D",
    "passport_number": "C01X00T47",
    "passport_expires_on": "2030-01-01",
    "role": "STO",
    "delegation": "",
    "political_group": "",
    "sending_state": "DEU",
    "languages": "English, de",
    "residence_country": "",
    "experienced": "yes",
    "documents_on": "17.01.2024",
    "arrives_on": dt.date(2024, 2, 3),
    "departs_on": dt.date(2024, 2, 9),
    "form": "yes",
    "photo": "X",
    "passport_copy": "1",
    "pledge": True,
    "conflict_statement": "",
    "passport_issued_on": "",
    "mrz": "",
    "email": "",
    "phone": "",
    "initiative": "",
    "constituency": "",
    "precinct_code": "",
    "synthetic": False,
}


def row(number: int = 1, /, **changes: OutputValue) -> dict[str, OutputValue]:
    """A sound row of one of many different people."""
    person: dict[str, OutputValue] = {
        "reference": f"R-{number}",
        "surname": f"Meyer{'abcdefghij'[number % 10] * (1 + number // 10)}",
        "passport_number": f"P{number:07d}",
        "birth_date": dt.date(1970, 1, 1) + dt.timedelta(days=31 * number),
    }
    return ROW | (person if number != 1 else {}) | changes


def xlsx(*rows: Mapping[str, OutputValue], headers: Sequence[str] = COLUMNS, sheet: str = "nominations") -> bytes:
    """A workbook with these rows; `headers` are written instead of the canonical names, in their order."""
    buffer = io.BytesIO()
    write_xlsx(buffer, sheet, headers, [[entry[column] for column in COLUMNS] for entry in rows])
    return buffer.getvalue()


def csv(*rows: Mapping[str, OutputValue]) -> bytes:
    """The same as UTF-8 with byte order mark."""
    buffer = io.BytesIO()
    write_csv(buffer, COLUMNS, [[entry[column] for column in COLUMNS] for entry in rows])
    return buffer.getvalue()
