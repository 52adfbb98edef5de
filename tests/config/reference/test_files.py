import datetime as dt
from collections import Counter
from pathlib import Path

from accreditation.intake.schema import NominationRow
from accreditation.states import Role
from config.reference.files import write_reference_data
from config.reference.manifest import read_manifest
from config.reference.senders import read_senders
from config.reference.series import Filed, SeriesPoint, expected_series
from missions.kernel.spreadsheets.table import Table
from missions.kernel.text import fold
from missions.states import DeploymentMode
from stations.register.layouts import HomeRow, OverseasRow

People = list[tuple[str, NominationRow]]
SENDERS = {sender.code: sender for sender in read_senders().senders}


def size_of(accredited: People, *codes: str) -> int:
    return sum(code in codes for code, _row in accredited)


def roles_of(accredited: People, mission: str) -> Counter[Role]:
    return Counter(row.role for code, row in accredited if code == mission)


def test_every_run_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_reference_data(tmp_path)

    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    first = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert written == first
    assert len(written) == 85


def test_the_files_have_no_fault_at_all(
    nominations: dict[str, Table[NominationRow]], home: Table[HomeRow], abroad: Table[OverseasRow]
) -> None:
    for table in nominations.values():
        assert (table.findings, table.notices) == ((), ())
    assert (home.findings, home.notices) == ((), ())
    assert abroad.findings == ()
    assert [notice.code for notice in abroad.notices] == ["encoding", "delimiter"]


def test_the_accredited_give_the_published_figures(accredited: People) -> None:
    organizations = {SENDERS[code].acronym for code, _row in accredited}
    nationalities = {row.nationality for _code, row in accredited}
    passports = {(row.passport_issuer, row.passport_number) for _code, row in accredited}

    assert (len(accredited), len(organizations), len(nationalities)) == (790, 72, 89)
    assert len(passports) == 790
    assert "AZE" not in nationalities


def test_missions_have_the_published_sizes(accredited: People) -> None:
    sizes = {
        "OSCE": size_of(accredited, "ODIHR", "OSCE-PA"),
        "ODIHR": size_of(accredited, "ODIHR"),
        "OSCE PA": size_of(accredited, "OSCE-PA"),
        "CIS family": size_of(accredited, "CIS", "IPA-CIS", "PA-UBR"),
        "SCO": size_of(accredited, "SCO"),
        "PABSEC": size_of(accredited, "PABSEC"),
        "IPC": size_of(accredited, "IPC"),
    }

    assert sizes == {
        "OSCE": 335,
        "ODIHR": 256,
        "OSCE PA": 79,
        "CIS family": 161,
        "SCO": 21,
        "PABSEC": 5,
        "IPC": 3,
    }


def test_odihr_has_its_core_team_of_eleven_from_nine_states(accredited: People) -> None:
    core_roles = {Role.HEAD_OF_MISSION, Role.CORE_TEAM_MEMBER}
    core = [row.nationality for code, row in accredited if code == "ODIHR" and row.role in core_roles]

    assert (len(core), len(set(core))) == (11, 9)
    assert roles_of(accredited, "ODIHR") == {
        Role.HEAD_OF_MISSION: 1,
        Role.CORE_TEAM_MEMBER: 10,
        Role.LTO: 26,
        Role.STO: 210,
        Role.SUPPORT_STAFF: 9,
    }


def test_no_state_sends_more_than_a_tenth_of_odihr_short_term_observers(accredited: People) -> None:
    states = Counter(row.sending_state for code, row in accredited if code == "ODIHR" and row.role is Role.STO)

    assert max(states.values()) * 10 <= states.total() == 210


def test_eight_early_observers_of_the_cis_arrive_on_17_january(accredited: People) -> None:
    early = [row.role for code, row in accredited if code == "CIS" and row.arrives_on == dt.date(2024, 1, 17)]

    assert early == [Role.LTO] * 8


def test_sco_comes_with_its_head_and_twenty(accredited: People) -> None:
    rows = [row for code, row in accredited if code == "SCO"]

    assert [row.surname for row in rows if row.role is Role.HEAD_OF_MISSION] == ["Zhang"]
    assert (len(rows), {row.departs_on for row in rows}) == (21, {dt.date(2024, 2, 8)})


def test_the_series_is_the_published_one(accredited: People) -> None:
    manifest = read_manifest()
    filed = [Filed(row.documents_on, SENDERS[code].acronym, row.nationality) for code, row in accredited]

    series = expected_series(filed, manifest.sessions, days_before=manifest.days_before_session)

    by_session = {point.session: point for point in series}
    assert by_session[dt.date(2024, 1, 6)] == SeriesPoint(dt.date(2024, 1, 6), 72, 6, 19)
    assert by_session[dt.date(2024, 1, 12)] == SeriesPoint(dt.date(2024, 1, 12), 78, 8, 21)
    assert by_session[dt.date(2024, 1, 24)].persons == 400
    assert by_session[dt.date(2024, 2, 5)] == SeriesPoint(dt.date(2024, 2, 5), 790, 72, 89)


