"""Every route of the product, for everybody: who comes in, and that others' rows are as absent as those never made.

The walk is made from the router. A route of which nobody has said who comes in fails here by its name, and so does one
whose key is of a model of which nobody has said whose its rows are.
"""

import hashlib
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from missions.kernel import clock
from missions.kernel.crypto import encrypt_bytes
from missions.models import Mission
from missions.reports.models import ReportFile
from tests.journeys.confidentiality.scene import MOMENT, Scene, build_scene
from tests.journeys.scopes.callers import UNKNOWN
from tests.journeys.scopes.table import IS_WRITTEN, lines_of, read_table, write_table
from tests.journeys.scopes.walk import Findings, walk
from tests.storages import private_storage_in

pytestmark = [
    pytest.mark.longest,
    pytest.mark.timeout(1200),
    # A list to choose plans from is not sorted where each plan is found once; it is short.
    pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results"),
]

_FILE = b"%PDF-"


@pytest.fixture(scope="module")
def findings(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Findings]:
    """One walk for all tests here, through a world that is gone afterwards, with its files."""
    own_files = override_settings(STORAGES=private_storage_in(tmp_path_factory.mktemp("private")))
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, own_files, transaction.atomic():
        patch.setattr("missions.kernel.clock.now", lambda: MOMENT)
        patch.setattr("rest_framework.throttling.SimpleRateThrottle.get_rate", lambda _throttle: None)
        clock.set_to(MOMENT)
        cache.clear()
        yield walk(_scene())
        transaction.set_rollback(True)


def _scene() -> Scene:
    """The world with what acts on its rows count on: places that were taken, and files that are there."""
    scene = build_scene()
    Mission.objects.update(places_taken=1)
    ReportFile.objects.update(sha256=hashlib.sha256(_FILE).hexdigest(), size=len(_FILE))
    for name in ReportFile.objects.values_list("name_in_storage", flat=True):
        storages["private"].save(name, ContentFile(encrypt_bytes(_FILE)))
    return scene


def test_everybody_comes_in_where_the_table_says_and_nowhere_else(findings: Findings) -> None:
    lines = lines_of(findings.entries)
    if IS_WRITTEN:
        write_table(lines)
    meant = read_table()

    # A name on the left only is a route without an entry: write who is meant to come in, or have it written.
    assert {entry: told for entry, told in lines.items() if meant.get(entry) != told} == {}
    assert sorted(meant.keys() - lines.keys()) == []


def test_what_is_others_is_absent_to_the_byte(findings: Findings) -> None:
    told_apart = [
        f"{pair.caller}: {pair.request} is {pair.other.status}, absent {pair.absent.status}"
        for pair in findings.pairs
        if not pair.is_same
    ]

    assert told_apart == []
    assert {pair.caller for pair in findings.pairs} == {"lead", "pool lead"}
    assert len(findings.pairs) > 500


def test_nothing_of_others_is_written(findings: Findings) -> None:
    assert list(findings.changed) == []


def test_the_api_knows_nobody_without_a_good_token(findings: Findings) -> None:
    assert findings.unknown == dict.fromkeys(UNKNOWN, frozenset({401}))


def test_a_method_that_an_address_has_not_is_refused(findings: Findings) -> None:
    assert list(findings.taken) == []


def test_nothing_breaks(findings: Findings) -> None:
    assert list(findings.broken) == []
