"""The enums of the sample: a column's text in, an enum's member out."""

from enum import StrEnum

__all__ = ["ParentKind", "Role"]


class Role(StrEnum):
    """What a user may do; users_role_check has the same words."""

    ADMIN = "admin"
    USER = "user"
    GUEST = "guest"


class ParentKind(StrEnum):
    """The kind of a parent; parent_child_association_kind_check has the same words."""

    BIOLOGICAL = "biological"
    STEP = "step"
