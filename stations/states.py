"""Closed lists about places of voting."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StationKind(TextChoices):
    PERMANENT = "permanent", _("permanent")
    TEMPORARY = "temporary", _("temporary")
    OVERSEAS = "overseas", _("overseas")
    IDP = "idp", _("for displaced persons")
    SPECIAL = "special", _("special")


class AccessCondition(TextChoices):
    """What must be granted before anybody is sent to a special-access station."""

    PERMIT = "permit", _("entry permit")
    BRIEFING = "briefing", _("safety briefing")
    ESCORT = "escort", _("escort")
    TRANSPORT = "transport", _("transport seat")
