from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Observer Desk"

    def ready(self) -> None:
        # These need loaded apps.
        roles = import_module("config.roles")
        import_module("config.checks")
        import_module("config.observability.jobs")  # it listens to Celery
        # Sent for apps with models only; groups belong to auth.
        auth = apps.get_app_config("auth")
        post_migrate.connect(roles.apply_roles_after_migrating, sender=auth, dispatch_uid="config.roles")
