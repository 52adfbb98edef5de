"""The staff's pages of nomination files."""

from accreditation.intake.admin import files

__all__ = ["files"]
