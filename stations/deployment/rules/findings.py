"""What the rules find: which rule, how serious, about whom and where, and on what evidence."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stations.deployment.rules.sentences import sentence_of
from stations.deployment.states import RuleStrength

Evidence = tuple[tuple[str, str], ...]
#: These are held by the database itself: no reason lifts them.
NEVER_LIFTED = frozenset({"R08"})


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken rule before the profile says how serious that is; `code` begins with the number of the rule."""

    code: str
    evidence: Evidence = ()
    people: tuple[int, ...] = ()
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a plan. `team` is the number of a team, None for what concerns the whole plan.

    `people` are keys of observers, `stations` codes of stations. The evidence is words of the case without regard to
    the language; `sentence` words it for the reader.
    """

    code: str
    strength: RuleStrength
    team: int | None = None
    evidence: Evidence = ()
    people: tuple[int, ...] = ()
    stations: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule's number, such as R02."""
        return rule_of(self.code)

    @property
    def blocks(self) -> bool:
        return self.strength is RuleStrength.BLOCK

    @property
    def can_be_lifted(self) -> bool:
        """Whether somebody may release the plan all the same, with a reason."""
        return self.blocks and self.rule not in NEVER_LIFTED

    @property
    def sentence(self) -> str:
        """What it says, in the active language."""
        return sentence_of(self.code, dict(self.evidence))

    @property
    def fingerprint(self) -> str:
        """What was found, as a SHA-256: it changes with the team, with whoever is concerned and with the evidence."""
        seen = [self.code, self.team, self.evidence, sorted(self.people), self.stations]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def rule_of(code: str) -> str:
    """The number of the rule that a code belongs to."""
    return code.partition("-")[0].upper()


def broken(
    code: str,
    known: Mapping[str, object] | None = None,
    /,
    *,
    people: Iterable[int] = (),
    stations: Iterable[str] = (),
    **facts: object,
) -> Broken:
    """A broken rule with its facts, those known and more, as evidence: as text, in a fixed order."""
    evidence = tuple(sorted((name, str(value)) for name, value in {**(known or {}), **facts}.items()))
    return Broken(code, evidence, tuple(people), tuple(stations))
