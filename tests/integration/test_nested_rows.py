"""Nested rows on every engine and both paths: joins, JSON and two statements return the same objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import ResourceClosedError

import pydb
from pydb.errors import NoRow, RecordError, RowError, SqlFileError, TooManyRows
from tests.harness.runtime import CreateTables, Load

pytestmark = [pytest.mark.usefixtures("call_path"), pytest.mark.core_in_deep]

TABLES = """\
CREATE TABLE people (id <key>, name <string> NOT NULL);
CREATE TABLE posts (id <key>, person_id bigint NOT NULL, title <string> NOT NULL);
CREATE TABLE comments (id <key>, post_id bigint NOT NULL, person_id bigint NULL, body <string> NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Name:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    body: str


@dataclass(frozen=True, slots=True)
class SignedComment:
    id: int
    body: str
    author: Name | None


@dataclass(frozen=True, slots=True)
class PostWithComments:
    id: int
    title: str
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class PostWithSigned:
    id: int
    title: str
    comments: tuple[SignedComment, ...]


@dataclass(frozen=True, slots=True)
class PersonWithPosts:
    id: int
    name: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    posts: tuple[PostWithComments, ...]


@dataclass(frozen=True, slots=True)
class PersonOfSigned:
    id: int
    name: str
    posts: tuple[PostWithSigned, ...]


@dataclass(frozen=True, slots=True)
class PostOf:
    id: int
    title: str
    author: Name


@dataclass(frozen=True, slots=True)
class Author:
    id: int
    name: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class CommentOf:
    id: int
    body: str
    author: Author | None


RECORDS = (
    *(Name, Post, Comment, SignedComment, PostWithComments, PostWithSigned, PersonWithPosts, Person, PersonOfSigned),
    *(PostOf, Author, CommentOf),
)

DATA = """\
-- name: fill_people :batch
INSERT INTO people (id, name) VALUES (:id, :name);

-- name: fill_posts :batch
INSERT INTO posts (id, person_id, title) VALUES (:id, :person_id, :title);

-- name: fill_comments :batch
INSERT INTO comments (id, post_id, person_id, body) VALUES (:id, :post_id, :person_id, :body);
"""

THREE = """\
SELECT
    u.id, u.name, p.id AS posts__id, p.title AS posts__title,
    c.id AS posts__comments__id, c.body AS posts__comments__body
FROM people AS u
LEFT OUTER JOIN posts AS p ON p.person_id = u.id
LEFT OUTER JOIN comments AS c ON c.post_id = p.id
"""
LEVELS = """\
-- @group posts PostWithComments
-- @group posts.comments Comment
"""

STATEMENTS = f"""\
{DATA}
-- name: everything :many Person
{LEVELS}{THREE}ORDER BY u.id, p.id, c.id;

-- name: interleaved :many Person
{LEVELS}{THREE}ORDER BY c.id, p.id DESC, u.name, u.id;

-- name: one :one Person
{LEVELS}{THREE}WHERE u.id = :id ORDER BY p.id, c.id;

-- name: maybe :maybe Person
{LEVELS}{THREE}WHERE u.id IN (:ids) ORDER BY p.id, c.id;

-- name: streamed :stream Person
{LEVELS}{THREE}ORDER BY u.name DESC, u.id, p.id, c.id;

-- name: flat :many
{THREE}ORDER BY u.id, p.id, c.id;

-- name: of_author :many PostOf
-- @embed author Name
SELECT p.id, p.title, u.id AS author__id, u.name AS author__name
FROM posts AS p INNER JOIN people AS u ON u.id = p.person_id
ORDER BY p.id;

-- name: posts_of_lost_author :many PostOf
-- @embed author Name
SELECT p.id, p.title, u.id AS author__id, u.name AS author__name
FROM posts AS p LEFT OUTER JOIN people AS u ON u.id = 0
ORDER BY p.id;

-- name: signed :many PersonOfSigned
-- @group posts PostWithSigned
-- @group posts.comments SignedComment
-- @embed posts.comments.author Name
SELECT
    u.id, u.name, p.id AS posts__id, p.title AS posts__title,
    c.id AS posts__comments__id, c.body AS posts__comments__body,
    a.id AS posts__comments__author__id, a.name AS posts__comments__author__name
FROM people AS u
LEFT OUTER JOIN posts AS p ON p.person_id = u.id
LEFT OUTER JOIN comments AS c ON c.post_id = p.id
LEFT OUTER JOIN people AS a ON a.id = c.person_id
ORDER BY u.id, p.id, c.id;

-- name: comments_of :many CommentOf
-- A group below an embed.
-- @embed author Author
-- @group author.posts Post
SELECT
    c.id, c.body, a.id AS author__id, a.name AS author__name,
    p.id AS author__posts__id, p.title AS author__posts__title
FROM comments AS c
LEFT OUTER JOIN people AS a ON a.id = c.person_id
LEFT OUTER JOIN posts AS p ON p.person_id = a.id
ORDER BY c.id, p.id;

-- name: shared :many PersonWithPosts
-- Each post belongs to everybody: a child of several parents is an object in each.
-- @group posts Post
SELECT u.id, u.name, p.id AS posts__id, p.title AS posts__title
FROM people AS u CROSS JOIN posts AS p
ORDER BY p.id DESC, u.id;

-- name: constants :many PersonWithPosts
-- @group posts Post key title
SELECT u.id, u.name, 7 AS posts__id, p.title AS posts__title
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id
ORDER BY u.id, p.id;

-- name: by_name :many PersonWithPosts
-- @key name
-- @group posts Post key id, title
SELECT 1 AS id, u.name, p.id AS posts__id, p.title AS posts__title
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id
ORDER BY u.id, p.id;

-- name: people_only :many Name
SELECT id, name FROM people ORDER BY id;

-- name: posts_only :many PostOf
-- @embed author Name
SELECT p.id, p.title, u.id AS author__id, u.name AS author__name
FROM posts AS p INNER JOIN people AS u ON u.id = p.person_id
ORDER BY p.id;
"""

PEOPLE = [{"id": 1, "name": "moshe"}, {"id": 2, "name": "nobody"}, {"id": 3, "name": "ada"}, {"id": 4, "name": "ada"}]
POSTS = [
    {"id": 11, "person_id": 1, "title": "first"},
    {"id": 12, "person_id": 3, "title": "first"},
    {"id": 13, "person_id": 1, "title": "second"},
    {"id": 14, "person_id": 3, "title": "third"},
    {"id": 15, "person_id": 4, "title": "third"},
]
COMMENTS: list[dict[str, Any]] = [
    {"id": 21, "post_id": 13, "person_id": 3, "body": "one"},
    {"id": 22, "post_id": 11, "person_id": None, "body": "two"},
    {"id": 23, "post_id": 13, "person_id": 1, "body": "three"},
    {"id": 24, "post_id": 15, "person_id": None, "body": "four"},
]


def _comments(post: int) -> tuple[Comment, ...]:
    return tuple(Comment(row["id"], row["body"]) for row in COMMENTS if row["post_id"] == post)


def _posts(person: int) -> tuple[PostWithComments, ...]:
    own = [row for row in POSTS if row["person_id"] == person]
    return tuple(PostWithComments(row["id"], row["title"], _comments(row["id"])) for row in own)  # type: ignore[arg-type]


EVERYTHING = [Person(row["id"], row["name"], _posts(row["id"])) for row in PEOPLE]  # type: ignore[arg-type]


@pytest.fixture
def queries(database: pydb.Database, create_tables: CreateTables, load: Load) -> Any:
    create_tables(TABLES)
    loaded = load(STATEMENTS, *RECORDS)
    with database.begin() as conn:
        loaded.fill_people(conn, PEOPLE)
        loaded.fill_posts(conn, POSTS)
        loaded.fill_comments(conn, COMMENTS)
    return loaded


def _twice(statement: Any, conn: Any, **parameters: Any) -> Any:
    """The results of the general call and of the generated call after it."""
    first = statement(conn, **parameters)
    assert statement(conn, **parameters) == first
    return first


def test_three_levels_come_as_one_object_each(database: pydb.Database, queries: Any) -> None:
    """People, their posts and the comments are nested, with () where there are none."""
    with database.read() as conn:
        assert _twice(queries.everything, conn) == EVERYTHING


def test_rows_of_one_object_may_stand_anywhere(database: pydb.Database, queries: Any) -> None:
    """In the order of the innermost level, the same objects are returned, each level in the order of its first rows."""
    with database.read() as conn:
        found = _twice(queries.interleaved, conn)

    def in_order(people: Sequence[Person]) -> list[Person]:
        def by_id(item: Any) -> int:
            return int(item.id)

        def post(item: PostWithComments) -> PostWithComments:
            return PostWithComments(item.id, item.title, tuple(sorted(item.comments, key=by_id)))

        return [
            Person(item.id, item.name, tuple(sorted(map(post, item.posts), key=by_id)))
            for item in sorted(people, key=by_id)
        ]

    assert found != EVERYTHING
    assert in_order(found) == EVERYTHING


def test_one_counts_roots(database: pydb.Database, queries: Any) -> None:
    """A person with many rows is one root; no person raises NoRow, and two raise TooManyRows."""
    with database.read() as conn:
        assert _twice(queries.one, conn, id=1) == EVERYTHING[0]
        assert _twice(queries.maybe, conn, ids=[3]) == EVERYTHING[2]
        assert _twice(queries.maybe, conn, ids=[9]) is None
        for _ in range(2):
            with pytest.raises(NoRow):
                queries.one(conn, id=9)
            with pytest.raises(TooManyRows):
                queries.maybe(conn, ids=[1, 2])


def test_streams_give_whole_roots(database: pydb.Database, queries: Any) -> None:
    """A stream returns each person once, in the statement's order, with all posts."""
    with database.read() as conn:
        found = list(queries.streamed(conn))
    assert found == sorted(EVERYTHING, key=lambda item: (tuple(-ord(letter) for letter in item.name), item.id))


def test_without_records_the_rows_come_flat(database: pydb.Database, queries: Any, tmp_path: Any) -> None:
    """Loading without records returns Core rows with the labels of the SQL."""
    flat = pydb.load(tmp_path / "sql").q
    with database.read() as conn:
        assert flat.everything(conn) == flat.flat(conn)
        assert flat.everything(conn)[0].posts__comments__body == "two"
        with pytest.raises(TooManyRows, match="hint: load it with records: without them, a root is several rows"):
            flat.one(conn, id=1)


def test_embeds(database: pydb.Database, queries: Any) -> None:
    """An embed is one record in each row, and each row is a root."""
    with database.read() as conn:
        names = {row["id"]: Name(row["id"], row["name"]) for row in PEOPLE}  # type: ignore[arg-type]
        wanted = [PostOf(row["id"], row["title"], names[row["person_id"]]) for row in POSTS]  # type: ignore[arg-type]
        assert _twice(queries.of_author, conn) == wanted


def test_an_absent_embed_needs_an_optional_field(database: pydb.Database, queries: Any) -> None:
    """If the key of an embed is NULL and its field is not optional, the call fails with the name of the path."""
    with database.read() as conn, pytest.raises(RecordError, match="the embed author is absent"):
        queries.posts_of_lost_author(conn)


def test_embeds_in_groups(database: pydb.Database, queries: Any) -> None:
    """An embed of the innermost group is None if its key is NULL."""
    with database.read() as conn:
        found = _twice(queries.signed, conn)
    comments = {comment.id: comment.author for person in found for post in person.posts for comment in post.comments}
    assert comments == {21: Name(3, "ada"), 22: None, 23: Name(1, "moshe"), 24: None}


def test_groups_in_embeds(database: pydb.Database, queries: Any) -> None:
    """A group below an embed belongs to the embedded record, and is absent with it."""
    with database.read() as conn:
        found = {item.id: item.author for item in _twice(queries.comments_of, conn)}
    ada = Author(3, "ada", (Post(12, "first"), Post(14, "third")))
    assert found == {21: ada, 22: None, 23: Author(1, "moshe", (Post(11, "first"), Post(13, "second"))), 24: None}


def test_a_child_of_two_parents(database: pydb.Database, queries: Any) -> None:
    """A key is unique only within its parent: a post of several people is in each of them."""
    with database.read() as conn:
        found = _twice(queries.shared, conn)
    assert [item.id for item in found] == [1, 2, 3, 4]
    assert {tuple(post.id for post in item.posts) for item in found} == {(15, 14, 13, 12, 11)}


def test_keys_of_several_columns_and_constants(database: pydb.Database, queries: Any) -> None:
    """A declared key groups rows whose first column is a constant; the first row makes the object."""
    with database.read() as conn:
        constants = {item.id: item.posts for item in _twice(queries.constants, conn)}
        by_name = {item.name: item.posts for item in _twice(queries.by_name, conn)}
    assert constants[1] == (Post(7, "first"), Post(7, "second"))
    assert constants[2] == ()
    assert by_name["ada"] == (Post(12, "first"), Post(14, "third"), Post(15, "third"))
    assert by_name["nobody"] == ()


def test_two_statements_give_the_same(database: pydb.Database, queries: Any) -> None:
    """The join returns what two statements and a dictionary return."""
    with database.read() as conn:
        posts: dict[int, list[Post]] = {}
        for post in queries.posts_only(conn):
            posts.setdefault(post.author.id, []).append(Post(post.id, post.title))
        wanted = [
            PersonWithPosts(item.id, item.name, tuple(posts.get(item.id, ()))) for item in queries.people_only(conn)
        ]
        found = [
            PersonWithPosts(item.id, item.name, tuple(Post(post.id, post.title) for post in item.posts))
            for item in queries.everything(conn)
        ]
    assert found == wanted


# Mistakes.


def test_a_root_without_a_key_is_refused(database: pydb.Database, create_tables: CreateTables, load: Load) -> None:
    """A root whose key is NULL raises RowError, and is not a separate group."""
    create_tables(TABLES)
    text = """\
-- name: all :many PersonWithPosts
-- @group posts Post
SELECT NULLIF(u.id, 1) AS id, u.name, p.id AS posts__id, p.title AS posts__title
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id;
"""
    queries = load(DATA + "\n" + text, *RECORDS)
    with database.begin() as conn:
        queries.fill_people(conn, PEOPLE)
        with pytest.raises(RowError, match=r"q\.all.*the root's key is NULL"):
            queries.all(conn)


def test_an_embed_that_changes_within_its_parent_is_refused(
    database: pydb.Database, create_tables: CreateTables, load: Load
) -> None:
    """A second object for one embed is an error, because a part of the rows would be lost."""
    create_tables(TABLES)
    text = """\
-- name: all :many SignedPost
-- @embed author Name
-- @group comments Comment
SELECT
    p.id, p.title, a.id AS author__id, a.name AS author__name, c.id AS comments__id, c.body AS comments__body
FROM posts AS p
INNER JOIN comments AS c ON c.post_id = p.id
LEFT OUTER JOIN people AS a ON a.id = c.person_id
ORDER BY c.id;
"""
    queries = load(DATA + "\n" + text, *RECORDS, SignedPost)
    with database.begin() as conn:
        queries.fill_people(conn, PEOPLE)
        queries.fill_posts(conn, POSTS)
        queries.fill_comments(conn, COMMENTS)
        with pytest.raises(RowError, match="the embed author is not the same in all rows of one parent"):
            queries.all(conn)


@dataclass(frozen=True, slots=True)
class SignedPost:
    id: int
    title: str
    author: Name | None
    comments: tuple[Comment, ...]


def test_a_value_that_does_not_fit_is_named(database: pydb.Database, create_tables: CreateTables, load: Load) -> None:
    """The error about a NULL in an existing level names the column with its path."""
    create_tables(TABLES)
    text = """\
-- name: all :many PersonWithPosts
-- @group posts Post
SELECT p.id AS posts__id, NULLIF(p.title, 'third') AS posts__title, u.id, u.name
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id
ORDER BY u.id;
"""
    queries = load(DATA + "\n" + text, *RECORDS)
    with database.begin() as conn:
        queries.fill_people(conn, PEOPLE)
        assert [item.posts for item in queries.all(conn)] == [(), (), (), ()]
        queries.fill_posts(conn, POSTS)
        for _ in range(2):
            with pytest.raises(RecordError, match="column posts__title is NULL, and str is not"):
                queries.all(conn)


@dataclass(frozen=True, slots=True)
class WithList:
    id: int
    name: str
    posts: list[Post]


@dataclass(frozen=True, slots=True)
class WithOther:
    id: int
    name: str
    posts: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class Longer:
    id: int
    name: str
    email: str
    posts: tuple[Post, ...]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (Name, "record Name has no field for @group posts Post"),
        (WithList, r"record WithList: field posts does not fit @group posts Post"),
        (WithOther, r"record WithOther: field posts does not fit @group posts Post"),
        (Longer, "record Longer has no column for field email"),
    ],
)
def test_records_that_do_not_fit(
    database: pydb.Database, create_tables: CreateTables, load: Load, record: type, message: str
) -> None:
    """A record without the level's field, or with another annotation, is refused by name at the first call."""
    create_tables(TABLES)
    text = f"""\
-- name: all :many {record.__name__}
-- @group posts Post
SELECT u.id, u.name, p.id AS posts__id, p.title AS posts__title
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id;
"""
    queries = load(text, Post, Comment, record)
    with database.read() as conn, pytest.raises(RecordError, match=message):
        queries.all(conn)


