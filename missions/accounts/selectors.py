"""Reads on accounts: how one stands, and which link a token opens."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from missions.accounts.models import AccountLink
from missions.accounts.states import AccountState, LinkPurpose
from missions.accounts.tokens import nonce_in
from missions.models import ApiToken, Mission, User
from missions.states import MembershipRole


@dataclass(frozen=True, slots=True)
class TokenUse:
    """How many tokens of the API somebody has, and when one of them was last used, if ever."""

    count: int
    last_used_at: datetime | None


def token_use_of(user: User) -> TokenUse:
    """The use of the person's tokens, of whatever mission. One query."""
    return TokenUse(**ApiToken.objects.filter(user=user).aggregate(count=Count("pk"), last_used_at=Max("last_used_at")))


def with_invitation_end(users: "QuerySet[User]") -> "QuerySet[User]":
    """Annotates `invitation_ends_at`: until when the open invitation of each works, None without one."""
    own = AccountLink.objects.filter(user=OuterRef("pk"), purpose=LinkPurpose.INVITATION, closed_at=None)
    annotated: QuerySet[User] = users.annotate(invitation_ends_at=Subquery(own.values("expires_at")[:1]))
    return annotated


def account_state(user: User, *, invitation_ends_at: datetime | None, at: datetime) -> AccountState:
    """How the account stands at the instant."""
    if not user.is_active:
        return AccountState.DEACTIVATED
    if user.has_usable_password():
        return AccountState.ACTIVE
    if invitation_ends_at is None:
        return AccountState.NOT_INVITED
    return AccountState.INVITED if at < invitation_ends_at else AccountState.EXPIRED


def open_link_of(token: str, *, purpose: LinkPurpose, at: datetime) -> AccountLink | None:
    """The link that the token opens at the instant, with its user; None for whatever opens nothing."""
    nonce = nonce_in(token, purpose=purpose)
    link = AccountLink.objects.select_related("user").filter(nonce=nonce, purpose=purpose).first() if nonce else None
    return link if link is not None and link.is_open(at=at) else None


def open_link(link_id: int, *, at: datetime) -> AccountLink | None:
    """The link with that key, with its user, if it is open at the instant."""
    link = AccountLink.objects.select_related("user").filter(pk=link_id).first()
    return link if link is not None and link.is_open(at=at) else None


def missions_of(user: User, *, leading: bool = False) -> "QuerySet[Mission]":
    """The missions that the person acts for, or leads, with election and `digest_choice`, the latest vote first."""
    roles = [MembershipRole.LEAD] if leading else list(MembershipRole)
    own = Mission.objects.filter(memberships__user=user, memberships__role__in=roles)
    return own.select_related("election", "digest_choice").order_by("-election__e_day", "code")
