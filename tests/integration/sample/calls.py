"""A call of every statement of the sample, in an order in which each finds something: the engines have to agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from pydb import ABSENT
from pydb.sample import ParentKind, Role
from tests.integration.sample.people import EXTERNAL, PEOPLE
from tests.integration.sample.test_filters import CASES

NEW_YEAR = datetime(2024, 1, 1, 12, 30, 0, 123456, tzinfo=UTC)

Call = tuple[str, Any]
"""A statement's name and its parameters; for a batch, its parameter sets."""

ACCOUNTS: list[Call] = [
    *(("users.create_full", person) for person in PEOPLE),
    ("users.create", {"username": "Last", "email": "last@example.com"}),
    (
        "users.insert_many",
        [
            {"username": "many1", "email": "many1@example.com", "age": None, "role": Role.USER},
            {"username": "many2", "email": "many2@example.com", "age": 99, "role": Role.ADMIN},
        ],
    ),
    ("users.by_id", {"id": 1}),
    ("users.by_id", {"id": 2**62}),
    ("users.by_username", {"username": "moshe"}),
    ("users.by_username", {"username": "trailing"}),
    ("users.by_username", {"username": "ÉLODIE"}),
    ("users.by_email", {"email": "moshe@example.com"}),
    ("users.by_email", {"email": "MOSHE@example.com"}),
    ("users.by_external_id", {"external_id": EXTERNAL}),
    ("users.by_ids", {"ids": [3, 1, 2, 1, 999]}),
    ("users.by_ids", {"ids": []}),
    ("users.list_all", {}),
    ("users.first", {}),
    ("users.last", {}),
    ("users.page_after", {"after": 0, "limit": 3}),
    ("users.page_after", {"after": 3, "limit": 3}),
    ("users.page_after", {"after": 3, "limit": 0}),
    ("users.page", {"limit": 3}),
    ("users.page", {"limit": 3, "order": "oldest"}),
    ("users.page", {"limit": 2, "after": 4}),
    ("users.page", {"limit": 2, "after": 4, "order": "oldest"}),
    ("users.page", {"limit": 9, "active": True, "roles": [Role.USER, Role.GUEST], "search": "MO"}),
    ("users.page", {"limit": 9, "active": None, "roles": None, "search": "%", "order": None}),
    ("users.page", {"limit": 9, "roles": []}),
    ("users.stream_all", {}),
    ("users.count_all", {}),
    ("users.count_active", {}),
    *((f"filters.{name}", parameters) for name, parameters, _ in CASES),
    ("users.update_email", {"id": 2, "email": "moshe2@example.com"}),
    ("users.update_email", {"id": 999, "email": "nobody@example.com"}),
    ("users.update_role", {"id": 2, "role": Role.GUEST}),
    ("users.patch", {"id": 2, "age": 41}),
    ("users.patch", {"id": 2, "age": None, "rating": 4.5, "role": Role.USER, "email": ABSENT}),
    ("users.patch", {"id": 2, "email": "patched@example.com", "active": False}),
    ("users.patch", {"id": 999, "active": True}),
    ("users.add_balance", {"id": 1, "amount": Decimal("0.10")}),
    ("users.add_balance", {"id": 1, "amount": Decimal("-0.20")}),
    ("users.deactivate", {"id": 2}),
    ("users.deactivate", {"id": 999}),
    ("users.deactivate_by_email_domain", {"domain": "EXAMPLE.ORG"}),
    ("users.deactivate_by_email_domain", {"domain": "example.net"}),
    ("users.deactivate_by_email_domain", {"domain": "%"}),
    (
        "profiles.create",
        {
            "user_id": 1,
            "bio": "",
            "avatar": b"\x00\xff'\\",
            "born_on": date(1984, 2, 29),
            "digest_at": time(7, 30, 0, 5),
            "settings": {"nested": [1, 2.5, None, True, "é", {"a": {}}], "empty": {}},
        },
    ),
    (
        "profiles.upsert",
        {"user_id": 1, "bio": "é😀", "avatar": b"", "born_on": None, "digest_at": None, "settings": {"k": "v"}},
    ),
    (
        "profiles.upsert",
        {"user_id": 3, "bio": None, "avatar": None, "born_on": None, "digest_at": None, "settings": {}},
    ),
    ("profiles.by_user", {"user_id": 1}),
    ("profiles.by_user", {"user_id": 2}),
    ("profiles.update_settings", {"user_id": 1, "settings": {"list": []}}),
    ("profiles.update_avatar", {"user_id": 1, "avatar": bytes(range(256))}),
    ("profiles.update_avatar", {"user_id": 2, "avatar": None}),
    ("profiles.list_all", {}),
    ("profiles.of_active_users", {}),
    ("profiles.delete", {"user_id": 3}),
    ("profiles.delete", {"user_id": 3}),
]