@dataclass(frozen=True, slots=True)
class CheckedPost:
    id: int
    title: str

    def __post_init__(self) -> None:
        if not self.title:
            raise ValueError("no title")


@dataclass(frozen=True)
class CheckedPerson:
    id: int
    name: str
    posts: tuple[CheckedPost, ...]

    def __post_init__(self) -> None:
        assert isinstance(self.posts, tuple)


def test_records_that_construct_themselves(database: pydb.Database, create_tables: CreateTables, load: Load) -> None:
    """A record's own __post_init__ runs, and sees the complete level."""
    create_tables(TABLES)
    text = """\
-- name: all :many CheckedPerson
-- @group posts CheckedPost
SELECT u.id, u.name, p.id AS posts__id, p.title AS posts__title
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id
ORDER BY u.id, p.id;
"""
    queries = load(DATA + "\n" + text, CheckedPerson, CheckedPost)
    with database.begin() as conn:
        queries.fill_people(conn, PEOPLE)
        queries.fill_posts(conn, POSTS)
        found = _twice(queries.all, conn)
    assert found[0] == CheckedPerson(1, "moshe", (CheckedPost(11, "first"), CheckedPost(13, "second")))


def test_a_star_shows_its_columns_at_the_first_call(
    database: pydb.Database, create_tables: CreateTables, load: Load
) -> None:
    """The root's columns may be a ``*``; then a level that the statement lacks is refused."""
    create_tables(TABLES)
    text = """\
-- name: all :many PersonWithPosts
-- @group posts Post
SELECT u.*, p.id AS posts__id, p.title AS posts__title
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id
ORDER BY u.id, p.id;
"""
    queries = load(DATA + "\n" + text, *RECORDS)
    with database.begin() as conn:
        queries.fill_people(conn, PEOPLE)
        queries.fill_posts(conn, POSTS)
        assert [len(item.posts) for item in _twice(queries.all, conn)] == [2, 0, 2, 1]


