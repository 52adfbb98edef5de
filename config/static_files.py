"""Static files under hashed names, with modules that still find each other."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_ALL_SCRIPTS, _IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """As WhiteNoise's, and the imports of our own ES modules name the hashed files.

    Django can do so for every script, but then it reads the bundles of other packages too and stumbles over them.
    """

    patterns = (*HashedFilesMixin.patterns, ("verify/*.js", _IMPORTS))
