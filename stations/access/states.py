"""States and closed lists of special access."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions
from stations.states import AccessCondition


class AccessState(TextChoices):
    REQUESTED = "requested", _("requested")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


_S = AccessState
#: What is granted may be taken back by the host, which refuses it then, or given up by the mission.
ACCESS_TRANSITIONS: Transitions[AccessState] = {
    _S.REQUESTED: frozenset({_S.GRANTED, _S.REFUSED, _S.WITHDRAWN}),
    _S.GRANTED: frozenset({_S.REFUSED, _S.WITHDRAWN}),
    _S.REFUSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
LIVE_STATES = (_S.REQUESTED, _S.GRANTED)
#: What is granted as seats in a vehicle or under an escort, of which there are only so many.
SEATED = frozenset({AccessCondition.ESCORT, AccessCondition.TRANSPORT})


class MissingReason(TextChoices):
    """Why a precondition of a visit is not met."""

    NOT_REQUESTED = "not_requested", _("nobody has asked for it")
    WAITING = "waiting", _("it is asked for and not decided")
    REFUSED = "refused", _("it was refused")
    ENDS_BEFORE = "ends_before", _("it ends before the visit does")
    OTHER_TIME = "other_time", _("the escort or vehicle is not there during the visit")
