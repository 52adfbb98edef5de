"""PURE: what two people do with an election's root key, on a machine without network, Django or database.

`python -m accreditation.badges.ceremony --help`; the way of it is told in docs/key-ceremony.md.
"""
