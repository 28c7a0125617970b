"""gunicorn, uvicorn and Celery with a Database that their module has already used: each worker gets its own answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import pydb
from tests.harness.server_registry import ServerRegistry
from tests.harness.servers import free_port
from tests.harness.waiting import ALARM, wait_until

pytestmark = pytest.mark.xdist_group("mariadb")

WEB = """
import asyncio
import os

import pydb
from sqlalchemy import text

db = pydb.Database(os.environ["DATABASE_URL"], pool_size=2)
with db.begin() as conn:
    conn.execute(text("SELECT 1"))


def answer(x):
    with db.read() as conn:
        found = conn.execute(text("SELECT CAST(:x AS text)"), {"x": x}).scalar_one()
    return f"{found} {os.getpid()}".encode()


def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [answer(environ["QUERY_STRING"])]


async def asgi(scope, receive, send):
    assert scope["type"] == "http"
    body = await asyncio.to_thread(answer, scope["query_string"].decode())
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
"""

TASKS = """
import os

import pydb
from celery import Celery
from sqlalchemy import text

folder = os.path.dirname(os.path.abspath(__file__))
app = Celery("tasks", broker="filesystem://", backend=f"file://{folder}/results")
app.conf.broker_transport_options = {
    "data_folder_in": f"{folder}/queue", "data_folder_out": f"{folder}/queue", "control_folder": f"{folder}/control"
}
app.conf.worker_max_tasks_per_child = 5
db = pydb.Database(os.environ["DATABASE_URL"], pool_size=2)
with db.begin() as conn:
    conn.execute(text("SELECT 1"))


@app.task
def add(x):
    def work(conn):
        conn.execute(text("INSERT INTO t VALUES (:x)"), {"x": x})
        return conn.execute(text("SELECT CAST(:x AS text)"), {"x": x}).scalar_one()

    try:
        return [db.run(work, once=f"task {x}"), os.getpid()]
    except pydb.errors.AlreadyDone:
        return [str(x), os.getpid()]
"""

CALLS = """
import json
import tasks

results = [tasks.add.delay(number % 60) for number in range(80)]
print(json.dumps([result.get(timeout=60) for result in results]))
"""


@contextmanager
def running(registry: ServerRegistry, folder: Path, url: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python module as a program in ``folder``; its children are ended at the end."""
    log = folder / "program.log"
    with log.open("wb") as file:
        program = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env={**os.environ, "DATABASE_URL": url, "C_FORCE_ROOT": "1"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    recorded = registry.path / f"program-{program.pid}.pid"
    recorded.write_text(str(program.pid))
    try:
        yield program
        assert program.poll() is None, log.read_text()
        program.send_signal(signal.SIGTERM)
        program.wait(ALARM)
        assert "Traceback" not in log.read_text()
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()
        recorded.unlink()


@pytest.mark.parametrize(
    "command",
    [
        ("gunicorn", "--preload", "--workers", "3", "--threads", "2", "--bind", "127.0.0.1:{port}", "app:wsgi"),
        ("gunicorn", "--workers", "3", "--threads", "2", "--bind", "127.0.0.1:{port}", "app:wsgi"),
        ("uvicorn", "--workers", "2", "--port", "{port}", "--lifespan", "off", "app:asgi"),
    ],
    ids=["gunicorn, preloaded", "gunicorn", "uvicorn"],
)
def test_web_workers(registry: ServerRegistry, url: str, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Each of 300 requests of 12 clients gets its own answer, from several workers."""
    (tmp_path / "app.py").write_text(WEB)
    port = free_port()

    def get(number: int) -> list[str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/?{number}", timeout=ALARM) as answer:
            return str(answer.read().decode()).split()

    def several_answer() -> bool:
        with suppress(OSError):
            return len({worker for _, worker in threads.map(get, range(36))}) > 1
        return False

    with (
        running(registry, tmp_path, url, *(part.format(port=port) for part in command)),
        ThreadPoolExecutor(12) as threads,
    ):
        wait_until(several_answer, "several workers answer")
        got = list(threads.map(get, range(300)))
    assert [number for number, _ in got] == [str(number) for number in range(300)]


def test_celery(registry: ServerRegistry, url: str, tmp_path: Path) -> None:
    """80 tasks get their own answers, and each key happens once, although workers are forked again after five tasks."""
    (tmp_path / "tasks.py").write_text(TASKS)
    for folder in ("queue", "control", "results"):
        (tmp_path / folder).mkdir()
    with pydb.Database(url) as database:
        with database.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE t (x integer)")
            conn.exec_driver_sql(database.rules.once_table)
        command = ("celery", "-A", "tasks", "worker", "--pool", "prefork", "--concurrency", "3", "--loglevel", "ERROR")
        with running(registry, tmp_path, url, *command):
            done = subprocess.run(
                [sys.executable, "-c", CALLS],
                cwd=tmp_path,
                env={**os.environ, "DATABASE_URL": url},
                capture_output=True,
                text=True,
                timeout=2 * ALARM,
            )
        assert done.returncode == 0, done.stderr
        got = json.loads(done.stdout)
        assert [answer for answer, _ in got] == [str(number % 60) for number in range(80)]
        assert len({process for _, process in got}) > 3
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT count(*), count(DISTINCT x) FROM t").one() == (60, 60)
