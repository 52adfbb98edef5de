"""To whom recommendations go, what the host answers, and what became of them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Addressee(TextChoices):
    COMMISSION = "commission", _("election commission")
    PARLIAMENT = "parliament", _("parliament")
    GOVERNMENT = "government", _("government")
    COURTS = "courts", _("courts")
    POLICE = "police", _("police")
    MEDIA_AUTHORITY = "media_authority", _("media authority")
    PARTIES = "parties", _("parties and candidates")


class Answer(TextChoices):
    """What the host says to a recommendation."""

    ACCEPTED = "accepted", _("accepted")
    PARTLY = "accepted_partly", _("accepted in part")
    NOT_ACCEPTED = "not_accepted", _("not accepted")
    NOTED = "noted", _("noted")


class Outcome(TextChoices):
    """What became of a recommendation, as somebody sees it later."""

    IMPLEMENTED = "implemented", _("implemented")
    MOSTLY = "mostly_implemented", _("mostly implemented")
    PARTLY = "partly_implemented", _("partly implemented")
    NOT = "not_implemented", _("not implemented")
    NO_LONGER = "no_longer_applicable", _("no longer applicable")


#: Nothing more is waited for.
SETTLED_OUTCOMES = (Outcome.IMPLEMENTED, Outcome.NO_LONGER)
