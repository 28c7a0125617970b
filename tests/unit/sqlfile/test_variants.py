"""Variants: their names, texts and parameters, their number, and those that are checked."""

from __future__ import annotations

from itertools import combinations

import pytest

from pydb.errors import ParameterError
from pydb.sqlfile.variants import all_keys, chosen, count, key_from, key_names, needed_by, variant
from tests.harness.optional_lines import defined, labels, variant_sql

SEARCH = """
SELECT id FROM t
WHERE
    tenant = :tenant
    AND deleted = FALSE -- if not :all
    AND a IN (:as) -- if :as
    AND (b, id) > (:b, :id) -- if :b and :id
    AND c = :c -- if :c given
ORDER BY
    id DESC, -- if :order = newest
    -- id, -- if :order = oldest
    b
LIMIT :limit;
"""
FLAG = "-- @param all bool\n"


def test_a_variant_is_a_plain_statement() -> None:
    """A variant has the name of its states, the parameters that it binds, and no marks."""
    definition = defined(SEARCH, notes=FLAG)
    found = variant(definition, "sqlite", key_from(definition, ["as", "order=oldest", "c=null"]))
    assert found.name == "t.x[as_,c=null,order=oldest]"
    assert found.parameters == ("tenant", "as_", "c", "limit")
    assert found.sequences == {"as_"}
    assert not found.optional
    assert "--" not in found.sql
    assert found.sql.endswith("ORDER BY\n    id,\n    b\nLIMIT :limit;")


def test_a_call_that_leaves_all_out_has_the_plain_name() -> None:
    """A default is not part of the name."""
    definition = defined(SEARCH, notes=FLAG)
    assert variant(definition, "sqlite", key_from(definition, [])).name == "t.x"


def test_every_variant_is_counted_once() -> None:
    """Two keys with the same lines are one variant."""
    definition = defined(SEARCH, notes=FLAG)
    found = list(all_keys(definition))
    assert len(found) == count(definition) == 2 * 2 * 2 * 2 * 2
    assert len(set(labels(definition))) == len(found)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["b"], "b has no effect without id"),
        (["id"], "id has no effect without b"),
    ],
)
def test_a_value_without_effect_is_refused(words: list[str], message: str) -> None:
    """Two parameters of one condition must be passed together."""
    definition = defined(SEARCH, notes=FLAG)
    with pytest.raises(ParameterError, match=message):
        variant(definition, "sqlite", key_from(definition, words))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["d"], "d is not an optional name of t.x"),
        (["order=latest"], "order has no state latest    hint: one of order=newest, order=oldest"),
        (["as=null"], "as_ has no state null    hint: write as_"),
        (["all=no"], "all has no state no    hint: write all"),
    ],
)
def test_a_word_that_names_no_state_is_refused(words: list[str], message: str) -> None:
    """A word after a name must be one of its states."""
    with pytest.raises(ValueError, match=message.replace("|", r"\|")):
        key_from(defined(SEARCH, notes=FLAG), words)


def test_the_names_that_a_variant_binds() -> None:
    """A call passes the parameters of the included lines."""
    definition = defined(SEARCH, notes=FLAG)
    assert needed_by(definition, "sqlite", key_from(definition, ["as", "c"])) == {"as_", "c"}


def many_names(n: int) -> str:
    lines = [f"    AND c{i} = :n{i} -- if :n{i}" for i in range(n)]
    return "\n".join(["SELECT id FROM t", "WHERE", "    TRUE", *lines, ";"])


def test_many_variants_are_counted_without_being_made() -> None:
    """The numbers of states of names without a common line are multiplied."""
    assert count(defined(many_names(40))) == 2**40


def test_of_many_variants_every_pair_of_states_is_checked() -> None:
    """All off, all on, each alone, each missing, and every pair of states are checked."""
    definition = defined(many_names(12))
    keys = chosen(definition)
    assert len(keys) < 64
    for one, other in combinations(range(len(key_names(definition))), 2):
        assert {(key[one], key[other]) for key in keys} == {(a, b) for a in ("", "given") for b in ("", "given")}
    alone = [key for key in keys if key.count("given") == 1]
    assert len(alone) >= 12
    assert tuple([""] * 12) in keys
    assert tuple(["given"] * 12) in keys


def test_all_of_few_variants_are_checked() -> None:
    """Up to 64 variants are all checked."""
    definition = defined(many_names(6))
    assert len(chosen(definition)) == 64
    assert len(chosen(defined(many_names(7)))) < 64


def test_a_statement_without_marks_has_one_variant() -> None:
    """The variant is the statement itself."""
    definition = defined("SELECT id FROM t WHERE a = :a;")
    assert list(all_keys(definition)) == [()]
    assert variant_sql(definition) == "SELECT id FROM t WHERE a = :a;"
