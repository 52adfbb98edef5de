"""What can be asked of each route of the router, by which methods, and with which rows in the address or the body."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from django.apps import apps
from django.db.models import Model
from rest_framework.test import APIClient

from tests.journeys.confidentiality.routes import Route
from tests.journeys.scopes.asking import ask
from tests.journeys.scopes.callers import HOSTS, Caller
from tests.journeys.scopes.owners import ABSENT, Keys, keys_for, keys_for_host

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: With SCOPES=all everybody asks by every method, also for pages that the admin's framework closes by itself.
IS_LONG = os.environ.get("SCOPES") == "all"
#: End the session of who asks; or are the framework's own, and lead on to the page of a row whatever its key.
_LEFT_OUT = {"account:sign-out", "admin:logout", "mission:logout", "admin:None", "mission:None"}
#: Told to whoever asks, and long.
_TO_EVERYBODY = {"api:schema", "api:docs"}
#: Pages about a row that are no act on it.
_READ = {"back", "change", "changes", "content", "file", "front", "hand", "map", "pdf", "picture", "portrait", "sheets"}
#: Rows that a body names, by the first part of the address; all others name a mission.
_NAMED: Mapping[str, tuple[str, str]] = {
    "presence-reports": ("team", "deployment.Team"),
    "recommendations": ("report", "reports.Report"),
}
#: What a body names besides, which is everybody's.
_BESIDES: Mapping[str, tuple[str, str]] = {"travel-matrices": ("constituency", "missions.Constituency")}
#: Acts on a row whose body names another one.
_NAMING: Mapping[str, tuple[str, str]] = {
    "api:plan-acknowledge": ("mission", "missions.Mission"),
    "api:roll-call-answer": ("person", "presence.AskedObserver"),
}


def is_walked(route: Route) -> bool:
    return route.name not in _LEFT_OUT


def is_for(caller: Caller, route: Route) -> bool:
    """Whether it is worth asking: programs ask the API, the ministry has its site and missions have theirs."""
    place = route.text.partition("/")[0]
    if caller.name in ("reader", "device"):
        return place == "api" and route.name not in _TO_EVERYBODY
    if place == "admin":
        if is_closed(route) and not IS_LONG:
            return caller.name == "auditor"
        return caller.name in ("lead", "nobody", *HOSTS)
    if place == "mission":
        return caller.name not in HOSTS[1:]
    if place == "api" and route.name.endswith("-list") and "POST" not in methods_of(route):
        # Every list begins at what the caller may see: rights of the staff's play no part.
        return IS_LONG or caller.name not in HOSTS[1:]
    if place in ("account", "api"):
        return route.name not in _TO_EVERYBODY or caller.name == "nobody"
    return caller.name in ("lead", "nobody", HOSTS[0])


def is_closed(route: Route) -> bool:
    """A page of the admin's framework that ours show to nobody."""
    return route.text.partition("/")[0] in ("admin", "mission") and route.text.endswith(("/delete/", "/history/"))


def methods_of(route: Route) -> Sequence[str]:
    """What is asked of a route: of the API what its view has, and pages both ways."""
    return _methods_of_api(route) if route.text.startswith("api/") else ("GET", "POST")


def telling_methods_of(route: Route) -> Sequence[str]:
    """The method that tells who comes in: acts are sent, and what is read is read."""
    parts = route.text.split("/")
    if IS_LONG or parts[0] not in ("admin", "mission"):
        return methods_of(route)
    is_act = "object_id" in route.parameters and parts[-2] not in _READ
    return ("POST",) if is_act else ("GET",)


def absent_methods_of(route: Route) -> Sequence[str]:
    """What the view of an address of the API has not."""
    return [method for method in METHODS if method not in methods_of(route)]


@cache
def _methods_of_api(route: Route) -> Sequence[str]:
    """What the view says that it has, to nobody in particular."""
    allowed = ask(APIClient(), "GET", address_of(route, ABSENT)).header("Allow").split(", ")
    return [method for method in METHODS if method in allowed]


def address_of(route: Route, key: object) -> str:
    """The address of the row with this key; the key is left out where the route has none."""
    found = model_and_parameter(route)
    return route.with_room_for(found[1]).format(key) if found else route.addresses({}, ["secret"])[0]


def own_address(caller: Caller, route: Route) -> str:
    """The address of a row of the caller's own, or of none where they have none."""
    return address_of(route, _first(keys_of(caller, route)))


def model_and_parameter(route: Route) -> tuple[type[Model], str] | None:
    """The model that the route's key is of, and the parameter that takes it."""
    for parameter in route.parameters:
        model = route.model_of(parameter)
        if model is not None:
            return model, parameter
    return None


def keys_of(caller: Caller, route: Route) -> Keys:
    """The caller's own keys and others' for the route; none for a route without. Of the desk everything is the host's.

    Raises LookupError for a model of which nobody said whose it is.
    """
    found = model_and_parameter(route)
    if found is None:
        return Keys((), ())
    return _keys(caller, found[0], is_desk=route.text.startswith("admin/"))


def named_in_body(caller: Caller, route: Route) -> tuple[str, Keys] | None:
    """The field of the body that names a row, and the keys that it may have; None where bodies name nothing."""
    if not route.text.startswith("api/") or (route.parameters and route.name not in _NAMING):
        return None
    of_place = _NAMED.get(route.text.split("/")[2], ("mission", "missions.Mission"))
    field, label = _NAMING.get(route.name, of_place)
    return field, _keys(caller, apps.get_model(label), is_desk=False)


def own_requests(caller: Caller, route: Route) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Method, address and body of what tells whether the caller comes in with a row of their own."""
    address = own_address(caller, route)
    named = named_in_body(caller, route)
    body = {named[0]: _first(named[1])} if named else {}
    besides = _BESIDES.get(route.text.split("/")[2]) if named else None
    if besides:
        body[besides[0]] = _first(_keys(caller, apps.get_model(besides[1]), is_desk=False))
    for method in telling_methods_of(route):
        yield method, address, body


def _keys(caller: Caller, model: type[Model], *, is_desk: bool) -> Keys:
    if is_desk or caller.user is None or caller.mission is None:
        return Keys(keys_for_host(model), ())
    return keys_for(model, caller.user, caller.mission)


def _first(keys: Keys) -> object:
    return keys.own[0] if keys.own else ABSENT
