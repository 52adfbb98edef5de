"""Telling which constraint the database refused, alike on both databases."""

import re

from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint


def broken_constraint(error: IntegrityError, *models: type[Model]) -> str:
    """The name of the constraint of one of the models that was broken; empty if it was another one.

    PostgreSQL names every constraint, SQLite names checks only and tells the columns of a unique one.
    """
    told = str(error).partition("\n")[0]
    for model in models:
        for constraint in model._meta.constraints:
            if re.search(rf"\b{constraint.name}\b", told):
                return constraint.name
            if isinstance(constraint, UniqueConstraint) and told.endswith(f": {_columns(model, constraint)}"):
                return constraint.name
    return ""


def _columns(model: type[Model], constraint: UniqueConstraint) -> str:
    """The columns as SQLite lists them."""
    names = {field.name: field.column for field in model._meta.concrete_fields}
    return ", ".join(f"{model._meta.db_table}.{names[field]}" for field in constraint.fields)
