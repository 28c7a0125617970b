-- Parameters in each place.

-- name: alone :one Alone
SELECT CAST(:x AS char(20)) AS x;

-- name: alone_int :one AloneInt
-- @param x int
SELECT :x + 0 AS x;

-- name: alone_declared :one AloneDeclared
-- @param x str
-- @column x str
SELECT :x AS x;

-- name: alone_cast_int :one AloneCastInt
SELECT CAST(:x AS decimal(10, 2)) AS x;

-- name: beside :many Beside
SELECT id, CAST(:label AS char(10)) AS label FROM parts;

-- name: plus :many Plus
SELECT id, n + :x AS total FROM parts;

-- name: plus_null :many PlusNull
SELECT id, m + :x AS total FROM parts;

-- name: minus_left :many MinusLeft
SELECT id, :x - n AS total FROM parts;

-- name: times_price :many TimesPrice
SELECT id, price * :x AS total FROM parts;

-- name: times_ratio :many TimesRatio
SELECT id, ratio * :x AS total FROM parts;

-- name: divided :many Divided
SELECT id, n / :x AS total FROM parts;

-- name: modulo :many Modulo
SELECT id, n % :x AS rest FROM parts;

-- name: concat_left :many ConcatLeft
SELECT id, :x || name AS text FROM parts;

-- name: concat_right :many ConcatRight
SELECT id, name || :x AS text FROM parts;

-- name: equal :many PartId
SELECT id FROM parts WHERE n = :n AND name = :name AND active = :active AND day = :day AND uid = :uid;

-- name: equal_nullable :many PartId
SELECT id FROM parts WHERE m = :m OR due = :due OR note = :note;

-- name: reversed_ :many PartId
SELECT id FROM parts WHERE :n < n AND :price >= price;

-- name: between :many PartId
SELECT id FROM parts WHERE day BETWEEN :first AND :last AND price BETWEEN :low AND :high;

-- name: between_columns :many PartId
SELECT id FROM parts WHERE :x BETWEEN n AND big;

-- name: in_lists :many PartId
SELECT id FROM parts WHERE n IN (:numbers) AND name NOT IN (:names);

-- name: in_days :many PartId
SELECT id FROM parts WHERE day IN (:days) OR uid IN (:uids) OR price IN (:prices);

-- name: in_mixed :many PartId
SELECT id FROM parts WHERE :x IN (n, m);

-- name: like_ :many PartId
SELECT id FROM parts WHERE name LIKE :pattern OR note NOT LIKE :other;

-- name: like_joined :many PartId
SELECT id FROM parts WHERE name LIKE '%' || :word || '%';

-- name: compared_with_function :many PartId
SELECT id FROM parts WHERE lower(name) = :name AND length(name) > :letters AND abs(n) < :size;

-- name: compared_with_sum :many PartDay
SELECT day, sum(price) AS total FROM parts GROUP BY day HAVING sum(price) > :total AND count(*) >= :n AND avg(ratio) < :mean;

-- name: compared_with_query :many PartId
SELECT id FROM parts WHERE n > (SELECT avg(x.n) FROM parts AS x WHERE x.m = :m);

-- name: case_condition :many CaseCondition
SELECT id, CASE WHEN :flag THEN name ELSE 'hidden' END AS name FROM parts;

-- name: case_condition_compare :many CaseCompare
SELECT id, CASE WHEN n > :n THEN 'many' ELSE 'few' END AS size FROM parts;

-- name: case_result :many CaseResult
SELECT id, CASE WHEN active THEN :yes ELSE name END AS word FROM parts;

-- name: case_result_number :many CaseNumber
SELECT id, CASE WHEN active THEN :x ELSE n END AS n FROM parts;

-- name: case_else :many CaseElse
SELECT id, CASE WHEN active THEN price ELSE :x END AS price FROM parts;

-- name: case_else_day :many CaseElseDay
SELECT id, CASE WHEN active THEN day ELSE :x END AS day FROM parts;

-- name: case_operand :many CaseOperand
SELECT id, CASE n WHEN :one THEN 'one' WHEN :two THEN 'two' END AS word FROM parts;

-- name: case_subject :many CaseSubject
SELECT id, CASE :x WHEN name THEN 1 ELSE 0 END AS same FROM parts;

-- name: case_all :many CaseAll
SELECT id, CASE WHEN n = :a THEN :b WHEN m = :c THEN :d ELSE note END AS word FROM parts;

-- name: case_in_where :many PartId
SELECT id FROM parts WHERE n > CASE WHEN active THEN :x ELSE :y END;

-- name: case_in_order :many PartName
SELECT id, name FROM parts ORDER BY CASE WHEN :by = 'name' THEN name END, CASE WHEN :by = 'n' THEN n END, id;

-- name: coalesced :many Coalesced
SELECT id, COALESCE(note, :x) AS note, COALESCE(m, :y) AS m, COALESCE(due, :z) AS due FROM parts;

