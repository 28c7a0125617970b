"""The closed sets of words in the sample: a column's text in, an enum's member out."""

from enum import StrEnum

__all__ = ["ParentKind", "Role"]


class Role(StrEnum):
    """What a user may do; users_role_check holds the same words."""

    ADMIN = "admin"
    USER = "user"
    GUEST = "guest"


class ParentKind(StrEnum):
    """How a parent became one; parent_child_association_kind_check holds the same words."""

    BIOLOGICAL = "biological"
    STEP = "step"
