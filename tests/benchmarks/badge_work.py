"""The work that the bench of printing measures: the desk, a batch, and its yardstick."""

import time

from accreditation.badges.models import Badge
from accreditation.badges.rendering import render_cards
from accreditation.badges.selectors import badge_candidates, progress_of
from accreditation.badges.services.batches import order_batch, work_off_batches
from accreditation.badges.services.desk import print_badge
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.services.printing import ready_cards
from accreditation.badges.states import BadgeState, CardFormat
from accreditation.models import Accreditation
from missions.models import Election, User
from tests.benchmarks.badge_people import AT

FORMAT = CardFormat.ID1


def desk_of(count: int) -> list[float]:
    """The seconds of each of the first people at the desk: issued, signed, drawn, noted."""
    by, taken = User.objects.get(), []
    for number, person in enumerate(Accreditation.objects.order_by("pk")[:count]):
        started = time.perf_counter()
        badge = issue_badge(accreditation=person, by=by, at=AT)
        print_badge(badge=badge, stock_serial=f"DESK {number}", card_format=FORMAT, by=by, at=AT)
        taken.append(time.perf_counter() - started)
    return taken


def batch_of_all() -> tuple[int, int]:
    """Order the badges of everybody else and do the job's turns; how many were printed, and on how many sheets."""
    by, election = User.objects.get(), Election.objects.get()
    batch = order_batch(
        election=election,
        accreditations=badge_candidates(election, user=by),
        title="Everybody",
        card_format=FORMAT,
        first_stock_serial="AZ 000001",
        by=by,
        at=AT,
    )
    while work_off_batches(at=AT):
        pass
    return progress_of(batch).printed, batch.sheets.count()


def drawn_apart() -> tuple[float, float]:
    """Seconds of drawing 100 printed cards in one go, and each by itself."""
    keys = Badge.objects.filter(state=BadgeState.PRINTED).order_by("pk").values_list("pk", flat=True)[:100]
    cards = list(ready_cards(list(keys), at=AT, state=BadgeState.PRINTED).cards.values())
    started = time.perf_counter()
    render_cards(cards, card_format=FORMAT, issued_at=AT)
    together = time.perf_counter()
    for card in cards:
        render_cards([card], card_format=FORMAT, issued_at=AT)
    return together - started, time.perf_counter() - together
