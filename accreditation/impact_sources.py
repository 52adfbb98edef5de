"""What a correction touches at the accreditation desk itself: the accreditation, places, figures, stay, other files."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accreditation.changes import AccreditedPersonChange, Fact
from accreditation.models import Accreditation, Application, Decision, Stay
from accreditation.selectors import Figures, figures_among
from accreditation.services.quotas import free_places
from accreditation.states import Category, Outcome
from missions.impact import Change, Impact, Viewer, Weight
from missions.models import Mission

_ACCREDITATION = gettext_lazy("Accreditation")
_PLACES = gettext_lazy("Places")
_FIGURES = gettext_lazy("Figures")
_STAY = gettext_lazy("Stay")
_COUNTED = Category.INTERNATIONAL_OBSERVER


class AccreditationImpacts:
    """The provider of this app (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a correction of an accredited person; silent about every other change. Ten queries at most."""
        if not isinstance(change, AccreditedPersonChange):
            return
        own = _accreditations(user).get(pk=change.accreditation_id)
        yield from _decisions(change, own)
        yield from _others(change, user)
        if change.is_decided_anew:
            rows = Mission.objects.visible_to(user).filter(pk__in=(change.mission_id, change.to_mission_id))
            missions = {row.pk: row for row in rows}
            here, there = missions[change.mission_id], missions[change.to_mission_id]
            yield from _places(change, here, there)
            yield from _figures(change, own, here, there)
            yield from _stay(change, user, there)


accreditation_impacts = AccreditationImpacts()


def _accreditations(user: Viewer) -> QuerySet[Accreditation]:
    rows = Accreditation.objects.visible_to(user).select_related("observer", "application__nomination__mission")
    return rows.defer("observer__passport_number", "observer__mrz")


def _decisions(change: AccreditedPersonChange, own: Accreditation) -> Iterator[Impact]:
    """What the commission decided stays on record as it was; another sender or category is another decision."""
    if change.is_decided_anew:
        yield Impact(
            code="accreditation_replaced",
            key=str(own.pk),
            weight=Weight.SPOILS,
            group=_ACCREDITATION,
            subject=_words(own),
            sentence=_("Ends as replaced. Another accreditation takes its place, under the next number."),
            facts=(own.state, own.number),
        )
    elif Fact.NAME not in change.facts:
        return
    decision = (
        Decision.objects.filter(application=own.application_id, outcome=Outcome.ACCREDITED)
        .select_related("session")
        .order_by("-decided_at", "-pk")
        .first()
    )
    if decision is not None and decision.session is not None:
        said = _("Stands in the minutes as it was taken, with the former facts.")
        anew = _("A new decision is recorded beside it, by the person who makes this change.")
        yield Impact(
            code="decision_stands",
            key=str(decision.pk),
            weight=Weight.TELLS,
            group=_ACCREDITATION,
            subject=_("Decision of session %(number)s") % {"number": decision.session.number},
            sentence=f"{said} {anew}" if change.is_decided_anew else said,
            url=reverse("admin:accreditation_commissionsession_change", args=(decision.session_id,)),
        )


def _others(change: AccreditedPersonChange, user: Viewer) -> Iterator[Impact]:
    """A name is the person's: whoever else has the person sees the new one."""
    if Fact.NAME not in change.facts:
        return
    for row in _accreditations(user).filter(pk__in=change.accreditation_ids).exclude(pk=change.accreditation_id):
        yield Impact(
            code="accreditation_renamed",
            key=str(row.pk),
            weight=Weight.ALTERS,
            group=_ACCREDITATION,
            subject=_words(row),
            sentence=_("Is the same person's; the name changes there too."),
            facts=(row.state, row.number),
            url=reverse("admin:accreditation_accreditation_change", args=(row.pk,)),
        )
    under_way = Application.objects.visible_to(user).filter(
        observer=change.observer_id, closed_at=None, accreditation=None
    )
    for pk, mission in under_way.order_by("pk").values_list("pk", "nomination__mission__code"):
        yield Impact(
            code="application_renamed",
            key=str(pk),
            weight=Weight.ALTERS,
            group=_ACCREDITATION,
            subject=_("Application by %(mission)s") % {"mission": mission},
            sentence=_("Is the same person's; the name changes there too, and it is vetted again if it was."),
            url=reverse("admin:accreditation_application_change", args=(pk,)),
        )


def _places(change: AccreditedPersonChange, here: Mission, there: Mission) -> Iterator[Impact]:
    """The place that is given back, and the one that is taken."""
    yield _place("place_given_back", here, change.category, _("One place is given back."))
    free = free_places(there, change.to_category)
    if free is None:
        sentence = _("One place is taken; nothing limits them.")
    elif free:
        sentence = _("One place is taken, of %(free)d that are free.") % {"free": free}
    else:
        sentence = _("No place is free.")
    yield _place("place_taken", there, change.to_category, sentence)


def _place(code: str, mission: Mission, category: Category, sentence: str) -> Impact:
    return Impact(
        code=code,
        key=f"{mission.pk}:{category}",
        weight=Weight.ALTERS,
        group=_PLACES,
        subject=f"{mission.code}, {category.label}",
        sentence=sentence,
        url=reverse("admin:missions_mission_change", args=(mission.pk,)),
    )


def _figures(change: AccreditedPersonChange, own: Accreditation, here: Mission, there: Mission) -> Iterator[Impact]:
    """The public figure, and the count of each organization, now and afterwards. What is counted moves all day."""
    others = Accreditation.objects.counted(own.election).exclude(pk=own.pk)
    by_mission = {pk: others.filter(application__nomination__mission=pk) for pk in {here.pk, there.pk}}
    counts = {pk: rows.values("observer").distinct().count() for pk, rows in by_mission.items()}
    was, will_be = change.category == _COUNTED, change.to_category == _COUNTED
    if not (was or will_be):
        return
    for mission in dict.fromkeys((here, there)):
        before = counts[mission.pk] + (was and mission == here)
        after = counts[mission.pk] + (will_be and mission == there)
        if before != after:
            yield _figure(
                "figure_mission", str(mission.pk), mission.name, _("International observers"), (before, after)
            )
    base = figures_among(others)
    before_all = _with(base, own, here, others) if was else base
    after_all = _with(base, own, there, others) if will_be else base
    if before_all != after_all:
        yield from _public(before_all, after_all)


def _public(before: Figures, after: Figures) -> Iterator[Impact]:
    titles = {
        "observers": _("Accredited observers"),
        "organizations": _("Organizations"),
        "nationalities": _("Countries"),
    }
    for field, title in titles.items():
        values = getattr(before, field), getattr(after, field)
        if values[0] != values[1]:
            yield _figure("figure_public", field, _("Public figure"), title, values)


def _figure(code: str, key: str, subject: str, title: str, values: tuple[int, int]) -> Impact:
    sentence = _("%(title)s: %(before)d now, %(after)d afterwards.") % {
        "title": title,
        "before": values[0],
        "after": values[1],
    }
    return Impact(code, key, Weight.ALTERS, _FIGURES, subject, sentence, facts=None)


def _with(base: Figures, own: Accreditation, mission: Mission, others: QuerySet[Accreditation]) -> Figures:
    """The figure with this person of the mission among the others; each is counted once."""
    of_organization = others.filter(application__nomination__mission__organization=mission.organization_id)
    of_nationality = others.filter(observer__nationality=own.observer.nationality)
    return replace(
        base,
        observers=base.observers + 1,
        organizations=base.organizations + (mission.organization_id is not None and not of_organization.exists()),
        nationalities=base.nationalities + (not of_nationality.exists()),
    )


def _stay(change: AccreditedPersonChange, user: Viewer, there: Mission) -> Iterator[Impact]:
    if change.mission_id == change.to_mission_id:
        return
    for pk in Stay.objects.visible_to(user).filter(nomination=change.nomination_id).values_list("pk", flat=True):
        yield Impact(
            code="stay_moves",
            key=str(pk),
            weight=Weight.ALTERS,
            group=_STAY,
            subject=_("Travel and lodging"),
            sentence=_("Go along to %(mission)s, unless it has planned a stay of its own for the person.")
            % {"mission": there.code},
        )


def _words(row: Accreditation) -> str:
    mission = row.application.nomination.mission.code
    return f"{row.number:05d}, {row.get_category_display()}, {mission}"
