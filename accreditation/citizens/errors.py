"""What the intake of citizen observers refuses."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError


class FileClosedError(ConflictError):
    """The file was taken in or discarded before."""

    code = "file-closed"
    title = _("The file was taken in or discarded already")


class FileTakenTwiceError(ConflictError):
    """The same file is being uploaded by somebody else at this moment."""

    code = "file-taken-twice"
    title = _("The same file was uploaded at the same moment; look at the list of files")
