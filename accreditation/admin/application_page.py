"""What the page of one application tells: person, clocks, papers, findings, decisions. Each needs one query at most."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accreditation.admin.application_moves import CLOSE_FINDING
from accreditation.admin.people import country
from accreditation.admin.tones import SEVERITY_TONES
from accreditation.models import Application
from accreditation.services.profiles import profile_of
from accreditation.states import DocumentKind, Outcome, Severity
from accreditation.vetting.sentences import sentence_of
from missions.admin.pages import DAY_FORMAT, local_text
from missions.kernel.errors import Text

Facts = Sequence[tuple[Text, object]]


def person_of(application: Application) -> Facts:
    """Who it is and for whom; the passport masked."""
    observer, nomination = application.observer, application.nomination
    return (
        (_("Nationality"), ", ".join(country(code) for code in observer.nationalities)),
        (_("Date of birth"), date_format(observer.birth_date, DAY_FORMAT)),
        (_("Passport"), f"{country(observer.passport_issuer)} {observer.masked_passport}"),
        (_("Passport expires"), date_format(observer.passport_expires_on, DAY_FORMAT)),
        (_("Residence"), country(observer.residence_country)),
        (_("Languages"), ", ".join(observer.languages)),
        (_("Mission"), nomination.mission),
        (_("Delegation"), nomination.delegation),
        (_("Role"), nomination.get_role_display()),
        (_("Reference"), nomination.reference),
        (_("Stay"), _stay(nomination.arrives_on, nomination.departs_on)),
    )


def _stay(arrives_on: date | None, departs_on: date | None) -> str:
    return " – ".join(date_format(day, DAY_FORMAT) for day in (arrives_on, departs_on) if day)


def clocks_of(application: Application) -> Facts:
    """The instants that the law knows, in the host's zone."""
    zone = application.election.zone
    return (
        (_("Submitted"), local_text(application.submitted_at, zone)),
        (_("Legal deadline"), local_text(application.deadline_at, zone)),
        (_("Complete since"), local_text(application.complete_since, zone)),
        (_("Decide by"), local_text(application.decide_by, zone)),
        (_("Reviewed by"), application.reviewed_by),
        (_("Session"), application.session),
    )


def papers_of(application: Application) -> list[dict[str, Any]]:
    """Every kind of document with the day on which it came. One query."""
    received = dict(application.documents.values_list("kind", "received_on"))
    return [
        {"title": kind.label, "received_on": date_format(day, DAY_FORMAT) if (day := received.get(kind)) else ""}
        for kind in DocumentKind
    ]


def findings_of(request: HttpRequest, application: Application) -> list[dict[str, Any]]:
    """The findings, open ones first, each with the address to close it if this person may. One query."""
    zone = application.election.zone
    may_close = CLOSE_FINDING.may(request.user)
    rows = sorted(application.findings.select_related("closed_by"), key=lambda row: (row.closed_at is not None, row.pk))
    return [
        {
            "sentence": sentence_of(row.code, row.evidence, otherwise=row.sentence),
            "severity": row.get_severity_display(),
            "tone": SEVERITY_TONES[Severity(row.severity)],
            "open": row.closed_at is None,
            "closed": f"{row.closed_by}, {local_text(row.closed_at, zone)}",
            "note": row.note,
            "close_url": reverse("admin:accreditation_finding_close", args=(row.pk,))
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