# JSON.

ARRAYS = {
    "sqlite": "(SELECT json_group_array(json_object({0})) FROM {1})",
    "postgresql": "(SELECT json_agg(json_build_object({0})) FROM {1})",
    "mariadb": "(SELECT JSON_ARRAYAGG(JSON_OBJECT({0})) FROM {1})",
}


def _array(engine: str, pairs: dict[str, str], source: str) -> str:
    return ARRAYS[engine].format(", ".join(f"'{key}', {value}" for key, value in pairs.items()), source)


def test_json_gives_the_same_objects(database: pydb.Database, queries: Any, load: Load, engine_name: str) -> None:
    """A json level returns what the join returns, with :many, :maybe and :stream."""
    array = _array(engine_name, {"id": "p.id", "title": "p.title"}, "posts AS p WHERE p.person_id = u.id")
    text = "\n".join(
        f"""\
-- name: {word} :{word} PersonWithPosts
-- @group posts Post json
SELECT u.id, u.name, {array} AS posts
FROM people AS u{" WHERE u.id = 3" if word == "maybe" else ""} ORDER BY u.id LIMIT 4;
"""
        for word in ("many", "maybe", "stream")
    )
    loaded = load(text, *RECORDS)
    wanted = [
        PersonWithPosts(item.id, item.name, tuple(Post(post.id, post.title) for post in item.posts))
        for item in EVERYTHING
    ]
    with database.read() as conn:
        assert _twice(loaded.many, conn) == wanted
        assert _twice(loaded.maybe, conn) == wanted[2]
        assert list(loaded.stream(conn)) == wanted


