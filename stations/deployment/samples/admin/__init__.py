"""The pages of station samples."""

from stations.deployment.samples.admin import samples

__all__ = ["samples"]
