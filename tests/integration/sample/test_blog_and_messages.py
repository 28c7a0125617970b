"""Posts, comments, tags and messages: joined rows are read in one round trip."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from pydb import Database
from pydb.errors import ForeignKeyViolation
from pydb.sample import (
    BlogPost,
    BlogPostTag,
    Comment,
    Message,
    PostTitle,
    Tag,
    User,
    UserMessage,
    UserWithPosts,
    blog_posts,
    comments,
    message_type_lookup,
    messages,
    tags,
    user_message_association,
    users,
)


def user(conn: Connection, name: str) -> User:
    return User.create(conn, username=name, email=f"{name}@example.com")


@pytest.fixture
def blog(db: Database) -> Database:
    """Moshe has two posts, Person3 one and Person2 none."""
    with db.begin() as conn:
        moshe, _, person3 = (user(conn, name) for name in ("Moshe", "Person2", "Person3"))
        for author, title in ((moshe, "first"), (moshe, "second"), (person3, "Person3's Blog")):
            BlogPost.create(conn, user_id=author.id, title=title, body="")
    return db


def test_one_user_with_posts_in_one_round_trip(blog: Database) -> None:
    """A user and the user's posts are read in one call, which sends one statement."""
    with blog.read() as conn:
        found = users.with_posts(conn, id=1)
        assert found == UserWithPosts(1, "Moshe", (PostTitle(1, "first"), PostTitle(2, "second")))
        assert users.with_posts(conn, id=999) is None


def test_outer_join_keeps_users_without_posts(blog: Database) -> None:
    """A user without posts is returned with an empty list."""
    with blog.read() as conn:
        found = {user.username: [post.title for post in user.posts] for user in users.all_with_posts(conn)}
    assert found == {"Moshe": ["first", "second"], "Person2": [], "Person3": ["Person3's Blog"]}


def test_posts_with_comments_and_tags(blog: Database) -> None:
    """A post has its author, comments and tags, and comments and tags do not multiply each other."""
    with blog.begin() as conn:
        for name in ("sql", "python"):
            BlogPostTag.get_or_create(conn, blog_post_id=1, tag_id=Tag.get_or_create(conn, name=name).id)
        for body in ("one", "two", "three"):
            Comment.create(conn, blog_post_id=1, user_id=2, parent_id=None, body=body)
        first, second, _ = blog_posts.with_comments(conn)
    assert (first.title, first.author.username) == ("first", "Moshe")
    assert [comment.body for comment in first.comments] == ["one", "two", "three"]
    assert [tag.name for tag in first.tags] == ["python", "sql"]
    assert (second.comments, second.tags) == ((), ())


def test_posts_are_searched(blog: Database) -> None:
    """Posts are found by tag, author and date; the tables of tags are joined only if a tag is passed."""
    with blog.begin() as conn:
        tag = Tag.get_or_create(conn, name="sql")
        for post in blog_posts.list_all(conn)[::2]:
            BlogPostTag.get_or_create(conn, blog_post_id=post.id, tag_id=tag.id)

        def ids(**given: Any) -> list[int]:
            return [post.id for post in blog_posts.search(conn, limit=9, **given)]

        now = datetime.now(UTC)
        assert ids() == [3, 2, 1]
        assert ids(tag="sql", order="oldest") == [1, 3]
        assert ids(tag="sql", author="Moshe") == [1]
        assert ids(since=now - timedelta(hours=1), author="Moshe") == [2, 1]
        assert ids(until=now - timedelta(hours=1)) == []


def test_posts_with_their_author(blog: Database) -> None:
    """Every post has its author's name."""
    with blog.read() as conn:
        rows = [(row.title, row.author) for row in blog_posts.with_author(conn)]
    assert rows == [("first", "Moshe"), ("second", "Moshe"), ("Person3's Blog", "Person3")]


def test_post_with_author_tags_and_comment_count(blog: Database) -> None:
    """The overview of a post counts each comment once, however many tags the post has."""
    with blog.begin() as conn:
        for name in ("sql", "python"):
            BlogPostTag.create(conn, blog_post_id=1, tag_id=Tag.create(conn, name=name).id)
        for number in range(3):
            Comment.create(conn, blog_post_id=1, user_id=2, parent_id=None, body=f"{number}")
        rows = blog_posts.overview(conn, id=1)
        assert [(row.author, row.comments, row.tag) for row in rows] == [("Moshe", 3, "python"), ("Moshe", 3, "sql")]
        (bare,) = blog_posts.overview(conn, id=2)
        assert (bare.comments, bare.tag) == (0, None)


def test_tags_of_posts_and_posts_of_tags(blog: Database) -> None:
    """A tag finds its posts, and a post its tags; removing the tag from a post deletes neither."""
    with blog.begin() as conn:
        sql = Tag.create(conn, name="sql")
        links = [BlogPostTag.create(conn, blog_post_id=post, tag_id=sql.id) for post in (1, 3)]
        assert [post.title for post in blog_posts.tagged(conn, tag="sql")] == ["first", "Person3's Blog"]
        assert links[0].remove(conn)
        assert tags.of_post(conn, blog_post_id=1) == []
        assert tags.of_post(conn, blog_post_id=3) == [sql]
        assert blog_posts.by_id(conn, id=1) is not None


