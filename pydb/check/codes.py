"""The codes of what ``pydb check`` finds, each with its one sentence; docs/check.md has examples and cures."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CODES"]

CODES: Mapping[str, str] = {
    "C001": "a .sql file cannot be loaded",
    "C101": "the engine refuses the statement",
    "C102": "a parameter's type is unknown",
    "C103": "a parameter is used in places of different types",
    "C104": "an @param contradicts the place of its parameter",
    "C105": "an @column names no column of the result",
    "C106": "an @column contradicts its column",
    "C107": "the statement cannot be analysed, so that every column may be NULL",
    "C201": "the record has a field that no column fills",
    "C202": "a column has no field in the record",
    "C203": "the columns are not in the order of the record's fields",
    "C204": "a column's type is not the field's",
    "C205": "a column may be NULL and the field may not",
    "C206": "a field may be None and no column is ever NULL",
    "C207": "the record cannot be used",
    "C208": "a column is NULL where infinities meet and the field may not be None",
    "C301": "no unique key guarantees at most one row",
    "C302": "a scalar has more than one column",
    "C303": "the header promises rows and the statement gives none",
    "C304": "two columns have the same name",
    "C305": "the variants of a statement give different columns",
    "C306": "the key of a level may be NULL where its row is there",
    "C307": "the key of a level is not a key of its table",
    "C308": "the keys of the objects in a json level are not in the SQL",
    "C401": "the forms of a statement give different columns",
    "C402": "a column's type differs between the forms",
    "C403": "a column may be NULL in one form and not in another",
    "C404": "a parameter's type differs between the forms",
    "C501": "a table is not in every schema",
    "C502": "a column is not in every schema",
    "C503": "a column is NOT NULL in one schema and not in another",
    "C504": "a table's keys differ between the schemas",
    "C505": "a constraint's name is not in every schema",
    "C506": "a column's type differs between the schemas",
    "C507": "the schema script is refused",
    "C601": "the database lacks something of the schema",
    "C602": "something in the database differs from the schema",
    "C603": "the database has something that the schema has not",
    "C611": "a migration cannot be applied",
    "C612": "the migrations do not lead to the schema",
    "C613": "a statement fails while a new version is rolled out",
    "C701": "the generated code is stale",
}