def test_objects_that_are_all_null_are_absent(
    database: pydb.Database, queries: Any, load: Load, engine_name: str
) -> None:
    """An array that an outer join has filled with NULLs is an empty collection."""
    array = _array(engine_name, {"id": "p.id", "title": "p.title"}, "X").partition("FROM")[0].strip()
    call = array.removeprefix("(SELECT ")
    text = f"""\
-- name: all :many PersonWithPosts
-- @group posts Post json
SELECT u.id, u.name, {call} AS posts
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id
GROUP BY u.id, u.name ORDER BY u.id;
"""
    with database.read() as conn:
        found = load(text, *RECORDS).all(conn)
    assert [len(item.posts) for item in found] == [2, 0, 2, 1]


class Role(Enum):
    ADMIN = "admin"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Value:
    number: int
    price: Decimal
    ok: bool
    day: date
    moment: datetime
    instant: pydb.AwareDatetime
    clock: time
    key: UUID
    role: Role
    note: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    id: int
    items: tuple[Value, ...]


VALUE_TABLES = {
    "sqlite": """\
CREATE TABLE vals (id integer PRIMARY KEY, number integer, price numeric, ok integer, day text, moment text,
    instant text, clock text, uid text, role text, note text);""",
    "postgresql": """\
CREATE TABLE vals (id bigint PRIMARY KEY, number bigint, price numeric(38, 12), ok boolean, day date,
    moment timestamp, instant timestamptz, clock time, uid uuid, role text, note text);""",
    "mariadb": """\
CREATE TABLE vals (id bigint PRIMARY KEY, number bigint, price decimal(38, 12), ok boolean, day date,
    moment datetime(6), instant datetime(6), clock time(6), uid uuid, role varchar(20), note text);""",
}
COLUMNS = ("number", "price", "ok", "day", "moment", "instant", "clock", "uid", "role", "note")


