"""What each mission asks the ministry for: by its code, so that the story is always the same. Hours are invented."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from config.demo.story import Story
from missions.models import Mission
from missions.states import MissionKind
from missions.timeline.programme.services.requests import RequestDraft
from missions.timeline.programme.states import RequestKind

_K = RequestKind
_HOUR = timedelta(hours=1)


def wishes_of(mission: Mission, story: Story, *, persons: int) -> Iterator[RequestDraft]:
    """A delegation lands, fetches badges, is briefed, meets its hosts and the press, and leaves; a few do not ask all.

    Missions that stay for weeks ask for meetings only, and a joint mission for the press. What the plot has for a
    mission and kind takes the place of what is dealt here.
    """
    turn = crc32(mission.code.encode())
    own = {_K(row["kind"]): row for row in story.plot["programme"]["requests"] if row["mission"] == mission.code}
    for draft in (*_chain(mission, story, turn, persons), *_meetings(mission, story, turn)):
        yield draft if draft.kind not in own else _from_plot(own[draft.kind], story, mission)


def _chain(mission: Mission, story: Story, turn: int, persons: int) -> Iterator[RequestDraft]:
    """Arrival, badges and briefing, and the way back to the airport."""
    if mission.kind != MissionKind.DELEGATION or not persons:
        return
    plot = story.plot["programme"]["wishes"]
    landed = story.moment(plot["landings"][turn % len(plot["landings"])])
    yield RequestDraft(_K.ARRIVAL, persons, landed, landed + 6 * _HOUR)
    for part, size in enumerate(_batches(persons, plot["badges_at_once"]), start=1):
        yield RequestDraft(_K.BADGES, size, landed + _HOUR, story.moment(plot["badges_until"]), part=part)
    language = plot["languages"][turn // 7 % len(plot["languages"])]
    for part, size in enumerate(_batches(persons, plot["briefed_at_once"]), start=1):
        ends = story.moment(plot["briefed_until"])
        yield RequestDraft(_K.BRIEFING, size, landed + _HOUR, ends, language=language, part=part)
    leaves = story.moment(plot["departures"][turn // 11 % len(plot["departures"])])
    yield RequestDraft(_K.DEPARTURE, persons, leaves, leaves + 5 * _HOUR)


def _meetings(mission: Mission, story: Story, turn: int) -> Iterator[RequestDraft]:
    """Who wants the minister, the commission's chair and the press: dealt by shares in hundredths."""
    head = mission.heads.first()
    for number, row in enumerate(story.plot["programme"]["wishes"]["meetings"]):
        is_asked = turn // (13 + number) % 100 < row["share"] or mission.kind != MissionKind.DELEGATION
        if is_asked and mission.kind in row["missions"]:
            yield RequestDraft(
                _K(row["kind"]),
                row["size"],
                story.moment(row["earliest"]),
                story.moment(row["latest"]),
                language=row["languages"][turn // 17 % len(row["languages"])],
                head_id=head.pk if head else None,
            )


def _from_plot(row: dict[str, Any], story: Story, mission: Mission) -> RequestDraft:
    head = mission.heads.first()
    earliest: datetime = story.moment(row["earliest"])
    return RequestDraft(
        _K(row["kind"]),
        row["size"],
        earliest,
        story.moment(row["latest"]),
        language=row["language"],
        head_id=head.pk if head else None,
    )


def _batches(persons: int, most: int) -> list[int]:
    """As many even parts as it takes for none to be larger."""
    parts = -(-persons // most)
    small, more = divmod(persons, parts)
    return [small + (part < more) for part in range(parts)]
