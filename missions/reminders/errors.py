"""What this room refuses, each named after the sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, MissingError, RuleViolationError


class DigestNotChosenError(MissingError):
    """The mission did not choose one mail a day, so there is nothing to drop."""

    code = "digest-not-chosen"
    title = _("The mission receives each mail by itself already")


class BroadcastTextRefusedError(RuleViolationError):
    """A text of the broadcast has a problem, or there is no text at all; the violations name language and field."""

    code = "broadcast-text-refused"
    title = _("The text of the broadcast cannot be kept")


class AudienceUnknownError(RuleViolationError):
    """The audience names somebody who does not exist here: a staff group, a state of delegations, a mission."""

    code = "audience-unknown"
    title = _("The audience names something that does not exist")


class AudienceEmptyError(RuleViolationError):
    """Nobody would get the broadcast."""

    code = "audience-empty"
    title = _("Nobody would get this mail")


class AudienceChangedError(ConflictError):
    """The audience or the words are no longer those that were shown; it has to be looked at again."""

    code = "audience-changed"
    title = _("The audience is no longer the one that was shown; please look at it again")


class PreparationTooOldError(ConflictError):
    """The audience was looked at too long ago."""

    code = "preparation-too-old"
    title = _("The audience was shown too long ago; please look at it again")


class CountMismatchError(RuleViolationError):
    """The number that was typed is not the number of the recipients."""

    code = "count-mismatch"
    title = _("The number is not that of the recipients")


class ReminderRuleRefusedError(RuleViolationError):
    """The rule has problems; each violation names its field."""

    code = "reminder-rule-refused"
    title = _("The rule cannot be kept")


class ReminderRuleChangedError(ConflictError):
    """Somebody else has changed the rule since it was read."""

    code = "reminder-rule-changed"
    title = _("Somebody has changed the rule in the meantime; please look at it again")


class ReminderRuleCodeTakenError(ConflictError):
    """Another rule has this code."""

    code = "reminder-rule-code-taken"
    title = _("There is a rule with this code")


class ReminderRuleIsOwnError(MissingError):
    """The rule does not come with the product, so there is nothing to go back to."""

    code = "reminder-rule-is-own"
    title = _("This rule is the ministry's own")


class MessageUnmailableError(RuleViolationError):
    """The message has no address or text that can be mailed; the detail tells what is wrong with it."""

    code = "message-unmailable"
    title = _("This message cannot be mailed at all")


class MessageUselessError(RuleViolationError):
    """Its time is over: what it says is of no use any more."""

    code = "message-useless"
    title = _("This message is of no use any more")


class OutboxNotFrozenError(MissingError):
    """No restore holds mails back."""

    code = "outbox-not-frozen"
    title = _("No mails are held back")


class RestoreUnfinishedError(ConflictError):
    """The restore was broken off: rows are missing, and no mail goes out of such a database."""

    code = "restore-unfinished"
    title = _("The restore of this database was broken off; empty it and restore again")
