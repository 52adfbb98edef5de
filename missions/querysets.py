"""Chainable filters with domain names. `visible_to(user)` is the only place where a person's scope is decided."""

from typing import TYPE_CHECKING, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from missions.states import DeploymentMode, InvitationState

if TYPE_CHECKING:
    from missions.models import (
        Election,  # noqa: F401 - named as a type argument below
        Invitation,
        Membership,
        Mission,
        Organization,
        User,
    )

ModelT = TypeVar("ModelT", bound=Model)


def scoped_to_missions(
    queryset: "QuerySet[ModelT]", user: "User | AnonymousUser", *, mission: str
) -> "QuerySet[ModelT]":
    """Everything for the host, the own missions' rows for their members, nothing for anybody else.

    `mission` is the lookup path from the model to its mission ("" for the mission itself).
    """
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    if user.is_host:
        return queryset
    path = f"{mission}__memberships__user" if mission else "memberships__user"
    return queryset.filter(**{path: user})


def only_for_host(queryset: "QuerySet[ModelT]", user: "User | AnonymousUser") -> "QuerySet[ModelT]":
    """Everything for the host, nothing for anybody else."""
    return queryset if user.is_authenticated and user.is_host else queryset.none()


class ElectionQuerySet(QuerySet["Election"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ElectionQuerySet":
        """Elections are public to everybody who signs in."""
        return self if user.is_authenticated and user.is_active else self.none()


class OrganizationQuerySet(QuerySet["Organization"]):
    def visible_to(self, user: "User | AnonymousUser") -> "QuerySet[Organization]":
        """All for the host; for others the senders of the missions that they act for."""
        return scoped_to_missions(self, user, mission="missions").distinct()


class MissionQuerySet(QuerySet["Mission"]):
    def visible_to(self, user: "User | AnonymousUser") -> "QuerySet[Mission]":
        """All for the host; for others the missions that they act for."""
        return scoped_to_missions(self, user, mission="")

    def self_directed(self) -> "MissionQuerySet":
        return self.filter(deployment_mode=DeploymentMode.SELF_DIRECTED)

    def host_coordinated(self) -> "MissionQuerySet":
        return self.filter(deployment_mode=DeploymentMode.HOST_COORDINATED)


class MembershipQuerySet(QuerySet["Membership"]):
    def visible_to(self, user: "User | AnonymousUser") -> "QuerySet[Membership]":
        """All for the host; for others those of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")


class InvitationQuerySet(QuerySet["Invitation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "QuerySet[Invitation]":
        """All for the host; for others the invitations of the organizations that they act for."""
        return scoped_to_missions(self, user, mission="organization__missions").distinct()

    def accepted(self) -> "InvitationQuerySet":
        return self.filter(state=InvitationState.ACCEPTED)
