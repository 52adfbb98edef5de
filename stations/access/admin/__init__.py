"""The pages of special access."""

from stations.access.admin import grants, runs

__all__ = ["grants", "runs"]
