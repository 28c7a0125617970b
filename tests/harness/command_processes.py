"""``pydb`` commands in separate processes, for tests of signals: arguments in, the result of the command out.

``Command`` starts a new ``python -m pydb``.  ``Fork`` runs the same command in a copy of a process that has already
imported everything, which takes a tenth of the time.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self
from uuid import uuid4

from tests.harness.documents import PROJECT
from tests.harness.projects import Done
from tests.harness.waiting import ALARM

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["pydb.cli", "pydb.check", "pydb.generate", "psycopg", "pymysql", "apsw.ext", "sqlglot"])


class Command:
    """``python -m pydb``, running in ``folder``; it is killed at the end of ``with`` if it still runs."""

    def __init__(self, folder: Path, *arguments: str, ignored: Collection[signal.Signals] = ()) -> None:
        before = {number: signal.getsignal(number) for number in SIGNALS}
        _set_signals(ignored)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pydb", *arguments],
                cwd=folder,
                env={**_environment(), "PYTHONPATH": str(PROJECT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, which must be running."""
        assert self.process.poll() is None, self.process.communicate()
        self.process.send_signal(number)

    def done(self) -> Done:
        """The result of the command, when it has ended."""
        out, err = self.process.communicate(timeout=ALARM)
        return Done(self.process.returncode, out, err.lstrip("\n"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Fork:
    """The same command in a forked process."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._files = [folder / f"{uuid4().hex}.{role}" for role in ("out", "err")]
        for file in self._files:
            file.touch()
        names = [str(file) for file in self._files]
        self.process = _forks.Process(target=_main, args=(str(folder), arguments, _environment(), names))
        self.process.start()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, which must be running."""
        assert self.process.is_alive(), self._texts()
        os.kill(self.process.pid or 0, number)

    def done(self) -> Done:
        """The result of the command, when it has ended."""
        self.process.join(ALARM)
        out, err = self._texts()
        assert self.process.exitcode is not None, (out, err)
        return Done(self.process.exitcode, out, err.lstrip("\n"))

    def _texts(self) -> list[str]:
        return [file.read_text(encoding="utf-8") for file in self._files]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def _set_signals(ignored: Collection[signal.Signals] = ()) -> None:
    # The program that started the tests may ignore some signals.
    for number in SIGNALS:
        default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, signal.SIG_IGN if number in ignored else default)


def _main(folder: str, arguments: tuple[str, ...], environment: Mapping[str, str], files: list[str]) -> None:
    from pydb.__main__ import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate(files, 1):
        with open(name, "ab") as file:
            os.dup2(file.fileno(), number)
    sys.argv = ["pydb", *arguments]
    _set_signals()
    try:
        sys.exit(main())
    finally:
        # multiprocessing ends its processes without this step.
        atexit._run_exitfuncs()


def interrupted_everywhere(work: Callable[[], object], *, within: Collection[str] = ()) -> Iterator[int]:
    """Call ``work`` again and again, with a KeyboardInterrupt at a later place each time, until it ends without one.

    At these places Python runs a signal's handler: at the beginning of a function and at the end of a call into C, in
    the functions of the files ``within`` and those that they call.  Yields the number of the place after each call.
    """
    for place in count(1):
        if not _interrupted_at(place, work, within):
            return
        yield place


def _interrupted_at(place: int, work: Callable[[], object], within: Collection[str]) -> bool:
    seen = 0

    def interrupt(frame: FrameType, what: str, _: object) -> None:
        nonlocal seen
        caller = frame if what == "c_return" else frame.f_back
        if what not in ("call", "c_return") or caller is None:
            return
        files = {Path(caller.f_code.co_filename).name, Path(frame.f_code.co_filename).name}
        if not within or files & set(within):
            seen += 1
            if seen == place:
                sys.setprofile(None)
                raise KeyboardInterrupt

    sys.setprofile(interrupt)
    try:
        work()
    except KeyboardInterrupt:
        pass
    finally:
        sys.setprofile(None)
    return seen >= place
