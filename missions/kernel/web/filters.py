"""Filters of lists: an allow-list of parameters, each with one exact spelling; everything else is refused."""

import re
from collections.abc import Collection
from http import HTTPMethod
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import DateFilter, Filter, TypedChoiceFilter
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

#: No database column of ours is wider than 64 bits, and every number of 18 digits fits there.
_DIGITS = re.compile(r"0|[1-9][0-9]{0,17}")
_LARGEST = 10**18 - 1
_PAGE_SIZE = "page_size"
_OF_PAGES = frozenset({"cursor", _PAGE_SIZE})


class DigitsField(forms.Field):
    """A whole number in ASCII digits: no sign, no leading zero, no exponent, no separator."""

    def to_python(self, value: str | None) -> int | None:
        if value in self.empty_values:
            return None
        if not _DIGITS.fullmatch(str(value)):
            raise forms.ValidationError(_("Give a whole number in digits."), code="invalid")
        return int(str(value))


class NumberFilter(Filter):  # type: ignore[misc]  # django-filter is untyped
    """Equality with a whole number or an id. An id out of scope finds nothing, as an absent one does."""

    field_class = DigitsField

    def __init__(self, *, help_text: str, **kwargs: Any) -> None:
        super().__init__(help_text=help_text, **kwargs)
        bounds = {"minimum": 0, "maximum": _LARGEST}
        extend_schema_field({"type": "integer", "format": "int64", **bounds, "description": help_text})(self)


class DayFilter(DateFilter):  # type: ignore[misc]  # django-filter is untyped
    """A day as in bodies, such as 2031-02-07; what people may type into forms is refused."""

    def __init__(self, *, help_text: str, **kwargs: Any) -> None:
        super().__init__(help_text=help_text, input_formats=["%Y-%m-%d"], **kwargs)


class FlagFilter(TypedChoiceFilter):  # type: ignore[misc]  # django-filter is untyped
    """`true` or `false` in these words; any other spelling is refused and not taken for "both"."""

    def __init__(self, *, help_text: str, **kwargs: Any) -> None:
        words = (("true", "true"), ("false", "false"))
        super().__init__(
            choices=words, coerce=lambda word: word == "true", empty_value=None, help_text=help_text, **kwargs
        )
        extend_schema_field({"type": "boolean", "description": help_text})(self)


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # django-filter is untyped
    """Filters lists by the view's `filterset_class` and refuses every parameter that the list does not know.

    A parameter that is unknown, empty or given twice is a 400, because dropping it would answer another question
    than the one that was asked. The address of a single object takes no parameters.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Model], view: APIView) -> QuerySet[Model]:
        if getattr(view, "detail", False):
            refuse_unknown_parameters(request, known=())
            return queryset
        filterset_class = self.get_filterset_class(view)
        known = {*_OF_PAGES, *(filterset_class.base_filters if filterset_class else ())}
        refuse_unknown_parameters(request, known=known)
        _refuse_page_size(request, largest=view.paginator.max_page_size)  # type: ignore[attr-defined]  # of lists
        if _OF_PAGES.issuperset(request.query_params):
            return queryset  # a form with nothing to check takes longer than the query
        filtered: QuerySet[Model] = super().filter_queryset(request, queryset, view)
        return filtered


def refuse_unknown_parameters(request: Request, *, known: Collection[str]) -> None:
    """Raise a ValidationError naming each query parameter that is not known, is empty, or is given twice."""
    if request.method not in {HTTPMethod.GET, HTTPMethod.HEAD}:
        return
    errors = {}
    for name, values in request.query_params.lists():
        if name not in known:
            errors[name] = [ErrorDetail(gettext("There is no such parameter."), code="unknown_parameter")]
        elif values == [""]:
            errors[name] = [ErrorDetail(gettext("Give a value or leave the parameter out."), code="blank")]
        elif len(values) > 1:
            errors[name] = [ErrorDetail(gettext("Give this parameter once."), code="repeated")]
    if errors:
        raise ValidationError(errors)


def _refuse_page_size(request: Request, *, largest: int) -> None:
    size = request.query_params.get(_PAGE_SIZE, "1")
    if not _DIGITS.fullmatch(size) or not 1 <= int(size) <= largest:
        sentence = gettext("Give a number from 1 to %d.") % largest
        raise ValidationError({_PAGE_SIZE: [ErrorDetail(sentence, code="out_of_range")]})
