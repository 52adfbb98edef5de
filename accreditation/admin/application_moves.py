"""What the desk may do with applications: one entry per edge, each calling its service."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accreditation import rules
from accreditation.admin.forms import DocumentForm, DocumentsForm, NoteForm, ZoneForm
from accreditation.admin.results import outcomes_of
from accreditation.admin.session_forms import OwnRefusalForm, OwnVotesForm, ScheduleForm, votes_of
from accreditation.models import Application, Finding
from accreditation.permissions import can_decide_application, can_review_application
from accreditation.services import agenda, appeals, applications, decisions, passports
from accreditation.services.profiles import profile_of
from accreditation.states import APPLICATION_TRANSITIONS, ApplicationState, DocumentKind
from missions.admin.moves import Move, Outcomes, ReasonForm, Viewer
from missions.models import User

_S = ApplicationState
Answers = Mapping[str, Any]


def _takes_papers(user: Viewer) -> bool:
    """Desk staff who hand in for a mission; its own people do it by the API."""
    return user.has_perm("accreditation.add_nomination")


def _reads_passports(user: Viewer) -> bool:
    return _takes_papers(user) or can_review_application(user)


def _reviews_or_decides(user: Viewer) -> bool:
    return can_review_application(user) or can_decide_application(user)


def _awaits_decision(application: Application, user: Viewer) -> bool:
    """Ripe for a decision by this person: on an agenda by name, where the law needs no session, or appealed.

    Who is on a list is decided on with it, on the page of the item.
    """
    if not can_decide_application(user, application):
        return False
    if application.state == _S.RECOMMENDED:
        return rules.decides_without_session(profile_of(application.election), application.category)
    if application.state == _S.SCHEDULED:
        return agenda.is_alone(application)
    return application.state == _S.APPEALED


def _submit(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return applications.submit_application(application=application, by=by, at=at)


def _receive(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return applications.receive_document(application=application, kind=DocumentKind(answers["kind"]), by=by, at=at)


def _record_zone(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return passports.record_mrz(application=application, text=answers["zone"], by=by, at=at)


def _ask(application: Application, answers: Answers, by: User, at: datetime) -> object:
    kinds = [DocumentKind(kind) for kind in answers["kinds"]]
    return applications.ask_for_documents(application=application, kinds=kinds, by=by, at=at, reason=answers["reason"])


def _open(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return applications.open_review(application=application, by=by, at=at)


def _admit(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return applications.grant_late_leave(application=application, reason=answers["reason"], by=by, at=at)


def _recommend(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return applications.recommend_application(application=application, by=by, at=at)


def _schedule(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return agenda.schedule_application(application=application, session=answers["session"], by=by, at=at)


def _schedule_together(rows: Sequence[Application], answers: Answers, by: User, at: datetime) -> Outcomes | None:
    if not answers.get("as_list"):
        return None
    keys = [row.pk for row in rows]
    title = answers["title"]
    results = agenda.schedule_list(session=answers["session"], title=title, application_ids=keys, by=by, at=at)
    return outcomes_of(results, by)


def _withdraw(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return applications.withdraw_application(application=application, reason=answers["reason"], by=by, at=at)


def _appeal(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return appeals.appeal_refusal(application=application, reason=answers["reason"], by=by, at=at)


def _return(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return agenda.return_to_review(application=application, reason=answers["reason"], by=by, at=at)


def _reopen(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return appeals.reopen_after_appeal(application=application, reason=answers["reason"], by=by, at=at)


def _accredit(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return decisions.accredit_application(application=application, votes=votes_of(answers), by=by, at=at)


def _refuse(application: Application, answers: Answers, by: User, at: datetime) -> object:
    return decisions.refuse_application(
        application=application,
        ground=answers["ground"],
        text=answers["text"],
        votes=votes_of(answers),
        by=by,
        at=at,
    )


def _close(finding: Finding, answers: Answers, by: User, at: datetime) -> object:
    return applications.close_finding(finding=finding, note=answers["note"], by=by, at=at)


class _In:
    """True for an application in one of these states."""

    def __init__(self, states: Collection[ApplicationState]) -> None:
        self.states = states

    def __call__(self, application: Application, user: Viewer) -> bool:
        return application.state in self.states


APPLICATION_MOVES: tuple[Move[Application], ...] = (
    Move(
        name="submit",
        label=_("Submit"),
        sentence=_("The application is received now; the deadline and the documents are checked at once."),
        may=_takes_papers,
        fits=_In({_S.DRAFT}),
        run=_submit,
        tone="primary",
        in_bulk=True,
    ),
    Move(
        name="receive",
        label=_("Note a document"),
        sentence=_("When nothing is missing any more, an incomplete application is submitted again."),
        may=_takes_papers,
        fits=_In(rules.TAKES_PAPERS),
        run=_receive,
        form=DocumentForm,
    ),
    Move(
        name="zone",
        label=_("Enter the passport's zone"),
        sentence=_("The machine-readable zone is checked digit by digit, and compared with what the mission wrote."),
        may=_reads_passports,
        fits=_In(rules.TAKES_PAPERS),
        run=_record_zone,
        form=ZoneForm,
    ),
    Move(
        name="open",
        label=_("Open the review"),
        sentence=_("The application is vetted, and its findings are written down."),
        may=can_review_application,
        fits=_In({_S.SUBMITTED}),
        run=_open,
        tone="primary",
        in_bulk=True,
    ),
    Move(
        name="admit",
        label=_("Admit although late"),
        sentence=_("The application goes into review. The deadline and the instant of submission stay on record."),
        may=can_review_application,
        fits=_In({_S.INADMISSIBLE_LATE}),
        run=_admit,
        form=ReasonForm,
    ),
    Move(
        name="recommend",
        label=_("Recommend"),
        sentence=_("You become the reviewer. Somebody else decides. Blocking findings must be closed first."),
        may=can_review_application,
        fits=_In({_S.UNDER_REVIEW}),
        run=_recommend,
        tone="primary",
        in_bulk=True,
    ),
    Move(
        name="ask",
        label=_("Ask for documents"),
        sentence=_("The mission is asked for these documents, and the time for the decision stops."),
        may=can_review_application,
        fits=_In({_S.SUBMITTED, _S.UNDER_REVIEW}),
        run=_ask,
        form=DocumentsForm,
    ),
    Move(
        name="reopen",
        label=_("Review again after appeal"),
        sentence=_("The application goes back into review and is vetted again."),
        may=can_review_application,
        fits=_In({_S.APPEALED}),
        run=_reopen,
        form=ReasonForm,
    ),
    Move(
        name="schedule",
        label=_("Put on an agenda"),
        sentence=_("The commission decides the application in the session that you choose."),
        may=can_review_application,
        fits=_In({_S.RECOMMENDED}),
        run=_schedule,
        form=ScheduleForm,
        tone="primary",
        in_bulk=True,
        run_together=_schedule_together,
    ),
    Move(
        name="accredit",
        label=_("Accredit"),
        sentence=_("The person is accredited under the next number. You decide; somebody else has reviewed."),
        may=can_decide_application,
        fits=_awaits_decision,
        run=_accredit,
        form=OwnVotesForm,
        tone="success",
        in_bulk=True,
    ),
    Move(
        name="refuse",
        label=_("Refuse"),
        sentence=_("A refusal rests on a ground of the law and says why. The mission may appeal."),
        may=can_decide_application,
        fits=_awaits_decision,
        run=_refuse,
        form=OwnRefusalForm,
        tone="danger",
    ),
    Move(
        name="return",
        label=_("Return to review"),
        sentence=_("The decision is deferred: the application leaves its agenda and is reviewed again."),
        may=_reviews_or_decides,
        fits=_In({_S.RECOMMENDED, _S.SCHEDULED}),
        run=_return,
        form=ReasonForm,
    ),
    Move(
        name="appeal",
        label=_("Note an appeal"),
        sentence=_("The mission appeals in writing, and you note it for the mission. Say on what it rests."),
        may=_takes_papers,
        fits=_In({_S.REFUSED}),
        run=_appeal,
        form=ReasonForm,
    ),
    Move(
        name="withdraw",
        label=_("Withdraw for the mission"),
        sentence=_("The mission takes the application back in writing, for good; its place is free again."),
        may=_takes_papers,
        fits=_In({state for state in _S if _S.WITHDRAWN in APPLICATION_TRANSITIONS[state]}),
        run=_withdraw,
        form=ReasonForm,
        tone="danger",
    ),
)

CLOSE_FINDING: Move[Finding] = Move(
    name="close",
    label=_("Close the finding"),
    sentence=_("The finding no longer stands in the way. Your name and the note stay with it."),
    may=can_review_application,
    fits=lambda finding, user: finding.closed_at is None,
    run=_close,
    form=NoteForm,
    tone="primary",
    back=lambda finding: reverse("admin:accreditation_application_change", args=(finding.application_id,)),
)
