"""The ``pydb`` command and ``python -m pydb``: a command line in, an exit code out."""

from __future__ import annotations

import gc
import logging
import os
import sys
from importlib.util import find_spec

__all__ = ["main"]


def main() -> int:
    """Run the command line, and return its exit code, 0 if there are neither errors nor findings."""
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        print(
            f"pydb: the command line needs {' and '.join(missing)}, not installed here"
            '    hint: pip install "pydb[cli]"',
            file=sys.stderr,
        )
        return 2
    try:
        from pydb.cli import main as command
        from pydb.cli.printing import crash
    except KeyboardInterrupt:
        print("pydb: interrupted: nothing was changed", file=sys.stderr)
        return 130

    # A command ends soon: most of what it makes it uses until then, and to look for garbage more often finds little.
    gc.set_threshold(50_000, 20)
    sys.excepthook = crash
    # These loggers report interrupted connections that are no longer used.  Errors are raised in any case.
    for name in ("sqlalchemy.pool", "psycopg"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return command()


if __name__ == "__main__":
    # ``python -m`` puts the current folder first in sys.path.  pydb must not import a click.py from there.
    if not sys.flags.safe_path and sys.path[0] == os.getcwd():
        del sys.path[0]
    sys.exit(main())
