"""A schema of sixty tables, like that of a company: six areas, two tables that most others refer to, a few bridges."""

from __future__ import annotations

import random

AREAS = {
    "shop": (
        "products",
        "categories",
        "prices",
        "carts",
        "cart_items",
        "orders",
        "order_items",
        "coupons",
        "returns",
        "refunds",
    ),
    "stock": (
        "warehouses",
        "bins",
        "stock_levels",
        "stock_movements",
        "suppliers",
        "purchase_orders",
        "receipts",
        "counts",
    ),
    "billing": (
        "invoices",
        "invoice_items",
        "payments",
        "refunds",
        "tax_rates",
        "accounts",
        "ledger_entries",
        "dunning",
        "plans",
    ),
    "people": ("employees", "departments", "teams", "team_members", "absences", "contracts", "salaries", "reviews"),
    "content": ("pages", "page_versions", "media", "media_variants", "tags", "page_tags", "comments", "translations"),
    "support": (
        "tickets",
        "ticket_messages",
        "macros",
        "ratings",
        "queues",
        "agents",
        "sla_policies",
        "escalations",
        "surveys",
    ),
}
ALONE = ("settings", "feature_flags", "schema_notes", "countries", "currencies", "job_queue_with_a_rather_long_name")
HUBS = ("tenants", "users")


def large_schema(seed: int = 7) -> str:
    """The schema script for SQLite: sixty tables, their foreign keys and an index on each of them."""
    choose = random.Random(seed)
    references: dict[str, list[tuple[str, bool]]] = {name: [] for name in (*HUBS, *ALONE)}
    references["users"].append(("tenants", False))
    made: list[str] = []
    for area, names in AREAS.items():
        own: list[str] = []
        for name in names:
            table = f"{area}_{name}"
            references[table] = [(hub, choose.random() < 0.3) for hub in HUBS if choose.random() < 0.7]
            for parent in choose.sample(own, min(len(own), choose.choice((1, 1, 2)))):
                references[table].append((parent, choose.random() < 0.3))
            if made and choose.random() < 0.08:
                references[table].append((choose.choice(made), True))
            own.append(table)
        made += own
    references["shop_categories"].append(("shop_categories", True))
    return "\n".join(_table(name, parents) for name, parents in references.items())


def _table(name: str, parents: list[tuple[str, bool]]) -> str:
    columns = ["id integer NOT NULL PRIMARY KEY", "name text NOT NULL", "created_at timestamptz NOT NULL"]
    constraints, indexes = [], []
    for number, (parent, optional) in enumerate(parents):
        column = f"{parent}_{number}_id"
        columns.append(f"{column} integer {'NULL' if optional else 'NOT NULL'}")
        constraints.append(f"CONSTRAINT {name}_{column}_fkey FOREIGN KEY ({column}) REFERENCES {parent} (id)")
        indexes.append(f"CREATE INDEX {name}_{column}_idx ON {name} ({column});\n")
    body = ",\n    ".join([*columns, *constraints])
    return f"CREATE TABLE {name} (\n    {body}\n);\n{''.join(indexes)}"
