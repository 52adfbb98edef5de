"""The environment as settings read it: a variable, or the file that NAME_FILE names, so that secrets lie in files."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class _Stripped(FileAwareMapping):  # type: ignore[misc]  # untyped
    """Editors end files with a line feed; no value of ours begins or ends with white space."""

    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).strip()


class Environment(environ.FileAwareEnv):  # type: ignore[misc]  # untyped
    """django-environ's, over the variables and the files beside them."""

    ENVIRON = _Stripped()
