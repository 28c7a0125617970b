"""The reports of sql/reports/ on a small set of rows whose figures are known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from pydb import Database
from pydb.sample import Activity, BlogPost, Enrollment, Product, Student, Tag, User, queries, reports


def users_with_posts(conn: Connection, **posts: int) -> None:
    for name, count in posts.items():
        user = User.create(conn, username=name, email=f"{name}@example.com")
        for number in range(1, count + 1):
            BlogPost.create(conn, user_id=user.id, title=f"{name} {number}", body="")


def test_posts_per_author_with_rank(db: Database) -> None:
    """Authors with the same number of posts share a rank, the next rank is skipped, and every author is listed."""
    with db.begin() as conn:
        users_with_posts(conn, one=1, three=3, uno=1, none=0)
        rows = [(row.username, row.posts, row.place) for row in reports.authors.posts_per_author(conn)]
    assert rows == [("three", 3, 1), ("one", 1, 2), ("uno", 1, 2), ("none", 0, 4)]


def test_longest_silence(db: Database) -> None:
    """An author's last post is returned with the number of later posts; an author without posts is not listed."""
    with db.begin() as conn:
        users_with_posts(conn, early=2, none=0, late=3)
        rows = [(row.username, row.last_title, row.posts_after) for row in reports.authors.longest_silence(conn)]
    assert rows == [("early", "early 2", 3), ("late", "late 3", 0)]


def test_running_stock_value(db: Database) -> None:
    """The running total of the products' values is exact."""
    with db.begin() as conn:
        for sku, price, stock in (("B", "0.10", 3), ("A", "19.99", 2), ("C", "5.00", 0)):
            Product.create(conn, sku=sku, name=sku, price=Decimal(price), stock=stock)
        rows = [(row.sku, row.stock_value, row.running_value) for row in reports.stock.running_value(conn)]
    assert rows == [
        ("A", Decimal("39.98"), Decimal("39.98")),
        ("B", Decimal("0.30"), Decimal("40.28")),
        ("C", Decimal(0), Decimal("40.28")),
    ]


def test_stock_by_month(db: Database) -> None:
    """The month of an instant is its month in UTC, and only products that are still sold are counted as sold."""
    before = datetime.now(UTC)
    with db.begin() as conn:
        Product.create(conn, sku="A", name="A", price=Decimal("1.50"), stock=2)
        Product.create(conn, sku="B", name="B", price=Decimal("2.00"), stock=1).deactivate(conn)
        (row,) = reports.stock.by_month(conn)
    assert row.month in (f"{before:%Y-%m}", f"{datetime.now(UTC):%Y-%m}")
    assert (row.products, row.still_sold, row.stock_value) == (2, 1, Decimal("5.00"))


def test_enrollments_by_activity_and_month(db: Database) -> None:
    """Each activity has the number of students who joined in a month, and of those who are still enrolled."""
    with db.begin() as conn:
        students = [Student.create(conn, name=name) for name in ("a", "b", "c")]
        chess, choir = (Activity.create(conn, name=name) for name in ("Chess", "Choir"))
        for student, activity, start, end in (
            (students[0], chess, date(2024, 1, 1), None),
            (students[1], chess, date(2024, 1, 31), date(2024, 2, 1)),
            (students[2], chess, date(2024, 2, 29), None),
            (students[0], choir, date(2024, 1, 15), date(2024, 1, 15)),
        ):
            Enrollment.create(conn, student_id=student.id, activity_id=activity.id, start_date=start, end_date=end)
        rows = [(row.month, row.activity, row.joined, row.still_in) for row in reports.enrollments.by_month(conn)]
    assert rows == [("2024-01", "Chess", 2, 1), ("2024-01", "Choir", 1, 0), ("2024-02", "Chess", 1, 1)]


def test_top_words_of_tags(db: Database) -> None:
    """Words are counted over all tags, whatever spaces surround them; words in another case are different words."""
    with db.begin() as conn:
        for name in ("sql", "raw sql", " sql  basics ", "SQL", "é 😀"):
            Tag.create(conn, name=name)
        rows = [(row.word, row.tags) for row in reports.tags.top_words(conn, limit=3)]
        every = [row.word for row in reports.tags.top_words(conn, limit=99)]
    assert rows == [("sql", 3), ("SQL", 1), ("basics", 1)]
    assert every == ["sql", "SQL", "basics", "raw", "é", "😀"]


def test_reports_over_nothing_are_empty(db: Database) -> None:
    """On empty tables, every report returns no row and does not fail."""
    with db.read() as conn:
        for query in queries.reports.authors, queries.reports.stock, queries.reports.enrollments:
            for statement in query:
                assert statement(conn) == []
        assert reports.tags.top_words(conn, limit=1) == []
