"""The rows of sql/cars.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class Car:
    """A car in the garage."""

    id: int
    brand: str
    model: str

    @classmethod
    def create(cls, conn: Connection, /, *, brand: str, model: str) -> Car:
        """Insert a car; the row comes back as stored."""
        row: Car = records.queries.cars.create(conn, brand=brand, model=model)
        return row

    def rename_model(self, conn: Connection, /, *, model: str) -> Car | None:
        """Give a car another model."""
        row: Car | None = records.queries.cars.rename_model(conn, id=self.id, model=model)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a car."""
        affected: int = records.queries.cars.delete(conn, id=self.id)
        return affected > 0