BLOG: list[Call] = [
    ("blog_posts.create", {"user_id": 1, "title": "first", "body": "one\ntwo"}),
    ("blog_posts.create", {"user_id": 1, "title": "second", "body": ""}),
    ("blog_posts.create", {"user_id": 4, "title": "Person3's Blog", "body": "%s :id ? \\"}),
    (
        "blog_posts.create_many",
        [{"user_id": 3, "title": f"post {number}", "body": "é" * number} for number in range(1, 4)],
    ),
    ("blog_posts.by_id", {"id": 1}),
    ("blog_posts.list_all", {}),
    ("blog_posts.newest", {"limit": 2}),
    ("blog_posts.of_user", {"user_id": 1}),
    ("blog_posts.of_user", {"user_id": 2}),
    ("blog_posts.of_users", {"user_ids": [4, 1]}),
    ("blog_posts.stream_all", {}),
    ("blog_posts.count_of_user", {"user_id": 1}),
    ("blog_posts.count_of_user", {"user_id": 2}),
    ("blog_posts.with_author", {}),
    ("blog_posts.update", {"id": 2, "title": "second, revised", "body": "more"}),
    ("blog_posts.update", {"id": 999, "title": "none", "body": ""}),
    ("users.with_posts", {"id": 1}),
    ("users.with_posts", {"id": 2}),
    ("users.all_with_posts", {}),
    ("tags.create", {"name": "raw sql"}),
    ("tags.create", {"name": "SQL  basics "}),
    ("tags.create_many", [{"name": name} for name in ("python", "é sql", " sql")]),
    ("tags.get_or_create", {"name": "python"}),
    ("tags.by_id", {"id": 1}),
    ("tags.by_name", {"name": "SQL"}),
    ("tags.by_name", {"name": " sql"}),
    ("tags.list_all", {}),
    ("blog_post_tag_association.create", {"blog_post_id": 1, "tag_id": 1}),
    ("blog_post_tag_association.create", {"blog_post_id": 1, "tag_id": 2}),
    ("blog_post_tag_association.create", {"blog_post_id": 3, "tag_id": 1}),
    ("blog_post_tag_association.get_or_create", {"blog_post_id": 3, "tag_id": 1}),
    ("blog_post_tag_association.list_all", {}),
    ("tags.of_post", {"blog_post_id": 1}),
    ("blog_posts.tagged", {"tag": "raw sql"}),
    ("blog_posts.search", {"limit": 9, "tag": "raw sql"}),
    ("blog_posts.search", {"limit": 9, "order": "oldest", "since": NEW_YEAR}),
    ("blog_posts.search", {"limit": 9, "tag": "raw sql", "author": "moshe", "until": NEW_YEAR}),
    *(
        ("comments.create", {"blog_post_id": post, "user_id": user, "parent_id": parent, "body": body})
        for post, user, parent, body in (
            (1, 2, None, "a"),
            (1, 1, None, "b"),
            (1, 3, 1, "aa"),
            (1, 2, 3, "aaa"),
            (1, 4, 1, "ab"),
            (1, 1, 2, "ba"),
            (3, 1, None, "other post"),
        )
    ),
    ("comments.by_id", {"id": 3}),
    ("comments.list_all", {}),
    ("comments.of_post", {"blog_post_id": 1}),
    ("comments.of_user", {"user_id": 1}),
    ("comments.thread", {"blog_post_id": 1}),
    ("blog_posts.with_comments", {}),
    ("comments.thread", {"blog_post_id": 2}),
    ("comments.update_body", {"id": 3, "body": "changed"}),
    ("comments.update_body", {"id": 999, "body": "none"}),
    ("blog_posts.overview", {"id": 1}),
    ("blog_posts.overview", {"id": 2}),
    ("reports.authors.posts_per_author", {}),
    ("reports.authors.longest_silence", {}),
    ("reports.tags.top_words", {"limit": 10}),
    ("comments.delete", {"id": 1}),
    ("comments.list_all", {}),
    ("blog_post_tag_association.remove", {"blog_post_id": 1, "tag_id": 2}),
    ("blog_post_tag_association.remove", {"blog_post_id": 1, "tag_id": 2}),
    ("tags.delete", {"id": 1}),
    ("blog_posts.delete", {"id": 3}),
    ("blog_posts.delete", {"id": 3}),
]

