"""Use cases of the outbox: planning reminders, leasing them, delivering them."""