def test_comment_thread_is_a_tree_with_depth(blog: Database) -> None:
    """Each comment is directly above its answers, which are one level deeper, in the order of writing."""
    with blog.begin() as conn:

        def answer(body: str, parent: Comment | None) -> Comment:
            parent_id = parent.id if parent else None
            return Comment.create(conn, blog_post_id=1, user_id=1, parent_id=parent_id, body=body)

        first = answer("1", None)
        second = answer("2", None)
        deep = answer("1.1", first)
        answer("2.1", second)
        answer("1.2", first)
        for depth in range(1, 13):
            deep = answer("1.1" + ".1" * depth, deep)
        rows = [(row.body, row.depth) for row in comments.thread(conn, blog_post_id=1)]
    chain = [("1.1" + ".1" * depth, depth + 1) for depth in range(13)]
    assert rows == [("1", 0), *chain, ("1.2", 1), ("2", 0), ("2.1", 1)]


def test_answer_stands_under_the_same_post(blog: Database) -> None:
    """A comment cannot be an answer to a comment of another post."""
    with blog.begin() as conn:
        parent = Comment.create(conn, blog_post_id=1, user_id=1, parent_id=None, body="here")
        with pytest.raises(ForeignKeyViolation), conn.begin_nested():
            Comment.create(conn, blog_post_id=2, user_id=1, parent_id=parent.id, body="there")


def test_deleting_a_comment_deletes_its_answers(blog: Database) -> None:
    """Deleting an answered comment deletes its answers too, and no other comments."""
    with blog.begin() as conn:
        parent = Comment.create(conn, blog_post_id=1, user_id=1, parent_id=None, body="gone")
        Comment.create(conn, blog_post_id=1, user_id=1, parent_id=parent.id, body="gone too")
        other = Comment.create(conn, blog_post_id=1, user_id=1, parent_id=None, body="stays")
        assert parent.delete(conn)
        assert comments.of_post(conn, blog_post_id=1) == [other]


@pytest.fixture
def mail(db: Database) -> Database:
    """Two users; a global message to both, and a personal message to the first."""
    with db.begin() as conn:
        for name in ("Moshe", "Person2"):
            user(conn, name)
        welcome = Message.create_of_type(conn, type_name="Global", subject="Welcome", body="")
        assert user_message_association.deliver_to_active(conn, message_id=welcome.id) == 2
        personal = Message.create_of_type(conn, type_name="Personal", subject="Hint", body="")
        UserMessage.create(conn, user_id=1, message_id=personal.id)
    return db


def test_lookup_holds_the_types_from_the_beginning(db: Database) -> None:
    """The schema inserts the types of messages."""
    with db.read() as conn:
        assert [(kind.id, kind.name) for kind in message_type_lookup.list_all(conn)] == [(1, "Global"), (2, "Personal")]


def test_messages_by_type_through_the_lookup(mail: Database) -> None:
    """The name of a type finds its messages."""
    with mail.read() as conn:
        rows = messages.of_type(conn, type_name="Personal")
        assert [(row.type_name, row.subject) for row in rows] == [("Personal", "Hint")]
        assert messages.of_type(conn, type_name="Secret") == []


def test_unread_messages_and_marking_them_read(mail: Database) -> None:
    """A message is unread until it is marked, and then keeps the time of the first reading."""
    read_at = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
    with mail.begin() as conn:
        assert [row.subject for row in messages.unread_of(conn, user_id=1)] == ["Welcome", "Hint"]
        delivery = user_message_association.by_key(conn, user_id=1, message_id=1)
        assert delivery is not None
        marked = delivery.mark_read(conn, read_at=read_at)
        assert marked == UserMessage(user_id=1, message_id=1, read_at=read_at)
        assert delivery.mark_read(conn, read_at=read_at + timedelta(days=1)) == marked
        assert [row.subject for row in messages.unread_of(conn, user_id=1)] == ["Hint"]
        assert user_message_association.mark_all_read(conn, user_id=1, read_at=read_at) == 1
        assert messages.unread_of(conn, user_id=1) == []
        assert [row.subject for row in messages.unread_of(conn, user_id=2)] == ["Welcome"]


def test_delivery_reaches_active_users_once(mail: Database) -> None:
    """A second delivery reaches only users whom the first did not reach, and no user who may not sign in."""
    with mail.begin() as conn:
        late, _, barred = (user(conn, name) for name in ("Late", "Later", "Barred"))
        barred.deactivate(conn)
        assert user_message_association.deliver_to_active(conn, message_id=1) == 2
        assert users.recipients_of(conn, message_id=1)[-2] == late
