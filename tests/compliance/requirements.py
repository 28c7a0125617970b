"""The requirements that SQLAlchemy's suite may expect of the three engines, beyond those of every database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.testing import exclusions
from sqlalchemy.testing.requirements import SuiteRequirements

SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mariadb"
ALL = (SQLITE, POSTGRESQL, MARIADB)
SERVERS = (POSTGRESQL, MARIADB)

HAVE: dict[str, tuple[str, ...]] = {
    # The suite attaches SQLite's second database only to its first engine, but each connection would need it.
    "schemas": SERVERS,
    "views": ALL,
    "view_column_reflection": ALL,
    "reflects_pk_names": (SQLITE, POSTGRESQL),
    "foreign_key_constraint_name_reflection": ALL,
    "temp_table_names": (SQLITE, POSTGRESQL),
    "has_temp_table": ALL,
    "comment_reflection": SERVERS,
    "check_constraint_reflection": ALL,
    "foreign_keys_reflect_as_index": (MARIADB,),
    "unique_index_reflect_as_unique_constraints": (MARIADB,),
    "unique_constraints_reflect_as_index": SERVERS,
    "index_reflects_included_columns": (POSTGRESQL,),
    "materialized_views": (POSTGRESQL,),
    "reflect_table_options": (MARIADB,),
    "parens_in_union_contained_select_w_limit_offset": SERVERS,
    "parens_in_union_contained_select_wo_limit_offset": SERVERS,
    "savepoints": SERVERS,
    "two_phase_transactions": SERVERS,
    "autocommit": ALL,
    "isolation_level": ALL,
    "skip_autocommit_rollback": ALL,
    "nullsordering": (SQLITE, POSTGRESQL),
    "window_functions": ALL,
    "window_range": (SQLITE, POSTGRESQL),
    "intersect": ALL,
    "except_": ALL,
    "ctes": ALL,
    "ctes_with_update_delete": (SQLITE, POSTGRESQL),
    "ctes_on_dml": (POSTGRESQL,),
    "tuple_in": SERVERS,
    "update_from": ALL,
    "delete_from": SERVERS,
    "server_defaults": ALL,
    "expression_server_defaults": ALL,
    "json_type": ALL,
    "array_type": (POSTGRESQL,),
    "uuid_data_type": (POSTGRESQL, MARIADB),
    "datetime_timezone": (POSTGRESQL,),
    "time_timezone": (POSTGRESQL,),
    "datetime_interval": (POSTGRESQL,),
    "datetime_historic": ALL,
    "date_historic": ALL,
    "datetime_microseconds": (SQLITE, POSTGRESQL),
    "time_microseconds": (SQLITE, POSTGRESQL),
    "sql_expression_limit_offset": (SQLITE, POSTGRESQL),
    "unbounded_varchar": (SQLITE, POSTGRESQL),
    "timestamp_microseconds": (SQLITE, POSTGRESQL),
    "unicode_ddl": ALL,
    "precision_numerics_enotation_small": ALL,
    "precision_numerics_retains_significant_digits": SERVERS,
    "infinity_floats": (SQLITE, POSTGRESQL),
    "computed_columns": (MARIADB,),
    "computed_columns_stored": (MARIADB,),
    "computed_columns_virtual": (MARIADB,),
    "identity_columns": (POSTGRESQL,),
    "regexp_match": ALL,
    "regexp_replace": SERVERS,
    "supports_distinct_on": (POSTGRESQL,),
    "fetch_first": SERVERS,
    "supports_bitwise_or": ALL,
    "supports_bitwise_and": ALL,
    "supports_bitwise_not": ALL,
    "supports_bitwise_shift": ALL,
    "order_by_label_with_expression": ALL,
    "mod_operator_as_percent_sign": ALL,
    "create_table_as": ALL,
    "foreign_key_constraint_option_reflection_ondelete": ALL,
    "foreign_key_constraint_option_reflection_onupdate": ALL,
}
"""Which engines have what the suite asks for by these names."""


class Requirements(SuiteRequirements):
    """The suite's own requirements, and HAVE."""

    def get_isolation_levels(self, config: Any) -> dict[str, Any]:
        """The isolation levels of an engine, as its dialect lists them."""
        levels = list(config.db.dialect.get_isolation_level_values(None))
        default = {SQLITE: "SERIALIZABLE", POSTGRESQL: "READ COMMITTED", MARIADB: "REPEATABLE READ"}
        return {"default": default[config.db.name], "supported": levels}


def _on(engines: tuple[str, ...]) -> property:
    only_on: Callable[[tuple[str, ...]], Any] = exclusions.only_on
    return property(lambda _requirements: only_on(engines))


for _name, _engines in HAVE.items():
    assert hasattr(SuiteRequirements, _name), _name
    setattr(Requirements, _name, _on(_engines))
