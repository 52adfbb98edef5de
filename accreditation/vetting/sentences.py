"""What findings say, in the language of the reader: worded from code and evidence each time they are shown.

A finding stores its code and the facts that it rests on; the sentence that is stored beside them is only for codes
that this version no longer knows. What is known of other people's nominations is marked here, once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accreditation.rules import ASKED
from accreditation.states import DocumentKind, ListKind
from missions.countries import country_name
from missions.kernel.errors import Text
from missions.law.profile import ProfileError, load_profile

#: What a mission is told instead of everything that concerns others.
NEUTRAL_CODE = "ministry_check"


@dataclass(frozen=True, slots=True)
class _Wording:
    """A sentence with places for the evidence. `about_others`: it says something of somebody else's nomination."""

    text: Text
    about_others: bool = False


_WORDINGS = {
    "election_without_profile": _Wording(
        _("The election has no rule profile: deadlines, documents and exclusions were not checked.")
    ),
    "category_not_in_profile": _Wording(_("The rule profile of the election has no such category.")),
    # --- the person against the law
    "host_citizenship": _Wording(_("Holds the nationality of the host country ({nationality}).")),
    "host_citizenship_rule_unknown": _Wording(
        _("Holds the nationality of the host country; whether that is allowed is not known.")
    ),
    "birth_in_future": _Wording(_("The date of birth is in the future.")),
    "too_young": _Wording(_("Is younger than {limit} years on election day.")),
    "too_old": _Wording(_("Is older than {limit} years on election day.")),
    "passport_expired": _Wording(_("The passport expired on {expires_on}.")),
    "passport_expires_before_departure": _Wording(
        _("The passport expires on {expires_on}, before the departure on {departs_on}.")
    ),
    "passport_expires_soon": _Wording(
        _("The passport expires on {expires_on}, less than {months} months after the stay.")
    ),
    "passport_issued_after_expiry": _Wording(_("The passport was issued on {issued_on}, after it expired.")),
    "passport_issued_before_birth": _Wording(_("The passport was issued on {issued_on}, before the person was born.")),
    "passport_issued_in_future": _Wording(_("The passport is said to be issued on {issued_on}, which is to come.")),
    "documents_missing": _Wording(_("Documents are missing: {documents}.")),
    "usual_documents_missing": _Wording(_("Usual documents are missing: {documents}.")),
    "documents_rule_unknown": _Wording(_("Which documents this category needs is not known.")),
    "pledge_missing": _Wording(_("Still to be handed in before the observer goes out: {documents}.")),
    "departs_before_arrival": _Wording(_("Departs before the arrival.")),
    "arrives_late": _Wording(_("Arrives after election day.")),
    "long_stay": _Wording(_("Stays longer than {limit} days.")),
    # --- the name
    "mixed_script": _Wording(_("A name mixes letters of several scripts that look alike.")),
    "digits_in_name": _Wording(_("A name contains digits.")),
    "no_given_name": _Wording(_("There is no given name; that is right for people with a single name only.")),
    "no_latin_name": _Wording(
        _("The name cannot be printed in Latin letters. Take it from the machine-readable zone of the passport.")
    ),
    # --- the machine-readable zone
    "mrz_unreadable": _Wording(_("The stored machine-readable zone can no longer be read.")),
    "mrz_names_swapped": _Wording(_("Surname and given names are swapped in comparison with the passport.")),
    "mrz_surname_differs": _Wording(_("The surname is another one in the passport.")),
    "mrz_given_names_differ": _Wording(_("The given names are other ones in the passport.")),
    "mrz_number_differs": _Wording(_("The passport number is another one in the machine-readable zone.")),
    "mrz_issuer_differs": _Wording(_("The passport was issued by {read_country}, says its machine-readable zone.")),
    "mrz_nationality_differs": _Wording(_("The passport names another nationality: {read_country}.")),
    "mrz_birth_date_differs": _Wording(_("The date of birth is another one in the passport: {read_on}.")),
    "mrz_expiry_differs": _Wording(_("The passport itself says that it expires on {read_on}.")),
    "mrz_sex_differs": _Wording(_("The sex is another one in the passport.")),
    # --- others
    "same_passport": _Wording(_("The same passport is on another nomination."), about_others=True),
    "near_passport": _Wording(
        _("Another nomination has nearly the same passport number: O and 0, or I and 1, in the same place."),
        about_others=True,
    ),
    "same_name": _Wording(
        _("Another nomination has the same name and date of birth, with another passport."), about_others=True
    ),
    "similar_name": _Wording(
        _("Another nomination has a similar name and the same date of birth, with another passport."),
        about_others=True,
    ),
    "same_name_partial_birth": _Wording(
        _("Another nomination has the same name, and its date of birth may be the same."), about_others=True
    ),
    "same_name_other_birth": _Wording(
        _("Another nomination has the same full name, with another date of birth."), about_others=True
    ),
    "same_photo": _Wording(_("The same photo is with another person."), about_others=True),
    "incompatible_status": _Wording(
        _("Name and date of birth are on a list of people who cannot observe: {kinds}."), about_others=True
    ),
    "incompatible_status_possible": _Wording(
        _("The name is on a list of people who cannot observe, without a date of birth: {kinds}."), about_others=True
    ),
    "revoked_before": _Wording(_("An accreditation of this person was revoked in this election."), about_others=True),
    "revoked_elsewhere": _Wording(
        _("An accreditation of this person was revoked in another election."), about_others=True
    ),
    "organization_revoked": _Wording(_("The organization lost its accreditations in this election.")),
    "organization_revoked_elsewhere": _Wording(_("The organization lost its accreditations in another election.")),
}
_ASKED_FOR = _("The desk asked for: {document}.")
_ASKED_BECAUSE = _("The desk asked for: {document}. It says: {reason}")
_NEUTRAL = _("The ministry must look at this application.")

