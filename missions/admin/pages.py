"""What the staff's pages of all apps share: one instant per request, local times, read-only parts, whole pages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.admin import TabularInline

from missions.kernel import clock
from missions.kernel.errors import Text
from missions.kernel.models import Event
from missions.kernel.text import fold_key
from missions.kernel.web.admin import ViewOnlyAdmin

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])
MOMENT_FORMAT = "j M Y, H:i"
DAY_FORMAT = "j M Y"
NOTHING = "–"
_BETWEEN_WORDS = re.compile(r"[_-](?![0-9])")
#: An instant as events keep it, in UTC and for every reader.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def plain_number(text: str, *, prefix: str = "") -> str:
    """A number as papers write it, without its prefix and its zeros; any other text as it is."""
    digits = text.strip().upper().removeprefix(prefix).lstrip("0")
    return digits if digits.isdecimal() else text


def moment(request: HttpRequest) -> datetime:
    """The instant of this request by the one clock; read once, so that one page speaks of one instant."""
    at: datetime | None = getattr(request, "_moment", None)
    if at is None:
        at = clock.now()
        request._moment = at  # type: ignore[attr-defined]  # as middleware hangs things on a request
    return at


def column(
    description: Text, *, ordering: str | None = None, tones: Mapping[Any, str] | None = None
) -> Callable[[FunctionT], FunctionT]:
    """Mark a method as a column of a list. With `tones` it returns value and text, shown as a coloured label."""

    def mark(function: FunctionT) -> FunctionT:
        for name, value in (("short_description", description), ("admin_order_field", ordering), ("label", tones)):
            if value is not None:
                setattr(function, name, value)
        return function

    return mark


def local_text(at: datetime | None, zone: ZoneInfo | str) -> str:
    """The instant as people of that zone write it; a dash where there is none."""
    if at is None:
        return NOTHING
    return date_format(at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone), MOMENT_FORMAT)


def linked(request: HttpRequest, obj: Model | None, text: Text = "") -> SafeString | str:
    """The object as a link to its page, for who may look at it; else as words, and nothing for none."""
    if obj is None:
        return ""
    label, name = obj._meta.app_label, obj._meta.model_name
    if not request.user.has_perm(f"{label}.view_{name}"):
        return str(text or obj)
    url = reverse(f"admin:{label}_{name}_change", args=(obj.pk,))
    return format_html('<a href="{}">{}</a>', url, text or str(obj))


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as the page tells it. Of an event without a new state `reason` says what was changed, and why."""

    at: str
    act: str
    actor: str
    to_state: str
    reason: str


def history_of(
    obj: Model, zone: ZoneInfo | str, *, part: Model | None = None, is_own: bool = False
) -> list[HistoryLine]:
    """What happened to the object and a part of it, newest first: as far as the host may read it, or all (`is_own`).

    One query.
    """
    events = Event.objects.of(obj)
    if part is not None:
        events |= Event.objects.of(part)
    events = events.select_related("actor").order_by("-at", "-pk")
    if not is_own:
        events = events.filter(is_private=False)
    return [
        HistoryLine(
            at=local_text(event.at, zone),
            act=words(event.verb),
            actor=str(event.actor or _("the system")),
            to_state=words(event.to_state),
            reason=_why(event, zone),
        )
        for event in events
    ]


def _why(event: Event, zone: ZoneInfo | str) -> str:
    changed = "" if event.to_state else words(", ".join(event.changed))
    reason = _INSTANT.sub(lambda found: local_text(datetime.fromisoformat(found.group()), zone), event.reason)
    return ": ".join(part for part in (changed, reason) if part)


def words(code: str) -> str:
    """A stable code for people: with spaces. A day stays as it is."""
    return _BETWEEN_WORDS.sub(" ", code)


class ReadOnlyInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    """Parts of a whole, shown and never edited."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FoldedSearchMixin:
    """Search that also finds names without their diacritics and in any case."""

    #: Lookup path of the field that holds the folded name.
    folded_field: ClassVar[str]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]  # a mixin
        if key := fold_key(search_term):
            found = found | queryset.filter(**{f"{self.folded_field}__contains": key})
        return found, duplicates


class PageAdmin(ViewOnlyAdmin):
    """A model whose objects have a whole page instead of a form. Out of sight and absent are the same 404."""

    page_template: ClassVar[str]
    #: Joined into the object of the page and into those of a list action.
    page_select_related: ClassVar[tuple[str, ...]] = ()

    def get_page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the page shows about the object."""
        raise NotImplementedError

    def find_or_404(self, request: HttpRequest, object_id: str) -> Any:
        """The visible object with this key, whatever the text of the key is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        return obj

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        try:
            key = self.model._meta.pk.to_python(object_id)
            return self.get_queryset(request).select_related(*self.page_select_related).filter(pk=key).first()
        except (ValidationError, ValueError, OverflowError):
            return None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None:
            raise PermissionDenied
        obj = self.find_or_404(request, object_id)
        context = self.get_page_context(request, obj)
        return self.render_page(request, self.page_template, title=str(obj), original=obj, **context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history stands on the page itself; the framework's own log knows nothing of services."""
        raise Http404

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404

    def above(self, obj: Any) -> Model | None:
        """The object that the way to the pages of this one leads over, where it is looked for there and in no list."""
        return None

    def render_page(
        self, request: HttpRequest, template: str, *, title: Text, status: int = 200, **context: Any
    ) -> TemplateResponse:
        """A page of this model in the frame of the site."""
        request.current_app = self.admin_site.name
        original = context.get("original")
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "above": self.above(original) if isinstance(original, self.model) else None,
            "media": self.media,
            "title": title,
            "subtitle": None,
            "change": True,
            "moment": moment(request),
        }
        return TemplateResponse(request, template, {**frame, **context}, status=status)
