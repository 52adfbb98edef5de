"""The pages that the `type` of a problem leads to: for everybody, and the same for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from missions.kernel.web.catalogue import problems

_cached = cache_control(public=True, max_age=3600)


@require_safe
@_cached
def index(request: HttpRequest) -> HttpResponse:
    """All problems, by their codes."""
    return render(request, "problems/index.html", {"problems": problems().values()})


@require_safe
@_cached
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One problem: when it comes and what to do. Raises Http404 for a code that there is not."""
    problem = problems().get(code)
    if problem is None:
        raise Http404
    return render(request, "problems/problem.html", {"problem": problem})