MESSAGES: list[Call] = [
    ("message_type_lookup.create", {"id": 3, "name": "Urgent"}),
    ("message_type_lookup.by_id", {"id": 1}),
    ("message_type_lookup.by_name", {"name": "Personal"}),
    ("message_type_lookup.by_name", {"name": "personal"}),
    ("message_type_lookup.list_all", {}),
    ("messages.create", {"message_type_id": 1, "subject": "Welcome", "body": ""}),
    ("messages.create_of_type", {"type_name": "Personal", "subject": "Hint", "body": "é"}),
    ("messages.by_id", {"id": 2}),
    ("messages.list_all", {}),
    ("messages.of_type", {"type_name": "Global"}),
    ("user_message_association.create", {"user_id": 1, "message_id": 2}),
    ("user_message_association.create", {"user_id": 1, "message_id": 1}),
    ("user_message_association.deliver_to_active", {"message_id": 1}),
    ("user_message_association.deliver_to_active", {"message_id": 1}),
    ("user_message_association.by_key", {"user_id": 1, "message_id": 2}),
    ("messages.unread_of", {"user_id": 1}),
    ("user_message_association.mark_read", {"user_id": 1, "message_id": 2, "read_at": NEW_YEAR}),
    ("user_message_association.mark_read", {"user_id": 1, "message_id": 2, "read_at": datetime.now(UTC)}),
    ("user_message_association.mark_read", {"user_id": 1, "message_id": 99, "read_at": NEW_YEAR}),
    ("user_message_association.of_user", {"user_id": 1}),
    ("messages.unread_of", {"user_id": 1}),
    ("user_message_association.mark_all_read", {"user_id": 1, "read_at": NEW_YEAR.replace(microsecond=0)}),
    ("user_message_association.mark_all_read", {"user_id": 1, "read_at": NEW_YEAR}),
    ("user_message_association.of_user", {"user_id": 1}),
    ("users.recipients_of", {"message_id": 1}),
    ("user_message_association.remove", {"user_id": 1, "message_id": 1}),
    ("messages.delete", {"id": 1}),
]

