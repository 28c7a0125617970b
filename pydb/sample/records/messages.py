"""The rows of sql/messages.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records
from pydb.types import AwareDatetime


@dataclass(frozen=True, slots=True)
class Message:
    """What the system tells."""

    id: int
    message_type_id: int
    subject: str
    body: str
    created_at: AwareDatetime

    @classmethod
    def create(cls, conn: Connection, /, *, message_type_id: int, subject: str, body: str) -> Message:
        """Insert a message of a type, by the type's key."""
        row: Message = records.queries.messages.create(
            conn, message_type_id=message_type_id, subject=subject, body=body
        )
        return row

    @classmethod
    def create_of_type(cls, conn: Connection, /, *, subject: str, body: str, type_name: str) -> Message:
        """Insert a message of a type, by the type's name; an unknown name inserts nothing, so no row comes back."""
        row: Message = records.queries.messages.create_of_type(conn, subject=subject, body=body, type_name=type_name)
        return row

    def delete(self, conn: Connection, /) -> bool:
        """Delete a message and take it back from all who received it."""
        affected: int = records.queries.messages.delete(conn, id=self.id)
        return affected > 0


@dataclass(frozen=True, slots=True)
class MessageWithType:
    """A message with its type's name."""

    id: int
    type_name: str
    subject: str
    body: str
