"""Why a polling station cannot be taken out of use, or back into it."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError


class StationClosedError(ConflictError):
    """Somebody has taken it out of use already."""

    code = "station-closed"
    title = _("The polling station is out of use already")


class StationInUseError(ConflictError):
    """It is in use already."""

    code = "station-in-use"
    title = _("The polling station is in use already")
