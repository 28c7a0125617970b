"""A program that migrates and is killed: a database, a folder, a moment and a text in, an interrupted migration out.

``python -m tests.harness.killed_migrations URL FOLDER MOMENT TEXT``: the moment is ``before`` or ``after`` the first
statement that contains the text is sent, or ``never``.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

import pydb


def main(url: str, folder: str, moment: str, text: str) -> None:
    """Migrate, and be killed."""
    with pydb.Database(url) as db:

        def kill(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if text in statement:
                os.kill(os.getpid(), signal.SIGKILL)

        if moment != "never":
            event.listen(db.engine, f"{moment}_cursor_execute", kill)
        print(*pydb.migrate(db, folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
