"""What the page of one application tells: person, clocks, findings, decisions. Each needs one query at most."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accreditation import rules
from accreditation.admin.application_moves import CLOSE_FINDING
from accreditation.admin.people import country
from accreditation.admin.tones import SEVERITY_TONES
from accreditation.models import Application, Stay
from accreditation.services.appeals import appeal_closes_at
from accreditation.services.profiles import profile_of
from accreditation.states import ApplicationState, Outcome, Severity
from accreditation.vetting.sentences import sentence_of
from missions.admin.pages import DAY_FORMAT, linked, local_text
from missions.kernel.errors import Text

Facts = Sequence[tuple[Text, object]]


def person_of(request: HttpRequest, application: Any) -> Facts:
    """Who it is and for whom; the passport masked. `application` knows whether a machine-readable zone is stored."""
    observer, nomination = application.observer, application.nomination
    zone_read = _("stored; the findings say whether it agrees") if application.has_mrz else _("not entered")
    return (
        (_("Nationality"), ", ".join(country(code) for code in observer.nationalities)),
        (_("Date of birth"), date_format(observer.birth_date, DAY_FORMAT)),
        (_("Passport"), f"{country(observer.passport_issuer)} {observer.masked_passport}"),
        (_("Passport expires"), date_format(observer.passport_expires_on, DAY_FORMAT)),
        (_("Zone (MRZ)"), zone_read),
        (_("Residence"), country(observer.residence_country)),
        (_("Languages"), ", ".join(observer.languages)),
        (_("Mission"), linked(request, nomination.mission)),
        (_("Delegation"), nomination.delegation),
        (_("Role"), nomination.get_role_display()),
        (_("Nomination"), linked(request, nomination, nomination.reference)),
        (_("All nominations"), linked(request, observer, _("of this person"))),
    )


def stay_of(application: Application) -> Facts:
    """When and where the person is in the country, as planned and as it came about, in the host's time."""
    nomination, zone = application.nomination, application.election.zone
    stay: Stay | None = getattr(nomination, "stay", None)
    facts: list[tuple[Text, object]] = [(_("Nominated for"), _stay(nomination.arrives_on, nomination.departs_on))]
    if stay is None:
        return (*facts, (_("Visa and lodging"), _("nothing is known yet")))
    for title, instant, by in (
        (_("Arrives"), stay.arrives_at, stay.arrival_flight),
        (_("Departs"), stay.departs_at, stay.departure_flight),
    ):
        if instant or by:
            facts.append((title, " · ".join(word for word in (local_text(instant, zone), by) if word)))
    facts += [(_("Visa"), stay.get_visa_state_display()), (_("Lodging"), stay.lodging)]
    seen = ((_("Arrived"), stay.arrived_at), (_("Briefed"), stay.briefed_at), (_("Left"), stay.left_at))
    return (*facts, *((title, local_text(instant, zone)) for title, instant in seen if instant))


def _stay(arrives_on: date | None, departs_on: date | None) -> str:
    return " – ".join(date_format(day, DAY_FORMAT) for day in (arrives_on, departs_on) if day)


def clocks_of(request: HttpRequest, application: Application) -> Facts:
    """The instants that the law knows, in the host's zone; of a rule that is not known it says so. One query."""
    zone, profile = application.election.zone, profile_of(application.election)
    law = rules.known_clocks(profile, application.category, e_day=application.election.e_day, scope=application.scope)
    facts: list[tuple[Text, object]] = [
        (_("Submitted"), local_text(application.submitted_at, zone)),
        (_("Legal deadline"), _law_text(application.deadline_at or law.deadline_at, law.deadline_known, zone)),
        (_("Complete since"), local_text(application.complete_since, zone)),
    ]
    if application.state == ApplicationState.INCOMPLETE:
        facts.append((_("Decide by"), _("stopped while papers are missing")))
    elif application.state == ApplicationState.APPEALED:
        facts.append((_("Ruling due by"), _law_text(application.decide_by, law.appeal_known, zone)))
    else:
        facts.append((_("Decide by"), _law_text(application.decide_by, law.decision_known, zone)))
    if application.state == ApplicationState.REFUSED:
        facts.append((_("May be appealed until"), _law_text(appeal_closes_at(application), law.appeal_known, zone)))
    return (
        *facts,
        (_("Reviewed by"), application.reviewed_by),
        (_("Session"), linked(request, application.session)),
        (_("Agenda item"), linked(request, application.agenda_item)),
    )


def _law_text(instant: datetime | None, is_known: bool, zone: ZoneInfo) -> Text:
    """The instant; that the law does not give it; or a dash where the clock does not run yet."""
    return _("not known") if instant is None and not is_known else local_text(instant, zone)


def findings_of(request: HttpRequest, application: Application, *, keep: Callable[[str], str]) -> list[dict[str, Any]]:
    """The findings, open ones first, each with the address to close it if this person may. One query.

    `keep` puts into an address what leads the person back to the list.
    """
    zone = application.election.zone
    may_close = CLOSE_FINDING.may(request.user)
    found = application.findings.select_related("closed_by")
    rows = sorted(found, key=lambda row: (row.closed_at is not None, row.severity != Severity.BLOCK, row.pk))
    return [
        {
            "sentence": sentence_of(row.code, row.evidence, otherwise=row.sentence),
            "severity": row.get_severity_display(),
            "tone": SEVERITY_TONES[Severity(row.severity)],
            "open": row.closed_at is None,
            "blocks": row.severity == Severity.BLOCK,
            "closed": f"{row.closed_by}, {local_text(row.closed_at, zone)}",
            "note": row.note,
            "close_url": keep(reverse("admin:accreditation_finding_close", args=(row.pk,)))
            if may_close and row.closed_at is None
            else "",
        }
        for row in rows
    ]


def decisions_of(application: Application) -> list[dict[str, Any]]:
    """What was decided, newest first, with the ground in words. One query."""
    profile = profile_of(application.election)
    titles = {ground.code: ground.title.text(get_language() or "en") for ground in profile.grounds} if profile else {}
    return [
        {
            "outcome": row.get_outcome_display(),
            "tone": "success" if row.outcome == Outcome.ACCREDITED else "danger",
            "at": local_text(row.decided_at, application.election.zone),
            "reviewed_by": row.reviewed_by,
            "decided_by": row.decided_by,
            "session": row.session,
            "ground": titles.get(row.ground, row.ground),
            "text": row.text,
        }
        for row in application.decisions.select_related("reviewed_by", "decided_by", "session")
    ]
