"""The public pages as texts: the same for everybody, without account, cookie or script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import translation

from missions.reports.figures.selectors import PublicClaim, PublicFigures
from missions.reports.selectors import ElectionOnRecord, PublicFile, PublicReport
from missions.reports.web import addresses
from missions.reports.web.advice import AdviceChoice, answers_of, told, told_reports
from missions.reports.wording import PAGE_LANGUAGES, Words, words_in

#: So many of all elections stand on the first page and in the feed.
LATEST = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """What visitors of an election's page ask for; empty: all."""

    organization: str = ""
    kind: str = ""
    language: str = ""

    def fits(self, report: PublicReport) -> bool:
        """Whether the report is among what is asked for."""
        return (
            (not self.organization or self.organization in report.organizations)
            and (not self.kind or self.kind == report.kind)
            and (not self.language or self.language in {file.language for file in report.files})
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """A report as a list tells it."""

    url: str
    kind: str
    title: str
    senders: str
    published: str
    is_retracted: bool
    languages: str


@dataclass(frozen=True, slots=True)
class _Figures:
    """One count: as the table and as the sentence tell it, and its instant for people and for machines."""

    row: PublicFigures
    sentence: str
    as_of: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """What somebody else said, and each of its numbers beside ours in words."""

    row: PublicClaim
    said_on: str
    about: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Select:
    """One question of the filter: name, label, and its answers with what is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


def index_page(
    language: str, elections: Sequence[ElectionOnRecord], latest: Sequence[PublicReport], *, is_simulated: bool = False
) -> str:
    """All elections with reports, and what came last."""
    words = words_in(language)
    return _render(
        "public/index.html",
        words,
        addresses.index_path,
        is_simulated=is_simulated,
        title=words.say("page.all"),
        elections=[(addresses.election_path(row.code, language), row, words.day(row.e_day)) for row in elections],
        lines=[_line(report, words) for report in latest],
    )


def election_page(
    language: str,
    election: ElectionOnRecord,
    reports: Sequence[PublicReport],
    choice: Choice,
    *,
    is_simulated: bool = False,
) -> str:
    """The figures of one election, and its reports that fit the choice."""
    words = words_in(language)
    chosen = [_line(report, words) for report in reports if choice.fits(report)]
    return _render(
        "public/election.html",
        words,
        lambda other: addresses.election_path(election.code, other),
        is_simulated=is_simulated,
        title=words.say("page.election", election=election.name),
        figures=_figures(election, words),
        claims=[_claim(row, election.time_zone, words) for row in election.claims],
        rules=dict.fromkeys(words.rule(row.rule, row.rule_words) for row in election.figures),
        has_reports=bool(reports),
        lines=chosen,
        found=words.say("page.found", count=len(chosen)),
        zone=words.say("report.zone", zone=election.time_zone),
        selects=_selects(words, reports, choice),
        recommendations=sum(len(report.recommendations) for report in reports),
        recommendations_url=addresses.recommendations_path(election.code, language),
    )


def recommendations_page(
    language: str,
    election: ElectionOnRecord,
    reports: Sequence[PublicReport],
    choice: AdviceChoice,
    *,
    is_simulated: bool = False,
) -> str:
    """What the reports of one election recommend, to whom, and what the host says to it, as far as it fits."""
    words = words_in(language)
    chosen = told_reports(reports, choice, words)
    asked = {"organization": choice.organization, "addressee": choice.addressee, "answer": choice.answer}
    answers = answers_of(reports, words)
    return _render(
        "public/recommendations.html",
        words,
        lambda other: addresses.recommendations_path(election.code, other),
        is_simulated=is_simulated,
        title=words.say("advice.election", election=election.name),
        reports=chosen,
        has_any=any(report.recommendations for report in reports),
        found=words.say("page.found", count=sum(len(report.rows) for report in chosen)),
        zone=words.say("report.zone", zone=election.time_zone),
        selects=[_select(name, words, answers[name], chosen_one) for name, chosen_one in asked.items()],
        election_url=addresses.election_path(election.code, language),
    )


def report_page(language: str, report: PublicReport, *, is_simulated: bool = False) -> str:
    """One report, or the notice that it was retracted."""
    words = words_in(language)
    retracted = words.instant(report.retracted_at, report.time_zone) if report.retracted_at else ""
    return _render(
        "public/report.html",
        words,
        lambda other: addresses.report_path(report, other),
        is_simulated=is_simulated,
        title=report.title,
        report=report,
        kind=words.say(f"kind.{report.kind}"),
        number=words.say("report.number", number=report.number),
        joint=words.say("report.joint", count=len(report.senders) - 1) if report.is_joint else "",
        senders=report.senders[1:] if report.is_joint else report.senders,
        published=words.instant(report.published_at, report.time_zone),
        retracted=words.say("report.retracted_text", when=retracted) if retracted else "",
        zone=words.say("report.zone", zone=report.time_zone),
        files=[(addresses.file_path(report, file.language), _file_text(file, words), file) for file in report.files],
        recommendations=[told(report, row, words) for row in report.recommendations],
        election_url=addresses.election_path(report.election_code, language),
        permanent=addresses.whole(addresses.report_path(report)),
    )


def absent_page(language: str) -> str:
    """The same for what does not exist, what nobody may read yet, and what never will be public."""
    words = words_in(language)
    return _render("public/absent.html", words, addresses.index_path, title=words.say("page.absent"))


def _render(template: str, words: Words, path_in: Callable[[str], str], **context: object) -> str:
    others = [(path_in(code), words_in(code)) for code in PAGE_LANGUAGES if code != words.language]
    frame = {
        "say": _nested(words),
        "language": words.language,
        "others": others,
        "index_url": addresses.index_path(words.language),
        "feed_url": addresses.FEED_PATH,
    }
    with translation.override(words.language):
        return render_to_string(template, {**frame, **context})


def _nested(words: Words) -> dict[str, dict[str, str]]:
    """The sentences as templates reach them: `say.page.all`."""
    nested: dict[str, dict[str, str]] = {}
    for key, text in words.sentences.items():
        section, _dot, name = key.partition(".")
        nested.setdefault(section, {})[name] = text
    return nested


def _line(report: PublicReport, words: Words) -> _Line:
    return _Line(
        url=addresses.report_path(report, words.language),
        kind=words.say(f"kind.{report.kind}"),
        title=report.title,
        senders=", ".join(report.organizations) or report.mission,
        published=words.instant(report.published_at, report.time_zone),
        is_retracted=report.retracted_at is not None,
        languages=", ".join(words.language_name(file.language) for file in report.files),
    )


def _figures(election: ElectionOnRecord, words: Words) -> list[_Figures]:
    """The latest first."""
    return [
        _Figures(
            row,
            words.say(
                "figures.sentence", observers=row.observers, organizations=row.organizations, countries=row.countries
            ),
            words.instant(row.as_of, election.time_zone),
        )
        for row in reversed(election.figures)
    ]


def _claim(row: PublicClaim, zone: str, words: Words) -> _Claim:
    as_of = words.instant(row.ours_as_of, zone)
    return _Claim(
        row,
        said_on=words.day(row.said_on),
        about=words.say("claims.about", organization=row.organization) if row.organization else "",
        numbers=tuple(
            words.say(
                "claims.differs" if number.by else "claims.same",
                what=words.say(f"figures.{number.of}"),
                theirs=number.before,
                ours=number.now,
                as_of=as_of,
            )
            for number in row.numbers
        ),
    )


def _selects(words: Words, reports: Sequence[PublicReport], choice: Choice) -> list[_Select]:
    """Only answers that find something: a question must not tell of what is not public yet."""
    organizations = {name: name for report in reports for name in report.organizations}
    kinds = {report.kind: words.say(f"kind.{report.kind}") for report in reports}
    languages = {file.language: words.language_name(file.language) for report in reports for file in report.files}
    return [
        _select("organization", words, organizations, choice.organization),
        _select("kind", words, {str(kind): text for kind, text in kinds.items()}, choice.kind),
        _select("language", words, languages, choice.language),
    ]


def _select(name: str, words: Words, answers: dict[str, str], chosen: str) -> _Select:
    options = [("", words.say("filter.any"), not chosen)]
    options += [(value, answers[value], value == chosen) for value in sorted(answers, key=answers.__getitem__)]
    return _Select(name, words.say(f"filter.{name}"), tuple(options))


def _file_text(file: PublicFile, words: Words) -> str:
    with translation.override(words.language):
        size = filesizeformat(file.size).replace("\xa0", " ")
    return words.say("report.file", language=words.language_name(file.language), size=size)
