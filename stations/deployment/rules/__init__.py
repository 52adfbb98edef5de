"""The rules of deployment with names: `judge` holds a plan's facts against a profile and tells what is broken."""

from stations.deployment.rules.findings import Finding
from stations.deployment.rules.judging import judge
from stations.deployment.rules.profile import DeploymentProfile, load_deployment_profile

__all__ = ["DeploymentProfile", "Finding", "judge", "load_deployment_profile"]
