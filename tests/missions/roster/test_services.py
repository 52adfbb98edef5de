"""The file of organizations, through the service that the command and the demonstration call."""

import datetime as dt
from io import BytesIO

import pytest

from missions.errors import RosterRefusedError
from missions.kernel.models import Event
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.writer import OutputValue, SheetContent, write_workbook
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Invitation, Mission, Organization
from missions.roster.services import RosterReport, commit_roster, preview_roster

pytestmark = pytest.mark.django_db
Rows = list[list[OutputValue]]

ORGANIZATIONS: Rows = [
    ["OSCE PA", "OSCE Parliamentary Assembly", "parliamentary_assembly", "", "no"],
    ["ODIHR", "Office for Democratic Institutions", "igo", "", "no"],
    ["PACE", "Parliamentary Assembly of the Council of Europe", "parliamentary_assembly", "", "no"],
]
MISSIONS: Rows = [
    [
        "ODIHR",
        "ODIHR",
        "ODIHR mission",
        "eom",
        "IEOM",
        "self_directed",
        "odihr-type",
        "E. Murphy (Head)",
        "",
        "l@o.example",
    ],
    ["OSCE PA", "OSCE PA", "Delegation", "delegation", "IEOM", "self_directed", "", "", "Bureau: D. Ridder", ""],
    ["IEOM", "", "Joint mission", "joint", "", "self_directed", "", "A. G. (Co-ordinator); D. R. (Head)", "", ""],
]
MORE = ("mode", "template", "heads", "delegations", "lead_email")
INVITATIONS: Rows = [
    ["ODIHR", "mfa", "accepted", "1/23", dt.date(2023, 12, 11), "Director", 300, dt.date(2023, 12, 20)],
    ["OSCE PA", "parliament", "accepted", "2/23", dt.date(2023, 12, 11), "", None, dt.date(2023, 12, 20)],
    ["PACE", "parliament", "not_invited", "", None, "", None, None],
]


def _file(
    organizations: Rows = ORGANIZATIONS,
    missions: Rows = MISSIONS,
    invitations: Rows = INVITATIONS,
) -> bytes:
    buffer = BytesIO()
    write_workbook(
        buffer,
        [
            SheetContent("organizations", ["Acronym", "Name", "Kind", "Country", "Synthetic"], organizations),
            SheetContent(
                "missions",
                [
                    "code",
                    "organization",
                    "name",
                    "kind",
                    "parent",
                    "mode",
                    "template",
                    "heads",
                    "delegations",
                    "lead_email",
                ],
                missions,
            ),
            SheetContent(
                "invitations",
                ["organization", "inviter", "state", "note", "note date", "addressee", "ceiling", "replied on"],
                invitations,
            ),
        ],
    )
    return buffer.getvalue()


def _commit(data: bytes, election: Election, at: dt.datetime) -> RosterReport:
    return commit_roster(data, file_name="organizations.xlsx", election=election, by=None, at=at)


def test_organizations_invitations_and_missions_are_taken_in(election: Election, at: dt.datetime) -> None:
    report = _commit(_file(), election, at)

    assert (report.added, report.changed, report.unchanged) == (9, 0, 0)
    assert report.lead_emails == (("ODIHR", "l@o.example"),)
    odihr = Mission.objects.get(code="ODIHR")
    assert (odihr.parent.code, odihr.ceiling) == ("IEOM", 300)  # type: ignore[union-attr]  # it has one
    assert Mission.objects.get(code="OSCE PA").ceiling is None
    assert Mission.objects.get(code="IEOM").heads.count() == 2
    assert list(Invitation.objects.values_list("organization__acronym", "state").order_by("pk")) == [
        ("ODIHR", "accepted"),
        ("OSCE PA", "accepted"),
        ("PACE", "not_invited"),
    ]


def test_the_same_file_again_changes_nothing(election: Election, at: dt.datetime) -> None:
    _commit(_file(), election, at)
    events = Event.objects.count()

    report = _commit(_file(), election, at)

    assert (report.added, report.changed, report.unchanged) == (0, 0, 9)
    assert Event.objects.count() == events


def test_a_changed_row_changes_only_its_object(election: Election, at: dt.datetime) -> None:
    _commit(_file(), election, at)
    organizations = [[*ORGANIZATIONS[0][:1], "The Assembly", *ORGANIZATIONS[0][2:]], *ORGANIZATIONS[1:]]

    report = _commit(_file(organizations=organizations), election, at)

    assert (report.added, report.changed, report.unchanged) == (0, 1, 8)
    assert Organization.objects.get(acronym="OSCE PA").name == "The Assembly"


def test_all_errors_are_found_at_once_and_nothing_is_stored(election: Election, at: dt.datetime) -> None:
    data = _file(
        organizations=[*ORGANIZATIONS, ORGANIZATIONS[0]],
        missions=[
            ["A", "", "No sender", "eom", "", "self_directed", "", "", "", ""],
            ["B", "NOBODY", "Unknown", "eom", "Z", "self_directed", "no-such", "Name without title", "", ""],
            ["C", "ODIHR", "Circle", "eom", "D", "self_directed", "", "", "", ""],
            ["D", "PACE", "Circle", "eom", "C", "self_directed", "", "", "", ""],
        ],
        invitations=[["ODIHR", "mfa", "accepted", "", None, "", None, None]],
    )

    roster = preview_roster(data, file_name="f.xlsx", election=election)

    assert [(finding.row, finding.column, finding.code) for finding in roster.findings] == [
        (2, "organizations.acronym", "stands_twice"),
        (5, "organizations.acronym", "stands_twice"),
        (2, "missions.organization", "organization_missing"),
        (3, "missions.heads", "head_without_title"),
        (4, "missions.parent", "parent_circle"),
        (5, "missions.parent", "parent_circle"),
        (2, "invitations.note_number", "note_missing"),
        (2, "invitations.replied_on", "reply_date_missing"),
    ]
    with pytest.raises(RosterRefusedError) as caught:
        _commit(data, election, at)
    assert len(caught.value.violations) == 8
    assert not Organization.objects.exists()


