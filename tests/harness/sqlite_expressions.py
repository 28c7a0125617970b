"""Expressions of SQLite by the type word of their values, and adverse rows to evaluate them on."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

__all__ = ["EXPRESSIONS", "QUERIES", "ROWS", "SCHEMA", "UNTYPED"]

SCHEMA = """
CREATE TABLE items (
    id integer NOT NULL PRIMARY KEY, n integer, m integer NOT NULL, r real, p numeric(10, 2), s text, v varchar(20),
    b blob, active boolean, d date, ts datetime, tm time, u uuid, doc json, iv interval, free
);
CREATE VIEW summed AS
SELECT active, sum(n) AS total, max(d) AS latest, min(n) || '' AS label FROM items GROUP BY active;
CREATE VIEW mixed AS SELECT active AS value, n AS whole FROM items UNION ALL SELECT s, m FROM items;
"""

_A = ("12345678-1234-5678-1234-567812345678", '{"a": 1, "b": [1, 2.5, "x", null, {"c": true}]}')
_DAY = "2024-02-29"

ROWS: tuple[tuple[object, ...], ...] = (
    (1, 0, 0, 0.0, 0, "", "", b"", 0, _DAY, f"{_DAY} 12:30:00", "12:30:00", _A[0], "{}", 0, 0),
    (2, None, 1, *[None] * 13),
    (
        3,
        -5,
        -5,
        -1.5,
        -9.99,
        "abc",
        "x y",
        b"\x00\x7f",
        1,
        "1970-01-01",
        f"{_DAY} 00:00:00",
        "00:00",
        _A[0],
        "[]",
        -1,
        "t",
    ),
    (4, 12, 3, 3.0, 19.9, "12", "12", b"12", 1, "9999-12-31", "9999-12-31 23:59:59", "23:59:59", _A[0], _A[1], 10, 1.5),
    (5, 7, 2, 1e300, 1000, "1e3", "-1.5x", b"1.5", 0, _DAY, f"{_DAY} 01:02:03", "01:02:03", _A[0], "null", 5, b"\x01"),
    (6, 2**63 - 1, 1 - 2**63, 1e308, 1234567890.12, "9" * 19, "é", b"x", 1, _DAY, _DAY, "01:02:03", _A[0], "1", 9, 2),
)
"""The last row is the one whose integers overflow."""


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip().replace("OVER w", "OVER (ORDER BY id)") for part in text.replace("\n", " ").split("; "))


EXPRESSIONS: Mapping[str, tuple[str, ...]] = {
    "int": _split(
        """
    1; -1; 0x1F; 9007199254740993; n; m; -n; +n; -active; - -n; ~n; ~r; n + 1; n - m; n * 2; n / 2; n / m; n % 5;
    m % n; n & 1; n | m; n << 2; n >> 1; r & 1; s | 0; active + 0; active * 2; active + active; (n > 1) + (m > 1);
    (n); n COLLATE nocase; rowid; length(s); length(b); length(n); instr(s, 'b'); instr(b, x'7f'); unicode(s);
    random(); changes(); total_changes(); last_insert_rowid(); abs(n); abs(m); abs(active); coalesce(n, 0);
    coalesce(n, m); ifnull(n, -1); coalesce(n, active); nullif(n, 0); nullif(n, 'x'); iif(active, 1, 2);
    iif(active, n, NULL); CASE WHEN active THEN 1 END; CASE n WHEN 0 THEN m ELSE n END;
    CASE WHEN active THEN n ELSE NULL END; max(n, m); min(n, 0); max(n, active); count(*); count(n);
    count(DISTINCT s); sum(n); sum(active); sum(n > 1); sum(DISTINCT active); max(n); min(m); max(length(s));
    sum(length(s)); coalesce(sum(m), 0); sum(CASE WHEN n > 1 THEN 1 ELSE 0 END); sum(s = 'abc');
    sum(active) FILTER (WHERE n > 0); count(*) FILTER (WHERE active); sum(1); row_number() OVER w; rank() OVER w;
    dense_rank() OVER w; ntile(2) OVER w; lag(n) OVER w; lag(n, 1, 0) OVER w; lead(n, 1, m) OVER w;
    first_value(n) OVER w; last_value(m) OVER w; nth_value(m, 2) OVER w; count(*) OVER w; sum(active) OVER w;
    max(n) OVER w; sum(active) FILTER (WHERE n > 0) OVER w; json_array_length(doc); json_valid(s);
    CAST(s AS integer); CAST(r AS int); CAST(active AS bigint); CAST(b AS integer); CAST(n AS date);
    CAST(n AS boolean); CAST(d AS int); unixepoch(ts); CAST(strftime('%Y', d) AS integer);
    (SELECT max(n) FROM items); (SELECT count(*) FROM items AS o WHERE o.n = items.n); likely(n); likelihood(n, 0.5);
    coalesce((SELECT n FROM items WHERE id = 99), 0); length(s) + length(v); (julianday(d) > 2440000) + 1
    """
    ),
    "float": _split(
        """
    1.5; -1.5; 1e3; r; -r; abs(r); r + 1; n + 1.5; n * 1.0; r * n; r / n; n / 2.0; r - r; r * s; r % 2; round(r);
    round(r, 1); round(n); round(s); round(active); round(n / 2.0, 1); abs(s); abs(v); abs(b); abs(d); avg(n);
    avg(active); avg(r); avg(s); avg(DISTINCT n); total(n); total(s); total(active); sum(r); max(r); min(r);
    sum(n * 1.0); avg(n) OVER w; coalesce(r, 0); coalesce(r, 0.0); coalesce(avg(n), 0); ifnull(r, -1); nullif(r, 0);
    max(r, 0); CASE WHEN active THEN 1 ELSE 0.5 END; sum(CASE WHEN active THEN 1 ELSE 0.5 END); iif(active, r, 0);
    percent_rank() OVER w; cume_dist() OVER w; lag(r) OVER w; sum(r) OVER w; CAST(s AS real);
    CAST(n AS double precision); CAST(p AS float); julianday(ts); julianday('now'); julianday(ts) - julianday(d);
    (julianday(ts) - 2440587.5) * 86400; (SELECT avg(n) FROM items); 100.0 * sum(active) / count(*);
    round(avg(n), 2)
    """
    ),
    "Decimal": _split(
        """
    p; -p; abs(p); p + 1; p * 2; p * n; p * 1.5; p + p; p / 2; p % 3; round(p); round(p, 1); sum(p); avg(p); max(p);
    min(p); sum(p * n); coalesce(p, 0); coalesce(p, 0.0); nullif(p, 0); CASE WHEN active THEN p ELSE 0 END;
    lag(p) OVER w; sum(p) OVER w; CAST(n AS decimal(10, 2)); CAST(s AS numeric); coalesce(sum(p), 0); max(p, 0)
    """
    ),
    "str": _split(
        """
    'a'; ''; s; v; s || 'x'; s || n; n || ''; b || b; lower(s); upper(n); trim(s); ltrim(v); rtrim(v, 'y');
    trim(v, 'x'); replace(s, 'a', 'b');
    replace(s, v, v); replace(n, '1', 'x'); substr(s, 1, 2); substr(s, -1); substr(n, 1, 1); substring(d, 1, 4); hex(b);
    hex(n); quote(s); quote(r); typeof(free); char(65, 66); printf('%d', n); format('%.2f', r); coalesce(s, '');
    coalesce(s, v); ifnull(s, 'none'); coalesce(s, d); coalesce(d, ''); coalesce(d, ts); nullif(s, '');
    iif(active, 'yes', 'no'); CASE WHEN active THEN 'on' ELSE 'off' END; CASE n WHEN 0 THEN s ELSE v END; max(s);
    min(v); max(s, v); min(s, 'a'); group_concat(s); group_concat(n, ','); group_concat(DISTINCT s);
    group_concat(s) OVER w; lag(s) OVER w; lag(s, 1, '') OVER w; first_value(s) OVER w; date(d); date('now');
    date(d, '+1 day'); time(ts); datetime(ts); datetime('now', 'localtime'); strftime('%Y-%m', d);
    strftime('%s', 'now'); date(ts, 'start of month'); max(date(ts)); CURRENT_TIMESTAMP; CURRENT_DATE; CURRENT_TIME;
    CAST(n AS text); CAST(b AS text); CAST(n AS varchar(9)); CAST(d AS char(10)); json('[1]'); json_array(1, n);
    json_object('a', n); json_type(doc); json_quote(s); json_set(doc, '$.z', n); json_insert('{}', '$.z', 1);
    json_replace(doc, '$.a', 2); json_remove(doc, '$.a'); json_patch('{}', '{"a": 1}'); json_group_array(n);
    json_group_object(id, n); doc -> '$.a'; doc -> 'b'; sqlite_version(); s COLLATE nocase;
    (SELECT group_concat(s) FROM items); json_extract(doc, '$.a', '$.b');
    (SELECT name FROM (SELECT s AS name FROM items) LIMIT 1); lower(b); s || coalesce(' ' || v, '')
    """
    ),
    "bool": _split(
        """
    TRUE; active; (active); NOT active; n > 1; n = m; n <> 1; n IS NULL; n IS NOT NULL; n ISNULL; n NOTNULL; n IS 1;
    n IS NOT m; n BETWEEN 1 AND 5; n NOT BETWEEN 1 AND 5; s LIKE 'a%'; s NOT LIKE '%b'; s LIKE 'a!%' ESCAPE '!';
    s GLOB 'a*'; n IN (1, 2); s NOT IN ('a', 'b'); n IN (SELECT m FROM items); EXISTS (SELECT 1 FROM items);
    NOT EXISTS (SELECT 1 FROM items WHERE n = 99); active AND n > 1; n OR 0; active IS TRUE; coalesce(active, 0 = 1);
    coalesce(active, FALSE); nullif(active, 0); max(active); min(n > 1); CASE WHEN n > 1 THEN active ELSE FALSE END;
    iif(n > 1, active, NULL); lag(active) OVER w; max(n = 12); (n, m) = (1, 2); s = 'abc' OR v = 'x';
    CAST(active AS boolean); count(*) > 1; max(active, n > 1); (SELECT active FROM items WHERE id = 3);
    first_value(active) OVER w
    """
    ),
    "bytes": _split(
        """
    x'00ff'; b; zeroblob(2); randomblob(4); CAST(s AS blob); substr(b, 1, 1); coalesce(b, x''); max(b);
    lag(b) OVER w; iif(active, b, NULL); nullif(b, x'00')
    """
    ),
    "date": _split(
        """
    d; coalesce(d, d); max(d); min(d); nullif(d, '1970-01-01'); lag(d) OVER w; iif(active, d, NULL);
    CASE WHEN active THEN d END; (SELECT max(d) FROM items); first_value(d) OVER w; (d)
    """
    ),
    "datetime": _split(
        """
    ts; max(ts); coalesce(ts, ts); lead(ts) OVER w; (SELECT ts FROM items LIMIT 1)
    """
    ),
    "time": _split(
        """
    tm; min(tm); nullif(tm, '')
    """
    ),
    "UUID": _split(
        """
    u; coalesce(u, u); max(u); lag(u) OVER w
    """
    ),
    "json": _split(
        """
    doc; coalesce(doc, doc); lag(doc) OVER w; iif(active, doc, NULL)
    """
    ),
    "timedelta": _split(
        """
    iv; sum(iv); max(iv); iv + iv; -iv; coalesce(iv, iv)
    """
    ),
}
"""Common expressions over ``items``, by the word of their type."""

UNTYPED = _split(
    """
    NULL; free; free + 1; abs(free); coalesce(free, 0); max(free); s + 1; s * 2; -s; sum(s); sum(d); coalesce(n, s);
    coalesce(n, ''); ifnull(r, 'none'); iif(active, n, s); CASE WHEN active THEN 1 ELSE 'a' END; max(n, s);
    min(b, s); coalesce(n, r); max(n, 0.5); json_extract(doc, '$.a'); doc ->> '$.a'; doc ->> 'b';
    lag(n, 1, '') OVER w; substr(free, 1); replace(n, s, 'x'); CAST(s AS date); CAST(d AS date); CAST(s AS boolean);
    CAST(s AS foo);
    CAST(s AS string); CAST(s AS long); d + 1; nullif(free, 1); CAST(s AS json); active + s
