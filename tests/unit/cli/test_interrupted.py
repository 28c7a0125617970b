"""The text that reports what an interrupted command has done."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from pydb.cli.interrupted import DoneSoFar


def test_the_text_is_of_the_moment() -> None:
    """The text is the initial one, then the command's text, which is looked up when it is requested."""
    done = DoneSoFar()
    assert done.text_now() == "nothing was changed"
    done.set("half")
    assert done.text_now() == "half"
    count = 0
    done.set(lambda: f"{count} tables")
    count = 2
    assert done.text_now() == "2 tables"


@pytest.mark.parametrize("commits", [True, False])
def test_commit_is_uncertain_while_it_is_under_way(commits: bool) -> None:
    """After COMMIT was sent, the outcome is unknown; a rollback does not change the text."""
    done, engine = DoneSoFar("before"), create_engine("sqlite://")
    done.watch_commit(engine)
    with engine.connect() as conn, conn.begin() as transaction:
        assert done.text_now() == "before"
        (transaction.commit if commits else transaction.rollback)()
    assert done.text_now().startswith("COMMIT was under way" if commits else "before")