def test_json_brings_every_type_exactly_or_refuses_it(
    database: pydb.Database, create_tables: CreateTables, load: Load, engine_name: str
) -> None:
    """Numbers with all digits, booleans, times, UUIDs, Enums and NULL are unchanged in JSON."""
    create_tables(VALUE_TABLES[engine_name])
    fields = {"key" if name == "uid" else name: f"v.{name}" for name in COLUMNS}
    text = f"""\
-- name: fill :batch
INSERT INTO vals (id, {", ".join(COLUMNS)}) VALUES (:id, {", ".join(f":{name}" for name in COLUMNS)});

-- name: all :many Holder
-- @group items Value json
SELECT 1 AS id, {_array(engine_name, fields, "vals AS v")} AS items;
"""
    price = Decimal("1234567890.12345") if engine_name == "sqlite" else Decimal("12345678901234567890.123456789012")
    values = [
        Value(
            2**60 + 1,
            price,
            True,
            date(2026, 1, 31),
            datetime(2026, 1, 31, 12, 0, 0, 123456),
            datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=UTC),
            time(23, 59, 59, 999999),
            UUID("12345678-1234-5678-1234-567812345678"),
            Role.ADMIN,
            'it\'s "quoted" \u20ac \U0001f600\n',
        ),
        Value(
            -1,
            Decimal("19.90"),
            False,
            date(1, 1, 1),
            datetime(1999, 12, 31),
            datetime(1999, 12, 31, tzinfo=UTC),
            time(0),
            UUID(int=0),
            Role.GUEST,
            None,
        ),
    ]
    queries = load(text, Holder, Value)
    with database.begin() as conn:
        for number, value in enumerate(values):
            given = {name: getattr(value, "key" if name == "uid" else name) for name in COLUMNS}
            queries.fill(conn, [{"id": number, **given}])
        (found,) = _twice(queries.all, conn)
    assert sorted(found.items, key=lambda item: -item.number) == values


