"""Records and their factories: after creating a record its row exists; a record is a snapshot."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from pydb import Database
from pydb.errors import ConstraintViolation, NoRow, NotNullViolation, ParameterError, UniqueViolation
from pydb.sample import (
    Activity,
    BlogPost,
    BlogPostTag,
    Book,
    Car,
    Child,
    Comment,
    Department,
    DepartmentEmployee,
    Employee,
    Enrollment,
    Message,
    MessageType,
    Parent,
    ParentChild,
    ParentKind,
    Product,
    Profile,
    Role,
    Student,
    Tag,
    User,
    UserMessage,
    blog_posts,
    books,
    cars,
    comments,
    parents,
    products,
    tags,
    users,
)

FACTORIES: list[tuple[Any, dict[str, Any]]] = [
    (User, {"username": "Moshe", "email": "moshe@example.com"}),
    (
        Profile,
        {"user_id": 1, "bio": None, "avatar": b"\x00", "born_on": None, "digest_at": None, "settings": {"a": [1]}},
    ),
    (BlogPost, {"user_id": 1, "title": "first", "body": ""}),
    (Comment, {"blog_post_id": 1, "user_id": 1, "parent_id": None, "body": "hello"}),
    (Tag, {"name": "sql"}),
    (BlogPostTag, {"blog_post_id": 1, "tag_id": 1}),
    (MessageType, {"id": 7, "name": "Urgent"}),
    (Message, {"message_type_id": 7, "subject": "hint", "body": ""}),
    (UserMessage, {"user_id": 1, "message_id": 1}),
    (Student, {"name": "Dana"}),
    (Activity, {"name": "Chess"}),
    (Enrollment, {"student_id": 1, "activity_id": 1, "start_date": date(2024, 1, 1), "end_date": None}),
    (Department, {"name": "Research"}),
    (Employee, {"name": "Ruth"}),
    (DepartmentEmployee, {"department_id": 1, "employee_id": 1, "job_title": "Adviser"}),
    (Parent, {"name": "Noa"}),
    (Child, {"name": "Yael"}),
    (ParentChild, {"parent_id": 1, "child_id": 1, "kind": ParentKind.STEP}),
    (Book, {"title": "1984", "author": "George Orwell", "pages": 328}),
    (Car, {"brand": "Toyota", "model": "Corolla"}),
    (Product, {"sku": "SKU123", "name": "Widget", "price": Decimal("9.99"), "stock": 3}),
]


def sent_by(db: Database) -> list[str]:
    """The named statements that are sent to the database from now on."""
    sent: list[str] = []

    def note(conn: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("/* "):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    return sent


def test_every_factory_inserts_and_returns_the_row(db: Database) -> None:
    """Every factory sends one statement, and returns the given values with the key."""
    sent = sent_by(db)
    with db.begin() as conn:
        for count, (record, given) in enumerate(FACTORIES, 1):
            row = record.create(conn, **given)
            assert type(row) is record
            assert {name: getattr(row, name) for name in given} == given
            assert getattr(row, "id", 1) in (1, 7)
            assert len(sent) == count


def test_factory_returns_the_defaults_of_the_database(db: Database) -> None:
    """Values that the caller leaves out are returned as the database sets them."""
    before = datetime.now(UTC) - timedelta(seconds=2)
    with db.begin() as conn:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        employee = Employee.create(conn, name="Ruth")
    assert (user.active, user.role, user.balance, user.age) == (True, Role.USER, Decimal(0), None)
    assert before <= user.created_at <= datetime.now(UTC) + timedelta(seconds=2)
    assert abs(employee.hired_on - datetime.now(UTC).date()) <= timedelta(days=1)


def test_upsert_keeps_the_key_and_takes_the_new_values(db: Database) -> None:
    """Two upserts with the same natural key result in one row with one id and the last values."""
    with db.begin() as conn:
        first = User.upsert(conn, username="Moshe", email="old@example.com")
        second = User.upsert(conn, username="Moshe", email="new@example.com")
        assert (second.id, second.email, users.count_all(conn)) == (first.id, "new@example.com", 1)
        widget = Product.create(conn, sku="SKU123", name="Widget", price=Decimal("9.99"), stock=5)
        again = Product.upsert(conn, sku="SKU123", name="Widget II", price=Decimal("8.00"))
        assert (again.id, again.name, again.price, again.stock) == (widget.id, "Widget II", Decimal(8), 5)
        assert products.count_all(conn) == 1


def test_upsert_does_not_take_over_another_row(db: Database) -> None:
    """An upsert with a new name and the email of another user is refused, and changes no user."""
    with db.begin() as conn:
        moshe = User.create(conn, username="Moshe", email="moshe@example.com")
    with pytest.raises(ConstraintViolation), db.begin() as conn:
        User.upsert(conn, username="Thief", email="moshe@example.com")
    with db.read() as conn:
        assert users.list_all(conn) == [moshe]


def test_get_or_create_returns_the_row_that_exists(db: Database) -> None:
    """An existing row is returned unchanged, and a missing row is inserted."""
    with db.begin() as conn:
        made = Tag.get_or_create(conn, name="sql")
        assert Tag.get_or_create(conn, name="sql") == made
        assert Tag.get_or_create(conn, name="SQL") != made
        assert len(tags.list_all(conn)) == 2


def test_records_cannot_be_assigned_to_and_building_one_writes_nothing(db: Database) -> None:
    """Assigning to a record raises an error, and neither reading nor making a record changes the database."""
    with db.begin() as conn:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        Car(id=9, brand="Toyota", model="Corolla")
        read = users.by_id(conn, id=user.id)
        with pytest.raises(FrozenInstanceError):
            read.email = "other@example.com"  # type: ignore[union-attr,misc]
    with db.read() as conn:
        assert users.list_all(conn) == [user]
        assert cars.list_all(conn) == []


def test_key_is_known_before_commit_and_usable_at_once(db: Database) -> None:
    """A user's key is used for two posts in the same transaction; after a rollback none of the rows exists."""
    with db.begin() as conn:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        for title in ("first", "second"):
            BlogPost.create(conn, user_id=user.id, title=title, body="")
        assert [post.title for post in blog_posts.of_user(conn, user_id=user.id)] == ["first", "second"]
        conn.rollback()
    with db.read() as conn:
        assert (users.list_all(conn), blog_posts.list_all(conn)) == ([], [])


