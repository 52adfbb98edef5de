"""Who may do what at the accreditation desk: facts about a person, and nothing about whether an act is sound.

A host's person needs Django's permission, a mission's person a membership; neither stands for the other.
"""

from accreditation.models import Application, Document, Nomination
from accreditation.querysets import Viewer
from accreditation.states import DocumentKind
from missions.models import Membership, Mission
from missions.states import MembershipRole


def can_nominate_observers(user: Viewer, mission: Mission) -> bool:
    """Leads and focal points of the mission, and desk staff who may add nominations. At most three queries."""
    return _acts_for(user, mission.pk) or can_take_nominations(user)


def can_take_nominations(user: Viewer) -> bool:
    """Desk staff who may add nominations, of whatever mission."""
    return _has(user, "accreditation.add_nomination")


def can_read_political_groups(user: Viewer) -> bool:
    """People of missions, of their own nominations; of the host only who takes nominations: nobody else needs them."""
    return can_take_nominations(user) if user.is_authenticated and user.is_host else user.is_authenticated


def can_submit_application(user: Viewer, application: Application) -> bool:
    """Who may nominate for the mission may also submit, and hand in papers."""
    return can_nominate_observers(user, application.nomination.mission)


def can_upload_document(user: Viewer, application: Application) -> bool:
    """Who may submit the application hands in its papers, as files too."""
    return can_submit_application(user, application)


def can_read_document_file(user: Viewer, document: Document) -> bool:
    """Host staff with the permission to open files, and the lead of the nominating mission.

    A copy of a passport is for those who vet, and for that lead: for nobody else at the host.
    """
    vets = document.kind != DocumentKind.PASSPORT_COPY or can_review_application(user)
    if vets and _has(user, "accreditation.read_document_file"):
        return True
    return _acts_for(user, document.application.nomination.mission_id, role=MembershipRole.LEAD)


def can_withdraw_application(user: Viewer, application: Application) -> bool:
    """The lead of the nominating mission, nobody else."""
    return _acts_for(user, application.nomination.mission_id, role=MembershipRole.LEAD)


def can_appeal_refusal(user: Viewer, application: Application) -> bool:
    """The lead of the nominating mission, nobody else."""
    return can_withdraw_application(user, application)


def can_review_application(user: Viewer) -> bool:
    """Host staff with the permission to review: open, ask, close findings, recommend, schedule."""
    return _has(user, "accreditation.review_application")


def can_decide_application(user: Viewer, application: Application | None = None) -> bool:
    """Host staff with the permission to decide; for a given application not the person who reviewed it."""
    if application is not None and application.reviewed_by_id == user.pk:
        return False
    return _has(user, "accreditation.decide_application")


def can_end_accreditation(user: Viewer) -> bool:
    """Who may decide may also suspend, reinstate, revoke and restore."""
    return can_decide_application(user)


def can_correct_person(user: Viewer) -> bool:
    """Host staff who may correct the name, the photo and the role of accredited people."""
    return _has(user, "accreditation.change_accreditation")


def can_correct_decision(user: Viewer, application: Application) -> bool:
    """Who may decide the application may also say that it was for another mission or category; never its reviewer."""
    return can_decide_application(user, application)


def can_propose_revocation(user: Viewer) -> bool:
    """Who reviews or decides may propose that an accreditation is taken away; somebody else of those decides."""
    return can_review_application(user) or can_decide_application(user)


def can_return_accreditation(user: Viewer, application: Application) -> bool:
    """The lead of the mission hands a card in or swaps the person; `application` is the one that led to it."""
    return can_withdraw_application(user, application)


def can_plan_stay(user: Viewer, nomination: Nomination) -> bool:
    """Leads and focal points of the mission, and host staff who keep stays."""
    return _acts_for(user, nomination.mission_id) or can_keep_stays(user)


def can_keep_stays(user: Viewer) -> bool:
    """Host staff who note arrivals, briefings and departures."""
    return _has(user, "accreditation.change_stay")


def can_set_quota(user: Viewer) -> bool:
    """Host staff who may change quotas."""
    return _has(user, "accreditation.change_categoryquota")


def can_record_exit_poll(user: Viewer) -> bool:
    """Host staff who may enter results of exit polls; reading them is another matter."""
    return _has(user, "accreditation.add_exitpollresult")


def can_move_nomination(user: Viewer) -> bool:
    """Host staff who may add nominations may also hand one over to another mission."""
    return _has(user, "accreditation.add_nomination")


def can_call_session(user: Viewer) -> bool:
    """Host staff who may add sessions."""
    return _has(user, "accreditation.add_commissionsession")


def can_keep_lists(user: Viewer) -> bool:
    """Host staff who take in the lists of people who cannot observe, and take people off them."""
    return _has(user, "accreditation.add_listedperson")


def _has(user: Viewer, permission: str) -> bool:
    return user.is_authenticated and user.is_host and user.has_perm(permission)


def _acts_for(user: Viewer, mission_id: int, role: MembershipRole | None = None) -> bool:
    if not (user.is_authenticated and user.is_active):
        return False
    memberships = Membership.objects.filter(user=user, mission=mission_id)
    return (memberships.filter(role=role) if role else memberships).exists()
