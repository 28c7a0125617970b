"""The findings of prove on the statements of tests/corpus, each judged by a person to be a difference or not.

By reason; a statement is named with its project.  The corpus was written to be typed, not to mean the same
everywhere: its schemas leave the collation to each engine.
"""

from __future__ import annotations

REAL: dict[str, tuple[str, ...]] = {
    "texts that differ in case, accents or trailing spaces are equal on MariaDB": (
        *("accounting.books.account", "accounting.books.close_account", "accounting.books.balance_of"),
        *("accounting.books.first_and_last", "chat.chat.person", "chat.chat.room", "chat.chat.leave"),
        *("library.library.take_back", "library.library.authors", "library.library.shelf_list"),
        *("parameter_places.conditions.place_8", "parameter_places.conditions.place_11"),
        *("parameter_places.results.place_3", "parameter_places.results.place_12"),
        *("parameter_places.results.place_13", "parameter_places.results.place_16"),
        *("parameter_places.results.place_21", "parameter_places.results.place_23"),
        *("parameters.places.equal_nullable", "parameters.places.case_subject", "parameters.places.in_join"),
        *("parameters.places.in_union", "parameters.places.exists_", "parameters.places.is_null"),
        *("shop.shop.customer_by_email", "shop.shop.upsert_product", "shop.shop.order_overview"),
        *("shop.shop.status_counts", "tickets.tickets.escalate", "tickets.tickets.unassigned"),
        *("tickets.tickets.having_all", "tickets.tickets.state_words", "library.library.readers_of_copy"),
        *("parameter_places.conditions.place_6", "parameters.places.in_lists", "parameters.places.case_in_order"),
    ),
    "a key that is taken on MariaDB, where texts that differ in case or spaces are equal": (
        *("accounting.books.open_account", "chat.chat.join_in", "parameters.places.inserted"),
        *("parameters.places.updated", "sensors.sensors.copy_room", "shop.shop.sign_up", "shop.shop.add_products"),
        "tickets.tickets.hire",
    ),
    "a foreign key that finds its row on MariaDB, where texts that differ in case or spaces are equal": (
        *("accounting.books.add_lines", "accounting.books.set_budget", "chat.chat.enter", "chat.chat.say"),
        *("chat.chat.say_many", "library.library.lend", "library.library.import_loans", "tickets.tickets.label"),
    ),
    "LIKE, and the place of a text in a text, take case for equal on some engines": (
        *("parameter_places.conditions.place_2", "parameter_places.functions.place_14", "parameters.places.like_"),
        *("parameters.places.like_joined", "tickets.tickets.search"),
    ),
    "the order of letters": (
        *("chat.chat.only_muted", "library.library.never_lent", "parameter_places.conditions.place_5"),
        *("parameters.places.compared_with_function", "parameters.places.row_value", "tickets.tickets.labels_of"),
        "library.library.work_with_counts",
    ),
    "the order of NULLs": ("library.library.titles_or_authors", "library.library.works_with_copies"),
    "upper() and lower() of letters beyond ASCII": ("parameter_places.conditions.place_23", "shop.shop.by_name_prefix"),
    "length() counts bytes on MariaDB": (
        *("chat.chat.busiest", "parameter_places.functions.place_7", "shop.shop.names_with_default"),
    ),
    "another number of decimals, or binary fractions": (
        *("accounting.books.per_kind", "accounting.books.shares", "library.library.fines"),
        *("parameter_places.functions.place_12", "sensors.sensors.statistics", "shop.shop.credit_or_zero"),
    ),
    "whole numbers in a column of numbers divide to a whole number on SQLite": ("accounting.books.converted",),
    "the names of JSON's types": ("chat.json.profile_names",),
    "a path of JSON that is none: an error on SQLite, NULL on MariaDB": ("parameter_places.functions.place_18",),
    "char(n) gives the spaces back on PostgreSQL": ("library.library.add_work",),
    "another form of the statement on MariaDB, which changes no row": ("shop.shop.restock",),
    "a LIMIT over moments that may be alike, or over days in no order": (
        *("chat.chat.history", "sensors.windows.numbered_days"),
    ),
}
"""The engines do differ, and an application would see it."""

FALSE: dict[str, tuple[str, ...]] = {}
"""They do not, or nobody could see it."""