def test_the_first_session_has_the_published_people(accredited: People) -> None:
    first = Counter(code for code, row in accredited if row.documents_on < dt.date(2024, 1, 6))

    assert first == {"ODIHR": 37, "IPA-CIS": 17, "CIS": 9, "TR": 5, "TURKPA": 2, "CEC-KZ": 2}


def test_papers_come_in_time_and_on_no_day_of_a_session(accredited: People) -> None:
    sessions = set(read_manifest().sessions)
    days = {row.documents_on for _code, row in accredited}

    assert max(days) == dt.date(2024, 1, 28)
    assert days & sessions == set()


def test_every_station_abroad_has_two_residents_of_the_pool(accredited: People, abroad: Table[OverseasRow]) -> None:
    stations = Counter(row.value.country for row in abroad.rows)
    for country, count in stations.items():
        residents = [(code, row) for code, row in accredited if row.residence_country == country]

        assert len(residents) == 2 * count
        assert len({row.nationality for _code, row in residents}) >= 2
        assert {row.nationality for _code, row in residents} & {country, "AZE"} == set()
        assert {row.role for _code, row in residents} == {Role.STO}
        assert set.intersection(*({*row.languages} for _code, row in residents)) >= {"en"}
        assert {SENDERS[code].mode for code, _row in residents} == {DeploymentMode.HOST_COORDINATED}


def test_residents_abroad_do_not_travel_to_the_host(accredited: People) -> None:
    abroad = [row for _code, row in accredited if row.residence_country]

    assert len(abroad) == 98
    assert {(row.arrives_on, row.departs_on) for row in abroad} == {(None, None)}
    assert all(row.arrives_on and row.departs_on for _code, row in accredited if not row.residence_country)


def test_all_invented_people_are_marked_and_plausible(everybody: People) -> None:
    rows = [row for _code, row in everybody]
    women = sum(row.sex == "f" for row in rows)

    assert {row.synthetic for row in rows} == {True}
    years = {row.birth_date.first.year for row in rows}
    assert 1950 <= min(years) <= max(years) <= 2003
    assert 38 <= women * 100 // len(rows) <= 42
    assert all({"en", "ru"} & {*row.languages} for row in rows)


def test_names_come_in_several_scripts_and_forms(everybody: People) -> None:
    rows = [row for _code, row in everybody]
    surnames = "".join(row.surname for row in rows)

    assert set("əğıİşç'-عдқ") <= set(surnames)
    assert sum(not row.given_names for row in rows) == 10
    assert max(len(f"{row.surname} {row.given_names}") for row in rows) >= 30


def test_nobody_looks_like_somebody_else_by_accident(everybody: People) -> None:
    keys = Counter(
        (fold(f"{row.surname} {row.given_names}").weak, row.birth_date)
        for _code, row in everybody
        if row.reference[-1] not in "DS"
    )

    assert set(keys.values()) == {1}


def test_further_nominations_are_of_every_kind(everybody: People) -> None:
    kinds = Counter(row.reference[-1] for _code, row in everybody if not row.reference[-1].isdigit())

    assert kinds == {"H": 3, "D": 2, "S": 1, "L": 4, "W": 3, "P": 10, "E": 1, "R": 1, "I": 1}


def test_real_heads_stand_under_their_names(accredited: People) -> None:
    heads = {(code, row.surname) for code, row in accredited if row.role is Role.HEAD_OF_MISSION}
    reported = {(code, head.surname) for code, sender in SENDERS.items() for head in sender.reported if head.nominated}

    assert reported <= heads
    assert len(reported) == 18
    assert all(code.startswith("DEMO-") for code, _surname in heads - reported)


def test_members_of_parliaments_have_invented_groups_split_by_strength_and_real_heads_have_none(
    accredited: People,
) -> None:
    grouped = Counter((code, row.political_group) for code, row in accredited if row.political_group)
    heads = {row.political_group for _code, row in accredited if row.role is Role.HEAD_OF_MISSION}

    assert {group: count for (code, group), count in grouped.items() if code == "OSCE-PA"} == {
        "Group A": 28,
        "Group B": 22,
        "Group C": 14,
        "Group D": 6,
    }
    assert {code for code, _group in grouped} == {"OSCE-PA", "IPA-CIS", "PABSEC"}
    assert heads == {""}
