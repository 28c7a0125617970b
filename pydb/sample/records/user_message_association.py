"""The rows of sql/user_message_association.sql as records.  Factories and methods run its statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pydb.sample import records
from pydb.types import AwareDatetime


@dataclass(frozen=True, slots=True)
class UserMessage:
    """A message delivered to a user."""

    user_id: int
    message_id: int
    read_at: AwareDatetime | None

    @classmethod
    def create(cls, conn: Connection, /, *, user_id: int, message_id: int) -> UserMessage:
        """Deliver a message to a user."""
        row: UserMessage = records.queries.user_message_association.create(conn, user_id=user_id, message_id=message_id)
        return row

    def mark_read(self, conn: Connection, /, *, read_at: AwareDatetime) -> UserMessage | None:
        """Note when a user read a message."""
        row: UserMessage | None = records.queries.user_message_association.mark_read(
            conn, user_id=self.user_id, message_id=self.message_id, read_at=read_at
        )
        return row

    def remove(self, conn: Connection, /) -> bool:
        """Take a message back from a user; the message stays."""
        affected: int = records.queries.user_message_association.remove(
            conn, user_id=self.user_id, message_id=self.message_id
        )
        return affected > 0
