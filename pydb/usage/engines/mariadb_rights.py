"""Write and prove rights on MariaDB: what a text touches in; GRANT statements, and a user to test them, out.

All rights on tables and columns are checked when a statement runs, most of them already when it is prepared; EXPLAIN of
a view requires more (SHOW VIEW).  So a statement is run, and rolled back.
Source: https://mariadb.com/kb/en/grant/; the rest was found by revoking rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pymysql
from sqlglot import exp

from pydb.describe import DescribedStatement
from pydb.describe.analysis.nullability import names_of
from pydb.describe.catalogue import Catalogue
from pydb.describe.orphans import created
from pydb.errors import PydbError
from pydb.usage.engines.mariadb_plans import with_values
from pydb.usage.rights import Draft, EngineRights, Right
from pydb.usage.touch import Act

__all__ = ["MariadbRights"]

_SEQUENCE_RIGHTS = {"nextval": ("SELECT", "INSERT"), "lastval": ("SELECT",), "setval": ("INSERT",)}

_DENIED = frozenset({1044, 1142, 1143, 1227, 1356, 1370})
"""ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR,
ER_VIEW_INVALID, ER_PROCACCESS_DENIED_ERROR."""

_HOST = "localhost"

_ORPHANS = f"""
SELECT user FROM mysql.user
WHERE host = '{_HOST}' AND user LIKE 'pydb\\_check\\_%'
    AND user NOT IN (SELECT schema_name FROM information_schema.schemata)
"""

_LONGEST_NAME = 128
_RUNNER = "pydb_trial"


class MariadbRights(EngineRights):
    """Rights on columns; triggers and most views run with their definer's rights and need none."""

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def role(self, name: str) -> str:
        user, at, host = name.rpartition("@")
        parts = (user, host) if at else (name,)
        if not parts[0] or any("\0" in part or len(part) > _LONGEST_NAME for part in parts):
            raise PydbError("a role's name has 1 to 128 characters", hint="a role, or a user as NAME@HOST")
        return "@".join(map(self.quoted, parts))

    def table(self, name: str, catalogue: Catalogue) -> str:
        return self.quoted(name)

    def refine(self, draft: Draft) -> None:
        tree = draft.described.analysis.tree if draft.described.analysis is not None else None
        for insert in tree.find_all(exp.Insert) if tree is not None else ():
            self._insert(insert, draft)
        if isinstance(tree, exp.Delete) and tree.args.get("tables"):
            self._delete_of_several(draft)
        elif isinstance(tree, exp.Update):
            self._update(tree, draft)
        for view in draft.schema.actions.invoker_views:
            self._change_of_own_view(view, draft)
        self._sequences(draft)
        for routine in draft.schema.routines(draft.own.calls):
            draft.rights.add(Right("function", routine.signature, "EXECUTE"))

    def _delete_of_several(self, draft: Draft) -> None:
        """``DELETE a FROM a, b`` reads the tables that it deletes from too."""
        deleted = {touch.table for touch in draft.touches if touch.act is Act.DELETE}
        for table in deleted:
            column = next(iter(draft.catalogue.tables[table].columns))
            draft.some.add(Right("table", self.table(table, draft.catalogue), "SELECT", column))

    def _change_of_own_view(self, view: str, draft: Draft) -> None:
        """Correct the rights for a view that runs with its caller's rights: a DELETE needs no right to read its table.

        An UPDATE needs no right to read the columns that it updates.
        """
        acts = {touch.act for touch in draft.touches if touch.table == view and touch.column is None}
        if Act.SELECT in acts or not acts & {Act.UPDATE, Act.DELETE}:
            return
        read = [touch for touch in draft.touches if touch.act is Act.SELECT and touch.table != view]
        others = {touch.name for touch in read if touch.by != f"view {view}"}
        for touch in read:
            if touch.by == f"view {view}" and touch.name not in others:
                updated = touch.column in draft.columns(touch.table, Act.UPDATE)
                if Act.DELETE in acts or updated:
                    draft.rights.discard(Right("table", self.quoted(touch.table), "SELECT", touch.column))
                if Act.DELETE in acts and touch.table not in others:
                    like = {item for item in draft.some if item.target == self.quoted(touch.table)}
                    draft.some.difference_update(like)

    def _update(self, update: exp.Update, draft: Draft) -> None:
        """An UPDATE of a view with its definer's rights needs no right to read the view's columns."""
        assert draft.described.analysis is not None
        frame = draft.described.analysis.context.frames.get(id(update))
        facts = frame.sources[0].facts if frame is not None and len(frame.sources) == 1 else None
        if facts is not None and facts.is_view and facts.name not in draft.schema.actions.invoker_views:
            read = draft.columns(facts.name, Act.SELECT)
            target = self.table(facts.name, draft.catalogue)
            draft.rights.difference_update(Right("table", target, "SELECT", column) for column in read)

    def _insert(self, insert: exp.Insert, draft: Draft) -> None:
        """The server requires the rights of all parts of an INSERT on each of its columns.

        With ON DUPLICATE KEY UPDATE the inserted columns need UPDATE, and the updated columns SELECT alone.  With
        RETURNING all of these columns and the returned ones need INSERT and SELECT.
        """
        assert draft.described.analysis is not None
        frame = draft.described.analysis.context.frames.get(id(insert))
        facts = frame.sources[0].facts if frame is not None and frame.sources else None
        if frame is None or facts is None:
            return
        inserted = draft.columns(facts.name, Act.INSERT)
        updated = draft.columns(facts.name, Act.UPDATE)
        upserts, returning = insert.args.get("conflict") is not None, insert.args.get("returning")
        returned = set()
        for column in returning.find_all(exp.Column) if returning is not None else ():
            value = frame.lookup(*names_of(column, frame))
            returned |= {value.column} if value.table == facts.name and value.column is not None else set()
        asked = {("SELECT", column) for column in updated}
        for column in inserted | returned:
            asked |= {("UPDATE", column)} if upserts else set()
            asked |= {("INSERT", column), ("SELECT", column)} if returning is not None else set()
        target = self.table(facts.name, draft.catalogue)
        if upserts and inserted:
            # What is updated but not inserted only needs SELECT.
            draft.rights.difference_update(Right("table", target, "UPDATE", column) for column in updated)
        draft.rights.update(Right("table", target, privilege, column) for privilege, column in asked)

    def _sequences(self, draft: Draft) -> None:
        """A table whose default is a sequence's next value requests one at every INSERT."""
        inserted = {touch.table for touch in draft.touches if touch.act is Act.INSERT}
        taken = [
            (name, "nextval")
            for (table, _), names in draft.schema.actions.defaults.items()
            if table in inserted
            for name in names
        ]
        taken += [(name, call) for call, name in draft.own.sequences]
        for name, call in taken:
            for privilege in _SEQUENCE_RIGHTS.get(call, ()):
                draft.rights.add(Right("table", self.quoted(name), privilege))

    @contextmanager
    def trial(self, session: Any) -> Iterator[MariadbTrial]:
        ((database,),) = session.ask("SELECT database()")
        # The user is named after its database, so that users of a killed proof are recognized.
        role = self.role(f"{database}@{_HOST}")
        _drop_orphans(session, self)
        runner = f"CREATE DEFINER={role} PROCEDURE {_RUNNER} (statement LONGTEXT) SQL SECURITY DEFINER"
        try:
            try:
                # This user cannot connect: the procedure runs with its rights.
                session.ask(f"CREATE USER {role} ACCOUNT LOCK")
                session.ask(f"{runner} EXECUTE IMMEDIATE statement")
                session.ask(f"GRANT EXECUTE ON PROCEDURE {_RUNNER} TO {role}")
            except pymysql.Error as error:
                raise PydbError(
                    f"rights can only be proven by a user that may create users and grant: {error.args[-1]}",
                    hint="give --db such a user, or use --engine, which starts a server with one",
                ) from None
            yield MariadbTrial(session, role, self)
        finally:
            with suppress(pymysql.Error):
                session.ask(f"DROP PROCEDURE IF EXISTS {_RUNNER}")
            with suppress(pymysql.Error):
                session.ask(f"DROP USER IF EXISTS {role}")


