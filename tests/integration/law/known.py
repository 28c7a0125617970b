"""The statements of tests/corpus that break the law today, and why.  The lists shrink."""

from __future__ import annotations

KNOWN: dict[tuple[str, str], str] = {
    ("expressions_sqlite", "aggregates.sum_compare"): "RecordError: column value holds a int that is not a bool",
    ("expressions_sqlite", "aggregates.sum_flag"): "RecordError: column value holds a int that is not a bool",
    ("expressions_sqlite", "aggregates.sum_text"): "RecordError: column value holds a float that is not a str",
    ("expressions_sqlite", "functions.abs_text"): "RecordError: column value holds a float that is not a str",
    ("expressions_sqlite", "functions.max_mixed"): "RecordError: column value holds a float that is not a int",
    ("expressions_sqlite", "functions.mod_function"): "RecordError: column value holds a float that is not a int",
    ("expressions_sqlite", "functions.round_int"): "RecordError: column value holds a float that is not a int",
    ("expressions_sqlite", "functions.substr_blob"): "RecordError: column value holds a bytes that is not a str",
    ("expressions_sqlite", "operators.cast_date"): "RecordError: column value holds a int that is not a date",
    ("expressions_sqlite", "operators.negative_flag"): "RecordError: column value holds a int that is not a bool",
    ("expressions_sqlite", "tables.union_mixed"): "RecordError: column value holds a float that is not a int",
    ("expressions_sqlite", "tables.whole"): "RecordError: column doc holds a int that is not a json",
    ("functions_mariadb", "functions.date_sub_of"): "RecordError: column value holds a str that is not a date",
    ("functions_mariadb", "functions.sec_to_time_of"): "RecordError: column value holds a timedelta that is not a time",
    ("functions_mariadb", "functions.str_to_date_of"): "RecordError: column value holds a str that is not a date",
    ("functions_mariadb", "functions.subtime_of"): "RecordError: column value holds a timedelta that is not a time",
    ("functions_mariadb", "functions.timediff_of"): "RecordError: column value holds a timedelta that is not a time",
    ("functions_mariadb", "operators.cast_date_int"): "RecordError: column value holds a str that is not a date",
    ("functions_postgresql", "operators.row_compare_value"): "RecordError: column value is NULL, and bool is not",
    ("types_mariadb", "types.stamps_alone"): "column maybe_day is said to be date and is str",
    ("types_postgresql", "types.add_own"): "ProgrammingError: function int4range",
    ("types_postgresql", "types.array_literal"): "RecordError: column b holds a list that is not a str[]",
}
"""By schema and statement: what comes instead of what is said."""

UNPROVEN: dict[tuple[str, str], str] = {}
"""Statements that no generated argument makes succeed, and the reason."""
