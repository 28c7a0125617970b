"""Users for the tests of filters and for the comparison of engines."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydb.sample import Role

EXTERNAL = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def person(username: str, email: str, **columns: Any) -> dict[str, Any]:
    """The parameters of users.create_full, with ordinary values where no value is given."""
    ordinary = {
        "age": None,
        "rating": None,
        "balance": Decimal("0.00"),
        "active": True,
        "role": Role.USER,
        "external_id": None,
    }
    return {"username": username, "email": email, **ordinary, **columns}


# Names that engines may compare differently: case, accents, trailing spaces, wildcards of LIKE and GLOB, quotes, and
# letters outside the basic plane.
PEOPLE = [
    person("Moshe", "moshe@example.com", age=40, rating=4.5, balance=Decimal("10.10"), role=Role.ADMIN),
    person("moshe", "Moshe.Two@Example.com", age=30, balance=Decimal("0.20"), external_id=EXTERNAL),
    person("Person2", "person2@example.com", age=17, role=Role.GUEST),
    person("Person3", "PERSON3@EXAMPLE.ORG", active=False),
    person("100%", "hundred%percent@example.net", age=25, balance=Decimal("99999999.99")),
    person("a_b", "a_b@example.net", age=30, active=False, role=Role.ADMIN),
    person("aXb", "axb@example.net", age=65, rating=-0.5),
    person("wow!", "wow!@example.net", role=Role.GUEST),
    person("[x]*?", "glob[x]*?@example.net", age=0),
    person("Élodie", "elodie@example.net", age=150, rating=1e-300),
    person("élodie", "elodie2@example.net", age=31, active=False),
    person("trailing ", "blank@example.net", age=30),
    person("trailing", "noblank@example.net"),
    person("O'Brien\\", "o'brien\\@example.net", age=29),
    person("😀 smile", "smile@example.net", age=18),
]
