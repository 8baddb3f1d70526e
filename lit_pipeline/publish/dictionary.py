"""The data dictionary: every published table and view in Markdown, from the declarations alone."""

from lit_pipeline.marts.views import MACROS, VIEWS
from lit_pipeline.publish.database import duckdb_type, table_description
from lit_pipeline.tables.published import PUBLISHED

HEADER = """# Tables

Every table of the published database. This page is made from the declarations in `lit_pipeline/tables/` by
`lit dictionary > docs/tables.md`; the same descriptions stand in the database as comments
(`select table_name, column_name, comment from duckdb_columns()`).
"""


def data_dictionary() -> str:
    """The page as Markdown."""
    return "\n".join([HEADER, *(_table_section(name) for name in PUBLISHED), _views_section()])


def _table_section(name: str) -> str:
    table = PUBLISHED[name]
    rows = [
        f"| `{column_name}`{' (key)' if column.primary_key else ''} | {duckdb_type(column.dtype)} "
        f"| {'yes' if column.nullable else ''} | {column.description} |"
        for column_name, column in table.columns().items()
    ]
    head = ["| column | type | may be null | what it holds |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## `{name}`", "", table_description(table), "", *head, *rows, ""])


def _views_section() -> str:
    views = [f"| `{name}` | {description} |" for name, (description, _) in VIEWS.items()]
    macros = [f"| `{name}(...)` | {description} |" for name, (description, _) in MACROS.items()]
    head = ["## Views and macros", "", "| view or macro | what it shows |", "| --- | --- |"]
    return "\n".join([*head, *views, *macros, ""])
