"""Lists as files: up to date within a turn of the job, replaced whole, and never going back."""

import datetime as dt
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accreditation.badges.codes import keylist
from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.revocations import RevokedBadges, open_revocations
from accreditation.badges.codes.token import code_text
from accreditation.badges.codes.verdict import Trust, judge
from accreditation.badges.errors import SignerAwayError
from accreditation.badges.models import KeyList as KeyListRow
from accreditation.badges.models import RevocationList
from accreditation.badges.published import replace_file
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.services.publishing import publish_due, publish_lists, published
from accreditation.badges.services.trust import current_keys, set_up_test_trust
from accreditation.badges.states import BadgeState
from accreditation.models import Accreditation
from accreditation.services.accreditations import reinstate_accreditation, suspend_accreditation
from missions.kernel.errors import MissingError
from missions.models import Election, User
from tests.accreditation.badges.doors import badge_row

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def folder(trust: KeyList, badge_folders: Path) -> Path:
    """Where the lists of the election are published."""
    return badge_folders / "published" / "az-2024"


def revoked(folder: Path, keys: KeyList) -> RevokedBadges:
    return open_revocations((folder / "revoked.cose").read_bytes(), keys, environment="test")


def test_both_lists_are_published_and_then_left_alone(folder: Path, trust: KeyList, at: dt.datetime) -> None:
    assert publish_due(at=at) == 2
    before = {path.name: path.stat() for path in folder.iterdir()}

    assert publish_due(at=at + 9 * MINUTE) == 0

    assert sorted(before) == ["keys.cose", "revoked.cose"]
    assert {path.name: path.stat().st_ino for path in folder.iterdir()} == {
        name: status.st_ino for name, status in before.items()
    }
    assert {status.st_mode & 0o777 for status in before.values()} == {0o644}
    assert revoked(folder, trust).number == int(at.timestamp())


def test_a_revocation_is_published_at_the_next_turn_and_taken_back_at_the_one_after(
    folder: Path,
    trust: KeyList,
    accreditation: Accreditation,
    issuer: User,
    approver: User,
    at: dt.datetime,
    settings: Settings,
) -> None:
    """7A test 18, the server's half: who checks offline sees green, then red, then green again."""
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    code = code_text(bytes(badge.token or b""), url=settings.BADGE_URL)

    def reason(moment: dt.datetime) -> str:
        publish_due(at=moment)
        checked = judge(code, trust=Trust(trust, revoked(folder, trust), "test", None), now=int(moment.timestamp()))
        return checked.reason

    quarter = dt.timedelta(seconds=15)
    assert reason(at) == "no_photo"  # good, compare
    suspend_accreditation(accreditation=accreditation, reason="a test", by=approver, at=at)
    assert reason(at + quarter) == "withdrawn"
    accreditation.refresh_from_db()
    reinstate_accreditation(accreditation=accreditation, reason="a test", by=approver, at=at + quarter)
    assert reason(at + 2 * quarter) == "no_photo"


def test_the_list_is_renewed_after_ten_minutes(folder: Path, trust: KeyList, at: dt.datetime) -> None:
    publish_due(at=at)

    assert publish_due(at=at + 10 * MINUTE) == 1

    assert revoked(folder, trust).issued == int(at.timestamp()) + 600