def test_several_inserts_are_one_unit(db: Database) -> None:
    """A user, the posts and the comments are all inserted, or after an error none of them."""

    def write(conn: Connection, comment: str | None) -> None:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        post = BlogPost.create(conn, user_id=user.id, title="first", body="")
        Comment.create(conn, blog_post_id=post.id, user_id=user.id, parent_id=None, body=comment)  # type: ignore[arg-type]

    with pytest.raises(NotNullViolation), db.begin() as conn:
        write(conn, None)
    with db.begin() as conn:
        assert users.count_all(conn) == 0
        write(conn, "seen")
    with db.read() as conn:
        assert [comment.body for comment in comments.list_all(conn)] == ["seen"]


def test_duplicates_inside_savepoints_are_skipped(db: Database) -> None:
    """An import skips existing rows with a savepoint for each, and commits the others."""
    skipped = []
    with db.begin() as conn:
        for name in ("a", "b", "a", "c", "b"):
            try:
                with conn.begin_nested():
                    Tag.create(conn, name=name)
            except UniqueViolation:
                skipped.append(name)
    with db.read() as conn:
        assert [tag.name for tag in tags.list_all(conn)] == ["a", "b", "c"]
    assert skipped == ["a", "b"]


def test_duplicate_raises_unique_violation_with_table_and_columns(db: Database) -> None:
    """A duplicate outside a savepoint raises an error that names the table and the column."""
    with db.begin() as conn:
        User.create(conn, username="Moshe", email="moshe@example.com")
    with pytest.raises(UniqueViolation) as caught, db.begin() as conn:
        User.create(conn, username="Moshe", email="other@example.com")
    assert (caught.value.table, caught.value.columns) == ("users", ("username",))
    assert caught.value.statement_name == "users.create"
    with pytest.raises(UniqueViolation) as caught, db.begin() as conn:
        User.create(conn, username="Other", email="moshe@example.com")
    assert caught.value.columns == ("email",)


def test_reads_by_key_by_unique_column_all_first_and_last(db: Database) -> None:
    """One row is found by its key and by its unique columns; all rows, the first and the last are found too."""
    with db.begin() as conn:
        made = [User.create(conn, username=name, email=f"{name}@example.com") for name in ("b", "c", "a")]
        assert users.by_id(conn, id=made[1].id) == made[1]
        assert users.by_username(conn, username="a") == made[2]
        assert users.by_email(conn, email="b@example.com") == made[0]
        assert users.list_all(conn) == made
        assert users.by_ids(conn, ids={made[2].id, made[0].id}) == [made[0], made[2]]
        assert users.page_after(conn, after=made[0].id, limit=1) == [made[1]]
        assert parents.last(conn) is None
        noa, uri = (Parent.create(conn, name=name) for name in ("Noa", "Uri"))
        assert (parents.first(conn), parents.last(conn)) == (noa, uri)
        assert users.by_id(conn, id=made[2].id + 1) is None