def test_a_delegation_named_twice_in_one_cell_is_refused(election: Election) -> None:
    mission: list[OutputValue] = [*MISSIONS[1][:8], "Delegation: Kenya; Delegation: Peru", ""]

    roster = preview_roster(_file(missions=[mission, MISSIONS[2]]), file_name="f.xlsx", election=election)

    assert [(finding.column, finding.code) for finding in roster.findings] == [
        ("missions.delegations", "delegation_twice"),
    ]


def test_unknown_references_are_named(election: Election, at: dt.datetime) -> None:
    data = _file(
        missions=[["B", "NOBODY", "Unknown", "eom", "Z", "self_directed", "no-such", "", "", ""]],
        invitations=[["NOBODY", "mfa", "planned", "", None, "", None, None]],
    )

    roster = preview_roster(data, file_name="f.xlsx", election=election)

    assert [(finding.column, finding.value) for finding in roster.findings] == [
        ("missions.organization", "NOBODY"),
        ("missions.parent", "Z"),
        ("missions.template", "no-such"),
        ("invitations.organization", "NOBODY"),
    ]


def test_a_failure_at_the_last_row_leaves_nothing(election: Election, at: dt.datetime) -> None:
    """The reply to an invitation that was struck is refused by its state table, after all else was written."""
    _commit(_file(), election, at)
    before = (Organization.objects.count(), Event.objects.count())
    invitations: Rows = [
        *INVITATIONS[:2],
        ["PACE", "parliament", "accepted", "9/23", dt.date(2024, 1, 1), "", 5, dt.date(2024, 1, 2)],
    ]
    organizations: Rows = [*ORGANIZATIONS, ["NEW", "New", "igo", "", ""]]

    with pytest.raises(Exception, match="cannot become"):
        _commit(_file(organizations=organizations, invitations=invitations), election, at)

    assert (Organization.objects.count(), Event.objects.count()) == before


def test_a_file_without_the_sheets_is_refused(election: Election, at: dt.datetime) -> None:
    buffer = BytesIO()
    write_workbook(buffer, [SheetContent("one", ["a"], [["x"]]), SheetContent("two", ["a"], [["x"]])])

    with pytest.raises(SpreadsheetError):
        _commit(buffer.getvalue(), election, at)


def test_a_new_ceiling_reaches_the_mission_without_a_new_state(election: Election, at: dt.datetime) -> None:
    _commit(_file(), election, at)
    invitations: Rows = [[*INVITATIONS[0][:6], 350, INVITATIONS[0][7]], *INVITATIONS[1:]]

    report = _commit(_file(invitations=invitations), election, at)

    assert (report.added, report.changed, report.unchanged) == (0, 1, 8)
    assert Invitation.objects.get(organization__acronym="ODIHR").ceiling == 350
    assert Mission.objects.get(code="ODIHR").ceiling == 350


def test_an_authority_that_the_law_does_not_name_is_a_fault_of_the_row(election: Election) -> None:
    invitations: Rows = [["ODIHR", "president", "planned", "", None, "", None, None]]

    roster = preview_roster(_file(invitations=invitations), file_name="f.xlsx", election=election)

    assert [(finding.row, finding.column, finding.code) for finding in roster.findings] == [
        (2, "invitations.inviter", "inviter_not_allowed")
    ]


def test_a_reply_before_the_note_is_a_fault_of_the_row(election: Election) -> None:
    invitations: Rows = [[*INVITATIONS[0][:7], dt.date(2023, 12, 10)]]

    roster = preview_roster(_file(invitations=invitations), file_name="f.xlsx", election=election)

    assert [(finding.row, finding.column, finding.code) for finding in roster.findings] == [
        (2, "invitations.replied_on", "reply_before_note")
    ]


def test_a_file_that_names_no_last_day_leaves_the_one_that_is_there(election: Election, at: dt.datetime) -> None:
    _commit(_file(), election, at)
    Invitation.objects.filter(organization__acronym="ODIHR").update(reply_by=dt.date(2023, 12, 31))

    report = _commit(_file(), election, at)

    assert report.unchanged == 9
    assert Invitation.objects.get(organization__acronym="ODIHR").reply_by == dt.date(2023, 12, 31)


@pytest.mark.parametrize("state", ["planned", "sent", "declined"])
def test_an_invitation_never_goes_back(election: Election, at: dt.datetime, state: str) -> None:
    _commit(_file(), election, at)
    invitations: Rows = [[*INVITATIONS[0][:2], state, *INVITATIONS[0][3:]], *INVITATIONS[1:]]

    with pytest.raises(IllegalTransitionError):
        _commit(_file(invitations=invitations), election, at)

    assert Invitation.objects.get(organization__acronym="ODIHR").state == "accepted"


def test_a_second_mission_of_an_organization_is_named(election: Election, at: dt.datetime) -> None:
    _commit(_file(), election, at)
    renamed = [["ODIHR-2", *MISSIONS[0][1:]], *MISSIONS[1:]]

    roster = preview_roster(_file(missions=renamed), file_name="f.xlsx", election=election)

    assert [(finding.row, finding.column, finding.code, finding.value) for finding in roster.findings] == [
        (2, "missions.code", "organization_has_mission", "ODIHR")
    ]


def test_reading_three_sheets_of_three_is_no_news(election: Election) -> None:
    assert preview_roster(_file(), file_name="f.xlsx", election=election).notices == ()
