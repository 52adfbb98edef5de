from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "stations.register"
    label = "register"
    verbose_name = _("Station register")

    def ready(self) -> None:
        import_module("stations.register.receivers")  # needs loaded apps
