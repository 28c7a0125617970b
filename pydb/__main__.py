"""The ``pydb`` command and ``python -m pydb``: a command line in, an exit code out."""

from __future__ import annotations

import logging
import sys
from importlib.util import find_spec

__all__ = ["main"]


def main() -> int:
    """Run the command line; 0 is fine, 1 findings or a failed statement, 2 wrong use, 130 interrupted."""
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        print(
            f"pydb: the command line needs {' and '.join(missing)}, not installed here"
            '    hint: pip install "pydb[cli]"',
            file=sys.stderr,
        )
        return 2
    from pydb.cli import main as command

    # A connection that was interrupted is given up, and what the pool has to say of that is for no user.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    return command()


if __name__ == "__main__":
    sys.exit(main())
