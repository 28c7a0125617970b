"""Show the sample: a database URL in, tables on the terminal out.  Run it as ``python -m pydb.sample.tour [URL]``.

The title of each table has the name of its statement, and the number of statements that were sent for it.  A second run
finds the rows of the first run and does not change the database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, event

from pydb.database import Database
from pydb.errors import CheckViolation, PydbError, UniqueViolation
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
    Parent,
    ParentChild,
    ParentKind,
    Product,
    Profile,
    Student,
    Tag,
    User,
    UserMessage,
    activities,
    blog_posts,
    books,
    cars,
    children,
    comments,
    departments,
    employees,
    filters,
    messages,
    parents,
    products,
    profiles,
    reports,
    students,
    tags,
    user_message_association,
    users,
)
from pydb.sample.files import open as open_sample

try:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pydb.cli.output import cell_text
except ModuleNotFoundError:
    sys.exit('the tour needs rich, which is not installed    hint: pip install "pydb[cli]"')

DEFAULT_URL = "sqlite:///blog.db"

USER = ("id", "username", "email", "role", "active")


class Printer:
    """Prints the results of statements, and counts the named statements that are sent to an engine."""

    def __init__(self, database: Database) -> None:
        self.console = Console(highlight=False)
        self.sent = 0
        self.shown = 0
        event.listen(database.engine, "before_cursor_execute", self._count)

    def _count(self, conn: Connection, cursor: object, statement: str, *_: object) -> None:
        # The comment is the name of a statement; BEGIN and SAVEPOINT have no comment.
        self.sent += statement.startswith("/* ")

    def chapter(self, title: str) -> None:
        """Print the title of a part of the tour."""
        self.console.print()
        self.console.rule(Text(title, "bold"))
        self.count_from_here()

    def count_from_here(self) -> None:
        """Start the count for the next table at 0: statements that were sent before do not belong to it."""
        self.shown = self.sent

    def say(self, text: str) -> None:
        """Print a line between tables."""
        self.console.print(Text(text))
        self.count_from_here()

    def show(self, name: str, result: Any, columns: Sequence[str] = ()) -> None:
        """Print a table of the result of the statement ``name``: a record, a list of them, or one value.

        The title has the number of round trips since the last table.  ``columns`` are the columns of the record to
        show, by default all, or the name of a single value.
        """
        trips, self.shown = self.sent - self.shown, self.sent
        rows = result if isinstance(result, list) else [result]
        table = _table(rows, columns)
        every = len(fields(rows[0])) if rows and is_dataclass(rows[0]) else 0
        note = f", {len(columns)} of {every} columns" if columns and every else ""
        count = f"  {trips} round trip{'' if trips == 1 else 's'}{note}"
        self.console.print(Text.assemble((name, "bold cyan"), (count, "dim")))
        self.console.print(table)


def _table(rows: Sequence[Any], columns: Sequence[str]) -> Table:
    table = Table(show_header=False)
    if not rows:
        table.add_row("(no rows)")
    elif is_dataclass(rows[0]):
        names = columns or [field.name for field in fields(rows[0])]
        table = Table(*names)
        for row in rows:
            table.add_row(*(_cell(getattr(row, name)) for name in names))
    else:
        table = Table(*columns)
        for row in rows:
            table.add_row(_cell(row))
    return table


def _cell(value: Any) -> Text | Table:
    if value is None:
        return Text("NULL", "dim italic")
    if is_dataclass(value) or (isinstance(value, tuple) and value):
        return _table(value if isinstance(value, tuple) else [value], ())
    if value == ():
        return Text("none", "dim italic")
    if isinstance(value, Decimal):
        return Text(f"{value:.2f}")
    # Without microseconds, the table fits on the screen.
    return Text(f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else cell_text(value))


def accounts(conn: Connection, out: Printer) -> None:
    """Create and change users through the factories and methods of their record."""
    out.chapter("Accounts: each record is a row of the database")
    moshe = User.upsert(conn, username="Moshe", email="moshe@example.com")
    User.upsert(conn, username="Person2", email="person2@example.com")
    User.upsert(conn, username="Person3", email="person3@example.org")
    out.show("users.upsert (three times), users.list_all", users.list_all(conn), USER)
    Profile.upsert(
        conn,
        user_id=moshe.id,
        bio="Writes about databases.",
        avatar=b"\x89PNG",
        born_on=date(1984, 6, 8),
        digest_at=time(7, 30),
        settings={"theme": "dark", "languages": ["en", "he"]},
    )
    out.show("profiles.upsert, profiles.of_active_users", profiles.of_active_users(conn))
    try:
        moshe.username = "Moses"  # type: ignore[misc]
    except FrozenInstanceError:
        out.say(
            "A record is a snapshot of a row.  Assigning to it raises FrozenInstanceError; a statement changes the row:"
        )
    moshe.update_email(conn, email="moshe@example.net")
    out.show("users.update_email (and back)", moshe.update_email(conn, email="moshe@example.com"), USER)


def blog(conn: Connection, out: Printer) -> None:
    """Write posts, comments and tags, and read them joined."""
    out.chapter("Blog: a join replaces lazy loading")
    for name, title in (("Moshe", "first"), ("Moshe", "second"), ("Person3", "Person3's Blog")):
        author = _present(users.by_username(conn, username=name))
        if title not in {post.title for post in blog_posts.of_user(conn, user_id=author.id)}:
            BlogPost.create(conn, user_id=author.id, title=title, body=f"{name} writes about {title}.")
    out.count_from_here()
    out.show("blog_posts.with_author", blog_posts.with_author(conn))
    moshe = _present(users.by_username(conn, username="Moshe"))
    out.count_from_here()
    out.show("users.with_posts, 'Moshe'", users.with_posts(conn, id=moshe.id))
    out.show("users.all_with_posts", users.all_with_posts(conn))
    first = blog_posts.list_all(conn)[0]
    for name in ("raw sql", "sql basics", "python"):
        BlogPostTag.get_or_create(conn, blog_post_id=first.id, tag_id=Tag.get_or_create(conn, name=name).id)
    if not comments.of_post(conn, blog_post_id=first.id):
        _discuss(conn, first)
    out.count_from_here()
    out.show("blog_posts.overview", blog_posts.overview(conn, id=first.id))
    out.show("blog_posts.with_comments", blog_posts.with_comments(conn), ("title", "author", "comments", "tags"))
    out.show("comments.thread", comments.thread(conn, blog_post_id=first.id))


def _discuss(conn: Connection, post: BlogPost) -> None:
    parent_id: int | None = None
    for name, body in (("Person2", "Good start!"), ("Moshe", "Thank you."), ("Person2", "More, please.")):
        author = _present(users.by_username(conn, username=name))
        parent_id = Comment.create(conn, blog_post_id=post.id, user_id=author.id, parent_id=parent_id, body=body).id
    reader = _present(users.by_username(conn, username="Person3"))
    Comment.create(conn, blog_post_id=post.id, user_id=reader.id, parent_id=None, body="Me too.")


def rules(conn: Connection, out: Printer) -> None:
    """Violate a constraint inside a savepoint, and continue."""
    out.chapter("Constraints: the error names the table and the columns")
    try:
        with conn.begin_nested():
            User.create(conn, username="Moshe", email="other@example.com")
    except UniqueViolation as error:
        out.say(f"Moshe already exists: {type(error).__name__} in {error.table}, column {', '.join(error.columns)}.")
    known = []
    for name in ("python", "sql basics", "python"):
        try:
            with conn.begin_nested():
                Tag.create(conn, name=name)
        except UniqueViolation:
            known.append(name)
    out.say(f"An import skips existing tags, with a savepoint for each: {', '.join(known)}.")
    out.show("tags.list_all", tags.list_all(conn))


def choose(conn: Connection, out: Printer) -> None:
    """Choose rows with some of the filters."""
    out.chapter("Filters: each condition on rows is a statement")
    out.show("filters.contains_ignoring_case, 'PERSON'", filters.contains_ignoring_case(conn, part="PERSON"), USER)
    out.show("filters.starts_with, '%'", filters.starts_with(conn, prefix="%"))
    out.show("filters.in_list", filters.in_list(conn, usernames=["Moshe", "Person3"]), USER)
    out.say(
        "A line that ends in -- if is sent only if its parameter is passed.  This call passes two filters and an order."
    )
    found = users.page(conn, limit=10, search="person", active=True, order="oldest")
    out.show("users.page[active,search,order=oldest]", found, USER)


def post_office(conn: Connection, out: Printer) -> None:
    """Deliver messages and read them."""
    out.chapter("Messages: a lookup table, and an association table with a column")
    if not messages.list_all(conn):
        news = Message.create_of_type(conn, type_name="Global", subject="Welcome", body="Good to have you.")
        user_message_association.deliver_to_active(conn, message_id=news.id)
        hint = Message.create_of_type(conn, type_name="Personal", subject="Hint", body="Try make query.")
        UserMessage.create(conn, user_id=users.list_all(conn)[0].id, message_id=hint.id)
    moshe = _present(users.by_username(conn, username="Moshe"))
    welcome = messages.of_type(conn, type_name="Global")[0]
    out.count_from_here()
    # Only the first call sets the time of reading, so a second run does not change it.
    read = user_message_association.mark_read(conn, user_id=moshe.id, message_id=welcome.id, read_at=datetime.now(UTC))
    out.show("user_message_association.mark_read", read)
    out.show("messages.of_type, 'Global'", messages.of_type(conn, type_name="Global"))
    out.show("messages.unread_of", messages.unread_of(conn, user_id=moshe.id))


def school(conn: Connection, out: Printer) -> None:
    """Enroll students."""
    out.chapter("School: an association table with dates")
    dana = students.first_by_name(conn, name="Dana") or Student.create(conn, name="Dana")
    for name, start, end in (
        ("Chess", date(2023, 9, 1), date(2024, 6, 30)),
        ("Choir", date(2024, 9, 1), None),
        ("Robotics", date(2025, 2, 1), None),
    ):
        activity = Activity.get_or_create(conn, name=name)
        Enrollment.upsert(conn, student_id=dana.id, activity_id=activity.id, start_date=start, end_date=end)
    out.count_from_here()
    out.show("activities.current_of_student", activities.current_of_student(conn, student_id=dana.id))
    out.show("activities.past_of_student", activities.past_of_student(conn, student_id=dana.id))


def company(conn: Connection, out: Printer) -> None:
    """Let an employee work in two departments."""
    out.chapter("Company: many to many, with a column for the title")
    ruth = employees.first_by_name(conn, name="Ruth") or Employee.create(conn, name="Ruth")
    for name, title in (("Engineering", "Database administrator"), ("Research", "Adviser")):
        department = Department.get_or_create(conn, name=name)
        DepartmentEmployee.upsert(conn, department_id=department.id, employee_id=ruth.id, job_title=title)
    out.count_from_here()
    out.show("departments.of_employee", departments.of_employee(conn, employee_id=ruth.id))
    out.show("departments.with_employees", departments.with_employees(conn))


def family(conn: Connection, out: Printer) -> None:
    """Make one person a biological and a step parent."""
    out.chapter("Family: one person is two kinds of parent")
    noa = parents.first_by_name(conn, name="Noa") or Parent.create(conn, name="Noa")
    for name, kind in (("Yael", ParentKind.BIOLOGICAL), ("Adam", ParentKind.STEP)):
        child = children.first_by_name(conn, name=name) or Child.create(conn, name=name)
        ParentChild.upsert(conn, parent_id=noa.id, child_id=child.id, kind=kind)
    out.count_from_here()
    out.show("children.of_parent", children.of_parent(conn, parent_id=noa.id))


def library(conn: Connection, out: Printer) -> None:
    """Take a book and bring it back."""
    out.chapter("Library and garage: a change returns the new record")
    Book.upsert(conn, title="1984", author="George Orwell", pages=328)
    brave = Book.upsert(conn, title="Brave New World", author="Aldous Huxley", pages=311)
    out.show("books.upsert, books.list_all", books.list_all(conn))
    out.show("books.mark_unavailable", brave.mark_unavailable(conn))
    out.show("books.mark_available", brave.mark_available(conn))
    car = cars.first_of_brand(conn, brand="Toyota") or Car.create(conn, brand="Toyota", model="Corolla")
    out.count_from_here()
    out.show("cars.rename_model", car.rename_model(conn, model="Camry"))


def inventory(conn: Connection, out: Printer) -> None:
    """Price, stock and the rule that stock is never negative."""
    out.chapter("Inventory: constraints and bulk updates")
    widget = Product.upsert(conn, sku="SKU123", name="Widget", price=Decimal("9.99"))
    gadget = Product.upsert(conn, sku="SKU124", name="Gadget", price=Decimal("19.99"))
    widget.adjust_stock(conn, quantity=100 - widget.stock)
    gadget.adjust_stock(conn, quantity=40 - gadget.stock)
    out.show("products.upsert, products.adjust_stock, products.list_all", products.list_all(conn))
    try:
        with conn.begin_nested():
            widget.adjust_stock(conn, quantity=-101)
    except CheckViolation as error:
        out.say(f"The stock cannot become negative: {type(error).__name__} of {error.constraint}.")
    price = Decimal("4.99")
    sale = conn.begin_nested()
    out.count_from_here()
    changed = products.bulk_set_price(conn, price=price, skus=["SKU123", "SKU124"])
    out.show("products.bulk_set_price", changed, ["changed"])
    out.show("products.stock_value", products.stock_value(conn), ["stock_value"])
    sale.rollback()
    out.say("The savepoint of the bulk update is rolled back: the old prices are back.")
    out.show("products.stock_value", products.stock_value(conn), ["stock_value"])


def figures(conn: Connection, out: Printer) -> None:
    """Run the reports."""
    out.chapter("Reports: common table expressions and window functions")
    out.show("reports.authors.posts_per_author", reports.authors.posts_per_author(conn))
    out.show("reports.stock.running_value", reports.stock.running_value(conn))
    out.show("reports.enrollments.by_month", reports.enrollments.by_month(conn))
    out.show("reports.tags.top_words", reports.tags.top_words(conn, limit=3))


CHAPTERS: tuple[Callable[[Connection, Printer], None], ...] = (
    accounts,
    blog,
    rules,
    choose,
    post_office,
    school,
    company,
    family,
    library,
    inventory,
)


def _present(user: User | None) -> User:
    assert user is not None
    return user


def tour(database: Database) -> None:
    """Run the whole tour: each chapter in a transaction, and the reports in a read-only transaction."""
    out = Printer(database)
    for chapter in CHAPTERS:
        with database.begin() as conn:
            chapter(conn, out)
    with database.read() as conn:
        figures(conn, out)
    out.console.print()
    out.say(f"{out.sent} statements in {len(CHAPTERS) + 1} transactions.  Run it again: nothing changes.")


def main(arguments: list[str]) -> int:
    """Run the tour on the given URL, or ``$DATABASE_URL``, or blog.db.  Return the exit code."""
    url = arguments[0] if arguments else os.environ.get("DATABASE_URL") or DEFAULT_URL
    try:
        with open_sample(url) as database:
            tour(database)
    except PydbError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
