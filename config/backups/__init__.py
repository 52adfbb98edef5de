"""Backups: the database, private files and published lists in one archive, and a new installation made of it."""
