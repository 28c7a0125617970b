"""The site of a small project on SQLite: a schema and a file of statements in; its facts or its files out."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from pydb.check import Inputs
from pydb.site.facts import SiteFacts, SiteInputs, gather
from pydb.site.files import site_mark
from pydb.site.pages import site_files

SCHEMA = """\
-- People who buy.
CREATE TABLE customers (
    id integer NOT NULL CONSTRAINT customers_pkey PRIMARY KEY,
    -- What they are called.
    name text NOT NULL DEFAULT 'nobody',
    email text NULL, -- Where the invoice goes.
    -- For customers.by_name.
    CONSTRAINT customers_name_key UNIQUE (name),
    CONSTRAINT customers_name_check CHECK (length(name) > 0)
);

CREATE TABLE orders (
    id integer NOT NULL CONSTRAINT orders_pkey PRIMARY KEY,
    customer_id integer NULL,
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);

-- For orders.of_customer.
CREATE INDEX orders_customer_id_idx ON orders (customer_id);

CREATE VIEW buyers AS SELECT name FROM customers;
"""

STATEMENTS = {
    "customers.sql": """\
-- name: by_name :maybe
-- A customer, as orders.of_customer wants it.
SELECT id, email FROM customers WHERE name = :name;

-- name: search :many
SELECT id FROM customers WHERE TRUE
    AND name = :name -- if :name
ORDER BY id;

-- name: remove :affected
DELETE FROM customers WHERE id = :id;
""",
    "orders.sql": """\
-- name: of_customer :many
SELECT o.id, c.name FROM orders AS o LEFT OUTER JOIN customers AS c ON o.customer_id = c.id
WHERE o.customer_id = :customer_id;
""",
}


def facts_in(
    folder: Path, schema: str = SCHEMA, statements: dict[str, str] | None = None, title: str = "shop"
) -> SiteFacts:
    """Write a project into the folder, and return its facts."""
    (folder / "sql").mkdir(exist_ok=True)
    (folder / "schema.sql").write_text(schema, encoding="utf-8")
    for name, text in (STATEMENTS if statements is None else statements).items():
        (folder / "sql" / name).write_text(text, encoding="utf-8")
    checked = Inputs(str(folder / "sql"), {"sqlite": str(folder / "schema.sql")})
    return gather(SiteInputs(title, checked, {"sqlite": None}))


def files_in(folder: Path, schema: str = SCHEMA, statements: dict[str, str] | None = None) -> dict[PurePosixPath, str]:
    """The files of the project's site."""
    return site_files(facts_in(folder, schema, statements), site_mark("shop", "sql"))
