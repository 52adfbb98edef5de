"""Members of the ministry's staff in their roles, and their browsers, for the tests of the admin."""

import re

from django.contrib.auth.models import Group
from django.test import Client

from missions.models import User


def in_role(role: str, email: str = "") -> User:
    """A member of the staff in that group."""
    user = User.objects.create_user(email or f"{role}@desk.example", "a long enough password", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def browser_of(user: User) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(user)
    return client


def way_of(page: str) -> list[str]:
    """The words above a page that tell the way to it, the arrows between them included."""
    found = re.search(r"<h1.*?</h1>", page, re.DOTALL)
    assert found is not None
    text = re.sub(r"<[^>]+>", "\n", found.group(0))
    return [line.strip() for line in text.splitlines() if line.strip()]
