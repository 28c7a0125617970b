"""The rights that pydb determines, on servers: they are sufficient, and none is superfluous."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy.engine import make_url

import pydb
from pydb.describe import Session
from pydb.errors import DatabaseError, PydbError
from pydb.sample import tour
from pydb.sqlfile.loader import read
from pydb.testing.servers import StartedServer
from pydb.usage.granted import Wish, granted
from pydb.usage.project import Usage, opened_usage
from pydb.usage.rights import Right, needs_of, resolved, rights_of
from pydb.usage.rights_proof import Text, prove_rights, texts_with_needs
from tests.conftest import SCHEMAS

pytestmark = pytest.mark.engines("postgresql", "mariadb")

CORPUS = Path(__file__).parent / "grants" / "sql"


@pytest.fixture
def corpus(engine_name: str, empty_url: str) -> Iterator[tuple[Usage, Session]]:
    """Statements with views, functions, sequences, triggers, upserts and locks."""
    schema = str(CORPUS / engine_name / "schema.sql")
    with opened_usage(read(str(CORPUS), None), {engine_name: schema}, make_url(empty_url)) as found:
        assert found[0].refused == ()
        yield found


def all_texts(usage: Usage) -> list[Text]:
    """Each statement and variant, with the rights that it needs."""
    return [text for one in usage.described for text in texts_with_needs(one, lambda one: needs_of(one, usage.schema))]


def test_the_sample(engine_name: str, empty_url: str) -> None:
    """All statements of the sample run with the rights that they need, and fail without any one of them."""
    schemas = {engine_name: str(SCHEMAS[engine_name])}
    (part,) = granted(read("sql", None), schemas, engine_name, make_url(empty_url), Wish("app", prove=True)).parts
    assert part.proof is not None
    assert (part.proof.denied, part.proof.superfluous) == ((), ())
    assert part.proof.texts > 300


@pytest.mark.deep
def test_the_sample_statement_by_statement(engine_name: str, empty_url: str) -> None:
    """The same is true for each statement by itself."""
    schemas = {engine_name: str(SCHEMAS[engine_name])}
    wish = Wish("app", per_statement=True, prove=True)
    found = granted(read("sql", None), schemas, engine_name, make_url(empty_url), wish)
    assert len(found.parts) > 200
    assert [part.name for part in found.parts if part.proof is None or not part.proof.holds] == []


@pytest.mark.deep
def test_the_tour_as_the_role(engine_name: str, sample_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A role with exactly the printed rights can run the sample's tour, and does not own the tables."""
    url, name, password = make_url(sample_url), f"tour_{token_hex(6)}", token_hex(12)
    asked, noun, identified = {
        "postgresql": (name, "ROLE", "LOGIN PASSWORD"),
        "mariadb": (f"{name}@127.0.0.1", "USER", "IDENTIFIED BY"),
    }[engine_name]
    role, schemas = rights_of(engine_name).role(asked), {engine_name: str(SCHEMAS[engine_name])}
    (part,) = granted(read("sql", None), schemas, engine_name, url, Wish(asked)).parts
    own = url.set(username=name, password=password)
    with pydb.Database(url) as database, database.connect() as conn:
        owner = conn.execution_options(isolation_level="AUTOCOMMIT")
        owner.exec_driver_sql(f"CREATE {noun} {role} {identified} '{password}'")
        try:
            for grant in part.grants:
                owner.exec_driver_sql(grant)
            assert tour.main([own.render_as_string(hide_password=False)]) == 0
            with pytest.raises(DatabaseError, match="denied"), pydb.Database(own) as other, other.begin() as mine:
                mine.exec_driver_sql("TRUNCATE TABLE tags")
        finally:
            if engine_name == "postgresql":
                owner.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
            owner.exec_driver_sql(f"DROP {noun} {role}")
    assert "Run it again: nothing changes." in capsys.readouterr().out


def test_the_corpus(corpus: tuple[Usage, Session]) -> None:
    """The rights beyond the named columns are known, for each statement by itself and for all together."""
    usage, session = corpus
    texts = all_texts(usage)
    groups = [[text for text in texts if text.name == one.definition.name] for one in usage.described]
    for group in [texts, *groups]:
        proof = prove_rights(session, group, resolved([text.needs for text in group]))
        assert (group[0].name, proof.denied, proof.superfluous) == (group[0].name, (), ())


def test_reading(corpus: tuple[Usage, Session], engine_name: str, empty_url: str) -> None:
    """Statements that only read get no right to write."""
    schema = {engine_name: str(CORPUS / engine_name / "schema.sql")}
    wish = Wish("app", reading=True, prove=True)
    (part,) = granted(read(str(CORPUS), None), schema, engine_name, make_url(empty_url), wish).parts
    assert part.proof is not None
    assert part.proof.holds
    assert not {right.privilege for right in part.rights if right.kind == "table"} & {"DELETE"}


