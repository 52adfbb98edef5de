"""The rule profiles that ship with the product: by code, read once, checked whole."""

from functools import cache
from pathlib import Path

from missions.law.parsing import ProfileError, read_profile
from missions.law.rules import RuleProfile, Unknown

__all__ = ["ProfileError", "RuleProfile", "Unknown", "check_profiles", "load_profile", "profile_codes"]

PROFILES = Path(__file__).parent / "profiles"


@cache
def load_profile(code: str) -> RuleProfile:
    """The profile with this code. Raises ProfileError if there is none or its file is wrong."""
    if code not in profile_codes():
        raise ProfileError(f"{code}.toml", "", "no such profile")
    return read_profile(PROFILES / f"{code}.toml")


@cache
def profile_codes() -> tuple[str, ...]:
    """The codes of all profiles, sorted."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.toml")))


def check_profiles(folder: Path = PROFILES) -> list[str]:
    """One sentence per profile file of the folder that is wrong; an empty list means that all are sound."""
    problems = []
    for path in sorted(folder.glob("*.toml")):
        try:
            read_profile(path)
        except ProfileError as error:
            problems.append(str(error))
    return problems
