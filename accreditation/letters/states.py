"""The closed list of letters, and what each speaks of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LetterKind(TextChoices):
    ACCREDITATION = "accreditation", _("accreditation letter")
    ACCREDITATION_LIST = "accreditation_list", _("list of accredited persons")
    REFUSAL = "refusal", _("notice of refusal")
    VISA_SUPPORT = "visa_support", _("visa support letter")
    NOTE_NOMINATIONS = "note_nominations", _("note verbale: nominations received")
    NOTE_ACCREDITED = "note_accredited", _("note verbale: accredited persons")


_K = LetterKind
#: About one application, about one accreditation, and about a mission or (the notes) the organization behind it.
APPLICATION_KINDS = (_K.REFUSAL, _K.VISA_SUPPORT)
ACCREDITATION_KINDS = (_K.ACCREDITATION,)
MISSION_KINDS = (_K.ACCREDITATION_LIST, _K.NOTE_NOMINATIONS, _K.NOTE_ACCREDITED)
#: Written by the ministry to an organization, so only a mission that has one gets them.
NOTE_KINDS = (_K.NOTE_NOMINATIONS, _K.NOTE_ACCREDITED)
#: Issued by the ministry; the others by the commission that decides.
MINISTRY_KINDS = (_K.VISA_SUPPORT, *NOTE_KINDS)

#: The mark in front of a letter's number.
MARKS = {
    _K.ACCREDITATION: "AL",
    _K.ACCREDITATION_LIST: "LA",
    _K.REFUSAL: "RF",
    _K.VISA_SUPPORT: "VS",
    _K.NOTE_NOMINATIONS: "NN",
    _K.NOTE_ACCREDITED: "NA",
}


class Standing(TextChoices):
    """What an issued letter is worth now; computed when read."""

    CURRENT = "current", _("current")
    REPLACED = "replaced", _("replaced")
    OVERTAKEN = "overtaken", _("overtaken by events")
