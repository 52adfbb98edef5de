"""After migrating, the rules that come with the product are there."""

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db.models import Model
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from missions.reminders.models import ReminderRule, ReminderStep, ReminderText
from missions.reminders.services.rule_writing import lay_default_rules

_MODELS: tuple[type[Model], ...] = (ReminderRule, ReminderStep, ReminderText)


@receiver(post_migrate, dispatch_uid="reminders.default_rules")
def lay_rules_after_migrating(*, sender: AppConfig, using: str, apps: Apps = installed_apps, **kwargs: object) -> None:
    """Lays them in the default database, unless it was migrated to a time at which their tables were others."""
    if sender.label == "reminders" and using == "default" and _has_tables(apps):
        lay_default_rules()


def _has_tables(apps: Apps) -> bool:
    try:
        return all(_columns(apps.get_model(model._meta.label)) == _columns(model) for model in _MODELS)
    except LookupError:
        return False


def _columns(model: type[Model]) -> set[str]:
    return {str(field.column) for field in model._meta.concrete_fields}
