"""Which letters say something else than what a correction, or a move of election day, makes true."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accreditation.changes import AccreditedPersonChange, Fact
from accreditation.letters.composing.frame import frame_of
from accreditation.letters.models import Letter
from accreditation.letters.selectors import standing_of, with_standing
from accreditation.letters.states import LetterKind, Standing
from accreditation.models import Accreditation
from missions.impact import Change, Impact, Viewer, Weight
from missions.models import Election
from missions.timeline.changes import ElectionMove

_LETTERS = gettext_lazy("Letters")
#: What the bearer shows, and lists that name the accredited.
_SHOWN = (LetterKind.ACCREDITATION, LetterKind.VISA_SUPPORT)
_LISTS = (LetterKind.ACCREDITATION_LIST, LetterKind.NOTE_ACCREDITED)


class OvertakenLetters:
    """The provider of this app (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a correction of an accredited person; silent about every other change. Four queries."""
        if not isinstance(change, AccreditedPersonChange) or change.facts <= {Fact.PHOTO}:
            return
        yield from _shown(change, user)
        if change.facts - {Fact.PHOTO, Fact.ROLE}:
            yield from _lists(change, user)


class MovedLetters:
    """The provider of moves of election day (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a move of election day; silent about every other change. Two queries."""
        if not isinstance(change, ElectionMove):
            return
        election = Election.objects.get(pk=change.election_id)
        rows = Letter.objects.visible_to(user).filter(election=election, replacements=None).order_by()
        days: dict[str, dict[str, list[str]]] = {}
        counts: Counter[str] = Counter()
        for kind, languages, content in rows.values_list("kind", "languages", "content"):
            if languages not in days:
                days[languages] = _fact_of_day(election, languages)
            counts[kind] += days[languages] in content["facts"]
        for kind in LetterKind:
            if count := counts[kind]:
                yield _of_move(kind, count, user)


overtaken_letters = OvertakenLetters()
moved_letters = MovedLetters()


def _shown(change: AccreditedPersonChange, user: Viewer) -> Iterator[Impact]:
    """The letters that are current: the person's for a name, those of the one accreditation for the rest."""
    if Fact.NAME in change.facts:
        about = Q(accreditation__observer=change.observer_id) | Q(application__observer=change.observer_id)
    else:
        about = Q(accreditation=change.accreditation_id) | Q(application__accreditation=change.accreditation_id)
    rows = with_standing(Letter.objects.visible_to(user).filter(about, kind__in=_SHOWN)).order_by("pk")
    for letter in rows:
        if standing_of(letter) is not Standing.CURRENT:
            continue
        if change.is_decided_anew or Fact.NAME in change.facts:
            yield _impact("letter_overtaken", Weight.SPOILS, letter, _("Is overtaken. Issue it anew if it is needed."))
        elif letter.kind == LetterKind.VISA_SUPPORT:
            yield _impact("letter_says_role", Weight.TELLS, letter, _("Goes on saying the former role."))


def _lists(change: AccreditedPersonChange, user: Viewer) -> Iterator[Impact]:
    """The newest list of each kind, by mission, since the person was accredited: each speaks of its own day."""
    since = Accreditation.objects.values_list("valid_from", flat=True).get(pk=change.accreditation_id)
    rows = Letter.objects.visible_to(user).filter(
        mission=change.mission_id, kind__in=_LISTS, issued_at__gte=since, replacements=None
    )
    newest = {letter.kind: letter for letter in rows.order_by("issued_at", "pk")}
    for letter in newest.values():
        yield _impact(
            "list_names_person",
            Weight.TELLS,
            letter,
            _("Names the person as on its day. Issue a new list if it is needed."),
        )


def _impact(code: str, weight: Weight, letter: Letter, sentence: str) -> Impact:
    return Impact(
        code=code,
        key=str(letter.pk),
        weight=weight,
        group=_LETTERS,
        subject=f"{letter.number}, {letter.get_kind_display()}",
        sentence=sentence,
        url=reverse("admin:letters_letter_change", args=(letter.pk,)),
    )


def _fact_of_day(election: Election, languages: str) -> dict[str, list[str]]:
    """How letters in these languages tell the present election day."""
    frame = frame_of(election, foreign=languages.split(",")[-1])
    fact = frame.fact("election_day", *frame.day(election.e_day))
    return {"label": list(fact.label), "value": list(fact.value)}


def _of_move(kind: LetterKind, count: int, user: Viewer) -> Impact:
    sentence = ngettext(
        "%(count)d letter names the former election day. Issue it anew if it is needed.",
        "%(count)d letters name the former election day. Issue them anew if they are needed.",
        count,
    )
    has_list = user.has_perm("letters.view_letter")
    return Impact(
        code="letters_name_day",
        key=kind,
        weight=Weight.TELLS,
        group=_LETTERS,
        subject=kind.label,
        sentence=sentence % {"count": count},
        facts=None,
        url=f"{reverse('admin:letters_letter_changelist')}?kind__exact={kind}" if has_list else "",
    )