#: Codes that only the host may read.
ABOUT_OTHERS = frozenset(code for code, wording in _WORDINGS.items() if wording.about_others)


def sentence_of(code: str, evidence: Mapping[str, str], *, otherwise: str = "") -> str:
    """The sentence of a finding in the active language; `otherwise` for a code or evidence of another version."""
    if code.startswith(ASKED):
        text: Text | None = _ASKED_BECAUSE if "reason" in evidence else _ASKED_FOR
    else:
        wording = _WORDINGS.get(code)
        text = wording.text if wording else None
    if text is None:
        return otherwise
    try:
        return str(text).format_map({name: _shown(name, value, evidence) for name, value in evidence.items()})
    except (KeyError, ValueError):
        return otherwise


def neutral_sentence() -> str:
    """What a mission reads in place of all findings about others."""
    return str(_NEUTRAL)


def _shown(name: str, value: str, evidence: Mapping[str, str]) -> str:
    """A fact as people write it."""
    if name.endswith("_on"):
        return date_format(date.fromisoformat(value), "j F Y")
    show = _SHOWN.get(name)
    return show(value, evidence) if show else value


def _country(code: str, _evidence: Mapping[str, str]) -> str:
    return country_name(code, _language())


def _documents(codes: str, evidence: Mapping[str, str]) -> str:
    """Documents as the law calls them, where it knows them."""
    try:
        profile = load_profile(evidence.get("profile", ""))
        titles = {document.code: document.title.text(_language()) for document in profile.documents}
    except ProfileError:
        titles = {}
    labels = {str(kind.value): str(kind.label) for kind in DocumentKind}
    return ", ".join(titles.get(code) or labels.get(code, code) for code in codes.split(", "))


def _kinds(codes: str, _evidence: Mapping[str, str]) -> str:
    return ", ".join(str(ListKind(code).label) for code in codes.split(", "))


def _language() -> str:
    return get_language() or "en"


_SHOWN: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "nationality": _country,
    "read_country": _country,
    "documents": _documents,
    "document": _documents,
    "kinds": _kinds,
}