def test_a_page_of_the_list_of_users(db: Database) -> None:
    """A filter that is not passed has no effect; in both orders the next page begins after this page's last key."""
    with db.begin() as conn:
        for name in ("ann", "bob", "cleo", "dan", "eve"):
            User.create(conn, username=name, email=f"{name}@example.com")
        bob, eve = users.list_all(conn)[1::3]
        bob.deactivate(conn)
        eve.update_role(conn, role=Role.ADMIN)

        def names(limit: int = 9, **given: Any) -> list[str]:
            return [user.username for user in users.page(conn, limit=limit, **given)]

        assert names() == ["eve", "dan", "cleo", "bob", "ann"]
        assert names(active=True, roles=[Role.USER]) == ["dan", "cleo", "ann"]
        assert names(search="B@EX") == ["bob"]
        assert names(search="%") == []
        first = users.page(conn, limit=2)
        assert names(2, after=first[-1].id) == ["cleo", "bob"]
        first = users.page(conn, limit=2, order="oldest")
        assert [user.username for user in first] == ["ann", "bob"]
        assert names(2, after=first[-1].id, order="oldest") == ["cleo", "dan"]
        assert names(active=False, order="oldest", after=first[0].id) == ["bob"]


def test_a_patch_changes_what_is_passed(db: Database) -> None:
    """Omitted columns are unchanged, None is NULL if the column allows it, and a call without columns is refused."""
    with db.begin() as conn:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        older = user.patch(conn, age=41, role=Role.ADMIN)
        assert older is not None
        assert (older.age, older.role, older.email, older.active) == (41, Role.ADMIN, user.email, True)
        other = older.patch(conn, email="other@example.com", age=None, active=False)
        assert other == replace(older, email="other@example.com", age=None, active=False)
        with pytest.raises(ParameterError, match="give at least one of email, age, rating, active, role"):
            user.patch(conn)
        assert users.by_id(conn, id=user.id) == other
        assert users.patch(conn, id=user.id + 1, active=True) is None


def test_update_returns_the_new_snapshot_or_none(db: Database) -> None:
    """A method that changes its row returns the new row, or None if the row no longer exists."""
    with db.begin() as conn:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        changed = user.update_email(conn, email="new@example.com")
        assert changed is not None
        assert (changed.email, user.email) == ("new@example.com", "moshe@example.com")
        assert users.by_id(conn, id=user.id) == changed

        book = Book.create(conn, title="1984", author="George Orwell", pages=328)
        taken = book.mark_unavailable(conn)
        assert taken is not None
        assert (taken.available, books.list_available(conn)) == (False, [])
        assert taken.mark_available(conn) == book

        car = Car.create(conn, brand="Toyota", model="Corolla")
        assert car.rename_model(conn, model="Camry") == Car(id=car.id, brand="Toyota", model="Camry")
        assert car.delete(conn)
        assert car.rename_model(conn, model="Yaris") is None
        assert cars.list_all(conn) == []


def test_delete_says_whether_the_row_was_there(db: Database) -> None:
    """Deleting returns True the first time and False afterwards; deleting a user deletes the user's posts."""
    with db.begin() as conn:
        user = User.create(conn, username="Moshe", email="moshe@example.com")
        BlogPost.create(conn, user_id=user.id, title="first", body="")
        things: list[User | Book | Car | Product] = [
            user,
            Book.create(conn, title="1984", author="George Orwell", pages=328),
            Car.create(conn, brand="Toyota", model="Corolla"),
            Product.create(conn, sku="SKU123", name="Widget", price=Decimal("9.99"), stock=0),
        ]
        assert [thing.delete(conn) for thing in things] == [True] * 4
        assert [thing.delete(conn) for thing in things] == [False] * 4
        assert blog_posts.list_all(conn) == []


def test_key_of_a_deleted_row_is_not_given_again(db: Database) -> None:
    """With the record of a deleted row nothing is found, not even a row that was inserted later."""
    with db.begin() as conn:
        gone = Tag.create(conn, name="old")
        gone.delete(conn)
        assert Tag.create(conn, name="new").id != gone.id
        assert tags.by_id(conn, id=gone.id) is None


def test_message_of_an_unknown_type_is_no_row(db: Database) -> None:
    """Creating by the name of an unknown type inserts nothing and raises NoRow."""
    with db.begin() as conn:
        with pytest.raises(NoRow), conn.begin_nested():
            Message.create_of_type(conn, type_name="Secret", subject="x", body="")
        assert conn.execute(text("SELECT count(*) FROM messages")).scalar_one() == 0
