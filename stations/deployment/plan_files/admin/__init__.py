"""The pages of files with plans."""

from stations.deployment.plan_files.admin import files

__all__ = ["files"]