"""
)
"""Expressions whose type cannot be known: their rows may differ in their storage class."""


_LEAVES = _split(
    """
    n; m; r; p; s; v; b; active; d; ts; tm; u; doc; iv; free; id; 1; 0; -1; 2.5; -0.0; 'a'; ''; '12'; '1e3'; NULL;
    x'00'; TRUE; CURRENT_DATE; 9007199254740993
    """
)

_FORMS = _split(
    """
    ({} + {}); ({} - {}); ({} * {}); ({} / {}); ({} % {}); ({} || {}); ({} & {}); ({} << {}); ({} = {}); ({} < {});
    ({} IS {}); ({} AND {}); ({} LIKE {}); (-{}); (~{}); (NOT {}); (+{}); coalesce({}, {}); ifnull({}, {});
    nullif({}, {}); iif({}, {}, {}); min({}, {}); max({}, {}, {}); abs({}); round({}); round({}, 1); length({});
    lower({}); trim({}); hex({}); quote({}); typeof({}); instr({}, {}); unicode({}); replace({}, {}, {});
    substr({}, 1); substr({}, -1, 2); date({}); datetime({}); julianday({}); unixepoch({}); likely({});
    CASE WHEN {} THEN {} ELSE {} END; CASE {} WHEN {} THEN {} END; CAST({} AS integer); CAST({} AS text);
    CAST({} AS real); CAST({} AS blob); CAST({} AS numeric); CAST({} AS decimal(10, 2)); CAST({} AS boolean);
    CAST({} AS date); CAST({} AS json); CAST({} AS string); ({} BETWEEN {} AND {}); ({} IN ({}, {})); ({} IS NULL);
    (SELECT {} FROM items AS o WHERE o.id = 3); json_array({}); ({} COLLATE nocase); printf({})
    """
)

_QUERIES = _split(
    """
    SELECT {} AS a FROM items; SELECT {} AS a FROM items WHERE {}; SELECT sum({}) AS a FROM items;
    SELECT avg({}) AS a FROM items; SELECT min({}) AS a FROM items GROUP BY active; SELECT total({}) AS a FROM items;
    SELECT coalesce(max({}), {}) AS a FROM items; SELECT sum(DISTINCT {}) AS a FROM items WHERE id > 99;
    SELECT max({}) FILTER (WHERE {}) AS a FROM items; SELECT group_concat({}) AS a FROM items;
    SELECT lag({}) OVER w AS a FROM items; SELECT lead({}, 1, {}) OVER w AS a FROM items;
    SELECT sum({}) OVER w AS a FROM items; SELECT group_concat({}) OVER w AS a FROM items;
    SELECT nth_value({}, 2) OVER w AS a FROM items; SELECT {} AS a FROM items UNION ALL SELECT {} FROM items;
    SELECT {} AS a FROM items EXCEPT SELECT {} FROM items; SELECT {} AS a FROM items INTERSECT SELECT {} FROM items;
    WITH t (x, y) AS (SELECT {}, {} FROM items) SELECT coalesce(x, y) AS a FROM t;
    WITH t (x, y) AS (SELECT {}, {} FROM items) SELECT x + y AS a FROM t;
    WITH t (x) AS (SELECT {} FROM items) SELECT sum(x) AS a FROM t;
    SELECT x AS a FROM (SELECT {} AS x, {} AS y FROM items UNION SELECT {}, {} FROM items)
    """
)


def _filled(forms: tuple[str, ...], inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(forms).flatmap(
        lambda form: st.tuples(*[inside] * form.count("{}")).map(lambda parts: form.format(*parts))
    )


QUERIES = _filled(
    _QUERIES, st.recursive(st.sampled_from(_LEAVES), lambda inside: _filled(_FORMS, inside), max_leaves=6)
)
"""Queries over ``items`` with one column ``a`` that is any expression."""
