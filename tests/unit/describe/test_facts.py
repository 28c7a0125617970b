"""The facts of an engine; facts that it does not define are those of most engines."""

from __future__ import annotations

import pytest
from sqlglot.dialects.dialect import Dialect

from pydb.describe.analysis.syntax import parse
from pydb.describe.analysis.value import UNKNOWN
from pydb.describe.facts import EngineFacts, facts_of
from pydb.engines import engine_names
from pydb.errors import PydbError


def test_what_most_engines_do() -> None:
    """An engine without its own facts folds names to lower case, and its operators are strict."""
    facts = EngineFacts("other")
    assert facts.fold_table("A", quoted=True) == facts.fold_column("A", quoted=False) == "a"
    assert not facts.cast_may_be_null(UNKNOWN, "int")
    assert not facts.substring_may_be_null(UNKNOWN, [])
    assert facts.average_type("integer") == "numeric"


@pytest.mark.parametrize("engine", engine_names())
def test_the_parser_is_one_of_sqlglot(engine: str) -> None:
    """No dialect has a parser of its own: the compiled ones of ``sqlglot[c]`` cannot be subclassed."""
    dialect = Dialect.get_or_raise(facts_of(engine).dialect)
    assert type(dialect.parser()).__module__.startswith("sqlglot.")
    assert type(dialect.generator()).__module__.startswith("sqlglot.")


@pytest.mark.parametrize(
    ("engine", "sql", "text"),
    [
        ("sqlite", "SELECT mod(a, b), a % b, Mod(a, 2) % 3", "SELECT MOD(a, b), a % b, MOD(a, 2) % 3"),
        ("sqlite", "SELECT mod(mod(a, b), 2), mode FROM t", "SELECT MOD(MOD(a, b), 2), mode FROM t"),
        ("mariadb", "SELECT a || b || 'x', a OR b", "SELECT CONCAT(a, b, 'x'), a OR b"),
    ],
)
def test_what_a_dialect_takes_for_something_else(engine: str, sql: str, text: str) -> None:
    """SQLite's mod() is a function, unlike its operator, and on pydb's connections MariaDB's ``||`` joins texts."""
    tree = parse(sql, engine)
    assert tree is not None
    assert tree.sql(dialect=facts_of(engine).dialect) == text


@pytest.mark.parametrize("engine", engine_names())
def test_lists_do_not_overlap(engine: str) -> None:
    """No function is on two lists that contradict each other."""
    facts = facts_of(engine)
    assert facts.name == engine
    assert not facts.strict & facts.always
    assert not facts.strict_names & facts.always_names
    assert not facts.scalar_names & (facts.strict_names | facts.always_names)


def test_an_unknown_engine() -> None:
    """Requesting the facts of an unregistered engine is an error."""
    with pytest.raises(PydbError, match="no engine is named oracle"):
        facts_of("oracle")
