"""Use cases of accounts: inviting people, letting them choose passwords, and saying who may still come in."""
