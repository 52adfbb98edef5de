"""The public figure as the accreditation desk counts it, with a name for exactly the people that it counted."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from accreditation.selectors import people_as_of
from missions.headline import Headline, HeadlineRule
from missions.models import Election, Organization

RULE = HeadlineRule(
    code="live-international",
    version=1,
    words=(
        "People with an accreditation as international observer that was in force at the instant. A person, an "
        "organization and a country of nationality count once each."
    ),
)


class AccreditationHeadline:
    """The provider of this app (missions.headline.HeadlineSource)."""

    def headline_of(self, election: Election, *, at: datetime, organization: Organization | None = None) -> Headline:
        """Told from the history of each accreditation. One query."""
        rows = people_as_of(election, at=at, organization=organization)
        by_organization = _heads((name, observer) for observer, name, _country in rows if name)
        by_country = _heads((country, observer) for observer, _name, country in rows)
        return Headline(
            rule=RULE,
            observers=len({observer for observer, _name, _country in rows}),
            organizations=len(by_organization),
            countries=len(by_country),
            by_organization=by_organization,
            by_country=by_country,
            digest=hashlib.sha256(json.dumps(rows).encode()).hexdigest(),
        )


accreditation_headline = AccreditationHeadline()


def _heads(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    people: dict[str, set[int]] = defaultdict(set)
    for name, observer in pairs:
        people[name].add(observer)
    return {name: len(people[name]) for name in sorted(people)}
