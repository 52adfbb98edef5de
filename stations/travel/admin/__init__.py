"""The pages of travel times."""

from stations.travel.admin import matrices

__all__ = ["matrices"]
