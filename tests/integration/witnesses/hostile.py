"""Hostile values in NOT NULL columns, and the operators and functions that are tried on them."""

HOSTILE: dict[str, tuple[str, tuple[str, ...]]] = {
    "sqlite": (
        """
CREATE TABLE hostile (i INTEGER NOT NULL, r REAL NOT NULL, t TEXT NOT NULL, b BLOB NOT NULL, s INTEGER NOT NULL
CHECK (s BETWEEN -5 AND 5));
INSERT INTO hostile VALUES (0, 9e999, '', x'', 0), (-1, -9e999, 'abc', x'00', 1), (9e999, 0, '1e999', x'ff', -5),
('text', 1e308, x'', 'text', 5), (9223372036854775807, -0.0, char(0), 0, 2);
""",
        ("i", "r", "t", "b", "s"),
    ),
    "postgresql": (
        """
CREATE TABLE hostile (
    i integer NOT NULL, n numeric NOT NULL, f double precision NOT NULL, t text NOT NULL, j jsonb NOT NULL,
    w timestamp NOT NULL, d date NOT NULL, a text[] NOT NULL, o boolean NOT NULL, g lseg NOT NULL, r int4range NOT NULL
);
INSERT INTO hostile VALUES
(0, 'nan', 'infinity', '', 'null', 'infinity', '-infinity', '{}', true, '[(0,0),(1,1)]', 'empty'),
(1, 0, '-infinity', 'zz', '{"a": null}', '-infinity', 'infinity', '{NULL}', false, '[(5,5),(6,6)]', '(,)'),
(-1, 1, 'nan', '%', '[]', '2020-01-01', '2020-01-01', '{a}', true, '[(0,1),(1,0)]', '[1,2)');
""",
        ("i", "n", "f", "t", "j", "w", "d", "a", "o", "g", "r"),
    ),
    "mariadb": (
        """
CREATE TABLE hostile (
    i bigint NOT NULL, f double NOT NULL, t varchar(50) NOT NULL, b blob NOT NULL, d date NOT NULL, w datetime NOT NULL,
    m time NOT NULL, u uuid NOT NULL, l longtext NOT NULL, y year NOT NULL
);
INSERT INTO hostile VALUES
(0, 0, '', x'', '0000-00-00', '0000-00-00', '838:59:59', '123e4567-e89b-42d3-a456-426614174000',
repeat('x', 16777000), 0),
(1, 1e308, 'zz', x'ff', '9999-12-31', '9999-12-31 23:59:59', '-838:59:59', '123e4567-e89b-42d3-a456-426614174001',
'', 2020),
(-1, -1e308, '2020-99-99', 'x', '2020-01-01', '2020-01-01', '00:00:00', '123e4567-e89b-42d3-a456-426614174002',
'x', 1999);
""",
        ("i", "f", "t", "b", "d", "w", "m", "u", "l", "y"),
    ),
}
"""The table of each engine, and its columns."""

_SHARED = (
    *("-{}", "NOT {}", "{} + {}", "{} - {}", "{} * {}", "{} = {}", "{} <> {}", "{} < {}", "{} AND {}", "{} OR {}"),
    *(
        "{} || {}",
        "{} LIKE {}",
        "{} BETWEEN {} AND 5",
        "{} IN ({}, 1)",
        "{} & {}",
        "{} / {}",
        "{} % {}",
        "{} / 2",
        "{} % 2",
    ),
    *("{} / 0.5", "{} % 0.5", "lower({})", "upper({})", "length({})", "trim({})", "replace({}, 'a', {})", "abs({})"),
    *("round({})", "round({}, 2)", "coalesce({}, {})", "nullif({}, {})", "CASE WHEN i = 0 THEN {} ELSE {} END"),
    *("substr({}, 1, 1)", "count({})", "min({})", "sum({})", "avg({})", "CAST({} AS char(10))", "CAST({} AS date)"),
    *("CAST({} AS decimal(30, 3))", "sum({}) OVER ()", "max({}) OVER (ORDER BY {})", "first_value({}) OVER ()"),
    *("lag({}) OVER ()", "ltrim({})", "exists(SELECT {})", "{} IS NULL", "({})"),
)

