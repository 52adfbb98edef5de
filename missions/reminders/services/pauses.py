"""Circuit breakers: a domain that takes nothing, or our own mail server when it is away, is left alone for a while."""

from datetime import datetime, timedelta

from django.db import transaction

from missions.reminders import rules
from missions.reminders.courier import Receipt, Trouble, Verdict
from missions.reminders.models import MailPause

#: After so long without a further trouble, earlier ones say nothing any more.
FORGOTTEN_AFTER = timedelta(days=1)
_REASON_MAX_LENGTH = 300
#: What `_counted` changes.
_COUNTED = ("failures", "open_failures", "since", "reason")


class Breakers:
    """What one sender knows of domains in trouble: what stood in the database at its last claim, and what it met."""

    def __init__(self) -> None:
        self._troubled: set[str] = set()
        self._paused: set[str] = set()

    def look(self) -> None:
        """Read anew with whom there was trouble lately. One query."""
        self._troubled = set(MailPause.objects.order_by().values_list("domain", flat=True))

    def has_paused(self, domain: str) -> bool:
        """Whether this sender has found that the domain takes nothing; what it had claimed for it must wait too."""
        return domain in self._paused

    def note(self, receipt: Receipt, *, domain: str, at: datetime, is_private: bool = False) -> None:
        """Write down what the answer to one mail says about the next: who is away, or that both are well.

        `is_private` tells that the host may not know of the mail.
        """
        if receipt.verdict is not Verdict.LATER or receipt.trouble is Trouble.OWN:
            self._note_answer(domain)
        elif receipt.trouble is Trouble.SERVER:
            note_server_trouble(at=at, reason=receipt.words)
        else:
            is_costly = receipt.trouble is Trouble.SILENCE
            self._troubled.add(domain)
            words = receipt.words
            if note_domain_trouble(domain, at=at, reason=words, is_costly=is_costly, is_private=is_private):
                self._paused.add(domain)

    def _note_answer(self, domain: str) -> None:
        over = {domain, MailPause.OUR_SERVER} & self._troubled
        if over:
            MailPause.objects.filter(domain__in=over).delete()
            self._troubled -= over


def note_domain_trouble(domain: str, *, at: datetime, reason: str, is_costly: bool, is_private: bool = False) -> bool:
    """Count a trouble with the domain; from the third in a row on, or the first costly one, its mails pause.

    Costly is what keeps a sender waiting or takes its connection. Of the trouble of a private mail nothing is added
    to what the host reads. Returns whether the domain pauses now.
    """
    with transaction.atomic():
        pause = _counted(domain, at=at, reason=reason, is_private=is_private)
        if is_costly:
            pause.failures = max(pause.failures, rules.DOMAIN_PATIENCE)
        wait = rules.domain_wait(pause.failures)
        pause.until = at + wait if wait else None
        pause.save(update_fields=[*_COUNTED, "until"])
    return wait is not None


def note_server_trouble(*, at: datetime, reason: str) -> None:
    """Count a trouble with our own mail server and leave it alone for some seconds.

    It is the host's own affair, whichever mail met it.
    """
    with transaction.atomic():
        pause = _counted(MailPause.OUR_SERVER, at=at, reason=reason)
        pause.until = at + rules.server_wait(pause.failures)
        pause.save(update_fields=[*_COUNTED, "until"])


def take_probe(domain: str, *, at: datetime, until: datetime) -> bool:
    """Claim the one attempt that a domain is given after its pause; the others go on pausing `until` it is answered."""
    return MailPause.objects.filter(domain=domain, until__lte=at).update(until=until) == 1


def forget_old_troubles(*, at: datetime) -> None:
    """Remove troubles that nothing has followed for a day."""
    MailPause.objects.filter(since__lt=at - FORGOTTEN_AFTER).exclude(until__gt=at - FORGOTTEN_AFTER).delete()


def _counted(domain: str, *, at: datetime, reason: str, is_private: bool = False) -> MailPause:
    """The locked row of the domain with one trouble more. Since when and why is told of what the host may know."""
    pause, _is_new = MailPause.objects.select_for_update().get_or_create(domain=domain, defaults={"since": at})
    pause.failures += 1
    if not is_private:
        pause.since = pause.since if pause.open_failures else at
        pause.open_failures += 1
    if not is_private or not pause.open_failures:
        pause.reason = reason[:_REASON_MAX_LENGTH]
    return pause
