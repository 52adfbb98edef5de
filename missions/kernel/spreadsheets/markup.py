"""Walks the XML parts of a workbook element by element, on a parser that refuses document types and entities.

From the standard library come types only.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Protocol, TypeAlias
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser, create_parser
from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.errors import SpreadsheetError, file_damaged

# Quoted: the class takes a parameter for the type checker only.
Attributes: TypeAlias = "AttributesImpl[str]"
Action = Callable[[Attributes], None]

_CHUNK = 64 * 1024


class TextListener(Protocol):
    """Wants the text of a part: all of it in pieces, and when an element ends."""

    def on_text(self, content: str) -> None: ...

    def on_end(self) -> None: ...


def walk(stream: IO[bytes], actions: Mapping[str, Action], listener: TextListener | None = None) -> None:
    """Call the action of every element that has one, by local name, in document order; text goes to the listener.

    Raises SpreadsheetError with reason file_damaged or document_type; what an action raises passes through.
    """
    walker = Walker(actions, listener)
    while piece := stream.read(_CHUNK):
        walker.feed(piece)
    walker.close()


class Walker:
    """As `walk`, for bytes that come from elsewhere."""

    def __init__(self, actions: Mapping[str, Action], listener: TextListener | None = None) -> None:
        handler = _ElementHandler(actions) if listener is None else _TextHandler(actions, listener)
        self._parser = _parser(handler)

    def feed(self, piece: bytes) -> None:
        """Take the next bytes. Raises as `walk` does."""
        _feed(self._parser, piece)

    def close(self) -> None:
        """Tell that there are no more. Raises as `walk` does."""
        _close(self._parser)


class PrologCheck:
    """Reads a part as far as its first element: only before that can a document type stand."""

    def __init__(self) -> None:
        self.finished = False
        self._parser = _parser(_FirstElement())

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the part. Raises SpreadsheetError as `walk` does."""
        try:
            _feed(self._parser, piece)
        except _FirstElementSeenError:
            self.finished = True

    def close(self) -> None:
        """Tell that there are no more bytes: a parser may have put off what a long comment held back."""
        try:
            _close(self._parser)
        except _FirstElementSeenError:
            self.finished = True


class _ElementHandler(ContentHandler):
    def __init__(self, actions: Mapping[str, Action]) -> None:
        super().__init__()
        self._actions = dict(actions)

    def startElement(self, name: str, attrs: Attributes) -> None:  # noqa: N802 - the name is SAX's
        action = self._actions.get(name)
        if action is None and ":" in name:
            action = self._actions.get(name.rpartition(":")[2])
        if action is not None:
            action(attrs)


class _TextHandler(_ElementHandler):
    def __init__(self, actions: Mapping[str, Action], listener: TextListener) -> None:
        super().__init__(actions)
        self._listener = listener

    def characters(self, content: str) -> None:
        self._listener.on_text(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the name is SAX's
        self._listener.on_end()


class _FirstElementSeenError(Exception):
    """Ends the parsing of a prolog."""


class _FirstElement(ContentHandler):
    def startElement(self, name: str, attrs: Attributes) -> None:  # noqa: N802 - the name is SAX's
        raise _FirstElementSeenError


def _parser(handler: ContentHandler) -> DefusedExpatParser:
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(handler)
    return parser


def _feed(parser: DefusedExpatParser, piece: bytes) -> None:
    with _refusing():
        parser.feed(piece)


def _close(parser: DefusedExpatParser) -> None:
    with _refusing():
        parser.close()


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what the parser raises into refusals of the file."""
    try:
        yield
    except DefusedXmlException:
        message = _("The workbook contains a document type declaration, which is not allowed.")
        raise SpreadsheetError("document_type", message) from None
    except (SAXException, ValueError, LookupError):
        # ValueError and LookupError: an XML declaration names an encoding that does not exist or does not fit.
        raise file_damaged() from None
