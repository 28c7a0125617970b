"""OpenTelemetry's instrumentation of SQLAlchemy gets pydb's statements like all others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import Engine

import pydb
from tests.harness.runtime import Load


@contextmanager
def instrumented(engine: Engine) -> Iterator[InMemorySpanExporter]:
    """The spans of the engine in the block."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = SQLAlchemyInstrumentor()
    # It warns that it was tested only with SQLAlchemy up to 2.0.
    instrumentor.instrument(engine=engine, tracer_provider=provider, skip_dep_check=True)
    try:
        yield exporter
    finally:
        instrumentor.uninstrument()


def test_every_statement_has_its_span(empty_db: pydb.Database, load: Load) -> None:
    """A program that is instrumented while it runs has a span for each call, with the statement's name."""
    q: Any = load("-- name: one :one scalar\nSELECT CAST(:n AS decimal(9));\n")
    with empty_db.connect() as conn:
        for n in range(3):
            assert q.one(conn, n=n) == n
        conn.rollback()
        with instrumented(empty_db.engine) as exporter:
            for n in range(3):
                assert q.one(conn, n=n) == n
    told = [str((span.attributes or {}).get("db.statement")) for span in exporter.get_finished_spans()]
    assert sum("/* q.one */ SELECT" in statement for statement in told) == 3
