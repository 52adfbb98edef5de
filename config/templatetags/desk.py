"""What the templates of the theme need from us: the way to a page in the words of the sidebar, and large numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BoundField, DateField, SplitDateTimeField, TimeField
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from missions.admin import bars

register = template.Library()
register.filter("grouped", bars.grouped)


@register.filter
def spelled(column: str) -> str:
    """The stable name of a column as words."""
    return column.replace("_", " ")


@register.filter
def asks_for_day(field: BoundField) -> bool:
    """Whether a field of a form takes a day, a time or both as text."""
    return isinstance(field.field, DateField | TimeField | SplitDateTimeField)


@dataclass(frozen=True, slots=True)
class Part:
    """One word of the way to a page, with its address unless it has none or is the page itself."""

    title: str
    link: str = ""


@register.simple_tag(takes_context=True)
def way(context: Context) -> list[Part]:
    """The way to the page: the group and the entry of the sidebar, the object, and what is done with it there.

    A page that no entry leads to begins with the object `above` it, if its context names one, and with the list of its
    model otherwise. Empty for the pages that belong to no model. Needs no query.
    """
    path, opts, original = context["request"].path, context.get("opts"), context.get("original")
    if opts is None:
        return []
    sidebar, above = context.get("sidebar_navigation") or [], context.get("above")
    parts = _over(above, sidebar, context) if above else _entry(sidebar, lambda item: item.get("active"))
    parts = parts or [_list_of(opts, context)]
    is_act = context["request"].method == "POST"
    if path == parts[-1].link and not is_act:
        return [*parts[:-1], Part(parts[-1].title)]
    if original is not None and not isinstance(original, str):
        parts.append(Part(str(original), _address(original._meta, "change", context, original.pk)))
    title = capfirst(str(context.get("title") or ""))
    # Lists without an entry and forms of the framework have titles of its own making.
    named = title and "cl" not in context and "adminform" not in context
    if named and title not in {capfirst(part.title) for part in parts}:
        parts.append(Part(title))
    return [*parts[:-1], Part(parts[-1].title)]


def _over(above: Model, sidebar: list[Mapping[str, Any]], context: Context) -> list[Part]:
    """The way to the object above the page, and the object itself."""
    list_of_it = _list_of(above._meta, context)
    parts = _entry(sidebar, lambda item: str(item["link"]) == list_of_it.link) or [list_of_it]
    return [*parts, Part(str(above), _address(above._meta, "change", context, above.pk))]


def _entry(sidebar: list[Mapping[str, Any]], is_it: Callable[[Mapping[str, Any]], Any]) -> list[Part]:
    """The group and the entry of the sidebar that is looked for; nothing if there is none."""
    for group in sidebar:
        for item in group["items"]:
            if is_it(item):
                names = [Part(str(group["title"]))] if group.get("title") else []
                entry = Part(str(item["title"]), str(item["link"]))
                return [entry] if names and names[0].title == entry.title else [*names, entry]
    return []


def _list_of(opts: Any, context: Context) -> Part:
    return Part(str(capfirst(opts.verbose_name_plural)), _address(opts, "changelist", context))


def _address(opts: Any, page: str, context: Context, *args: Any) -> str:
    """The address of a page of the model on this site; empty where the site has none."""
    site = getattr(context["request"], "current_app", None) or "admin"
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args, current_app=site)
    except NoReverseMatch:
        return ""
