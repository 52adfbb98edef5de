"""Results of exit pollsters: taken at any time, and read by nobody while a station is open (R29)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation.errors import ExitPollRefusedError, ExitPollTakenError, NotAPollsterError
from accreditation.models import Accreditation, ExitPollResult
from accreditation.states import Category
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Mission, User

_WHOLE = Decimal(100)
#: Shares are rounded one by one, so that their sum may be a little more than everything.
_ROUNDING = Decimal("0.5")


def record_exit_poll(
    *, mission: Mission, title: str, figures: Mapping[str, Decimal], by: User | None, at: datetime
) -> ExitPollResult:
    """Keep a result of an accredited pollster: contestants and their shares in per cent. The same again is one.

    Records `exit_poll_recorded` on the mission, without a word of the result. Raises NotAPollsterError,
    ExitPollRefusedError (each fault), ExitPollTakenError if other figures stand under the title.
    """
    violations = _violations(title, figures)
    if violations:
        raise ExitPollRefusedError(violations=violations)
    shares = {name.strip(): str(share) for name, share in figures.items()}
    try:
        with transaction.atomic():
            _ensure_pollster(mission)
            result, is_new = ExitPollResult.objects.get_or_create(
                mission=mission,
                title=title.strip(),
                defaults={"figures": shares, "received_at": at, "received_by": by},
            )
            if is_new:
                record_event("exit_poll_recorded", mission, by=by, at=at, scope_id=mission.pk)
    except IntegrityError as error:
        if broken_constraint(error, ExitPollResult) == "exit_poll_title_once":
            raise ExitPollTakenError from error
        raise
    if result.figures != shares:
        raise ExitPollTakenError
    return result


def _ensure_pollster(mission: Mission) -> None:
    live = Accreditation.objects.live().filter(category=Category.EXIT_POLLSTER)
    if not live.filter(application__nomination__mission=mission).exists():
        raise NotAPollsterError


def _violations(title: str, figures: Mapping[str, Decimal]) -> list[Violation]:
    violations = []
    if not title.strip():
        violations.append(Violation("title", "value-missing", _("Give the result a title.")))
    if not figures or not all(name.strip() for name in figures):
        violations.append(Violation("figures", "value-missing", _("Name each contestant and the share.")))
    if not all(share.is_finite() and 0 <= share <= _WHOLE for share in figures.values()):
        violations.append(Violation("figures", "share-out-of-range", _("A share is between 0 and 100 per cent.")))
    elif sum(figures.values()) > _WHOLE + _ROUNDING:
        violations.append(Violation("figures", "shares-exceed-whole", _("The shares are more than 100 per cent.")))
    return violations
