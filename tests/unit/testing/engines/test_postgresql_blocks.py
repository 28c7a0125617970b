"""PostgreSQL's blocks as savepoints; tests/integration/test_rollback_isolation.py runs them."""

from __future__ import annotations

from pydb.testing.engine_blocks import blocks_of


def test_what_postgresql_ends() -> None:
    """PostgreSQL's own word for ROLLBACK is known, and DDL is transactional."""
    assert blocks_of("postgresql").ending_word("ABORT") == "ABORT"
    assert blocks_of("postgresql").ending_word("CREATE TABLE a (b int)") is None
