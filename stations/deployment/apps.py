from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeploymentConfig(AppConfig):
    name = "stations.deployment"
    label = "deployment"
    verbose_name = _("Deployment")

    def ready(self) -> None:
        import_module("stations.deployment.checks")
