"""Under which name this process counts: processes that live at the same time never have the same."""

_OWN = {"slot": "main"}


def take_slot(number: int) -> None:
    """Count under this number from now on; gunicorn gives it to a worker that it has forked."""
    _OWN["slot"] = str(number)


def current_slot() -> str:
    """The name of this process's files of counters."""
    return _OWN["slot"]
