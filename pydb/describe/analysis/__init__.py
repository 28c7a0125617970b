"""A statement's syntax tree and the schema in; its columns, their types and whether they can be NULL out."""
