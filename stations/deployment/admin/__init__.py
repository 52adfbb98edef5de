"""The pages on deployment. Everything starts at `visible_to`: what the host may not read does not exist here."""

from stations.deployment.admin import parts, plans, runs, settings

__all__ = ["parts", "plans", "runs", "settings"]
