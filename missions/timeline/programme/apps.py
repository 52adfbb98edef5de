from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "missions.timeline.programme"
    label = "programme"
    verbose_name = _("The ministry's programme")

    def ready(self) -> None:
        import_module("missions.timeline.programme.receivers")
