"""The sample's migrations lead from its first schema to schema.sql and keep the rows, on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb import Database
from pydb.migrations.check import MigrationInputs, check_migrations
from pydb.sample import Comment, User
from tests.conftest import SCHEMAS
from tests.harness.migrations import rows

FOLDER = Path(__file__).parents[2] / "migrations"

pytestmark = pytest.mark.deep

FIRST_ROWS = """\
INSERT INTO users (username, email, age, role) VALUES ('ann', 'ann@example.com', 30, 'admin');
INSERT INTO users (username, email, age) VALUES ('bob', 'bob@example.com', 40);
INSERT INTO blog_posts (user_id, title, body) VALUES (1, 'first', 'text');
INSERT INTO comments (blog_post_id, user_id, body) VALUES (1, 2, 'one'), (1, 1, 'two');
INSERT INTO products (sku, name, price, stock) VALUES ('A-1', 'apple', 1.50, 3)
"""


def test_rows_of_the_first_schema_survive(empty_db: Database) -> None:
    """Rows of the first schema exist after the last migration, and the sample works with them."""
    assert pydb.migrate(empty_db, FOLDER, to=1) == ["0001_first"]
    with empty_db.begin() as conn:
        for statement in FIRST_ROWS.split(";\n"):
            conn.exec_driver_sql(statement)
    assert len(pydb.migrate(empty_db, FOLDER)) == 5
    assert rows(empty_db, "SELECT id, username, role, balance, external_id FROM users ORDER BY id") == [
        (1, "ann", "admin", 0, None),
        (2, "bob", "user", 0, None),
    ]
    with empty_db.begin() as conn:
        guest = User.create(conn, username="eve", email="eve@example.com")
        assert guest.id == 3
        answer = Comment.create(conn, blog_post_id=1, user_id=guest.id, parent_id=1, body="three")
        assert answer.id == 3
    with empty_db.begin() as conn:
        conn.exec_driver_sql("DELETE FROM users WHERE id = 2")
    assert rows(empty_db, "SELECT id FROM comments ORDER BY id") == [(2,)]


def test_they_lead_to_the_schema(engine_name: str, empty_url: str) -> None:
    """pydb migrate check has no findings: neither differences from the schema nor locks without a reason."""
    inputs = MigrationInputs(str(FOLDER), {engine_name: str(SCHEMAS[engine_name])}, [make_url(empty_url)])
    report = check_migrations(inputs)
    assert report.findings == ()
    assert report.replayed == {engine_name: 6}
