"""The custody of one badge, read as a story."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accreditation.badges.models import CheckDevice, RevocationList, Scan
from accreditation.badges.services.custody import destroy_badge, hand_over_badge, report_badge_lost, return_badge
from accreditation.badges.services.desk import print_badge
from accreditation.badges.services.issuing import issue_badge, reissue_badge
from accreditation.badges.services.revoking import sign_due_list
from accreditation.badges.states import CardFormat, CollectionProof, VoidReason
from accreditation.badges.story import custody_story
from accreditation.models import Accreditation
from accreditation.services.accreditations import reinstate_accreditation, suspend_accreditation
from missions.kernel.events import record_event
from missions.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust", "private_files")]


def minutes(at: dt.datetime, count: int) -> dt.datetime:
    return at + dt.timedelta(minutes=count)


def test_the_life_of_a_badge_reads_from_the_order_to_the_shredder(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    issuer.first_name, issuer.last_name = "Petra", "Protocol"
    issuer.save()
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    print_badge(badge=badge, stock_serial="AZ 7", card_format=CardFormat.ID1, by=issuer, at=minutes(at, 5))
    print_badge(badge=badge, stock_serial="AZ 7", card_format=CardFormat.ID1, by=issuer, at=minutes(at, 6))
    handed = minutes(at, 7)
    hand_over_badge(badge=badge, collected_by="Anna Meyer", proof=CollectionProof.SIGNATURE, by=issuer, at=handed)
    sign_due_list(election=badge.election, at=minutes(at, 8))
    report_badge_lost(badge=badge, note="In a taxi.", by=issuer, at=minutes(at, 20))
    named = sign_due_list(election=badge.election, at=minutes(at, 21))
    return_badge(badge=badge, by=issuer, at=minutes(at, 30))
    destroy_badge(badge=badge, witness="Boris Witness", by=issuer, at=minutes(at, 40))
    badge.refresh_from_db()

    with CaptureQueriesContext(connection) as queries:
        story = custody_story(badge)

    assert [(step.when, step.sentence, step.note) for step in story] == [
        ("18 January 2024, 16:00, Baku time", "Ordered by Petra Protocol as B-000001, badge 1 of this person.", ""),
        ("18 January 2024, 16:00, Baku time", f"Signed with the key {badge.key_id}.", ""),
        ("18 January 2024, 16:05, Baku time", "Printed by Petra Protocol on the card AZ 7.", ""),
        ("18 January 2024, 16:06, Baku time", "The file of the card was taken once more by Petra Protocol.", ""),
        (
            "18 January 2024, 16:07, Baku time",
            "Handed over by Petra Protocol to Anna Meyer: signature on the list.",
            "",
        ),
        ("18 January 2024, 16:20, Baku time", "Reported lost; noted by Petra Protocol.", "In a taxi."),
        (
            "18 January 2024, 16:21, Baku time",
            f"Named as revoked (lost) by list {named.number}, which all checkers get.",
            "",
        ),
        ("18 January 2024, 16:30, Baku time", "Taken back by Petra Protocol.", ""),
        (
            "18 January 2024, 16:40, Baku time",
            "Card destroyed by Petra Protocol before the witness Boris Witness.",
            "",
        ),
    ]
    assert len(queries) <= 8


def test_a_suspension_its_list_and_the_way_back_are_part_of_the_story(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    suspend_accreditation(accreditation=accreditation, reason="Papers.", by=issuer, at=minutes(at, 1))
    first = sign_due_list(election=badge.election, at=minutes(at, 2))
    sign_due_list(election=badge.election, at=minutes(at, 15))  # says the same, and alone keeps its bytes
    reinstate_accreditation(accreditation=accreditation, reason="In order.", by=issuer, at=minutes(at, 20))

    story = custody_story(badge)

    assert bytes(RevocationList.objects.get(number=first.number).data) == b""
    assert [(step.sentence, step.note) for step in story[2:]] == [
        (f"The accreditation became suspended; done by {issuer}.", "Papers."),
        (f"Named as revoked (withdrawn) by list {first.number}, which all checkers get.", ""),
        (f"The accreditation became active; done by {issuer}.", "In order."),
    ]


def test_a_void_badge_says_why_and_one_that_counts_is_on_no_list(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    former = issue_badge(accreditation=accreditation, by=issuer, at=at)
    newer = reissue_badge(badge=former, reason=VoidReason.SPOILED, note="Torn.", by=issuer, at=minutes(at, 1))
    former.refresh_from_db()

    last = custody_story(former)[-1]

    assert (last.sentence, last.note) == (f"Made void by {issuer}: spoiled in print.", "Torn.")
    assert [step.sentence[:7] for step in custody_story(newer)] == ["Ordered", "Signed "]


def test_checks_at_doors_are_summed_up_without_the_annulled(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    device = CheckDevice.objects.create(
        election=badge.election, name="Door 1", place_code="00105", added_at=at, added_by=issuer
    )
    shown = (("valid", "00105"), ("valid", "00105"), ("wrong_place", "00106"), ("forged", "00107"))
    for nonce, (result, place) in enumerate(shown):
        seen = minutes(at, 10 + nonce)
        times = {"device_time": seen, "checked_at": seen, "received_at": seen}
        Scan.objects.create(device=device, nonce=str(nonce), badge=badge, place_code=place, result=result, **times)
    Scan.objects.filter(result="forged").update(annulled_at=at, annulled_by=issuer, annulment_reason="A try.")

    last = custody_story(badge)[-1]

    assert last.when == "18 January 2024, 16:12, Baku time"
    assert last.sentence == "Checked 3 times until then, at 2 places: valid: 2, not valid at this place: 1."


def test_a_verb_of_a_later_version_is_told_as_it_is(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    record_event("badge_laminated", badge, by=None, at=minutes(at, 1))

    with translation.override("en"):
        assert custody_story(badge)[-1].sentence == "badge laminated: the system"
