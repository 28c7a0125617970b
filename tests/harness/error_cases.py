"""Statements that real engines refuse, with a secret among their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydb import errors
from pydb.errors import (
    CheckViolation,
    ConstraintViolation,
    DataError,
    ForeignKeyViolation,
    NotNullViolation,
    OperationalError,
    ProgrammingError,
    UniqueViolation,
)

SECRET = "hunter2-correct-horse"
SECRET_NUMBER = 907_060_504_030_201

TABLES = """\
CREATE TABLE owners (
    id bigint NOT NULL,
    name <string> NOT NULL,
    CONSTRAINT owners_pkey PRIMARY KEY (id),
    CONSTRAINT owners_name_key UNIQUE (name)
);
CREATE TABLE vets (
    id <key>,
    title <string> NULL
);
CREATE TABLE pets (
    id <key>,
    owner_id bigint NULL,
    vet_id bigint NULL,
    name <string> NOT NULL,
    tag <string> NULL,
    size bigint NULL,
    price numeric(5, 2) NULL,
    code varchar(5) NULL,
    CONSTRAINT pets_owner_id_name_key UNIQUE (owner_id, name),
    CONSTRAINT pets_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT pets_vet_id_fkey FOREIGN KEY (vet_id) REFERENCES vets (id),
    CONSTRAINT pets_size_check CHECK (size >= 0),
    CONSTRAINT pets_price_check CHECK (price < 500)
);
CREATE UNIQUE INDEX pets_tag_key ON pets (tag);
CREATE TABLE visits (
    pet_id bigint NOT NULL,
    vet_id bigint NOT NULL,
    CONSTRAINT visits_pkey PRIMARY KEY (pet_id, vet_id),
    CONSTRAINT visits_pet_id_fkey FOREIGN KEY (pet_id) REFERENCES pets (id),
    CONSTRAINT visits_vet_id_fkey FOREIGN KEY (vet_id) REFERENCES vets (id)
);
CREATE TABLE watched (
    name <string> NULL
);
"""

STATEMENTS = """\
-- Pets.

-- name: own :exec
INSERT INTO owners (id, name) VALUES (:id, :name);

-- name: rename :exec
UPDATE owners SET name = :name WHERE id = :id;

-- name: renumber :exec
UPDATE owners SET id = :new_id WHERE id = :id;

-- name: disown :exec
DELETE FROM owners WHERE id = :id;

-- name: employ :exec
INSERT INTO vets (id, title) VALUES (:id, :title);

-- name: dismiss :exec
DELETE FROM vets WHERE id = :id;

-- name: add :exec
INSERT INTO pets (id, owner_id, vet_id, name, tag, size) VALUES (:id, :owner_id, :vet_id, :name, :tag, :size);

-- name: add_many :batch
INSERT INTO pets (id, owner_id, vet_id, name, tag, size) VALUES (:id, :owner_id, :vet_id, :name, :tag, :size);

-- name: add_quietly :exec
INSERT INTO pets (tag) VALUES (:tag);

-- name: give :exec
UPDATE pets SET owner_id = :owner_id, tag = :tag WHERE id = :id;

-- name: resize :exec
UPDATE pets SET size = :size WHERE id = :id;

-- name: name :exec
UPDATE pets SET name = :name WHERE id = :id;

-- name: visit :exec
INSERT INTO visits (pet_id, vet_id) VALUES (:pet_id, :vet_id);

-- name: price :exec
UPDATE pets SET price = :price WHERE id = 1;

-- name: code :exec
UPDATE pets SET code = :code WHERE id = 1;

-- name: watched :exec
INSERT INTO watched (name) VALUES (:name);

-- name: syntax :many scalar
SELEC id FROM pets WHERE name = :name;

-- name: table_unknown :many scalar
SELECT id FROM wolves WHERE name = :name;

-- name: column_unknown :many scalar
SELECT fur FROM pets WHERE name = :name;

-- name: function_unknown :many scalar
SELECT no_such_function(name) FROM pets WHERE name = :name;

-- name: ambiguous :many scalar
SELECT id FROM pets CROSS JOIN vets WHERE name = :name;

