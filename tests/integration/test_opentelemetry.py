"""OpenTelemetry's own instrumentation of SQLAlchemy sees pydb's statements as it sees all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import pydb
from tests.integration.conftest import Load


@pytest.fixture
def instrumented(empty_db: pydb.Database) -> Iterator[InMemorySpanExporter]:
    """What is told about ``empty_db`` from now on, once somebody reads it."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = SQLAlchemyInstrumentor()
    # It names SQLAlchemy up to 2.0 as what it was tried with.
    instrumentor.instrument(engine=empty_db.engine, tracer_provider=provider, skip_dep_check=True)
    yield exporter
    instrumentor.uninstrument()


def test_every_statement_has_its_span(empty_db: pydb.Database, load: Load, request: pytest.FixtureRequest) -> None:
    """A program that ran before and is instrumented then has a span for each call, with the statement's name."""
    q: Any = load("-- name: one :one scalar\nSELECT CAST(:n AS decimal(9));\n")
    with empty_db.connect() as conn:
        for n in range(3):
            assert q.one(conn, n=n) == n
        conn.rollback()
        exporter: InMemorySpanExporter = request.getfixturevalue("instrumented")
        for n in range(3):
            assert q.one(conn, n=n) == n
    told = [str((span.attributes or {}).get("db.statement")) for span in exporter.get_finished_spans()]
    assert sum("/* q.one */ SELECT" in statement for statement in told) == 3