def test_a_proof_that_fails(corpus: tuple[Usage, Session], engine_name: str) -> None:
    """A missing right is found, and so is a right that no statement needs."""
    usage, session = corpus
    texts = [text for text in all_texts(usage) if text.name.endswith(".generated")]
    target = rights_of(engine_name).table("audit", usage.catalogue)
    proof = prove_rights(session, texts, [Right("table", target, "DELETE")])
    ((text, why),) = proof.denied
    assert "denied" in why
    assert text.name.endswith(".generated")
    assert proof.superfluous == (Right("table", target, "DELETE"),)
    assert not proof.holds


def test_what_is_not_known_is_not_proven(corpus: tuple[Usage, Session]) -> None:
    """A text with unknown needs is not reported as denied, and rights that only it needs are not superfluous."""
    usage, session = corpus
    (text,) = (text for text in all_texts(usage) if text.name.endswith(".generated"))
    partly = replace(text, needs=replace(text.needs, unknown=("its code is not SQL",)))
    proof = prove_rights(session, [partly], resolved([partly.needs]))
    assert (proof.texts, proof.rights, proof.denied, proof.superfluous) == (0, 0, (), ())


def test_nothing_is_left(corpus: tuple[Usage, Session], engine_name: str) -> None:
    """After a proof, the server has the same roles and users as before."""
    usage, session = corpus
    roles = {"postgresql": "SELECT rolname FROM pg_roles", "mariadb": "SELECT user FROM mysql.user"}[engine_name]
    before = session.ask(roles)
    texts = all_texts(usage)[:3]
    prove_rights(session, texts, resolved([text.needs for text in texts]))
    assert session.ask(roles) == before


@pytest.mark.engines("mariadb")
def test_what_a_killed_proof_has_left(corpus: tuple[Usage, Session]) -> None:
    """The next proof drops the user of a killed proof if that proof's database no longer exists."""
    usage, session = corpus
    left = "pydb_check_20260101t000000_0123456789ab"
    session.ask(f"CREATE USER {left}@localhost ACCOUNT LOCK")
    texts = all_texts(usage)[:1]
    prove_rights(session, texts, resolved([text.needs for text in texts]))
    assert (left,) not in session.ask("SELECT user FROM mysql.user")


def test_once(engine_name: str, empty_url: str, tmp_path: Path) -> None:
    """With ``once``, the needs of ``run(once=…)`` are proven too; a schema without its table is refused."""
    schemas = {engine_name: str(SCHEMAS[engine_name])}
    definitions = [one for one in read("sql", None) if one.name == "tags.by_id"]
    wish = Wish("app", once=True, prove=True)
    if "pydb_once" not in SCHEMAS[engine_name].read_text():
        with pytest.raises(PydbError, match="no table pydb_once"):
            granted(definitions, schemas, engine_name, make_url(empty_url), wish)
        script = tmp_path / "schema.sql"
        script.write_text(f"{SCHEMAS[engine_name].read_text()}\n{once_table(engine_name)}")
        schemas = {engine_name: str(script)}
    (part,) = granted(definitions, schemas, engine_name, make_url(empty_url), wish).parts
    assert part.proof is not None
    assert part.proof.holds
    own = {(right.privilege, right.column) for right in part.rights if "pydb_once" in right.target}
    written = {("INSERT", "key"), ("INSERT", "attempt"), ("INSERT", "done_at")}
    assert own == {*written, ("SELECT", "key"), ("SELECT", "attempt"), ("SELECT", "done_at")}


def once_table(engine: str) -> str:
    """The DDL of the table in the engine's rules."""
    from pydb.engines.base import rules_of

    return rules_of(engine).once_table


@pytest.mark.engines("postgresql")
def test_a_user_that_may_not_create_roles(shared_server: StartedServer, empty_url: str) -> None:
    """A proof needs a user that may create roles, and the message says so; the list of rights needs no such user."""
    name, password = f"plain_{token_hex(6)}", token_hex(12)
    url = make_url(empty_url).set(username=name, password=password)
    schemas = {"postgresql": str(SCHEMAS["postgresql"])}
    definitions = [one for one in read("sql", None) if one.name == "tags.by_id"]
    shared_server.execute(f"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{password}'")
    try:
        assert granted(definitions, schemas, "postgresql", url, Wish("app")).parts[0].grants
        with pytest.raises(PydbError, match="by a user that may create roles    hint: give --db a user") as raised:
            granted(definitions, schemas, "postgresql", url, Wish("app", prove=True))
        assert password not in str(raised.value)
    finally:
        shared_server.execute(f"DROP ROLE {name}")