@dataclass(frozen=True, slots=True)
class File:
    id: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Folder:
    id: int
    files: tuple[File, ...]


def test_bytes_in_json_are_refused(database: pydb.Database, load: Load, engine_name: str) -> None:
    """A record with bytes is refused for a json level before anything is sent."""
    array = _array(engine_name, {"id": "1", "body": "'x'"}, "(SELECT 1 AS a) AS t")
    text = f"""\
-- name: all :many Folder
-- @group files File json
SELECT 1 AS id, {array} AS files;
"""
    with database.read() as conn, pytest.raises(RecordError, match=r"File\.body is bytes, which .* cannot write"):
        load(text, Folder, File).all(conn)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('[{"id": 1, "title": ', "column posts contains text that is not JSON"),
        ("{}", "column posts contains JSON that is not an array"),
        ("[1]", "contains an array with items that are not objects"),
        ('[{"id": 1}]', "record Post has no key for field title"),
        ('[{"id": 1, "title": "x", "more": 1}]', "1 keys without a field"),
        ('[{"id": "x", "title": "x"}]', "id is a str that is not a int"),
        ('[{"id": 1, "title": null}]', "title is NULL, and str is not"),
    ],
)
def test_json_that_does_not_fit(database: pydb.Database, load: Load, value: str, message: str) -> None:
    """JSON that was cut off, or that does not fit the record, raises RowError with the column's name."""
    text = f"""\
-- name: all :many PersonWithPosts
-- @group posts Post json
SELECT 1 AS id, 'moshe' AS name, '{value}' AS posts;
"""
    with database.read() as conn, pytest.raises(RowError, match=message):
        load(text, *RECORDS).all(conn)


