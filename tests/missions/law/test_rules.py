"""Questions to a profile: who decides, when it closes, what is needed, what is not known."""

import pytest

from missions.law.profile import load_profile
from missions.law.rules import Deadline, Decider, GroundUse, Scope, Unknown

AZ = load_profile("az-2024")
KE = load_profile("ke-2022")


@pytest.mark.parametrize(
    ("category", "scope", "code"),
    [
        ("international_observer", Scope.COUNTRY, "country_applications"),
        ("domestic_observer", Scope.COUNTRY, "country_applications"),
        ("domestic_observer", Scope.CONSTITUENCY, "constituency_applications"),
        ("exit_pollster", Scope.COUNTRY, "exit_poll_applications"),
    ],
)
def test_the_application_deadline_of_a_category_and_scope(category: str, scope: Scope, code: str) -> None:
    deadline = AZ.application_deadline(category, scope)

    assert isinstance(deadline, Deadline)
    assert deadline.code == code


def test_an_unknown_application_deadline_says_why() -> None:
    assert AZ.application_deadline("foreign_media") == Unknown("No source gives a last day for journalists.")


def test_a_scope_that_a_category_does_not_have_raises() -> None:
    with pytest.raises(KeyError):
        AZ.application_deadline("international_observer", Scope.CONSTITUENCY)


def test_the_level_that_decides_depends_on_the_scope() -> None:
    category = AZ.category("domestic_observer")

    assert category.decided_by(Scope.COUNTRY) is Decider.CENTRAL
    assert category.decided_by(Scope.CONSTITUENCY) is Decider.CONSTITUENCY


def test_required_documents() -> None:
    documents = AZ.required_documents("international_observer")

    assert not isinstance(documents, Unknown)
    assert [(document.code, document.count) for document in documents] == [
        ("form", 1), ("photo", 2), ("passport_copy", 1),
    ]  # fmt: skip


def test_required_documents_may_be_unknown() -> None:
    assert AZ.required_documents("foreign_media") == Unknown("No source lists the papers of journalists.")


def test_grounds_by_use() -> None:
    refusal = AZ.grounds_for(GroundUse.REFUSAL)
    inadmissibility = AZ.grounds_for(GroundUse.INADMISSIBILITY)

    assert [ground.code for ground in refusal] == ["information_not_confirmed", "host_citizen"]
    assert [ground.code for ground in inadmissibility] == ["received_late"]
    assert [ground.code for ground in AZ.grounds_for(GroundUse.REVOCATION)] == ["other_revocation"]


def test_unknown_rules_are_listed_with_place_and_reason() -> None:
    unknown = dict(AZ.unknown_rules())

    assert unknown["categories.foreign_media.decision_days"] == "No source gives a time for journalists."
    assert unknown["categories.support_staff.application_deadline"] == ("No source gives a last day for support staff.")
    assert unknown["grounds_closed.revocation"].startswith("No source lists the grounds")
    assert unknown["appeal"] == "No source gives the times of an appeal."
    assert len(unknown) == 22
    assert dict(KE.unknown_rules())["polling"] == "No source gives the hours of voting."


@pytest.mark.parametrize("question", ["category", "deadline", "document", "ground", "source"])
def test_an_unknown_code_raises(question: str) -> None:
    with pytest.raises(KeyError):
        getattr(AZ, question)("absent")
