"""The pages on deployment. Everything starts at `visible_to`: what the host may not read does not exist here."""

from stations.deployment.admin import break_glass, parts, plans, runs, settings, shares

__all__ = ["break_glass", "parts", "plans", "runs", "settings", "shares"]
