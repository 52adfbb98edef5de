"""What a person may say about a file that the file cannot prove: its encoding and the order of its dates."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.spreadsheets.csvfile import ENCODINGS
from missions.kernel.spreadsheets.values import DateOrder

ENCODING_NAMES = {
    "utf-8": _("Unicode (UTF-8)"),
    "utf-16-le": _("Unicode (UTF-16)"),
    "utf-16-be": _("Unicode (UTF-16, big-endian)"),
    "cp1250": _("Central European (Windows-1250)"),
    "cp1251": _("Cyrillic (Windows-1251)"),
    "cp1252": _("Western European (Windows-1252)"),
    "cp1253": _("Greek (Windows-1253)"),
    "cp1254": _("Turkish (Windows-1254)"),
    "cp1255": _("Hebrew (Windows-1255)"),
    "cp1256": _("Arabic (Windows-1256)"),
    "cp1257": _("Baltic (Windows-1257)"),
    "iso8859-2": _("Central European (ISO 8859-2)"),
    "iso8859-5": _("Cyrillic (ISO 8859-5)"),
    "iso8859-9": _("Turkish (ISO 8859-9)"),
    "koi8-r": _("Cyrillic (KOI8-R)"),
    "koi8-u": _("Cyrillic (KOI8-U)"),
}
DATE_ORDERS = (
    (DateOrder.DAY_FIRST.value, _("Day first: 07/02/2024 is the 7th of February")),
    (DateOrder.MONTH_FIRST.value, _("Month first: 07/02/2024 is the 2nd of July")),
)
#: For forms that ask beforehand: nothing chosen is nothing guessed.
ENCODING_CHOICES = (("", _("Unicode")), *((code, ENCODING_NAMES[code]) for code in ENCODINGS))
DATE_ORDER_CHOICES = (("", _("Only unambiguous dates")), *DATE_ORDERS)
