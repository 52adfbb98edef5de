"""The pages of letters, and what the desk's other pages show of them."""

from accreditation.letters.admin import batches, letters

__all__ = ["batches", "letters"]
