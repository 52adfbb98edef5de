"""The name of a person in lists that are read as rows."""

from django.db.models.constants import LOOKUP_SEP

from accreditation.models import full_name
from missions.kernel.web.rows import Computed

_PARTS = ("surname", "given_names", "patronymic")


def name_of(observer: str) -> Computed:
    """The full name of the observer to whom this path of the list's rows leads."""
    return Computed(tuple(f"{observer}{LOOKUP_SEP}{part}" for part in _PARTS), full_name)