SCHOOL: list[Call] = [
    *(("students.create", {"name": name}) for name in ("Dana", "Omar", "Dana")),
    ("students.by_id", {"id": 2}),
    ("students.first_by_name", {"name": "Dana"}),
    ("students.list_all", {}),
    *(("activities.create", {"name": name}) for name in ("Chess", "choir", "Robotics", "Empty")),
    ("activities.get_or_create", {"name": "Chess"}),
    ("activities.by_id", {"id": 1}),
    ("activities.list_all", {}),
    *(
        ("enrollments.create", {"student_id": student, "activity_id": activity, "start_date": start, "end_date": end})
        for student, activity, start, end in (
            (1, 1, date(2023, 9, 1), date(2024, 6, 30)),
            (1, 2, date(2024, 9, 1), None),
            (1, 3, date(2024, 9, 1), None),
            (2, 1, date(2023, 9, 30), None),
            (3, 1, date(2024, 2, 29), date(2024, 2, 29)),
        )
    ),
    (
        "enrollments.upsert",
        {"student_id": 2, "activity_id": 1, "start_date": date(2023, 8, 31), "end_date": date(2024, 1, 1)},
    ),
    ("enrollments.by_key", {"student_id": 1, "activity_id": 1}),
    ("enrollments.list_all", {}),
    ("activities.current_of_student", {"student_id": 1}),
    ("activities.past_of_student", {"student_id": 1}),
    ("students.in_activity", {"activity_id": 2}),
    ("reports.enrollments.by_month", {}),
    ("enrollments.finish", {"student_id": 1, "activity_id": 2, "end_date": date(2025, 1, 1)}),
    ("enrollments.finish", {"student_id": 9, "activity_id": 2, "end_date": date(2025, 1, 1)}),
    ("enrollments.delete", {"student_id": 1, "activity_id": 3}),
    ("students.delete", {"id": 1}),
    ("activities.delete", {"id": 4}),
]

COMPANY: list[Call] = [
    *(("departments.create", {"name": name}) for name in ("Research", "Engineering")),
    ("departments.get_or_create", {"name": "Research"}),
    ("departments.by_id", {"id": 1}),
    ("departments.list_all", {}),
    ("employees.create", {"name": "Ruth"}),
    ("employees.create_hired_on", {"name": "Avi", "hired_on": date(1999, 12, 31)}),
    ("employees.by_id", {"id": 2}),
    ("employees.first_by_name", {"name": "Ruth"}),
    ("employees.list_all", {}),
    *(
        (
            f"department_employee_association.{statement}",
            {"department_id": department, "employee_id": employee, "job_title": title},
        )
        for statement, department, employee, title in (
            ("create", 1, 1, "Adviser"),
            ("create", 2, 1, "Administrator"),
            ("create", 1, 2, "Head"),
            ("upsert", 1, 1, "Senior adviser"),
        )
    ),
    ("department_employee_association.list_all", {}),
    ("departments.with_employees", {}),
    ("departments.of_employee", {"employee_id": 1}),
    ("employees.of_department", {"department_id": 1}),
    ("department_employee_association.remove", {"department_id": 1, "employee_id": 1}),
    ("employees.delete", {"id": 1}),
    ("departments.delete", {"id": 1}),
    ("departments.delete", {"id": 1}),
]

FAMILY: list[Call] = [
    *(("parents.create", {"name": name}) for name in ("Noa", "Uri")),
    *(("children.create", {"name": name}) for name in ("Yael", "Adam")),
    *(
        (f"{table}.{statement}", parameters)
        for table in ("parents", "children")
        for statement, parameters in (
            ("by_id", {"id": 1}),
            ("first_by_name", {"name": "Noa"}),
            ("first", {}),
            ("last", {}),
            ("list_all", {}),
        )
    ),
    *(
        (f"parent_child_association.{statement}", {"parent_id": parent, "child_id": child, "kind": kind})
        for statement, parent, child, kind in (
            ("create", 1, 1, ParentKind.BIOLOGICAL),
            ("create", 1, 2, ParentKind.BIOLOGICAL),
            ("create", 2, 1, ParentKind.STEP),
            ("upsert", 1, 2, ParentKind.STEP),
        )
    ),
    ("parent_child_association.list_all", {}),
    ("children.of_parent", {"parent_id": 1}),
    ("parents.of_child", {"child_id": 1}),
    ("parent_child_association.remove", {"parent_id": 1, "child_id": 1}),
    ("parent_child_association.remove", {"parent_id": 1, "child_id": 1}),
    ("parents.delete", {"id": 1}),
    ("children.delete", {"id": 1}),
]

