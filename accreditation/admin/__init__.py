"""The pages of the accreditation desk."""

from accreditation.admin import accreditations, applications, people

__all__ = ["accreditations", "applications", "people"]
