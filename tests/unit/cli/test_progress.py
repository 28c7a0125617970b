"""Progress of long work."""

from __future__ import annotations

import pytest

from pydb.cli.progress import counted


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_items_go_by(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    """All items are passed on unchanged, and text is written only if the error stream is a terminal."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert list(counted(iter("abc"), "lett[bold]ers", 3)) == ["a", "b", "c"]
    out, err = capsys.readouterr()
    assert out == ""
    assert ("lett[bold]ers" in err) == is_terminal