def _drop_orphans(session: Any, rights: MariadbRights) -> None:
    """Drop the users of scratch databases that no longer exist."""
    with suppress(pymysql.Error):
        for (name,) in session.ask(_ORPHANS):
            if created(name) is not None:
                session.ask(f"DROP USER IF EXISTS {rights.role(f'{name}@{_HOST}')}")


class MariadbTrial:
    """A user that cannot connect, with whose rights a procedure of the scratch database runs statements."""

    def __init__(self, session: Any, role: str, rights: MariadbRights) -> None:
        self.session = session
        self.role = role
        self.rights = rights

    def give(self, rights: Iterable[Right]) -> None:
        """Grant these rights."""
        for grant in self.rights.grants(rights, self.role):
            self.session.ask(grant)

    @contextmanager
    def without(self, right: Right) -> Iterator[None]:
        """Revoke a right during the block."""
        for revoke in self.rights.revokes([right], self.role):
            self.session.ask(revoke)
        try:
            yield
        finally:
            self.give([right])

    def denied(self, described: DescribedStatement) -> str | None:
        """Why the server denies a text to the role, or None."""
        return self.denied_probe(with_values(described))

    def denied_probe(self, sql: str) -> str | None:
        """Why the server denies a probe to the role, or None."""
        connection = self.session.connection
        with connection.cursor() as cursor:
            cursor.execute("START TRANSACTION")
            try:
                cursor.execute(f"CALL {_RUNNER}(%s)", (sql,))
                while cursor.nextset():
                    pass
            except pymysql.Error as error:
                # Other errors, such as a duplicate value, are raised after the rights were checked.
                return str(error.args[-1]) if error.args[0] in _DENIED else None
            finally:
                connection.rollback()
        return None