-- name: cast :many scalar
SELECT CAST(CAST(:text AS text) AS integer) FROM pets;

-- name: divide :many scalar
SELECT CAST(:number AS bigint) / (size - size) FROM pets WHERE size IS NOT NULL;

-- name: overflow :many scalar
SELECT CAST(:number AS bigint) * 9223372036854775807 FROM pets;

-- name: json :many scalar
SELECT json_extract(:text, '$.a') FROM pets;
"""

POSTGRESQL_OVERLAY = """\
-- Pets.

-- name: json :many scalar
SELECT CAST(CAST(:text AS text) AS jsonb) FROM pets;
"""

TRIGGERS = {
    "sqlite": """\
CREATE TRIGGER watch BEFORE INSERT ON watched
BEGIN SELECT RAISE(ABORT, 'nobody is called hunter2-correct-horse'); END;
""",
    "postgresql": """\
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'nobody is called %', NEW.name USING DETAIL = NEW.name; END
$$;
CREATE TRIGGER watch BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION refuse();
""",
    "mariadb": """\
CREATE TRIGGER watch BEFORE INSERT ON watched FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'nobody is called hunter2-correct-horse';
""",
}
"""A trigger whose own words hold the value that it refuses."""

MARIADB_OVERLAY = """\
-- Pets.

-- name: cast :many scalar
SELECT CAST(:text AS signed) FROM pets;

-- name: divide :many scalar
SELECT CAST(:number AS signed) / (size - size) FROM pets WHERE size IS NOT NULL;

-- name: overflow :many scalar
SELECT CAST(:number AS signed) * 9223372036854775807 FROM pets;
"""

PET = {"id": 7, "owner_id": 1, "vet_id": None, "name": SECRET, "tag": None, "size": None}


@dataclass(frozen=True)
class Violation:
    """A call that violates a constraint, and the attributes of its error on every engine."""

    name: str
    statement: str
    parameters: dict[str, Any]
    error: type[errors.DatabaseError]
    constraint: str | None
    table: str
    columns: tuple[str, ...] = ()
    other_names: Mapping[str, str | None] = field(default_factory=dict)

    def constraint_on(self, engine_name: str) -> str | None:
        """The constraint's name on that engine: MariaDB calls every primary key PRIMARY."""
        return self.other_names.get(engine_name, self.constraint)


PRIMARY = {"mariadb": "PRIMARY"}
VIOLATIONS = [
    Violation("unique", "own", {"id": 5, "name": SECRET}, UniqueViolation, "owners_name_key", "owners", ("name",)),
    Violation("unique, update", "rename", {"id": 2, "name": SECRET}, UniqueViolation, "owners_name_key", "owners",
              ("name",)),
    Violation("primary key", "own", {"id": SECRET_NUMBER, "name": "x"}, UniqueViolation, "owners_pkey", "owners",
              ("id",), PRIMARY),
    Violation("row's own key", "employ", {"id": 1, "title": SECRET}, UniqueViolation, "vets_pkey", "vets", ("id",),
              {**PRIMARY, "sqlite": None}),
    Violation("unique of two columns", "add", PET, UniqueViolation, "pets_owner_id_name_key", "pets",
              ("owner_id", "name")),
    Violation("unique index", "add", {**PET, "owner_id": 2, "tag": SECRET}, UniqueViolation, "pets_tag_key", "pets",
              ("tag",)),
    Violation("key of two columns", "visit", {"pet_id": 1, "vet_id": 1}, UniqueViolation, "visits_pkey", "visits",
              ("pet_id", "vet_id"), PRIMARY),
    Violation("no such owner", "add", {**PET, "owner_id": SECRET_NUMBER + 1}, ForeignKeyViolation,
              "pets_owner_id_fkey", "pets", ("owner_id",)),
    Violation("no such vet", "add", {**PET, "owner_id": 2, "vet_id": SECRET_NUMBER}, ForeignKeyViolation,
              "pets_vet_id_fkey", "pets", ("vet_id",)),
    Violation("no such owner, update", "give", {"owner_id": SECRET_NUMBER + 1, "id": 1, "tag": SECRET + "x"},
              ForeignKeyViolation, "pets_owner_id_fkey", "pets", ("owner_id",)),
    Violation("no such pet", "visit", {"pet_id": SECRET_NUMBER, "vet_id": 1}, ForeignKeyViolation,
              "visits_pet_id_fkey", "visits", ("pet_id",)),
    Violation("owner in use", "disown", {"id": SECRET_NUMBER}, ForeignKeyViolation, "pets_owner_id_fkey", "pets",
              ("id",)),
    Violation("owner in use, update", "renumber", {"id": SECRET_NUMBER, "new_id": 99}, ForeignKeyViolation,
              "pets_owner_id_fkey", "pets", ("id",)),
    Violation("vet in use", "dismiss", {"id": 2}, ForeignKeyViolation, "pets_vet_id_fkey", "pets", ("id",)),
    Violation("vet in use elsewhere", "dismiss", {"id": 1}, ForeignKeyViolation, "visits_vet_id_fkey", "visits",
              ("id",)),
    Violation("NULL", "own", {"id": SECRET_NUMBER + 1, "name": None}, NotNullViolation, None, "owners", ("name",)),
    Violation("NULL, update", "name", {"id": 1, "name": None}, NotNullViolation, None, "pets", ("name",)),
    Violation("no value", "add_quietly", {"tag": SECRET + "x"}, NotNullViolation, None, "pets", ("name",)),
    Violation("check", "add", {**PET, "owner_id": 2, "size": -SECRET_NUMBER}, CheckViolation, "pets_size_check",
              "pets"),
    Violation("check, update", "resize", {"id": 1, "size": -SECRET_NUMBER}, CheckViolation, "pets_size_check",
              "pets"),
]  # fmt: skip


