from pathlib import Path

import pytest

from missions.states import OrganizationKind
from missions.timeline.programme.standards import StandardsError, load_standards
from missions.timeline.programme.states import SERVED_KINDS, RequestKind


def test_the_packaged_standards_serve_every_kind_once_or_as_a_pool() -> None:
    standards = load_standards()

    served = [kind for row in standards.resources for kind in row.serves]
    assert set(served) == set(RequestKind)
    assert all(set(row.serves) <= SERVED_KINDS[row.kind] for row in standards.resources)
    assert {row.kind for row in standards.requests} == set(RequestKind)
    assert standards.ranks[OrganizationKind.IGO] == 1


@pytest.mark.parametrize(
    ("persons", "sizes"), [(1, (1,)), (40, (40,)), (41, (21, 20)), (95, (32, 32, 31)), (245, (35,) * 7)]
)
def test_many_people_are_asked_for_in_equal_parts(persons: int, sizes: tuple[int, ...]) -> None:
    badges = next(row for row in load_standards().requests if row.kind is RequestKind.BADGES)

    assert badges.sizes(persons) == sizes


def test_only_some_of_a_mission_meet_the_minister() -> None:
    minister = next(row for row in load_standards().requests if row.kind is RequestKind.MINISTER)

    assert (minister.sizes(3), minister.sizes(300)) == ((3,), (6,))


def test_a_wrong_file_is_named_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "standards.toml"
    path.write_text("interpreters = []\n")

    with pytest.raises(StandardsError, match=r"standards.toml: resources: missing"):
        load_standards(path)
