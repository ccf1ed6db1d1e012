"""What a command says when its database cannot be reached or lacks tables."""

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

_NO_SUCH = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)


def unreachable(error: Exception) -> str:
    """The sentence for a database that cannot be reached, with the error in one line."""
    return _(
        "The database cannot be reached: %(error)s Check DATABASE_URL, or leave it out to"
        " use the embedded PostgreSQL."
    ) % {"error": one_line(error)}


def one_line(error: Exception) -> str:
    """What the error says, in one line that ends with a full stop."""
    words = " ".join(str(error).split())
    return words if words.endswith(".") else f"{words}."


def remedy(error: DatabaseError | ImproperlyConfigured) -> str | None:
    """What the operator can do about the error; None when it is a defect of the portal."""
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, _NO_SUCH):
        missing = missing_migrations()
        if not missing:
            return None
        return _(
            "The database lacks tables of this release: %(count)s migrations are not applied, the"
            " first %(name)s. Run manage.py migrate, then this command again."
        ) % {"count": len(missing), "name": missing[0]}
    if isinstance(error, ImproperlyConfigured | OperationalError) and not answers():
        return unreachable(error)
    return None


def missing_migrations() -> list[str]:
    """The migrations of this release that the database lacks, in order, as `app.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def answers() -> bool:
    """Whether the database takes a connection and a query."""
    try:
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured):
        return False
    return connection.is_usable()
