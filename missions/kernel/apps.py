from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "missions.kernel"
    label = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        import_module("missions.kernel.checks")  # its models need loaded apps
