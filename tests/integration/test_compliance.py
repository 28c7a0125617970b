"""SQLAlchemy's compliance suite for dialects, on pydb's engines and on plain ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from xml.etree import ElementTree

import psycopg
import pytest
from sqlalchemy import make_url

from pydb.testing.servers import StartedServer
from tests.harness.documents import PROJECT

SUITE = PROJECT / "tests" / "compliance"

AUTOCOMMIT = "a Database under AUTOCOMMIT is refused"
LEVEL = "Database checks isolation_level itself, and raises OptionError"
BEGIN = "pydb sends BEGIN itself, and the driver is in autocommit mode"
FOREIGN_KEYS = "foreign keys are enforced, and the test's refers to a column that is not unique"
RESET = "a pooled connection's session is reset before each use, and its temporary tables go"
ANSI = "sql_mode is ANSI, and the test expects names in backticks"
BACKSLASH = r"a backslash is a backslash, and MariaDB shows a CHECK constraint with \'"

REFUSED = {
    "AutocommitIsolationTest::test_autocommit_block": (2, AUTOCOMMIT),
    "AutocommitIsolationTest::test_dialect_autocommit_is_restored": (1, AUTOCOMMIT),
    "IsolationLevelTest::test_invalid_level_engine_param": (1, LEVEL),
}
MULTIPLE = (
    "test_get_multi_check_constraints",
    "test_get_multi_columns",
    "test_get_multi_foreign_keys",
    "test_get_multi_indexes",
    "test_get_multi_pk_constraint",
    "test_get_multi_table_comment",
    "test_get_multi_unique_constraints",
)
EXPLAINED: dict[str, dict[str, tuple[int, str]]] = {
    "sqlite": {
        **REFUSED,
        # One of the three tests expects a ROLLBACK although there is nothing to roll back.
        "AutocommitIsolationTest::test_autocommit_block": (3, f"{AUTOCOMMIT}; {BEGIN}"),
        "PostCompileParamsTest::test_execute": (1, BEGIN),
        "PostCompileParamsTest::test_execute_expanding_plus_literal_execute": (1, BEGIN),
        "UnicodeSchemaTest::test_col_targeting": (1, FOREIGN_KEYS),
        "UnicodeSchemaTest::test_insert": (1, FOREIGN_KEYS),
        "UnicodeSchemaTest::test_reflect": (1, FOREIGN_KEYS),
        "UnicodeSchemaTest::test_repr": (1, FOREIGN_KEYS),
    },
    "postgresql": {
        **REFUSED,
        **{f"ComponentReflectionTest::{name}": (8, RESET) for name in MULTIPLE},
        "ComponentReflectionTest::test_get_temp_table_columns": (1, RESET),
        "ComponentReflectionTest::test_get_temp_table_indexes": (1, RESET),
        "ComponentReflectionTest::test_get_temp_table_names": (1, RESET),
        "ComponentReflectionTest::test_get_temp_table_unique_constraints": (1, RESET),
        "ComponentReflectionTest::test_reflect_table_temp_table": (1, RESET),
        "HasTableTest::test_has_table_temp_table": (1, RESET),
    },
    "mariadb": {
        **REFUSED,
        "ComponentReflectionTest::test_get_multi_check_constraints": (32, ANSI),
        "ComponentReflectionTestExtra::test_check_constraint_parenthesized_expressions": (2, BACKSLASH),
    },
}
"""The tests that fail on pydb's engines and not on plain ones: with how many of their parameters, and why.

docs/transactions.md, "SQLAlchemy's own tests", explains the settings.
"""

Outcomes = dict[str, bool]
"""The tests that ran, and whether each failed."""


@contextmanager
def second_schemas(server: StartedServer | None, url: str) -> Iterator[None]:
    """The additional schemas that the suite needs; if a schema is a database, it is dropped at the end."""
    names = ("test_schema", "test_schema_2")
    with ExitStack() as stack:
        if server is not None and server.engine == "mariadb":
            for name in names:
                stack.callback(server.drop_database, name)
                server.create_database(name)
        elif server is not None:
            with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False)) as conn:
                for name in names:
                    conn.execute(f"CREATE SCHEMA {name}".encode())
        yield


def outcomes(folder: Path, url: str, *options: str) -> Outcomes:
    """The results of the suite on this database, run in a separate folder."""
    folder.mkdir()
    command = [sys.executable, "-m", "pytest", "-c", str(SUITE / "setup.cfg"), str(SUITE / "suite.py")]
    done = subprocess.run(
        [*command, "--dburi", url, "--junitxml", "report.xml", "-q", "--tb=line", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    # 1 means that some tests have failed.  Every other code is an error of the run.
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: Outcomes = {}
    for case in ElementTree.parse(folder / "report.xml").iter("testcase"):
        # suite.SomeTest_sqlite+pysqlite_3_46_1
        name = re.sub(r"^suite\.(\w+?)_(sqlite|postgresql|mariadb)\+.*", r"\1", case.attrib["classname"])
        kinds = {child.tag for child in case}
        if "skipped" not in kinds:
            found[f"{name}::{case.attrib['name']}"] = bool(kinds & {"failure", "error"})
    return found


def failed(outcomes: Outcomes) -> set[str]:
    """The tests that failed."""
    return {name for name, failure in outcomes.items() if failure}


@pytest.mark.deep
def test_the_suite_finds_only_what_settings_explain(
    engine_name: str, empty_url: str, shared_server: StartedServer | None, tmp_path: Path
) -> None:
    """The list names exactly the tests that fail on pydb's engine and not on a plain one."""
    # SQLAlchemy's plugin derives another name from the name of a file in the current folder.
    url = empty_url if shared_server is not None else "sqlite:///suite.db"
    with second_schemas(shared_server, url):
        plain = outcomes(tmp_path / "plain", url)
        own = outcomes(tmp_path / "pydb", url, "--pydb")
    assert own.keys() == plain.keys()
    assert sum(not failure for failure in own.values()) > 1000
    new = Counter(name.partition("[")[0] for name in failed(own) - failed(plain))
    assert new == {name: number for name, (number, _) in EXPLAINED[engine_name].items()}
