"""Makes machine-readable zones with right check digits, to be spoilt by tests."""

from accreditation.vetting.icao9303 import name_field
from accreditation.vetting.mrz import check_digit


def passport_zone(
    *,
    surname: str = "Petrova",
    given_names: str = "Anna",
    number: str = "L898902C3",
    issuer: str = "BGR",
    nationality: str = "BGR",
    born: str = "800517",
    sex: str = "F",
    expires: str = "300101",
    optional: str = "",
    document: str = "P",
) -> str:
    """Two lines of 44 characters (TD3); dates are YYMMDD."""
    number, optional = number.ljust(9, "<"), optional.ljust(14, "<")
    parts = [
        f"{number}{check_digit(number)}",
        f"{born}{check_digit(born)}",
        f"{expires}{check_digit(expires)}{optional}{check_digit(optional)}",
    ]
    first = f"{document.ljust(2, '<')}{issuer.ljust(3, '<')}{name_field(surname, given_names, width=39)}"
    second = f"{parts[0]}{nationality.ljust(3, '<')}{parts[1]}{sex}{parts[2]}"
    return f"{first}\n{second}{check_digit(''.join(parts))}"


def card_zone(*, number: str = "D23145890", issuer: str = "DEU", born: str = "740812", expires: str = "320415") -> str:
    """Three lines of 30 characters (TD1); a longer number goes on in the optional data."""
    short, rest = number[:9].ljust(9, "<"), number[9:]
    field = f"{short}<{rest}{check_digit(number)}" if rest else f"{short}{check_digit(short)}"
    first = f"I<{issuer.ljust(3, '<')}{field}".ljust(30, "<")
    dates = [f"{born}{check_digit(born)}", f"{expires}{check_digit(expires)}"]
    composite = check_digit(f"{first[5:]}{''.join(dates)}{'<' * 11}")
    return f"{first}\n{dates[0]}F{dates[1]}{issuer.ljust(3, '<')}{'<' * 11}{composite}\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