TEMPLATES: dict[str, tuple[str, ...]] = {
    "sqlite": (
        *_SHARED,
        *(
            "{} GLOB {}",
            "instr({}, {})",
            "max({}, {})",
            "min({}, {})",
            "hex({})",
            "quote({})",
            "typeof({})",
            "char({})",
        ),
        *("~{}", "{} << {}", "{} >> {}", "{} | {}", "CAST({} AS integer)", "CAST({} AS real)", "CAST({} AS blob)"),
        *("CAST({} AS text)", "total({})", "group_concat({})", "json_array({})", "json_quote({})", "iif({}, {}, 1)"),
        *("date({})", "unicode({})", "sign({})", "printf({})", "json_extract({}, '$.a')", "{} IS {}", "s * {} - s"),
        *("substr(CAST({} AS text), 1, 1)", "json_group_array({})", "concat({}, {})", "octet_length({})", "unhex({})"),
    ),
    "postgresql": (
        *_SHARED,
        *(
            "floor({})",
            "ceil({})",
            "strpos({}, {})",
            "left({}, {})",
            "right({}, {})",
            "md5({})",
            "{} ~ {}",
            "{} ILIKE {}",
        ),
        *("date_trunc('month', {})", "extract(month FROM {})", "extract(year FROM {})", "extract(epoch FROM {})"),
        *("split_part({}, {}, 1)", "lpad({}, 3)", "initcap({})", "to_char({}, '')", "substring({} FROM {})", "{} # {}"),
        *(
            "substring({} FROM 1 FOR 2)",
            "concat({}, {})",
            "greatest({}, {})",
            "{} -> {}",
            "{} ->> 'a'",
            "{} #>> '{{}}'",
        ),
        *("to_jsonb({})", "jsonb_build_object('a', {})", "array_agg({})", "json_agg({})", "string_agg({}, {})", "~{}"),
        *(
            "CAST({} AS integer)",
            "CAST({} AS text)",
            "CAST({} AS jsonb)",
            "CAST({} AS boolean)",
            "CAST({} AS time)",
            "CAST({} AS timetz)",
            "CAST({} + INTERVAL '1 day' AS time(3))",
            "ROW({}, 1) = ROW({}, 1)",
            "{} AT TIME ZONE 'UTC'",
        ),
        *(
            "array_length({}, 1)",
            "upper({})",
            "isempty({})",
            "regexp_replace({}, {}, 'x')",
            "bool_and({})",
            "stddev({})",
        ),
        *(
            "char_length({})",
            "{} IS DISTINCT FROM {}",
            "ARRAY[{}]",
            "{} SIMILAR TO {}",
            "date_part('month', {})",
            "age({})",
        ),
    ),
    "mariadb": (
        *_SHARED,
        *("floor({})", "ceil({})", "left({}, {})", "right({}, 2)", "concat({}, {})", "locate({}, {})", "instr({}, {})"),
        *("if({}, {}, 1)", "ifnull({}, {})", "greatest({}, {})", "least({}, {})", "{} DIV {}", "{} DIV 2", "{} XOR {}"),
        *(
            "{} <=> {}",
            "CAST({} AS signed)",
            "CAST({} AS double)",
            "CAST({} AS binary)",
            "CAST({} AS time)",
            "year({})",
        ),
        *("dayname({})", "date_format({}, '%W')", "last_day({})", "{} + INTERVAL 1 DAY", "~{}", "{} << {}", "{} | {}"),
        *(
            "group_concat({})",
            "std({})",
            "char_length({})",
            "octet_length({})",
            "rtrim({})",
            "substring({}, 2)",
            "sqrt({})",
        ),
        *("json_value({}, '$.a')", "unix_timestamp({})", "inet_aton({})", "str_to_date({}, '%Y')", "elt({}, 'a')"),
    ),
}
"""Operators and functions with their places for columns."""
