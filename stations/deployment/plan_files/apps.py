from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanFilesConfig(AppConfig):
    name = "stations.deployment.plan_files"
    label = "plan_files"
    verbose_name = _("Files of plans")
