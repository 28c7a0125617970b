"""The codes of the findings of ``pydb check``, each with one sentence; docs/check.md has examples and solutions."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CODES"]

CODES: Mapping[str, str] = {
    "C001": "a .sql file cannot be loaded",
    "C101": "the engine refuses the statement",
    "C102": "a parameter's type is unknown",
    "C103": "a parameter is used with different types",
    "C104": "an @param contradicts the use of its parameter",
    "C105": "an @column names a column that the result does not have",
    "C106": "an @column contradicts its column",
    "C107": "the statement cannot be analysed: every column may be NULL",
    "C201": "the record has a field that no column fills",
    "C202": "a column has no field in the record",
    "C203": "the columns are not in the order of the record's fields",
    "C204": "a column's type does not fit the field's type",
    "C205": "a column may be NULL but the field may not be None",
    "C206": "a field may be None but its column is never NULL",
    "C207": "the record cannot be used",
    "C208": "infinities may make a column NULL but the field may not be None",
    "C301": "no unique key guarantees at most one row",
    "C302": "a scalar has more than one column",
    "C303": "the header promises rows but the statement returns none",
    "C304": "two columns have the same name",
    "C305": "the variants of a statement return different columns",
    "C306": "the key of a level may be NULL in a row that exists",
    "C307": "the key of a level is not a key of its table",
    "C308": "the SQL does not show the keys of the objects in a json level",
    "C401": "the forms of a statement return different columns",
    "C402": "a column's type differs between the forms",
    "C403": "a column may be NULL in one form but not in another",
    "C404": "a parameter's type differs between the forms",
    "C501": "a table is not in every schema",
    "C502": "a column is not in every schema",
    "C503": "a column is NOT NULL in one schema but not in another",
    "C504": "a table's keys differ between the schemas",
    "C505": "a constraint's name is not in every schema",
    "C506": "a column's type differs between the schemas",
    "C507": "the schema script is refused",
    "C601": "the database lacks something that the schema has",
    "C602": "something in the database differs from the schema",
    "C603": "the database has something that the schema lacks",
    "C611": "a migration cannot be applied",
    "C612": "the migrations do not lead to the schema",
    "C613": "a statement fails while a new version is rolled out",
    "C701": "the generated code is stale",
}
