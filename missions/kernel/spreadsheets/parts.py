"""The parts of a workbook: which may not be there, and which of them holds which sheet."""

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.errors import (
    SpreadsheetError,
    UnsupportedFileError,
    file_damaged,
    unsupported_file,
)
from missions.kernel.spreadsheets.markup import Action, Attributes, walk

_CONTENT_TYPES = "[content_types].xml"
_WORKBOOK = "xl/workbook.xml"
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHARED_TEXTS = "xl/sharedstrings.xml"
_MACRO_PARTS = ("xl/vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/", "xl/activex/")
_EXTERNAL_PARTS = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_EMBEDDED_PARTS = ("xl/embeddings/",)


@dataclass(frozen=True, slots=True)
class Relation:
    """One arrow from a part to another part or to the outside."""

    kind: str
    target: str
    external: bool


def check_parts(package: zipfile.ZipFile) -> None:
    """Refuse what is not a plain workbook: other formats, macros, external links, embedded objects.

    Links that a person may click are allowed. Raises UnsupportedFileError or SpreadsheetError.
    """
    names = _names(package)
    if _CONTENT_TYPES not in names or _WORKBOOK not in names:
        raise unsupported_file()
    if any(name.startswith(_MACRO_PARTS) for name in names) or _declares_macros(package, names[_CONTENT_TYPES]):
        message = _("The workbook contains macros. Save it as .xlsx without macros and send that.")
        raise UnsupportedFileError("macros_not_allowed", message)
    if any(name.startswith(_EMBEDDED_PARTS) for name in names):
        raise SpreadsheetError("embedded_object", _("The workbook contains an embedded object."))
    if any(name.startswith(_EXTERNAL_PARTS) for name in names) or _points_outside(package, names):
        message = _("The workbook takes data from outside. Replace the links by their values and send it again.")
        raise SpreadsheetError("external_links", message)


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of the part of every sheet by the name of the sheet. Raises SpreadsheetError."""
    names = _names(package)
    if _WORKBOOK_RELATIONS not in names:
        raise file_damaged()
    relations = _relations(package, names[_WORKBOOK_RELATIONS])
    found: dict[str, str] = {}

    def sheet(attrs: Attributes) -> None:
        identifier = next((value for key, value in attrs.items() if key.rpartition(":")[2] == "id"), "")
        relation = relations.get(identifier)
        part = names.get(_resolve(relation.target).casefold()) if relation else None
        name = attrs.get("name", "")
        if part is None or name in found:
            raise file_damaged()
        found[name] = part

    _walk_part(package, names[_WORKBOOK], {"sheet": sheet})
    return found


def shared_text_sizes(package: zipfile.ZipFile) -> list[int]:
    """Return the number of characters of every text that cells may share, by its index. Raises SpreadsheetError."""
    part = _names(package).get(_SHARED_TEXTS)
    counter = _SizeCounter()
    if part is not None:
        with package.open(part) as stream:
            walk(stream, {"si": counter.on_item}, counter)
    return counter.sizes


class _SizeCounter:
    """Adds up the characters of every shared text."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def on_item(self, _attrs: Attributes) -> None:
        self.sizes.append(0)

    def on_text(self, content: str) -> None:
        if self.sizes:
            self.sizes[-1] += len(content)

    def on_end(self) -> None:
        """A shared text may consist of several elements; only the next one ends it."""


def _names(package: zipfile.ZipFile) -> dict[str, str]:
    return {name.casefold(): name for name in package.namelist()}


def _walk_part(package: zipfile.ZipFile, part: str, actions: Mapping[str, Action]) -> None:
    with package.open(part) as stream:
        walk(stream, actions)


def _declares_macros(package: zipfile.ZipFile, part: str) -> bool:
    declared: list[str] = []

    def content_type(attrs: Attributes) -> None:
        declared.append(attrs.get("ContentType", "").lower())

    _walk_part(package, part, {"Override": content_type, "Default": content_type})
    return any("macroenabled" in kind for kind in declared)


def _points_outside(package: zipfile.ZipFile, names: Mapping[str, str]) -> bool:
    return any(
        relation.external and not relation.kind.endswith("/hyperlink")
        for folded, name in names.items()
        if folded.endswith(".rels")
        for relation in _relations(package, name).values()
    )


def _relations(package: zipfile.ZipFile, part: str) -> dict[str, Relation]:
    relations: dict[str, Relation] = {}

    def relationship(attrs: Attributes) -> None:
        relations[attrs.get("Id", "")] = Relation(
            kind=attrs.get("Type", ""),
            target=attrs.get("Target", ""),
            external=attrs.get("TargetMode", "").lower() == "external",
        )

    _walk_part(package, part, {"Relationship": relationship})
    return relations


def _resolve(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
