"""Every table, declared once: columns, types, nullability, keys and one-line descriptions.

The declarations are dataframely schemas. They drive validation, the column schema that Dagster shows,
the comments and primary keys in DuckDB and the data dictionary in docs/. Nothing here reads or writes data.
"""
