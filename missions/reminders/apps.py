from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "missions.reminders"
    label = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        import_module("missions.reminders.receivers")  # needs loaded apps
