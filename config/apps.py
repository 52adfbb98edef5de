from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Observer Desk"

    def ready(self) -> None:
        roles = import_module("config.roles")  # it needs loaded apps
        # Sent for apps with models only; groups belong to auth.
        auth = apps.get_app_config("auth")
        post_migrate.connect(roles.apply_roles_after_migrating, sender=auth, dispatch_uid="config.roles")
