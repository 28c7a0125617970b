"""The witnesses of witnesses.sql: queries, and the engines on which they run."""

import re
from pathlib import Path

_BLOCK = re.compile(r"^-- on: ([a-z ]+)\n(.*?);\n", re.MULTILINE | re.DOTALL)


def witnesses(engine: str) -> list[str]:
    """The queries for one engine, in file order."""
    text = (Path(__file__).parent / "witnesses.sql").read_text()
    return [sql for engines, sql in _BLOCK.findall(text) if engine in engines.split()]
