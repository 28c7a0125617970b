"""The rows of sql/message_type_lookup.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records


@dataclass(frozen=True, slots=True)
class MessageType:
    """A kind of message."""

    id: int
    name: str

    @classmethod
    def create(cls, conn: Connection, /, *, id: int, name: str) -> MessageType:
        """Insert a message type under a key that the application chooses."""
        row: MessageType = records.queries.message_type_lookup.create(conn, id=id, name=name)
        return row
