"""Tokens that people make for their programs. The owner is told of each: whoever made it, and by whatever door."""

from datetime import datetime, timedelta

from django.db import transaction

from missions.accounts.mails import TOKEN_RULE, token_draft
from missions.models import TokenScope, User
from missions.reminders.services.planning import post_message
from missions.services.tokens import IssuedToken, issue_token


def make_token(
    *, user: User, name: str, scope: TokenScope, lifetime: timedelta, by: User | None, at: datetime
) -> IssuedToken:
    """Issue a token and mail its owner that there is one; both or neither. The mail does not have the secret.

    Raises what `issue_token` raises.
    """
    with transaction.atomic():
        issued = issue_token(user=user, name=name, scope=scope, lifetime=lifetime, by=by, at=at)
        post_message(draft=token_draft(issued.token, at=at), rule=TOKEN_RULE, at=at)
    return issued
