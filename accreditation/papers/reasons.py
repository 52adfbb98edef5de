"""The sentences of all refusals and notices about uploaded papers, by code, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SENTENCES: Mapping[str, Promise] = {
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than 8 MB."),
    "malware_found": _("The file is refused: a malware scanner has found something in it."),
    "media_type_not_allowed": _("Send a JPEG, PNG or WebP picture, or for a scan a PDF. This is of another type."),
    "image_animated": _("Moving pictures are not accepted. Send a still one."),
    "image_broken": _("The picture is damaged or cut off. Save it again and send that."),
    "too_many_pixels": _("The picture has more than 25 million pixels. Make it smaller."),
    "photo_too_small": _("The photo is too small: it needs at least 300 by 400 pixels."),
    "photo_not_portrait": _("The photo must be upright, about three wide and four high."),
    "photo_blank": _("The photo shows a single colour."),
    "photo_too_dark": _("The photo is too dark."),
    "photo_too_bright": _("The photo is too bright."),
    "photo_low_contrast": _("The photo has hardly any contrast."),
    "photo_unsharp": _("The photo looks unsharp."),
    "pdf_broken": _("The PDF is damaged. Print it to PDF again and send that."),
    "pdf_encrypted": _("The PDF is protected. Remove the protection and send it again."),
    "pdf_too_many_pages": _("The PDF has more than 5 pages."),
    "pdf_too_complex": _("The PDF is too complicated to be checked. Print it to PDF again and send that."),
    "pdf_javascript": _("The PDF contains a script."),
    "pdf_open_action": _("The PDF does something when it is opened."),
    "pdf_launch": _("The PDF starts programs or reaches for other files."),
    "pdf_embedded_file": _("The PDF contains other files."),
    "pdf_xfa": _("The PDF is an interactive form. Print it to PDF and send that."),
    "entry_name_refused": _("The name in the archive is not a plain file name."),
    "entry_is_link": _("The archive has a link here and no file."),
    "entry_encrypted": _("The file in the archive is protected with a password."),
    "entry_broken": _("The file in the archive is damaged."),
    "reference_unknown": _("The mission has no open application with this reference."),
    "two_photos_for_one": _("The archive has several photos for this reference; none was taken."),
    "signed_on_missing": _("Say on which day the paper was signed."),
    "signed_on_ahead": _("The day of the signature lies in the future."),
    "signed_on_not_asked": _("Only pledges and statements of conflicts of interest have a day of signature."),
    "archive_broken": _("The archive is damaged, or no ZIP file."),
    "archive_too_large": _("The archive is larger than 100 MB. Divide it."),
    "too_many_entries": _("The archive has more than 300 files. Divide it."),
    "archive_empty": _("The archive has no files."),
}


def sentence_of(reason: str) -> str:
    """The sentence for people. Raises KeyError for a code that no check uses."""
    return str(_SENTENCES[reason])
