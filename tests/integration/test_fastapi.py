"""The FastAPI application of docs/async.md, on every engine, with httpx as its client."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy.engine import make_url

from pydb.sample import aio
from tests.harness.documents import PROJECT, blocks
from tests.harness.loops import run_in_loop

Serve = Callable[[Callable[[Any, AsyncClient], Awaitable[None]]], None]
MOSHE = {"username": "Moshe", "email": "moshe@example.com"}


@pytest.fixture
def serve(engine_name: str, sample_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Run a coroutine function with the application, within its lifespan, and with a client."""
    url = make_url(sample_url).set(drivername=engine_name)
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    (source,) = [block.text for block in blocks(PROJECT / "docs" / "async.md") if block.file == "api.py"]
    (tmp_path / "api.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "api", raising=False)
    app = importlib.import_module("api").app

    def serve(work: Callable[[Any, AsyncClient], Awaitable[None]]) -> None:
        async def main() -> None:
            async with app.router.lifespan_context(app):
                async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
                    await work(app, client)
                assert app.state.db.engine.sync_engine.pool.checkedout() == 0

        run_in_loop(main())
        sys.modules.pop("api", None)

    return serve


def test_requests(serve: Serve) -> None:
    """A request commits, its background task has a separate transaction, and a stream returns all rows."""

    async def work(_app: Any, client: AsyncClient) -> None:
        created = await client.post("/users", json=MOSHE)
        assert created.status_code == 201
        shown = await client.get(f"/users/{created.json()}")
        assert (shown.json()["username"], float(shown.json()["balance"])) == ("Moshe", 1.0)
        await client.post("/users", json={"username": "David", "email": "david@example.com"})
        assert (await client.get("/users")).text == "Moshe\nDavid\n"

    serve(work)


def test_a_refused_request(serve: Serve) -> None:
    """A failed request is rolled back, and the response is what the application makes of the error."""

    async def work(_app: Any, client: AsyncClient) -> None:
        await client.post("/users", json=MOSHE)
        assert (await client.post("/users", json=MOSHE)).status_code == 409
        assert (await client.get("/users/0")).status_code == 404
        assert (await client.get("/users")).text == "Moshe\n"

    serve(work)


def test_many_requests_at_once(serve: Serve) -> None:
    """If there are more requests than connections, requests wait for each other, and none is lost."""

    async def work(app: Any, client: AsyncClient) -> None:
        names = [f"user{number}" for number in range(40)]
        sent = (client.post("/users", json={"username": name, "email": f"{name}@example.com"}) for name in names)
        assert {answer.status_code for answer in await asyncio.gather(*sent)} == {201}
        async with app.state.db.read() as conn:
            assert sorted(user.username for user in await aio.users.list_all(conn)) == sorted(names)

    serve(work)


def test_a_cancelled_request(serve: Serve) -> None:
    """A request that is cancelled in its transaction leaves nothing, and the next requests are answered."""

    async def work(app: Any, client: AsyncClient) -> None:
        begun = asyncio.Event()

        async def slow(conn: Any) -> None:
            await aio.users.create(conn, username="Moshe", email="moshe@example.com")
            begun.set()
            await asyncio.Event().wait()

        slow.__annotations__["conn"] = sys.modules["api"].Writing
        app.post("/slow")(slow)
        request = asyncio.ensure_future(client.post("/slow"))
        await begun.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert app.state.db.engine.sync_engine.pool.checkedout() == 0
        assert (await client.post("/users", json=MOSHE)).status_code == 201

    serve(work)
