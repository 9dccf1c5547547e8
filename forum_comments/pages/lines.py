"""What the two lines of Datasette, 0.65 and 1.0, call by different names. Nothing else asks which line it runs on."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette

IS_LINE_1 = not hasattr(Datasette, "ensure_permissions")


async def ensure_visible(datasette: Any, actor: Any, database: str, table: str | None = None) -> None:
    """Raise Datasette's Forbidden unless the actor (None: anybody) may see the database, or the table in it."""
    if not IS_LINE_1:
        views = [("view-database", database), "view-instance"]
        await datasette.ensure_permissions(actor, [("view-table", (database, table)), *views] if table else views)
        return
    from datasette.resources import DatabaseResource, TableResource

    action, resource = "view-database", DatabaseResource(database)
    if table is not None:
        action, resource = "view-table", TableResource(database, table)
    await datasette.ensure_permission(action=action, resource=resource, actor=actor)


async def labels_of(
    datasette: Any, database: str, table: str, column: str, values: list[str]
) -> dict[tuple[str, str], str]:
    """What the rows that a foreign key names are called, as far as anybody may see them."""
    who = [None] if IS_LINE_1 else []
    labels: dict[tuple[str, str], str] = await datasette.expand_foreign_keys(*who, database, table, column, values)
    return labels


async def instance_metadata(datasette: Any) -> dict[str, Any]:
    """The metadata of the whole site: `title`, `description`, `license` and so on."""
    found = await datasette.get_instance_metadata() if IS_LINE_1 else datasette.metadata()
    return {name: value for name, value in found.items() if isinstance(value, str)}
