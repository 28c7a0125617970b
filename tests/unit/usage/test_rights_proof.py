"""The proof of rights: denied texts and superfluous rights."""

from __future__ import annotations

from pydb.usage.rights import Needs, Right
from pydb.usage.rights_proof import RightsProof, Text, texts_with_needs
from tests.harness.described import statement


def test_texts_of_a_statement() -> None:
    """Each variant is a separate text, with its needs."""
    found = statement("SELECT id FROM users;")
    needs = Needs(frozenset({Right("table", "users", "SELECT", "id")}))
    assert texts_with_needs(found, lambda one: needs) == (Text("t.x", "", found, needs),)


def test_when_it_holds() -> None:
    """The proof holds if nothing is denied and no right is superfluous."""
    right = Right("table", "users", "SELECT", "id")
    assert RightsProof(1, 1, (), ()).holds
    assert not RightsProof(1, 1, (), (right,)).holds
    assert not RightsProof(1, 1, ((Text("t.x", "", statement("SELECT 1;"), Needs()), "denied"),), ()).holds
