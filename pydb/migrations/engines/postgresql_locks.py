"""Locks of PostgreSQL's migrations: files in; what squawk says about the locks that they take out.

squawk (https://squawkhq.com/docs/rules) is a program of its own, which ``pip install "pydb[migrate-lint]"`` brings.
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

# squawk has other rules: of style, which are the schema's matter; of what a transaction or a lock_timeout settles,
# which the runner has; and of what breaks running programs, which the proof of the rolling deploy knows exactly.
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
    """What squawk finds in a migration.  Raises ModuleNotFoundError without squawk, PydbError when it fails."""
    transaction = "--no-assume-in-transaction" if migration.is_outside else "--assume-in-transaction"
    command = [_program(), "--reporter", "json", transaction, "--stdin-filepath", migration.file]
    done = subprocess.run(command, input=migration.text, capture_output=True, check=False, text=True, encoding="utf-8")
    try:
        found = json.loads(done.stdout or "[]")
    except json.JSONDecodeError:
        raise PydbError(f"squawk has failed: {done.stderr.strip()[:200]}", file=migration.file) from None
    # squawk counts lines and columns from 0.
    return [
        LockFinding(item["line"] + 1, item["column"] + 1, item["rule_name"], item["message"], item.get("help"))
        for item in found
        if item["rule_name"] in _RULES
    ]


def _program() -> str:
    """squawk beside this Python, else in the path."""
    beside = Path(sysconfig.get_path("scripts"), "squawk")
    found = str(beside) if beside.is_file() else shutil.which("squawk")
    if found is None:
        raise ModuleNotFoundError("squawk is not installed", name="squawk")
    return found
