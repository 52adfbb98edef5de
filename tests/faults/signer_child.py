"""The command `badge_signer` as another user: `signer_child.py UID GID`.

Python itself may lie where only root reads, so everything is imported, and an empty request answered, before the
process gives up its rights.
"""

import os
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first
from django.db import connections  # noqa: E402

from accreditation.badges.signer.answering import answer  # noqa: E402
from accreditation.badges.signer.protocol import SignBadges  # noqa: E402
from missions.kernel import clock  # noqa: E402


def main(user: int, group: int) -> None:
    answer(SignBadges((2**62,)), at=clock.now())
    connections.close_all()
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    call_command("badge_signer")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
