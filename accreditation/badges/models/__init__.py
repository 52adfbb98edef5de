"""Badges, how they are printed, what checkers trust, and what they saw."""

from accreditation.badges.models.badges import Badge
from accreditation.badges.models.printing import PrintBatch, PrintBatchItem, PrintSheet
from accreditation.badges.models.scans import CheckDevice, Scan, ScanAlert
from accreditation.badges.models.trust import KeyList, RevocationList, SigningAttempt, TrustRoot

__all__ = [
    "Badge",
    "CheckDevice",
    "KeyList",
    "PrintBatch",
    "PrintBatchItem",
    "PrintSheet",
    "RevocationList",
    "Scan",
    "ScanAlert",
    "SigningAttempt",
    "TrustRoot",
]
