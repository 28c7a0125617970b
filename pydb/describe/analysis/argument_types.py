"""Find the type that a function needs for an argument: a call's argument and the engine's facts in, a type out.

``text`` means that the function converts any value to text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp

from pydb.describe.facts import EngineFacts

__all__ = ["TEXT", "asked_type"]

TEXT, _WHOLE, _REAL, _MOMENT = "text", "bigint", "double precision", "datetime"


def _each(*calls: type[exp.Expr], **asked: str) -> dict[type[exp.Expr], Mapping[str, str]]:
    return dict.fromkeys(calls, MappingProxyType(asked))


_ARGUMENTS: dict[type[exp.Expr], Mapping[str, str]] = {
    **_each(exp.Like, exp.ILike, exp.Glob, exp.RegexpLike, exp.RegexpILike, this=TEXT, expression=TEXT),
    **_each(exp.SimilarTo, exp.Escape, exp.DPipe, exp.Trim, this=TEXT, expression=TEXT),
    **_each(exp.Concat, exp.ConcatWs, expressions=TEXT),
    **_each(exp.Lower, exp.Upper, exp.Length, exp.MD5, exp.SHA, exp.Reverse, this=TEXT),
    **_each(exp.Unicode, exp.Ascii, exp.Initcap, exp.Soundex, exp.MatchAgainst, this=TEXT),
    **_each(exp.Match, exp.JSONExtract, exp.JSONExtractScalar, expression=TEXT),
    **_each(exp.Left, exp.Right, this=TEXT, expression=_WHOLE),
    **_each(exp.Lag, exp.Lead, exp.NthValue, offset=_WHOLE),
    **_each(exp.Round, exp.Trunc, decimals=_WHOLE),
    **_each(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, this=_WHOLE, expression=_WHOLE),
    **_each(exp.BitwiseLeftShift, exp.BitwiseRightShift, this=_WHOLE, expression=_WHOLE),
    **_each(exp.BitwiseNot, exp.Ntile, exp.Space, exp.Interval, exp.UnixToTime, this=_WHOLE),
    **_each(exp.Sqrt, exp.Exp, exp.Ln, exp.Sin, exp.Cos, exp.Tan, exp.Radians, exp.Degrees, this=_REAL),
    **_each(exp.TsOrDsToDate, exp.TsOrDsToTimestamp, exp.LastDay, exp.Quarter, this=_MOMENT),
    **_each(exp.DateAdd, exp.DateSub, expression=_WHOLE),
    **_each(exp.SHA2, this=TEXT, length=_WHOLE),
    **_each(exp.Replace, this=TEXT, expression=TEXT, replacement=TEXT),
    **_each(exp.Substring, this=TEXT, start=_WHOLE, length=_WHOLE),
    **_each(exp.SubstringIndex, this=TEXT, delimiter=TEXT, count=_WHOLE),
    **_each(exp.SplitPart, this=TEXT, delimiter=TEXT, part_index=_WHOLE),
    **_each(exp.StrPosition, this=TEXT, substr=TEXT, position=_WHOLE, occurrence=_WHOLE),
    **_each(exp.Stuff, this=TEXT, start=_WHOLE, length=_WHOLE, expression=TEXT),
    **_each(exp.Pad, this=TEXT, expression=_WHOLE, fill_pattern=TEXT),
    **_each(exp.Repeat, this=TEXT, times=_WHOLE),
    **_each(exp.Chr, expressions=_WHOLE),
    **_each(exp.Format, exp.JSONKeyValue, this=TEXT),
    **_each(exp.GroupConcat, separator=TEXT),
    **_each(exp.TimeToStr, format=TEXT),
    **_each(exp.StrToDate, this=TEXT, format=TEXT),
    **_each(exp.NumberToStr, format=_WHOLE),
    **_each(exp.Extract, expression=_MOMENT),
    **_each(exp.Week, mode=_WHOLE),
    **_each(exp.JSONValue, path=TEXT),
}


def asked_type(node: exp.Expr, facts: EngineFacts) -> str | None:
    """The type that a function requires for this argument; None if it accepts several types, or if that is unknown."""
    call = node.parent
    if isinstance(call, exp.JSONSet | exp.JSONRemove) or (isinstance(call, exp.Anonymous) and node.index is not None):
        return _in_list(call, node.index, facts)
    if call is None:
        return None
    own = facts.arguments.get(type(call), {})
    return own.get(str(node.arg_key)) or _ARGUMENTS.get(type(call), {}).get(str(node.arg_key))


def _in_list(call: exp.Expr, place: int | None, facts: EngineFacts) -> str | None:
    if place is None:
        return None
    if isinstance(call, exp.JSONRemove):
        return TEXT
    if isinstance(call, exp.JSONSet):
        return TEXT if place % 2 == 0 else None  # the arguments alternate: a path, then its value
    asked = facts.argument_names.get(str(call.this).lower(), ())
    return asked[min(place, len(asked) - 1)] if asked else None