def test_a_restored_database_publishes_no_lower_number(
    folder: Path, trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    """F19: what the database forgot, the published file remembers."""
    publish_due(at=at)
    badge_row(accreditation, issuer, state=BadgeState.LOST, ended_at=at)
    publish_due(at=at + 5 * MINUTE)
    before = revoked(folder, trust)
    RevocationList.objects.filter(number=before.number).delete()  # as of a backup before that

    assert publish_due(at=at + 4 * MINUTE) == 1

    after = revoked(folder, trust)
    assert (after.number, after.entries) == (before.number + 1, before.entries)


def test_a_restored_database_takes_the_published_list_of_keys_in_again(
    folder: Path, trust: KeyList, election: Election, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    newer = set_up_test_trust(election=election, at=at + dt.timedelta(days=40))
    publish_due(at=at + dt.timedelta(days=40))
    KeyListRow.objects.filter(number=2).delete()
    assert current_keys(election) == trust

    publish_due(at=at + dt.timedelta(days=40))

    assert current_keys(election) == newer
    assert KeyListRow.objects.get(number=2).installed_by == "keys.cose"
    assert "The published list of keys of az-2024 was newer and is taken in: 2" in caplog.text


@pytest.mark.parametrize("name", ["keys.cose", "revoked.cose"])
def test_a_foreign_file_is_replaced(
    folder: Path, trust: KeyList, at: dt.datetime, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    publish_due(at=at)
    before = (folder / name).read_bytes()
    replace_file("az-2024", name, b"<html>sign in</html>")

    assert publish_due(at=at + MINUTE) == 1

    assert (folder / name).read_bytes() == before
    assert "of az-2024 is" in caplog.text


def test_a_list_of_keys_of_another_root_is_replaced(folder: Path, trust: KeyList, at: dt.datetime) -> None:
    publish_due(at=at)
    from_elsewhere = keylist.KeyList("az-2024", 99, int(at.timestamp()), trust.keys)
    impostor = keylist.sign_key_list(from_elsewhere, SigningKey.new(), environment="test")
    replace_file("az-2024", "keys.cose", impostor)

    publish_due(at=at)

    assert (folder / "keys.cose").read_bytes() != impostor
    assert KeyListRow.objects.get().number == 1


def test_a_folder_that_cannot_be_written_stops_no_other_election(
    folder: Path, trust: KeyList, election: Election, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    other = Election.objects.get(pk=election.pk)
    other.pk, other.code, other.e_day = None, "az-2025", dt.date(2025, 2, 7)
    other.save()
    set_up_test_trust(election=other, at=at)
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")

    assert publish_due(at=at) == 2

    assert (folder.parent / "az-2025" / "revoked.cose").exists()
    assert "The lists of az-2024 cannot be published" in caplog.text


@pytest.fixture
def _away(settings: Settings, trust: KeyList) -> None:
    settings.BADGE_SIGNER = f"{__name__}.away"


def away(request: object, *, at: dt.datetime) -> None:
    raise SignerAwayError


@pytest.mark.usefixtures("_away")
def test_without_the_signer_the_old_list_stays_and_the_log_says_so(
    folder: Path, at: dt.datetime, election: Election, caplog: pytest.LogCaptureFixture
) -> None:
    assert publish_due(at=at) == 0

    assert [path.name for path in folder.iterdir()] == ["keys.cose"]
    assert "The list of revoked badges of az-2024 is not renewed" in caplog.text
    with pytest.raises(SignerAwayError):
        publish_lists(election=election, at=at)


def test_an_election_whose_keys_have_ended_is_left_in_peace(
    folder: Path, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    publish_due(at=at)

    assert publish_due(at=at + dt.timedelta(days=40)) == 0
    assert caplog.records == []


def test_whoever_asks_gets_the_file_and_a_mark_that_changes_with_it(folder: Path, at: dt.datetime) -> None:
    publish_due(at=at)
    first = published("az-2024", "revoked.cose")
    publish_due(at=at + 10 * MINUTE)
    second = published("az-2024", "revoked.cose")

    assert (second.data, published("az-2024", "revoked.cose")) == ((folder / "revoked.cose").read_bytes(), second)
    assert first.etag != second.etag
    assert published("az-2024", "keys.cose").data == (folder / "keys.cose").read_bytes()


def test_a_node_without_the_files_gives_what_the_database_has(folder: Path, at: dt.datetime) -> None:
    publish_due(at=at)
    before = {name: published("az-2024", name) for name in ("keys.cose", "revoked.cose")}
    for path in folder.iterdir():
        path.unlink()

    assert {name: published("az-2024", name) for name in before} == before


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("az-2024", "root.pem"),
        ("az-2024", "../../badge-keys/x.pem"),
        ("..", "keys.cose"),
        ("az-2024/../az-2024", "keys.cose"),
        ("az-2025", "keys.cose"),
        ("", "keys.cose"),
    ],
)
def test_nothing_else_is_given_out(folder: Path, at: dt.datetime, code: str, name: str) -> None:
    publish_due(at=at)

    with pytest.raises(MissingError):
        published(code, name)
