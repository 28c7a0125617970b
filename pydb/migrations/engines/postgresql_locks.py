"""Lint the locks of PostgreSQL's migrations: files in, squawk's messages about their locks out.

squawk (https://squawkhq.com/docs/rules) is a separate program, installed by ``pip install "pydb[migrate-lint]"``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from pathlib import Path

from pydb.errors import PydbError
from pydb.migrations.engine_migrations import LockFinding
from pydb.migrations.files import Migration

__all__ = ["lock_findings"]

# squawk's other rules are not used: rules of style are for the schema; the runner sets transactions and lock_timeout;
# and the check of the rolling deploy finds exactly what breaks running programs.
_RULES = frozenset(
    {
        *("adding-field-with-default", "adding-foreign-key-constraint", "adding-not-nullable-field"),
        *("adding-required-field", "adding-serial-primary-key-field", "ban-concurrent-index-creation-in-transaction"),
        *("changing-column-type", "constraint-missing-not-valid", "disallowed-unique-constraint"),
        *("require-concurrent-index-creation", "require-concurrent-index-deletion"),
        *("require-concurrent-partition-detach", "require-concurrent-reindex"),
    }
)


def lock_findings(migration: Migration) -> list[LockFinding]:
    """squawk's findings in a migration.  Raises ModuleNotFoundError without squawk, and PydbError if squawk fails."""
    transaction = "--no-assume-in-transaction" if migration.is_outside else "--assume-in-transaction"
    command = [_program(), "--reporter", "json", transaction, "--stdin-filepath", migration.file]
    done = subprocess.run(command, input=migration.text, capture_output=True, check=False, text=True, encoding="utf-8")
    try:
        found = json.loads(done.stdout or "[]")
    except json.JSONDecodeError:
        raise PydbError(f"squawk failed: {done.stderr.strip()[:200]}", file=migration.file) from None
    # squawk counts lines and columns from 0.
    return [
        LockFinding(item["line"] + 1, item["column"] + 1, item["rule_name"], item["message"], item.get("help"))
        for item in found
        if item["rule_name"] in _RULES
    ]


def _program() -> str:
    """The path of squawk: in the folder of this Python, or in $PATH."""
    beside = Path(sysconfig.get_path("scripts"), "squawk")
    found = str(beside) if beside.is_file() else shutil.which("squawk")
    if found is None:
        raise ModuleNotFoundError("squawk is not installed", name="squawk")
    return found
