"""The public pages of reports: no account, no cookie. What is not public at this instant does not exist here."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from missions.kernel.errors import MissingError
from missions.reports import selectors
from missions.reports.web import pages
from missions.reports.web.advice import AdviceChoice
from missions.reports.web.answers import absent_answer, file_answer, page_answer
from missions.reports.web.feed import MEDIA_TYPE, atom_feed
from missions.reports.wording import REFERENCE

View = Callable[..., HttpResponseBase]


def _public(view: View) -> View:
    """A view that reads only, and that answers alike for whatever is not there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, language: str = REFERENCE, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, language=language, **kwargs)
        except MissingError:
            return absent_answer(pages.absent_page(language))

    return require_safe(answer)


@_public
def index(request: HttpRequest, *, language: str) -> HttpResponseBase:
    """All elections, and what came last."""
    moment = selectors.publication_moment()
    latest = selectors.public_record(most=pages.LATEST)
    elections = selectors.elections_on_record()
    page = pages.index_page(language, elections, latest, is_simulated=moment.is_simulated)
    return page_answer(request, page, moment)


@_public
def election(request: HttpRequest, election: str, *, language: str) -> HttpResponseBase:
    """The published figures of one election, and its reports that fit the choice of the visitor."""
    moment = selectors.publication_moment()
    reports = selectors.public_record(election_code=election)
    on_record = selectors.find_election_on_record(election, reports=len(reports))
    asked = {name: request.GET.get(name, "") for name in ("organization", "kind", "language")}
    page = pages.election_page(language, on_record, reports, pages.Choice(**asked), is_simulated=moment.is_simulated)
    return page_answer(request, page, moment)


@_public
def recommendations(request: HttpRequest, election: str, *, language: str) -> HttpResponseBase:
    """The recommendations of the public reports of one election that fit the choice of the visitor."""
    moment = selectors.publication_moment()
    reports = selectors.public_record(election_code=election)
    on_record = selectors.find_election_on_record(election, reports=len(reports))
    asked = {name: request.GET.get(name, "") for name in ("organization", "addressee", "answer")}
    choice = AdviceChoice(**asked)
    page = pages.recommendations_page(language, on_record, reports, choice, is_simulated=moment.is_simulated)
    return page_answer(request, page, moment)


@_public
def report(request: HttpRequest, election: str, number: int, *, language: str) -> HttpResponseBase:
    """One report at its permanent address, or the notice that it was retracted."""
    moment = selectors.publication_moment()
    found = selectors.find_public_report(election, number)
    return page_answer(request, pages.report_page(language, found, is_simulated=moment.is_simulated), moment)


@_public
def file(request: HttpRequest, election: str, number: int, file_language: str, *, language: str) -> HttpResponseBase:
    """A file of a public report. Its name is made here."""
    moment = selectors.publication_moment()
    found = selectors.find_public_file(election, number, file_language)
    data = b"" if request.method == "HEAD" else selectors.read_public_file(found)
    name = f"{election}-{number}-{found.language}.pdf"
    return file_answer(request, data, sha256=found.sha256, size=found.size, name=name, moment=moment)


@_public
def feed(request: HttpRequest, *, language: str) -> HttpResponseBase:
    """What became public last, as Atom."""
    moment = selectors.publication_moment()
    return page_answer(request, atom_feed(selectors.public_record(most=pages.LATEST)), moment, media_type=MEDIA_TYPE)
