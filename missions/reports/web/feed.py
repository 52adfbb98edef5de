"""The Atom feed of what became public last. An entry's id is the report's permanent address."""

from collections.abc import Sequence

from django.utils.feedgenerator import Atom1Feed

from missions.reports.selectors import PublicReport
from missions.reports.web import addresses
from missions.reports.wording import REFERENCE, words_in

MEDIA_TYPE = "application/atom+xml; charset=utf-8"


def atom_feed(reports: Sequence[PublicReport]) -> str:
    """The feed. A retracted report stays in it as retracted, so that readers hear of that too."""
    words = words_in(REFERENCE)
    feed = Atom1Feed(
        title=words.say("page.all"),
        link=addresses.whole(addresses.index_path()),
        feed_url=addresses.whole(addresses.FEED_PATH),
        description=None,
        language=REFERENCE,
    )
    for report in reports:
        address = addresses.whole(addresses.report_path(report))
        kind = words.say(f"kind.{report.kind}")
        is_gone = report.retracted_at is not None
        feed.add_item(
            title=f"{words.say('report.retracted')}: {report.title}" if is_gone else report.title,
            link=address,
            unique_id=address,
            description=f"{kind}, {report.mission}, {report.election_name}",
            author_name=report.mission,
            categories=(kind, *report.organizations),
            pubdate=report.published_at,
            updateddate=report.changed_at,
        )
    return str(feed.writeString("utf-8"))