THINGS: list[Call] = [
    ("books.create", {"title": "1984", "author": "George Orwell", "pages": 328}),
    ("books.create", {"title": "Brave New World", "author": "Aldous Huxley", "pages": 311}),
    ("books.create", {"title": "brave", "author": "aldous huxley", "pages": 1}),
    ("books.upsert", {"title": "1984", "author": "George Orwell", "pages": 336}),
    ("books.by_id", {"id": 1}),
    ("books.mark_unavailable", {"id": 2}),
    ("books.mark_unavailable", {"id": 99}),
    ("books.list_all", {}),
    ("books.list_available", {}),
    ("books.by_author", {"author": "Aldous Huxley"}),
    ("books.mark_available", {"id": 2}),
    ("books.delete", {"id": 1}),
    ("cars.create", {"brand": "Toyota", "model": "Corolla"}),
    ("cars.create", {"brand": "Toyota", "model": "Yaris"}),
    ("cars.by_id", {"id": 1}),
    ("cars.list_all", {}),
    ("cars.of_brand", {"brand": "Toyota"}),
    ("cars.first_of_brand", {"brand": "Toyota"}),
    ("cars.rename_model", {"id": 1, "model": "Camry"}),
    ("cars.rename_model", {"id": 99, "model": "Camry"}),
    ("cars.delete", {"id": 1}),
    ("cars.delete", {"id": 1}),
]

INVENTORY: list[Call] = [
    ("products.stock_value", {}),
    ("reports.stock.by_month", {}),
    ("products.create", {"sku": "SKU123", "name": "Widget", "price": Decimal("9.99"), "stock": 3}),
    ("products.create", {"sku": "SKU124", "name": "Gadget", "price": Decimal("19.90"), "stock": 0}),
    (
        "products.create_many",
        [
            {"sku": sku, "name": "é", "price": Decimal(price), "stock": stock}
            for sku, price, stock in (("sku124", "0.10", 7), ("Z", "10.00", 1), ("A", "99999999.99", 1000))
        ],
    ),
    ("products.insert_many", [{"sku": f"M{n}", "name": "m", "price": Decimal(n) / 8, "stock": n} for n in (2, 4, 6)]),
    ("products.upsert", {"sku": "SKU123", "name": "Widget II", "price": Decimal("8.00")}),
    ("products.by_id", {"id": 1}),
    ("products.by_sku", {"sku": "sku124"}),
    ("products.list_all", {}),
    ("products.stream_all", {}),
    ("products.count_all", {}),
    ("products.stock_value", {}),
    ("products.update_price", {"id": 1, "price": Decimal("7.77")}),
    ("products.update_price", {"id": 99, "price": Decimal("7.77")}),
    ("products.adjust_stock", {"id": 1, "quantity": -3}),
    ("products.adjust_stock", {"id": 1, "quantity": 12}),
    ("products.adjust_stock", {"id": 99, "quantity": 12}),
    ("products.deactivate", {"id": 2}),
    ("products.bulk_set_price", {"price": Decimal("1.50"), "skus": ["M2", "M4", "none"]}),
    ("products.bulk_set_price", {"price": Decimal("1.50"), "skus": []}),
    ("products.list_active", {}),
    ("products.search", {"limit": 9}),
    ("products.search", {"limit": 2, "order": "dearest"}),
    ("products.search", {"limit": 9, "order": "cheapest", "in_stock": True, "name": "G"}),
    ("products.search", {"limit": 9, "price_from": Decimal("5.00"), "price_to": Decimal("15.00"), "order": "name"}),
    ("reports.stock.running_value", {}),
    ("reports.stock.by_month", {}),
    ("products.delete", {"id": 1}),
    ("products.delete", {"id": 1}),
]

LEAVING: list[Call] = [
    ("users.upsert", {"username": "Moshe", "email": "again@example.com"}),
    ("users.delete", {"id": 1}),
    ("users.delete", {"id": 1}),
    ("blog_posts.list_all", {}),
    ("comments.list_all", {}),
    ("profiles.list_all", {}),
]

CALLS = [*ACCOUNTS, *BLOG, *MESSAGES, *SCHOOL, *COMPANY, *FAMILY, *THINGS, *INVENTORY, *LEAVING]
