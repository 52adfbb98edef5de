"""Interpreters given to teams: as many teams as possible, then as many as possible the one they had."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.deployment.interpreting import Silent, Speaker, interpreters_for


def silent(local: str, spoken: str = "en", before: int | None = None) -> Silent:
    return Silent(frozenset(local.split()), frozenset(spoken.split()), before)


def speaker(key: int, languages: str) -> Speaker:
    return Speaker(key, frozenset(languages.split()))


LEYLA, MURAD = speaker(1, "az en"), speaker(2, "az ru en")


@pytest.mark.parametrize(
    ("teams", "speakers", "given_to"),
    [
        ([], [LEYLA], []),
        ([silent("az")], [], [None]),
        ([silent("az"), silent("ru")], [MURAD, LEYLA], [1, 2]),
        ([silent("az"), silent("az"), silent("az")], [LEYLA, MURAD], [1, 2, None]),
        ([silent("az", "fr")], [LEYLA], [None]),
        ([silent("hy")], [LEYLA, MURAD], [None]),
        ([silent("az", before=2), silent("az", before=1)], [LEYLA, MURAD], [2, 1]),
        ([silent("az", before=2), silent("ru")], [LEYLA, MURAD], [1, 2]),
    ],
    ids=[
        "no-team",
        "nobody",
        "both-helped",
        "too-few",
        "no-common-language",
        "no-local-one",
        "kept",
        "more-before-kept",
    ],
)
def test_who_goes_where(teams: list[Silent], speakers: list[Speaker], given_to: list[int | None]) -> None:
    found = interpreters_for(teams, speakers)

    assert sorted(found, key=str) == sorted(given_to, key=str)
    if None not in given_to:
        assert found == given_to


LANGUAGES = st.sets(st.sampled_from("abc"), max_size=2).map(frozenset)


@given(
    st.lists(st.builds(Silent, LANGUAGES, LANGUAGES, st.none() | st.integers(0, 3)), max_size=3),
    st.lists(LANGUAGES, max_size=4),
)
def test_no_other_assignment_has_more(teams: list[Silent], known: list[frozenset[str]]) -> None:
    speakers = [Speaker(key, languages) for key, languages in enumerate(known)]

    def worth(chosen: tuple[Speaker | None, ...]) -> tuple[int, int]:
        helped = [
            (team, one)
            for team, one in zip(teams, chosen, strict=True)
            if one and team.local & one.languages and team.spoken & one.languages
        ]
        return len(helped), sum(team.before == one.key for team, one in helped)

    found = interpreters_for(teams, speakers)

    given_out = [key for key in found if key is not None]
    assert len(set(given_out)) == len(given_out)
    reached = worth(tuple(None if key is None else speakers[key] for key in found))
    assert reached[0] == len(given_out)
    choices = permutations([*speakers, *[None] * len(teams)], len(teams))
    assert reached == max(worth(choice) for choice in choices)