def fill(queries: Any, conn: Any) -> None:
    """Insert the rows with which the violations conflict."""
    queries.own(conn, id=1, name=SECRET)
    queries.own(conn, id=2, name="b")
    queries.own(conn, id=SECRET_NUMBER, name="c")
    queries.employ(conn, id=1, title=None)
    queries.employ(conn, id=2, title=None)
    queries.add(conn, **{**PET, "id": 1, "tag": SECRET})
    queries.add(conn, **{**PET, "id": 2, "owner_id": SECRET_NUMBER, "vet_id": 2, "size": 1})
    queries.visit(conn, pet_id=1, vet_id=1)


@dataclass(frozen=True)
class Refusal:
    """A call that an engine refuses for another reason than a constraint; None if the engine accepts it."""

    statement: str
    parameters: dict[str, Any]
    sqlite: type[errors.DatabaseError] | None
    postgresql: type[errors.DatabaseError] | None
    mariadb: type[errors.DatabaseError] | None

    def error_on(self, engine_name: str) -> type[errors.DatabaseError] | None:
        """The class of the error on that engine."""
        found: type[errors.DatabaseError] | None = getattr(self, engine_name)
        return found


REFUSALS = [
    Refusal("syntax", {"name": SECRET}, OperationalError, ProgrammingError, ProgrammingError),
    Refusal("table_unknown", {"name": SECRET}, OperationalError, ProgrammingError, ProgrammingError),
    Refusal("column_unknown", {"name": SECRET}, OperationalError, ProgrammingError, OperationalError),
    Refusal("function_unknown", {"name": SECRET}, OperationalError, ProgrammingError, OperationalError),
    Refusal("ambiguous", {"name": SECRET}, OperationalError, ProgrammingError, OperationalError),
    Refusal("cast", {"text": SECRET}, None, DataError, None),
    Refusal("divide", {"number": SECRET_NUMBER}, None, DataError, None),
    Refusal("overflow", {"number": SECRET_NUMBER}, None, DataError, OperationalError),
    Refusal("json", {"text": SECRET}, OperationalError, DataError, None),
    Refusal("price", {"price": SECRET_NUMBER}, CheckViolation, DataError, DataError),
    Refusal("code", {"code": SECRET}, None, DataError, DataError),
    Refusal("resize", {"id": 1, "size": SECRET}, None, DataError, DataError),
    Refusal("watched", {"name": SECRET}, ConstraintViolation, ProgrammingError, OperationalError),
]
