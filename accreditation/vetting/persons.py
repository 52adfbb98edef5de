"""A nominated person against everybody else: the same person twice, lists, revocations, photos. Pure.

Evidence never holds anything of another nomination; of others a finding says no more than that there are some.
"""

from enum import Enum

from accreditation.states import Category, DatePrecision, ListKind, Severity
from accreditation.vetting.facts import ApplicantFacts, PersonKey, Revoked, Surroundings, key_of
from accreditation.vetting.findings import Finding

#: A status that a category does not forbid, because it is what the category is for.
_OWN_STATUS = {
    Category.EXIT_POLLSTER.value: ListKind.EXIT_POLLSTER,
    Category.FOREIGN_MEDIA.value: ListKind.JOURNALIST,
}
_REVOKED = {
    Revoked.PERSON_HERE: ("revoked_before", Severity.BLOCK),
    Revoked.PERSON_ELSEWHERE: ("revoked_elsewhere", Severity.WARN),
    Revoked.ORGANIZATION_HERE: ("organization_revoked", Severity.BLOCK),
    Revoked.ORGANIZATION_ELSEWHERE: ("organization_revoked_elsewhere", Severity.WARN),
}


class Likeness(Enum):
    """How two nominations are like one person, the surest first."""

    PASSPORT = "same_passport"
    NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    PARTIAL_BIRTH = "same_name_partial_birth"
    OTHER_BIRTH = "same_name_other_birth"


_SEVERITIES = {
    Likeness.PASSPORT: Severity.BLOCK,
    Likeness.NAME: Severity.WARN,
    Likeness.SIMILAR_NAME: Severity.WARN,
    Likeness.PARTIAL_BIRTH: Severity.WARN,
    Likeness.OTHER_BIRTH: Severity.INFO,
}


def likeness(one: PersonKey, other: PersonKey) -> Likeness | None:
    """How the two are like one person; None if they are not. It does not matter which comes first.

    The same passport is the same person. A name counts with the day of birth: wholly, or by sound, or as a part of
    the other name. Where the days cannot be the same, or are known in part, the whole name must agree, and so must
    the fathers' names if both are known.
    """
    if one.passport == other.passport:
        return Likeness.PASSPORT
    whole = DatePrecision.DAY
    if one.birth_date == other.birth_date and one.birth_precision == other.birth_precision == whole:
        if one.name == other.name:
            return Likeness.NAME
        return Likeness.SIMILAR_NAME if _sound_alike(one.weak_name, other.weak_name) else None
    if one.patronymic and other.patronymic and one.patronymic != other.patronymic:
        return None
    if _may_be_one_day(one, other):
        return Likeness.PARTIAL_BIRTH if one.weak_name == other.weak_name else None
    return Likeness.OTHER_BIRTH if one.name == other.name else None


def same_person(facts: ApplicantFacts, around: Surroundings) -> tuple[Finding, ...]:
    """Blocks if the passport is on another nomination; warns of the same or a similar name, and of near numbers.

    Of the findings about names only the surest is given.
    """
    person = key_of(facts)
    found = {likeness(person, other) for other in around.people}
    findings = []
    if Likeness.PASSPORT in found:
        findings.append(_alike(Likeness.PASSPORT))
    if around.near_passport:
        findings.append(Finding("near_passport", Severity.WARN))
    by_name = [kind for kind in Likeness if kind in found and kind is not Likeness.PASSPORT]
    findings += [_alike(kind) for kind in by_name[:1]]
    return tuple(findings)


def incompatible_status(facts: ApplicantFacts, around: Surroundings) -> tuple[Finding, ...]:
    """Blocks a person who is on a list with name and date of birth; warns where the list has only the name."""
    own = _OWN_STATUS.get(facts.category)
    sure: set[str] = set()
    possible: set[str] = set()
    for row in around.listed:
        if row.kind is own:
            continue
        if row.birth_date is None:
            possible.add(row.kind.value)
        elif row.birth_date == facts.birth_date:
            sure.add(row.kind.value)
    findings = []
    if sure:
        findings.append(Finding("incompatible_status", Severity.BLOCK, (("kinds", ", ".join(sorted(sure))),)))
    if possible - sure:
        kinds = ", ".join(sorted(possible - sure))
        findings.append(Finding("incompatible_status_possible", Severity.WARN, (("kinds", kinds),)))
    return tuple(findings)


def earlier_revocation(around: Surroundings) -> tuple[Finding, ...]:
    """Blocks after a revocation in this election, of the person or of the organization; warns of one before."""
    return tuple(Finding(*_REVOKED[kind]) for kind in Revoked if kind in around.revoked)


def same_photo(around: Surroundings) -> tuple[Finding, ...]:
    """Warns if another person of the election has handed in the same photo."""
    return (Finding("same_photo", Severity.WARN),) if around.same_photo else ()


def look_alikes(number: str, *, at_most: int = 2) -> frozenset[str]:
    """The document numbers that differ from this one in one or `at_most` places where O and 0 or I and 1 stand.

    The number itself is not among them.
    """
    variants = {number}
    for _round in range(at_most):
        variants |= {
            f"{known[:place]}{_LOOK_ALIKE[char]}{known[place + 1 :]}"
            for known in variants
            for place, char in enumerate(known)
            if char in _LOOK_ALIKE
        }
    return frozenset(variants - {number})


_LOOK_ALIKE = {"O": "0", "0": "O", "I": "1", "1": "I"}


def _alike(kind: Likeness) -> Finding:
    return Finding(kind.value, _SEVERITIES[kind])


def _sound_alike(one: str, other: str) -> bool:
    """The same words, or all words of the shorter name, two at least, in the longer one."""
    if one == other:
        return True
    shorter, longer = sorted((set(one.split()), set(other.split())), key=len)
    return len(shorter) > 1 and shorter <= longer


def _may_be_one_day(one: PersonKey, other: PersonKey) -> bool:
    """Whether dates of which one at least is known in part leave open that they are the same."""
    precisions = {one.birth_precision, other.birth_precision}
    if DatePrecision.YEAR in precisions:
        return one.birth_date.year == other.birth_date.year
    if DatePrecision.MONTH in precisions:
        return one.birth_date.replace(day=1) == other.birth_date.replace(day=1)
    return False
