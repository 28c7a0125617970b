"""Marks that were moved, removed, doubled, misspelt or misplaced: pydb agrees with a trial of every variant."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
import sqlglot

from pydb.errors import SqlFileError
from pydb.sqlfile.loader import definition_of
from pydb.sqlfile.parser import Parsed, parse_file
from pydb.sqlfile.rendering import as_written, render
from pydb.sqlfile.variants import chosen, variant
from tests.harness.chinook import data_folder
from tests.harness.mutants import connected, mutants, statements, wrong

OWN = Path(__file__).parents[1] / "corpus_dynamic"
_SEAM = re.compile(r"without .*, \S+ is followed by|the statement begins with|continues a line that is not present")
_FOUND = {"removed", "doubled", "misspelt", "negated", "switched off", "moved", "added", "swapped", "copied"}

pytestmark = pytest.mark.deep


def parsed(statement: str) -> Parsed:
    [found] = parse_file(statement + "\n", "t.sql", "t", None)
    return found


def refusal_of(statement: str) -> str:
    try:
        parsed(statement)
    except SqlFileError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("folder", [OWN, data_folder() / "dynamic"], ids=["own", "shared"])
def test_a_mutant_is_taken_exactly_when_every_variant_is_valid(folder: Path) -> None:
    """No mutant with an invalid variant is loaded, and none is refused for a place that no variant has."""
    if not folder.is_dir():
        pytest.skip(f"{folder.name} is not there: PYDB_SHARED_DATA names no folder, and none is beside the project")
    conn = connected((folder / "schema.sql").read_text())
    rng = random.Random(20)
    verdicts: Counter[tuple[str, str]] = Counter()
    for statement in statements((folder / "statements.sql").read_text()):
        assert wrong(statement, conn) == "", statement
        for kind, mutant in mutants(statement, rng):
            reason = wrong(mutant, conn)
            if refused := refusal_of(mutant):
                verdicts[kind, "refused"] += 1
                assert reason or not _SEAM.search(refused), f"every variant is valid, but {refused}\n{mutant}"
            else:
                verdicts[kind, "another valid statement"] += 1
                assert not reason, f"{kind}, taken: {reason}\n{mutant}"
    assert {kind for kind, _ in verdicts} == _FOUND
    assert verdicts.total() >= 500
    assert verdicts["doubled", "another valid statement"] <= 1
    assert verdicts["misspelt", "another valid statement"] < verdicts["misspelt", "refused"]


def test_sqlglot_reads_every_variant_of_the_corpus() -> None:
    """Each variant is one statement for another parser of SQL too."""
    for statement in statements((OWN / "statements.sql").read_text()):
        definition = definition_of({None: parsed(statement)})
        for key in chosen(definition):
            made = variant(definition, "sqlite", key)
            assert len(sqlglot.parse(render(made.forms["sqlite"].parts, as_written), dialect="sqlite")) == 1, made.name
