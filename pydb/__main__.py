"""The ``pydb`` command and ``python -m pydb``: a command line in, an exit code out."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

__all__ = ["main"]


def main() -> int:
    """Run the command line; 0 is fine, 1 findings or a failed statement, 2 wrong use or could not run."""
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        print(
            f"pydb: the command line needs {' and '.join(missing)}, not installed here"
            '    hint: pip install "pydb[cli]"',
            file=sys.stderr,
        )
        return 2
    from pydb.cli import main as command
    from pydb.cli.printing import crash

    sys.excepthook = crash
    return command()


if __name__ == "__main__":
    # Python puts the current folder first.  As with the pydb command, a json.py there is not what pydb imports.
    if not sys.flags.safe_path and sys.path[0] == os.getcwd():
        del sys.path[0]
    sys.exit(main())
