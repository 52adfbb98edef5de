"""Files of one document from many connections at once: one row, one file, and nothing left over. On both databases."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from django.db import IntegrityError, connections

from accreditation.errors import PapersNotTakenError
from accreditation.models import Application, Document, StoredFile
from accreditation.services.applications import recommend_application
from accreditation.services.documents import receive_file
from accreditation.services.paper_files import FileCheck, check_files
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import User
from tests.accreditation.conftest import MakeApplication
from tests.corpus.files import papers as made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("private_files")]

RACERS = 6
_K = DocumentKind


def _race(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run the acts at once, each on a connection of its own; what each returned, or the error it raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return act()
        except (DomainError, IntegrityError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_racers_with_different_photos_leave_one_document_and_one_file(
    make_application: MakeApplication, lead: User, at: dt.datetime, private_files: Path
) -> None:
    application = make_application()
    application.documents.filter(kind=_K.PHOTO).delete()
    photos = [made.encoded(made.face(shift=number)) for number in range(RACERS)]

    results = _race(
        [partial(receive_file, application=application, kind=_K.PHOTO, data=data, by=lead, at=at) for data in photos]
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    assert (Document.objects.filter(kind=_K.PHOTO).count(), StoredFile.objects.count()) == (1, 1)
    assert len([path for path in private_files.rglob("*") if path.is_file()]) == 1
    assert check_files() == FileCheck(forgotten=(), lost=())
    verbs = Event.objects.of(application).filter(changed=["photo"]).values_list("verb", flat=True)
    assert sorted(verbs) == ["document_received"] + ["document_replaced"] * (RACERS - 1)


def test_without_the_lock_only_the_constraint_keeps_one_document(
    make_application: MakeApplication, at: dt.datetime
) -> None:
    """The control: the racers do meet, and without the service all but one of them break."""
    application = make_application()
    application.documents.filter(kind=_K.PHOTO).delete()
    everybody_has_looked = threading.Barrier(RACERS)

    def add_unguarded() -> object:
        assert not Document.objects.filter(application=application, kind=_K.PHOTO).exists()
        everybody_has_looked.wait(timeout=30)
        return Document.objects.create(application=application, kind=_K.PHOTO, received_on=at.date())

    results = _race([add_unguarded] * RACERS)

    assert sum(isinstance(result, IntegrityError) for result in results) == RACERS - 1


def test_an_upload_and_a_recommendation_at_once_follow_one_another(
    make_application: MakeApplication, lead: User, reviewer: User, at: dt.datetime, private_files: Path
) -> None:
    application = make_application(ApplicationState.UNDER_REVIEW)

    recommended, *uploads = _race(
        [
            partial(recommend_application, application=application, by=reviewer, at=at),
            *(
                partial(
                    receive_file,
                    application=application,
                    kind=_K.PHOTO,
                    data=made.encoded(made.face(shift=number)),
                    by=lead,
                    at=at,
                )
                for number in range(3)
            ),
        ]
    )

    assert isinstance(recommended, Application)
    refused = [result for result in uploads if isinstance(result, Exception)]
    assert {type(error) for error in refused} <= {PapersNotTakenError}
    order = [event.verb for event in Event.objects.of(application).filter(actor__in=(lead, reviewer)).order_by("pk")]
    assert order.index("recommended") == len(order) - 1
    taken = len(uploads) - len(refused)
    assert len([path for path in private_files.rglob("*") if path.is_file()]) == min(taken, 1)