-- name: coalesced_first :many CoalescedFirst
SELECT id, COALESCE(:x, name) AS name FROM parts;

-- name: nullif_ :many NullIf
SELECT id, NULLIF(n, :x) AS n FROM parts;

-- name: in_functions :many InFunctions
SELECT id, replace(name, :a, :b) AS replaced, substr(name, :start, :count) AS piece, round(price, :digits) AS rounded
FROM parts;

-- name: in_nested_functions :many InNested
SELECT id, upper(replace(COALESCE(note, :x), :a, 'b')) AS text FROM parts;

-- name: limits :many PartName
SELECT id, name FROM parts ORDER BY id LIMIT :limit OFFSET :offset;

-- name: in_join :many InJoin
SELECT a.id, b.id AS other_id FROM parts AS a LEFT JOIN parts AS b ON b.n = a.n AND b.name <> :name;

-- name: in_cte :many InCte
WITH dear AS (SELECT id, price FROM parts WHERE price > :price) SELECT id, price FROM dear WHERE id > :after;

-- name: in_union :many InUnion
SELECT id, name FROM parts WHERE n = :n UNION SELECT id, note FROM parts WHERE m = :m;

-- name: in_window :many InWindow
SELECT id, lag(n, 1, :default) OVER (ORDER BY id) AS before_n FROM parts;

-- name: same_twice :many PartId
SELECT id FROM parts WHERE n = :x OR m = :x;

-- name: same_twice_types :many PartId
SELECT id FROM parts WHERE n = :x OR price = :x;

-- name: row_value :many PartId
SELECT id FROM parts WHERE (n, name) > (:n, :name);

-- name: row_pair :many PartId
SELECT id FROM parts WHERE (day, price) = (:day, :price);

-- name: exists_ :one ExistsRow
SELECT EXISTS (SELECT 1 FROM parts WHERE name = :name) AS found, :name = 'a' AS is_a;

-- name: inserted :one PartWhole
INSERT INTO parts (name, note, n, m, big, price, cost, ratio, active, pinned, day, due, at_time, made_at, seen_at, uid,
    doc, extra, raw, thumb)
VALUES (:name, :note, :n, :m, :big, :price, :cost, :ratio, :active, :pinned, :day, :due, :at_time, :made_at, :seen_at, :uid,
    :doc, :extra, :raw, :thumb)
RETURNING id, name, note, n, m, big, price, cost, ratio, active, pinned, day, due, at_time, made_at, seen_at, uid, doc,
    extra, raw, thumb;

-- name: inserted_expression :affected
INSERT INTO parts (name, n, big, price, ratio, active, day, at_time, made_at, uid, doc, raw)
SELECT :prefix || name, n + :n, big, price * 2, ratio, NOT active, day, at_time, :made_at, :uid, doc, raw
FROM parts WHERE id = :id;

-- name: updated :affected
UPDATE parts SET name = :name, note = :note, n = n + :more, price = price * :times, day = :day, doc = :doc WHERE id = :id;

-- name: updated_coalesce :affected
UPDATE parts SET note = COALESCE(:note, note), m = COALESCE(:m, m), due = COALESCE(:due, due) WHERE id = :id;

-- name: updated_case :affected
UPDATE parts SET note = CASE WHEN :keep THEN note ELSE :note END, m = CASE m WHEN :old THEN :new ELSE m END;

-- name: updated_nullif :affected
UPDATE parts SET note = NULLIF(:note, '') WHERE id = :id;

-- name: deleted :affected
DELETE FROM parts WHERE seen_at < :before OR due <= :day;

-- name: whole :many PartWhole
SELECT id, name, note, n, m, big, price, cost, ratio, active, pinned, day, due, at_time, made_at, seen_at, uid, doc,
    extra, raw, thumb
FROM parts;

-- name: negated :many PartId
SELECT id FROM parts WHERE NOT (active = :active) AND n <> -:n;

-- name: is_null :many PartId
SELECT id FROM parts WHERE CAST(:note AS char(20)) IS NULL OR note = :note;

-- name: flag_alone :many PartId
SELECT id FROM parts WHERE :flag AND active;

-- name: flag_or :many PartId
SELECT id FROM parts WHERE active OR :all_of_them;

-- name: keyword_names :many PartId
SELECT id FROM parts WHERE n >= :from AND n <= :to AND name = :class AND m IN (:import);

-- name: documents :many PartDoc
SELECT id, doc FROM parts WHERE id = :id;

-- name: set_documents :batch
UPDATE parts SET doc = :doc, extra = :extra WHERE id = :id;

-- name: values_rows :many ValuesRow
SELECT p.id, v.x FROM parts AS p CROSS JOIN (SELECT :x AS x FROM parts WHERE n = :x) AS v;

-- name: shifted_time :many PartId
SELECT id FROM parts WHERE at_time BETWEEN :opens AND :closes AND made_at < :now AND seen_at IS NOT NULL;