@pytest.mark.engines("mariadb")
def test_long_json_is_whole(database: pydb.Database, create_tables: CreateTables, load: Load) -> None:
    """pydb's connections get arrays larger than MariaDB's limit of one megabyte for them."""
    create_tables(TABLES)
    text = f"""\
{DATA}
-- name: all :one PersonWithPosts
-- @group posts Post json
SELECT 1 AS id, 'moshe' AS name, {_array("mariadb", {"id": "id", "title": "title"}, "posts")} AS posts;
"""
    queries = load(text, *RECORDS)
    rows = [{"id": number, "person_id": 1, "title": "x" * 199} for number in range(1, 8_001)]
    with database.begin() as conn:
        queries.fill_posts(conn, rows)
        assert len(queries.all(conn).posts) == 8_000


OPTIONAL = """\
-- name: search :{} Person
-- @group posts PostWithComments
-- @group posts.comments Comment
SELECT
    u.id, u.name, p.id AS posts__id, p.title AS posts__title,
    c.id AS posts__comments__id, c.body AS posts__comments__body
FROM people AS u
LEFT OUTER JOIN posts AS p ON p.person_id = u.id
LEFT OUTER JOIN comments AS c ON c.post_id = p.id
WHERE
    TRUE
    AND u.name = :name -- if :name
    AND u.id IN (:ids) -- if :ids
ORDER BY u.id, p.id, c.id;
"""


