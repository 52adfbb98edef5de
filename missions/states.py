"""States and closed lists of this app, each state enum beside its table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class InvitationState(TextChoices):
    PLANNED = "planned", _("planned")
    SENT = "sent", _("sent")
    NOT_INVITED = "not_invited", _("not invited")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


_I = InvitationState
INVITATION_TRANSITIONS: Transitions[InvitationState] = {
    _I.PLANNED: frozenset({_I.SENT, _I.NOT_INVITED}),
    _I.SENT: frozenset({_I.ACCEPTED, _I.DECLINED, _I.LAPSED}),
    _I.NOT_INVITED: frozenset(),
    _I.ACCEPTED: frozenset({_I.WITHDRAWN}),
    _I.DECLINED: frozenset(),
    _I.LAPSED: frozenset(),
    _I.WITHDRAWN: frozenset(),
}


class Inviter(TextChoices):
    MFA = "mfa", _("foreign ministry")
    PARLIAMENT = "parliament", _("parliament")
    CEC = "cec", _("central election commission")
    PRESIDENT = "president", _("president")


class MailLanguage(TextChoices):
    """The languages in which the product writes to people."""

    EN = "en", _("English")
    AZ = "az", _("Azerbaijani")
    RU = "ru", _("Russian")
    FR = "fr", _("French")


class FollowKind(TextChoices):
    """Why one vote follows upon another."""

    RUN_OFF = "run_off", _("run-off")
    REPEAT = "repeat", _("repeat voting")


class CommissionLevel(TextChoices):
    CENTRAL = "central", _("central")
    CONSTITUENCY = "constituency", _("constituency")


class OrganizationKind(TextChoices):
    IGO = "igo", _("intergovernmental organization")
    PARLIAMENTARY_ASSEMBLY = "parliamentary_assembly", _("parliamentary assembly")
    NATIONAL_PARLIAMENT = "national_parliament", _("national parliament")
    EMB = "emb", _("election management body")
    EMBASSY = "embassy", _("embassy")
    INGO = "ingo", _("international non-governmental organization")
    DOMESTIC_NGO = "domestic_ngo", _("domestic non-governmental organization")
    PARTY = "party", _("party")
    POLLSTER = "pollster", _("pollster")
    MEDIA = "media", _("media")


class MissionKind(TextChoices):
    EOM = "eom", _("election observation mission")
    DELEGATION = "delegation", _("short-term delegation")
    JOINT = "joint", _("joint mission (IEOM)")


class DeploymentMode(TextChoices):
    SELF_DIRECTED = "self_directed", _("self-directed")
    HOST_COORDINATED = "host_coordinated", _("host-coordinated")


class PlanSharing(TextChoices):
    """How much of its deployment plan a self-directed mission shows to the host."""

    COUNTS = "counts", _("counts per constituency")
    AREAS = "areas", _("areas")
    FULL = "full", _("full plan")


class MembershipRole(TextChoices):
    LEAD = "lead", _("mission lead")
    FOCAL_POINT = "focal_point", _("focal point")
