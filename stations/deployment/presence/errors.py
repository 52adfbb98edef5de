"""Why a report or an answer is not taken, or a roll not called."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class NonceReusedError(ConflictError):
    """Under this nonce something else was reported; it stands."""

    code = "nonce-reused"
    title = _("Something else was reported under this nonce")


class PresencePlaceError(RuleViolationError):
    """Who arrives or leaves does so at one station; who is in the area names none."""

    code = "presence-place-wrong"
    title = _("Name the station for an arrival or a departure, and none for being in the area")


class StationElsewhereError(RuleViolationError):
    """The election of the team has no such station."""

    code = "station-of-another-election"
    title = _("The election has no such polling station")


class StationOtherSideError(RuleViolationError):
    """Teams at home are at stations at home, teams abroad at stations of their country."""

    code = "station-on-other-side"
    title = _("A team at home cannot be at a station abroad, nor a team abroad outside of its country")


class OtherTeamsVisitError(RuleViolationError):
    """The planned visit is another team's, or to another station."""

    code = "visit-of-another-team"
    title = _("The team has no such planned visit to this station")


class TooManyReportsError(RuleViolationError):
    """A batch has its limit; the rest goes into the next."""

    code = "too-many-reports"
    title = _("At most 500 reports are taken at once")


class CalledInPoolError(RuleViolationError):
    """A host-coordinated mission's people are asked with those of the pool."""

    code = "roll-called-in-pool"
    title = _("The roll of this mission is called together with those of the other host-coordinated missions")


class NobodyToAskError(RuleViolationError):
    """Nobody who is accredited is in the country."""

    code = "nobody-to-ask"
    title = _("There is nobody to ask: no accredited observer is in the country")


class RollCallTermsError(RuleViolationError):
    """No reason, or no time left to answer; the violations say which."""

    code = "roll-call-terms-wrong"
    title = _("The roll cannot be called like this")


class RollCallOpenError(ConflictError):
    """One roll call of a mission, or of the pool, at a time."""

    code = "roll-call-open"
    title = _("A roll call is open already; close it first")


class RollCallClosedError(ConflictError):
    """Nobody answers a closed roll call, and nobody closes it again."""

    code = "roll-call-closed"
    title = _("The roll call is closed")


class NotAskedError(RuleViolationError):
    """The roll call does not ask this person, or not for this mission."""

    code = "not-asked"
    title = _("The roll call does not ask this person")
