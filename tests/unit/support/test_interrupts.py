"""Signals are raised once, delayed in a step and during a clean-up, and each for a limited time."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress

import pytest

from pydb.support import interrupts
from pydb.support.interrupts import Interrupted, held_back, interruption, raised


def send(number: signal.Signals) -> None:
    """Send a signal to this process, which has arrived when the function returns."""
    signal.raise_signal(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_raised_with_its_number(number: signal.Signals) -> None:
    """Each of the three signals becomes the same exception with its number; then the handlers are as before."""
    before = signal.getsignal(number)
    with pytest.raises(Interrupted) as caught, raised():
        send(number)
    assert caught.value.number == number
    assert isinstance(caught.value, KeyboardInterrupt)
    assert signal.getsignal(number) is before


def test_a_second_signal_does_not_cut_the_clean_up_short() -> None:
    """In a `finally` block of the first signal it waits, also below other errors, and is then dropped."""
    done = []
    with pytest.raises(Interrupted) as caught, raised():
        try:
            send(signal.SIGTERM)
        finally:
            try:
                raise ValueError
            except ValueError:
                send(signal.SIGINT)
                done.append("inner")
            with held_back():
                send(signal.SIGINT)
            done.append("outer")
    assert done == ["inner", "outer"]
    assert caught.value.number == signal.SIGTERM


def test_a_lost_interrupt_does_not_keep_the_next_one_away() -> None:
    """If code has suppressed the exception, the next signal is raised again."""
    with pytest.raises(Interrupted), raised():
        with suppress(BaseException):
            send(signal.SIGINT)
        send(signal.SIGINT)


def test_an_interrupt_in_a_destructor_comes_again() -> None:
    """If Python discards an exception, nothing is printed, and the signal is raised a moment later."""

    class Ending:
        def __del__(self) -> None:
            send(signal.SIGTERM)

    with pytest.raises(Interrupted) as caught, raised():
        Ending()
        threading.Event().wait(60)
    assert caught.value.number == signal.SIGTERM


def test_a_step_is_finished_first() -> None:
    """A signal in a step is raised at its end, the first of several; steps can be nested."""
    done = []
    with pytest.raises(Interrupted) as caught, raised(), held_back():
        with held_back():
            send(signal.SIGHUP)
            done.append("inner")
        send(signal.SIGINT)
        done.append("outer")
    assert done == ["inner", "outer"]
    assert caught.value.number == signal.SIGHUP


def test_patience_with_a_step_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that lasts too long is interrupted by the second signal."""
    monkeypatch.setattr(interrupts, "PATIENCE", -1.0)
    done = []
    with pytest.raises(Interrupted) as caught, raised(), held_back():
        send(signal.SIGTERM)
        done.append("first")
        send(signal.SIGINT)
        done.append("never")
    assert done == ["first"]
    assert interruption(caught.value.__context__) is not None


def test_patience_with_a_clean_up_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clean-up that lasts too long is interrupted by the second signal."""
    monkeypatch.setattr(interrupts, "PATIENCE", -1.0)
    done = []
    with pytest.raises(Interrupted) as caught, raised():
        try:
            send(signal.SIGTERM)
        finally:
            send(signal.SIGINT)
            done.append("never")
    assert not done
    assert caught.value.number == signal.SIGINT


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """Under nohup, SIGHUP ends nothing."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised():
            send(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_install_nothing() -> None:
    """Only the main thread gets signals."""
    before = signal.getsignal(signal.SIGTERM)
    found = []

    def work() -> None:
        with raised(), held_back():
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [before]


def test_without_handlers_a_step_holds_nothing_back() -> None:
    """A library does not change its program's signals."""
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: SIM117
        with held_back():
            send(signal.SIGINT)
            done.append("never")
    assert not done


def test_an_interruption_is_found_behind_what_came_of_it() -> None:
    """An error that was raised while an interrupt was handled belongs to it, in whatever way it was raised."""
    interrupt = Interrupted(signal.SIGTERM)

    def fail(cause: BaseException | None) -> None:
        try:
            raise interrupt
        except KeyboardInterrupt:
            raise LookupError from cause

    for cause in (None, interrupt, KeyError()):
        with pytest.raises(LookupError) as caught:
            fail(cause)
        assert interruption(caught.value) is interrupt
    assert interruption(ValueError()) is None
    assert interruption(None) is None
