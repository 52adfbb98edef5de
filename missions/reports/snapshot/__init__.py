"""The public pages as files: written by `writing`, kept by `store`, handed out before the framework by config."""
