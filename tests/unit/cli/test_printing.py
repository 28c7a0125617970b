"""The output of every command."""

from __future__ import annotations

import logging
import warnings

import click
import pytest

from pydb.cli.printing import ask, crash, escaping, say, usage_error, write_text
from tests.harness.terminal_text import ACTING, shown


@pytest.mark.parametrize("err", [False, True])
def test_say(capsys: pytest.CaptureFixture[str], err: bool) -> None:
    """One line of text is printed on one of the streams, escaped."""
    say("a", ("b" + ACTING, "bold"), err=err)
    out, error = capsys.readouterr()
    written, nothing = (error, out) if err else (out, error)
    assert nothing == ""
    assert written.startswith("ab")
    assert shown(written) == written
    assert written.count("\n") == 1


def test_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """Line breaks are kept if the caller says so, and text of a format with its own escapes is unchanged."""
    say("a\nb", keep="\n")
    write_text("c\x1b")
    assert capsys.readouterr().out == "a\nb\nc\x1b\n"


@pytest.mark.parametrize(("answer", "goes_on"), [("y", True), ("n", False)])
def test_ask(monkeypatch: pytest.MonkeyPatch, answer: str, goes_on: bool) -> None:
    """The answer no ends the command."""
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: answer)
    if goes_on:
        ask("really?")
    else:
        with pytest.raises(click.Abort):
            ask("really?")


def test_an_error_of_the_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """Arguments that click repeats are escaped."""
    usage_error(click.UsageError("no such option: --a" + ACTING))
    written = capsys.readouterr().err
    assert "no such option: --a" in written
    assert shown(written) == written


def test_what_libraries_print(capsys: pytest.CaptureFixture[str]) -> None:
    """A warning is one escaped line."""
    with escaping():
        warnings.simplefilter("always")
        warnings.warn("careful" + ACTING, UserWarning, stacklevel=1)
    written = capsys.readouterr().err
    assert written.startswith("pydb: UserWarning: careful")
    assert shown(written) == written
    assert logging.lastResort is None or logging.lastResort.formatter is None


def test_a_crash(capsys: pytest.CaptureFixture[str]) -> None:
    """The traceback of an unexpected error is escaped too."""
    error = ValueError("bad" + ACTING)
    crash(ValueError, error, None)
    written = capsys.readouterr().err
    assert "ValueError: bad" in written
    assert shown(written) == written