@pytest.mark.parametrize("word", ["many", "stream", "maybe"])
def test_optional_lines_in_nested_rows(database: pydb.Database, queries: Any, load: Load, word: str) -> None:
    """Each variant of a statement with optional lines returns nested rows."""
    search = load(OPTIONAL.format(word), *RECORDS).search

    def found(conn: Any, **given: Any) -> Any:
        result = search(conn, **given)
        return [result] if word == "maybe" else list(result)

    with database.read() as conn:
        for _ in range(2):
            assert found(conn, name="moshe") == EVERYTHING[:1]
            assert found(conn, ids=[2]) == EVERYTHING[1:2]
            assert found(conn, name="ada", ids=[4]) == EVERYTHING[3:]
            if word != "maybe":
                assert found(conn) == EVERYTHING


def test_an_overlay_may_make_json_of_a_join(
    database: pydb.Database, queries: Any, load: Load, engine_name: str
) -> None:
    """The form of one engine joins what another form reads from JSON, and the objects are the same."""
    header = "-- name: all :many PersonWithPosts\n"
    join = f"""{header}-- @group posts Post
SELECT u.id, u.name, p.id AS posts__id, p.title AS posts__title
FROM people AS u LEFT OUTER JOIN posts AS p ON p.person_id = u.id
ORDER BY u.id, p.id;
"""
    array = _array(engine_name, {"id": "p.id", "title": "p.title"}, "posts AS p WHERE p.person_id = u.id")
    json = f"""{header}-- @group posts Post json
SELECT u.id, u.name, {array} AS posts FROM people AS u ORDER BY u.id;
"""
    with database.read() as conn:
        joined = load(join, *RECORDS).all(conn)
        assert load(join, *RECORDS, **{engine_name: json}).all(conn) == joined
    with pytest.raises(SqlFileError, match="levels @group posts Name here, @group posts Post in"):
        load(join, *RECORDS, **{engine_name: json.replace("posts Post", "posts Name")})


def test_every_level_needs_its_record(load: Load) -> None:
    """Loading with records refuses a level whose record is missing."""
    with pytest.raises(SqlFileError, match="there is no record PostWithComments"):
        load(STATEMENTS, *(record for record in RECORDS if record is not PostWithComments))


@dataclass(frozen=True, slots=True)
class OnlyPosts:
    posts: tuple[Post, ...]


def test_a_root_needs_a_column(database: pydb.Database, create_tables: CreateTables, load: Load) -> None:
    """If ``*`` hides it until the first call, a root without its own columns is refused at that call."""
    create_tables(TABLES)
    text = """\
-- name: all :many OnlyPosts
-- @group posts Post
SELECT q.* FROM (SELECT id AS posts__id, title AS posts__title FROM posts) AS q;
"""
    with database.read() as conn, pytest.raises(RecordError, match="the root has no column of its own"):
        load(text, Post, OnlyPosts).all(conn)


@pytest.mark.parametrize("word", ["many", "stream"])
def test_json_on_a_connection_that_is_closed(
    database: pydb.Database, queries: Any, load: Load, engine_name: str, word: str
) -> None:
    """A json level on a closed connection fails like every statement."""
    array = _array(engine_name, {"id": "p.id", "title": "p.title"}, "posts AS p")
    text = f"""\
-- name: all :{word} PersonWithPosts
-- @group posts Post json
SELECT u.id, u.name, {array} AS posts FROM people AS u;
"""
    loaded = load(text, *RECORDS)
    with database.read() as conn:
        assert len(list(loaded.all(conn))) == len(PEOPLE)
    with pytest.raises(ResourceClosedError):
        loaded.all(conn)
