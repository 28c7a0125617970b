-- Queries that try to prove the nullability analysis wrong.  `-- on:` names the engines that a query runs on.

-- on: sqlite postgresql mariadb
SELECT id, name, email, age FROM authors;

-- on: sqlite postgresql mariadb
SELECT a.id, a.name AS n, a.email FROM authors AS a;

-- on: sqlite postgresql mariadb
SELECT code, note FROM codes;

-- on: sqlite postgresql mariadb
SELECT * FROM books;

-- on: sqlite postgresql mariadb
SELECT b.*, a.name FROM books AS b INNER JOIN authors AS a ON a.id = b.author_id;

-- on: sqlite postgresql mariadb
SELECT id, name, title FROM named_books;

-- on: sqlite postgresql mariadb
SELECT DISTINCT author_id, price FROM books;

-- on: sqlite
SELECT rowid, code FROM codes;

-- on: sqlite
SELECT n.rowid, b.title FROM books AS b LEFT JOIN voids AS n ON n.x = b.id;

-- on: sqlite postgresql mariadb
SELECT b.title, b.author_id, a.name FROM books AS b INNER JOIN authors AS a ON a.id = b.author_id;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, b.price FROM authors AS a LEFT JOIN books AS b ON b.author_id = a.id;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, b.author_id FROM authors AS a RIGHT JOIN books AS b ON b.author_id = a.id;

-- on: sqlite postgresql
SELECT a.name, b.title, b.author_id FROM authors AS a FULL JOIN books AS b ON b.author_id = a.id;

-- on: sqlite postgresql mariadb
SELECT a.name, n.x FROM authors AS a CROSS JOIN voids AS n;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title FROM authors AS a, books AS b;

-- on: sqlite postgresql mariadb
SELECT a.name, n.x FROM authors AS a LEFT JOIN voids AS n ON 1 = 1;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, e.number, e.printed FROM authors AS a LEFT JOIN books AS b ON b.author_id = a.id LEFT
JOIN editions AS e ON e.book_id = b.id;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, e.number FROM authors AS a LEFT JOIN books AS b ON b.author_id = a.id INNER JOIN
editions AS e ON e.book_id = b.id;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, e.number FROM authors AS a LEFT JOIN (books AS b INNER JOIN editions AS e ON e.book_id
= b.id) ON b.author_id = a.id;

-- on: sqlite postgresql mariadb
SELECT b.title, e.number, s.quantity FROM books AS b LEFT JOIN (editions AS e LEFT JOIN sales AS s ON
s.book_id = e.book_id) ON e.book_id = b.id;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, s.quantity FROM authors AS a INNER JOIN books AS b ON b.author_id = a.id RIGHT JOIN
sales AS s ON s.book_id = b.id;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, s.id FROM sales AS s LEFT JOIN books AS b ON b.id = s.book_id RIGHT JOIN authors AS a
ON a.id = b.author_id;

-- on: sqlite postgresql mariadb
SELECT x.label, y.label AS above FROM nodes AS x LEFT JOIN nodes AS y ON y.id = x.parent_id;

-- on: sqlite postgresql mariadb
SELECT x.label, x.parent_id, y.label AS above FROM nodes AS x INNER JOIN nodes AS y ON y.id = x.parent_id;

-- on: sqlite postgresql mariadb
SELECT id, a.name, b.title FROM authors AS a INNER JOIN books AS b USING (id);

-- on: sqlite postgresql mariadb
SELECT id, a.name, b.title, b.id AS other FROM authors AS a LEFT JOIN books AS b USING (id);

-- on: sqlite postgresql mariadb
SELECT id, a.name, b.title, a.id AS other FROM authors AS a RIGHT JOIN books AS b USING (id);

-- on: sqlite postgresql
SELECT id, a.name, b.title, a.id AS x FROM authors AS a FULL JOIN books AS b USING (id);

-- on: sqlite postgresql
SELECT id, a.name, b.title, n.label FROM authors AS a LEFT JOIN books AS b USING (id) FULL JOIN nodes AS n
USING (id);

-- on: sqlite postgresql mariadb
SELECT id, x, label FROM voids NATURAL JOIN nodes;

-- on: sqlite postgresql mariadb
SELECT id, x, label FROM nodes NATURAL LEFT JOIN voids;

-- on: sqlite postgresql mariadb
SELECT author_id, e.printed FROM books AS b LEFT JOIN editions AS e ON e.book_id = b.id AND e.printed IS NOT
NULL;

-- on: sqlite postgresql mariadb
SELECT id, email, age FROM authors WHERE email IS NOT NULL;

-- on: sqlite postgresql mariadb
SELECT id, email, age FROM authors WHERE email LIKE '%' AND age >= 0;

-- on: sqlite postgresql mariadb
SELECT id, email, age FROM authors WHERE email IS NOT NULL OR age IS NOT NULL;

-- on: sqlite postgresql mariadb
SELECT id, email FROM authors WHERE email IN ('ada@example.com', '');

-- on: sqlite postgresql mariadb
SELECT id, email FROM authors WHERE email NOT IN (SELECT y FROM voids);

-- on: sqlite postgresql mariadb
SELECT id, age FROM authors WHERE age BETWEEN 0 AND 100;

-- on: sqlite postgresql mariadb
SELECT id, age FROM authors WHERE NOT (age IS NULL);

-- on: sqlite postgresql mariadb
SELECT id, age FROM authors WHERE NOT (age IS NOT NULL);

-- on: sqlite postgresql mariadb
SELECT a.name, b.title FROM authors AS a LEFT JOIN books AS b ON b.author_id = a.id WHERE b.id IS NULL;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, b.pages FROM authors AS a LEFT JOIN books AS b ON b.author_id = a.id WHERE b.id > 0;

-- on: sqlite postgresql mariadb
SELECT a.name, b.title, s.quantity FROM authors AS a LEFT JOIN books AS b ON b.author_id = a.id LEFT JOIN
sales AS s ON s.book_id = b.id WHERE b.pages IS NOT NULL;

-- on: sqlite postgresql
SELECT a.name, b.title, b.author_id FROM authors AS a FULL JOIN books AS b ON b.author_id = a.id WHERE b.id IS
NOT NULL;

-- on: postgresql
SELECT id, age FROM authors WHERE age <> ALL (ARRAY(SELECT x FROM voids));

-- on: postgresql
SELECT id, age FROM authors WHERE age > ALL (SELECT x FROM voids);

-- on: postgresql
SELECT id, age FROM authors WHERE age = ANY (ARRAY[36, 0]);

-- on: postgresql
SELECT id, email, age FROM authors WHERE email IS DISTINCT FROM age::text;

-- on: sqlite postgresql mariadb
SELECT count(*), count(age), sum(age), avg(age), min(name), max(name) FROM authors;

-- on: sqlite postgresql mariadb
SELECT count(*) AS n, sum(x) AS s FROM voids;

-- on: sqlite postgresql mariadb
SELECT author_id, count(*), sum(price), avg(price), min(pages), max(title) FROM books GROUP BY author_id;

-- on: sqlite postgresql mariadb
SELECT sum(quantity), sum(quantity) + 1, coalesce(sum(quantity), 0) FROM sales;

-- on: sqlite postgresql mariadb
SELECT book_id, sum(quantity), sum(amount), coalesce(sum(amount), 0) FROM sales GROUP BY book_id;

-- on: sqlite postgresql mariadb
SELECT region, sum(quantity) FROM sales GROUP BY region HAVING sum(quantity) > 0;

-- on: sqlite postgresql mariadb
SELECT count(DISTINCT region), count(DISTINCT book_id), max(quantity) FROM sales;

-- on: postgresql mariadb
SELECT 1 AS one FROM voids HAVING count(*) >= 0;

-- on: sqlite postgresql mariadb
SELECT sum(x) FROM voids HAVING count(*) = 0;

-- on: sqlite postgresql mariadb
SELECT 'x' AS label, sum(x) AS s FROM voids GROUP BY y;

-- on: sqlite postgresql mariadb
SELECT a.name, count(b.id), sum(b.price), max(b.title) FROM authors AS a LEFT JOIN books AS b ON b.author_id =
a.id GROUP BY a.id, a.name;

-- on: sqlite postgresql mariadb
SELECT a.id, sum(b.price) FROM authors AS a INNER JOIN books AS b ON b.author_id = a.id GROUP BY a.id;

-- on: sqlite mariadb
SELECT name, count(*) FROM authors;

-- on: sqlite mariadb
SELECT x, y, max(x) FROM voids;

-- on: sqlite mariadb
SELECT y, x + 1, 'constant', count(*) FROM voids;

-- on: sqlite
SELECT y, total(x) FROM voids;

-- on: sqlite
SELECT y, json_group_array(x) FROM voids;

-- on: sqlite
SELECT json_group_array(x), group_concat(y) FROM voids;

-- on: sqlite
SELECT sum(a), avg(a), total(a), max(a), min(b), count(a) FROM measures GROUP BY id > 0;

-- on: sqlite mariadb
SELECT group_concat(title), group_concat(email) FROM books INNER JOIN authors ON 1 = 1;

-- on: sqlite mariadb
SELECT author_id, group_concat(title), group_concat(pages) FROM books GROUP BY author_id;

-- on: sqlite postgresql
SELECT region, count(*) FILTER (WHERE amount > 0), sum(quantity) FILTER (WHERE amount > 0) FROM sales GROUP BY
region;

-- on: postgresql
SELECT array_agg(x), json_agg(x), string_agg(y, ','), bool_and(x > 0) FROM voids;

-- on: postgresql
SELECT region, array_agg(amount), string_agg(region, ','), bool_or(amount > 0), every(quantity > 0) FROM sales
GROUP BY region;

-- on: postgresql
SELECT stddev(quantity), variance(quantity), stddev_pop(quantity) FROM sales GROUP BY id;

-- on: postgresql
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM sales GROUP BY book_id;

-- on: postgresql
SELECT mode() WITHIN GROUP (ORDER BY region), count(*) FROM sales;

-- on: postgresql
SELECT sum(x), count(*) FROM voids GROUP BY ();

-- on: mariadb
SELECT std(quantity), variance(quantity), bit_or(quantity), bit_and(quantity) FROM sales GROUP BY id;

-- on: postgresql
SELECT region, book_id, sum(quantity), count(*) FROM sales GROUP BY ROLLUP (region, book_id);

-- on: postgresql
SELECT book_id, count(*), grouping(book_id) FROM sales GROUP BY CUBE (book_id);

-- on: postgresql
SELECT book_id, id, max(quantity) FROM sales GROUP BY GROUPING SETS ((book_id, id), ());

-- on: postgresql
SELECT coalesce(region, 'all'), sum(quantity) FROM sales GROUP BY ROLLUP (coalesce(region, 'all'));

-- on: postgresql
SELECT coalesce(region, 'all'), coalesce(sum(quantity), 0) FROM sales GROUP BY ROLLUP (region);

-- on: postgresql
SELECT upper(s.region) AS r, count(*) FROM sales AS s WHERE region IS NOT NULL GROUP BY ROLLUP (1);

-- on: postgresql
SELECT lower(y), sum(x), count(*) FROM voids GROUP BY ROLLUP (lower(voids.y));

-- on: postgresql
SELECT book_id + 1, book_id FROM sales GROUP BY ROLLUP (book_id + 1, book_id);

-- on: mariadb
SELECT book_id, sum(quantity), count(*) FROM sales GROUP BY book_id WITH ROLLUP;

-- on: mariadb
SELECT coalesce(region, 'all') AS region2, count(*) FROM sales GROUP BY region2 WITH ROLLUP;

-- on: mariadb
SELECT coalesce(region, 'all') AS r, count(*) FROM sales GROUP BY region WITH ROLLUP;

-- on: sqlite postgresql mariadb
SELECT id, row_number() OVER (ORDER BY id) AS r, rank() OVER (ORDER BY price) AS k FROM books;

-- on: sqlite postgresql mariadb
SELECT id, lag(title) OVER (ORDER BY id) AS p, lead(price) OVER (ORDER BY id) AS n FROM books;

-- on: sqlite postgresql
SELECT id, lag(title, 1, '') OVER (ORDER BY id) AS p, lead(pages, 1, 0) OVER (ORDER BY id) AS n FROM books;

-- on: sqlite postgresql mariadb
SELECT first_value(title) OVER (ORDER BY id) AS f, last_value(pages) OVER (ORDER BY id) AS l FROM books;

-- on: sqlite postgresql mariadb
SELECT nth_value(title, 2) OVER (ORDER BY id) AS second FROM books;

-- on: sqlite postgresql mariadb
SELECT sum(price) OVER (ORDER BY id) AS t, sum(pages) OVER (ORDER BY id) AS p, count(*) OVER () AS n FROM
books;

-- on: sqlite postgresql mariadb
SELECT sum(price) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS t FROM books;

-- on: sqlite postgresql mariadb
SELECT max(title) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS t FROM books;

-- on: sqlite postgresql mariadb
SELECT max(title) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS t FROM books;

-- on: sqlite postgresql mariadb
SELECT first_value(title) OVER w AS f, sum(price) OVER w AS s FROM books WINDOW w AS (ORDER BY id);

-- on: sqlite postgresql mariadb
SELECT first_value(title) OVER w AS f FROM books WINDOW w AS (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 3
FOLLOWING);

-- on: sqlite postgresql
SELECT sum(price) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS t FROM
books;

-- on: sqlite postgresql
SELECT sum(price) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND CURRENT ROW EXCLUDE TIES) AS t FROM books;

-- on: sqlite postgresql
SELECT sum(price) FILTER (WHERE pages > 0) OVER (ORDER BY id) AS t FROM books;

-- on: sqlite postgresql mariadb
SELECT author_id, sum(sum(price)) OVER (ORDER BY author_id) AS t, max(count(*)) OVER () AS m FROM books GROUP
BY author_id;

-- on: sqlite postgresql mariadb
SELECT sum(count(*)) OVER () AS t, sum(sum(x)) OVER () AS s FROM voids;

-- on: sqlite postgresql mariadb
SELECT percent_rank() OVER (ORDER BY id) AS p, cume_dist() OVER (ORDER BY id) AS c, ntile(2) OVER (ORDER BY
id) AS n FROM books;

-- on: sqlite
SELECT sum(a) OVER (ORDER BY id) AS s, avg(b) OVER () AS v, max(a) OVER () AS m FROM measures;

-- on: sqlite postgresql mariadb
SELECT a + b, a - b, a * b, -a, a > b, a = b FROM measures WHERE abs(a) < 1e300 AND abs(b) < 1e300;

-- on: sqlite
SELECT a + b, a - b, a * b, -a, abs(a), round(a, 1), a > b, a || b FROM measures;

-- on: sqlite
SELECT a + a, a - a, b * 0, divisor * 0, a - 1, a + divisor FROM measures;

-- on: sqlite mariadb
SELECT 1 / divisor, 7 % divisor, quantity / 2, quantity % 2 FROM measures CROSS JOIN sales;

-- on: sqlite
SELECT divisor % 0.5, divisor / 0.5, divisor % 2, divisor / 2, a / 2 FROM measures;

-- on: mariadb
SELECT 1 DIV divisor, divisor DIV 2, divisor MOD 3, mod(7, divisor) FROM measures;

-- on: postgresql
SELECT 6 / divisor, 7 % divisor, a / 2, a + b, a * b, a - b FROM measures WHERE divisor <> 0;

-- on: sqlite postgresql mariadb
SELECT quantity * 2, quantity + amount, amount IS NULL, quantity > 1 AND amount > 1, NOT (amount > 1) FROM
sales;

-- on: sqlite postgresql mariadb
SELECT price * quantity, price * quantity - 1 FROM books INNER JOIN sales ON sales.book_id = books.id;

-- on: sqlite postgresql mariadb
SELECT price + pages, price + coalesce(pages, 0), coalesce(pages, NULL), nullif(price, 0), nullif(1, 2) FROM
books;

-- on: sqlite postgresql mariadb
SELECT age IN (1, 2), id IN (1, 2), id IN (1, NULL), id NOT IN (1, 2) FROM authors;

-- on: sqlite postgresql mariadb
SELECT id IN (SELECT x FROM voids), id IN (SELECT author_id FROM books) FROM authors;

-- on: sqlite postgresql mariadb
SELECT id BETWEEN 1 AND 2, id BETWEEN age AND 9, name LIKE 'A%', email LIKE 'a%', name LIKE email FROM authors;

-- on: sqlite postgresql mariadb
SELECT EXISTS (SELECT 1 FROM voids), NOT EXISTS (SELECT 1 FROM books WHERE author_id = authors.id) FROM
authors;

-- on: sqlite postgresql mariadb
SELECT CASE WHEN age > 18 THEN 'adult' END, CASE WHEN age > 18 THEN 'adult' ELSE 'minor' END FROM authors;

-- on: sqlite postgresql mariadb
SELECT CASE age WHEN 36 THEN name ELSE email END, CASE WHEN age IS NULL THEN 0 ELSE age END FROM authors;

-- on: sqlite postgresql mariadb
SELECT CASE WHEN id = 1 THEN name WHEN id = 2 THEN NULL ELSE 'x' END FROM authors;

-- on: sqlite postgresql mariadb
SELECT CAST(authors.id AS char(10)), CAST(age AS char(10)), CAST(price AS decimal(10, 2)) FROM authors CROSS JOIN
books;

-- on: sqlite postgresql mariadb
SELECT NULL AS voids, 1 AS one, 'x' AS text, CURRENT_TIMESTAMP AS now, CURRENT_DATE AS today;

-- on: sqlite postgresql mariadb
SELECT lower(name), upper(email), length(name), trim(name), replace(name, 'a', 'b'), abs(id) FROM authors;

-- on: sqlite postgresql mariadb
SELECT name || '!', name || email, coalesce(email, name), coalesce(email, NULL) FROM authors;

-- on: sqlite
SELECT code || 'x', substr(code, 1, 1), substr(note, 1), length(code), typeof(code), hex(code) FROM codes;

-- on: sqlite
SELECT iif(age > 1, 'a', 'b'), ifnull(age, 0), ifnull(age, email), max(id, age), max(id, 3) FROM authors;

-- on: sqlite
SELECT date('now'), date(name), strftime('%Y', printed), json_extract('{}', '$.a') FROM authors, editions;

-- on: sqlite
SELECT unicode(name), sign(name), instr(name, 'a'), printf(name), round(name), quote(age) FROM authors;

-- on: sqlite
SELECT age IS 1, age IS NOT 1, age IS DISTINCT FROM 1, age NOTNULL FROM authors;

-- on: sqlite
SELECT id ISNULL FROM authors;

-- on: mariadb
SELECT if(age > 1, 'a', 'b'), ifnull(age, 0), greatest(id, age), concat(name, email), age <=> 1 FROM authors;

-- on: mariadb
SELECT concat(name, '!'), concat(y, y), left(y, 1), substring(y, 2), locate('a', y), char_length(y) FROM
authors LEFT JOIN voids ON 1 = 1;

-- on: mariadb
SELECT CAST(name AS date), CAST(title AS signed), CAST(price AS char), year(printed), printed + interval 1 day
FROM authors, books, editions;

-- on: mariadb
SELECT token = 'zz', coalesce(token, 'zz'), day = 'zz', dayname(day), upper(page), page || page FROM tokens;

-- on: mariadb
SELECT token, day, day + 1, round(day), concat(day, ''), last_day(day), page = page FROM tokens;

-- on: mariadb
SELECT token FROM tokens UNION SELECT 'zz' FROM tokens;

-- on: mariadb
SELECT min(token), max(day), count(token), max(page) IS NULL FROM tokens GROUP BY id;

-- on: mariadb
SELECT str_to_date(title, '%Y'), inet_aton(title), json_value(title, '$.a'), elt(9, title) FROM books;

-- on: postgresql
SELECT body, body ->> 'a', body -> 'a', body #>> '{a}', at FROM documents;

-- on: postgresql
SELECT extract(month FROM at), extract(year FROM at), to_char(at, 'YYYY'), date_trunc('day', at) FROM
documents;

-- on: postgresql
SELECT tags, tags[1], array_length(tags, 1), cardinality(tags), array_to_string(tags, ',') FROM documents;

-- on: postgresql
SELECT substring(name FROM 'zz'), substring(name FROM 1 FOR 2), substring(name, 1), left(name, 1) FROM authors;

-- on: postgresql
SELECT concat(email, age), concat_ws(email, 'a'), greatest(age, id), greatest(age, NULL), format('%s', email)
FROM authors;

-- on: postgresql
SELECT age IS DISTINCT FROM true, age IS TRUE FROM (SELECT age > 1 AS age FROM authors) AS s;

-- on: postgresql
SELECT id, sort FROM parts;

-- on: postgresql
SELECT name ~ 'a', email ~ 'a', split_part(name, ',', 9), regexp_replace(name, 'a', 'b'), md5(name) FROM
authors;

-- on: postgresql
SELECT unnest(tags), id FROM documents;

-- on: postgresql
SELECT generate_series(1, 2), generate_series(1, 3), id FROM authors;

-- on: postgresql
SELECT to_jsonb(email), jsonb_build_object('a', email), row_to_json(authors), (authors).email FROM authors;

-- on: sqlite postgresql mariadb
SELECT (SELECT count(*) FROM books WHERE author_id = a.id) AS n, (SELECT title FROM books WHERE id = a.id) AS
t FROM authors AS a;

-- on: sqlite postgresql mariadb
SELECT (SELECT max(price) FROM books WHERE author_id = a.id) AS m, (SELECT 1) AS one FROM authors AS a;

-- on: sqlite postgresql mariadb
SELECT (SELECT count(*) FROM books GROUP BY author_id HAVING count(*) > 99) AS n FROM authors;

-- on: sqlite postgresql mariadb
SELECT (SELECT x FROM voids) AS n, (SELECT count(x) + 1 FROM voids) AS m;

-- on: sqlite postgresql mariadb
SELECT (SELECT coalesce(max(x), 0) FROM voids) AS n, coalesce((SELECT x FROM voids), 0) AS m;

-- on: sqlite postgresql
SELECT (SELECT 1 WHERE 1 = 0) AS n, (SELECT count(*) FROM books LIMIT 0) AS m;

-- on: sqlite postgresql mariadb
SELECT s.title, s.n FROM (SELECT title, count(*) AS n FROM books GROUP BY title) AS s;

-- on: sqlite postgresql mariadb
SELECT a.name, s.n, s.t FROM authors AS a LEFT JOIN (SELECT author_id, count(*) AS n, sum(price) AS t FROM
books GROUP BY author_id) AS s ON s.author_id = a.id;

-- on: sqlite postgresql mariadb
SELECT a.name, coalesce(s.n, 0) AS n FROM authors AS a LEFT JOIN (SELECT author_id, count(*) AS n FROM books
GROUP BY author_id) AS s ON s.author_id = a.id;

-- on: sqlite postgresql mariadb
SELECT s.m FROM (SELECT max(x) AS m FROM voids) AS s;

-- on: sqlite postgresql mariadb
SELECT s.b FROM (SELECT title AS b FROM books ORDER BY id LIMIT 1) AS s;

-- on: sqlite postgresql mariadb
SELECT o.x, (SELECT o.x) AS inner_x, (SELECT n.y FROM voids AS n WHERE n.x = o.id) AS y FROM (SELECT id,
quantity AS x FROM sales) AS o;

-- on: sqlite postgresql
SELECT (SELECT count(o.x)) AS n, (SELECT sum(o.x)) AS s FROM voids AS o;

-- on: sqlite
SELECT o.y, (SELECT count(o.x)) AS n FROM voids AS o;

-- on: sqlite
SELECT (SELECT count(o.id) FROM voids) AS n FROM authors AS o;

-- on: postgresql
SELECT a.name, l.title, l.n FROM authors AS a LEFT JOIN LATERAL (SELECT title, count(*) OVER () AS n FROM
books WHERE author_id = a.id LIMIT 1) AS l ON true;

-- on: postgresql
SELECT a.name, l.n FROM authors AS a CROSS JOIN LATERAL (SELECT count(*) AS n FROM books WHERE author_id =
a.id) AS l;

-- on: postgresql
SELECT g.n, a.name FROM generate_series(1, 5) AS g (n) LEFT JOIN authors AS a ON a.id = g.n;

-- on: postgresql
SELECT t.tag, d.id FROM documents AS d CROSS JOIN LATERAL unnest(d.tags) AS t (tag);

-- on: postgresql
SELECT a.id, x.* FROM authors AS a LEFT JOIN LATERAL (VALUES (a.name, a.email)) AS x (n, e) ON a.id > 1;

-- on: sqlite postgresql mariadb
WITH b AS (SELECT id, title, pages FROM books) SELECT id, title, pages FROM b;

-- on: sqlite postgresql mariadb
WITH b (i, t) AS (SELECT id, title FROM books) SELECT a.name, b.i, b.t FROM authors AS a LEFT JOIN b ON b.i =
a.id;

-- on: sqlite postgresql mariadb
WITH b AS (SELECT * FROM books), c AS (SELECT author_id, title FROM b WHERE author_id IS NOT NULL) SELECT
author_id, title FROM c;

-- on: sqlite postgresql mariadb
WITH s AS (SELECT book_id, sum(amount) AS t, count(*) AS n FROM sales GROUP BY book_id) SELECT b.title, s.t,
s.n FROM books AS b LEFT JOIN s ON s.book_id = b.id;

-- on: sqlite postgresql mariadb
WITH s AS (SELECT max(x) AS m, count(*) AS n FROM voids) SELECT m, n FROM s;

-- on: sqlite postgresql mariadb
WITH s AS (SELECT id FROM authors) SELECT x.id, y.id AS other FROM s AS x LEFT JOIN s AS y ON y.id = x.id + 1;

-- on: postgresql mariadb
WITH voids AS (SELECT id, email AS x FROM authors) SELECT id, x FROM voids;

-- on: postgresql mariadb
WITH voids AS (SELECT x, y FROM voids) SELECT x, y FROM voids;

-- on: sqlite postgresql mariadb
WITH RECURSIVE t AS ( SELECT id, label, parent_id, 0 AS depth FROM nodes WHERE parent_id IS NULL UNION ALL
SELECT n.id, n.label, n.parent_id, t.depth + 1 FROM nodes AS n INNER JOIN t ON t.id = n.parent_id ) SELECT id,
label, parent_id, depth FROM t;

-- on: sqlite postgresql mariadb
WITH RECURSIVE t (n, v) AS ( SELECT 1, 1 UNION ALL SELECT n + 1, CASE WHEN n < 2 THEN v END FROM t WHERE n < 5
) SELECT n, v FROM t;

-- on: sqlite postgresql mariadb
WITH RECURSIVE t (n, a, b, c) AS ( SELECT 1, 1, 1, 1 UNION ALL SELECT n + 1, NULL, a, b FROM t WHERE n < 6 )
SELECT n, a, b, c FROM t;

-- on: sqlite
WITH RECURSIVE t (x) AS (SELECT 1.0 UNION ALL SELECT x * 10 FROM t LIMIT 400) SELECT x, x - x, x * 0 FROM t;

-- on: sqlite
WITH RECURSIVE t (n, a, b) AS ( SELECT 1, 1.0, 1.0 UNION ALL SELECT n + 1, b, a + b FROM t WHERE n < 2000 )
SELECT n, a, b, a - b FROM t;

-- on: sqlite
WITH t (n) AS (SELECT 1 UNION ALL SELECT nullif(n + 1, 3) FROM t WHERE n < 5) SELECT n FROM t;

-- on: postgresql
WITH RECURSIVE t AS ( SELECT id, label FROM nodes WHERE parent_id IS NULL UNION ALL SELECT n.id, n.label FROM
nodes AS n INNER JOIN t ON t.id = n.parent_id ) SEARCH DEPTH FIRST BY id SET ordering SELECT label, ordering
FROM t;

-- on: postgresql
WITH gone AS (DELETE FROM books WHERE id > 2 RETURNING id, author_id) SELECT id, author_id FROM gone;

-- on: postgresql
WITH added AS (INSERT INTO authors (id, name) SELECT 50, 'new' RETURNING id, name, email) SELECT a.id, a.name,
a.email, b.title FROM added AS a LEFT JOIN books AS b ON b.author_id = a.id;

-- on: sqlite postgresql mariadb
SELECT id, name FROM authors UNION SELECT id, title FROM books;

-- on: sqlite postgresql mariadb
SELECT id, name FROM authors UNION ALL SELECT author_id, title FROM books;

-- on: sqlite postgresql mariadb
SELECT id, email FROM authors EXCEPT SELECT id, title FROM books;

-- on: sqlite postgresql mariadb
SELECT id FROM authors INTERSECT SELECT author_id FROM books;

-- on: sqlite postgresql mariadb
SELECT author_id FROM books INTERSECT SELECT id FROM authors;

-- on: sqlite postgresql mariadb
SELECT author_id FROM books EXCEPT SELECT id FROM authors;

-- on: sqlite postgresql mariadb
SELECT 1 AS n UNION ALL SELECT NULL UNION ALL SELECT 2;

-- on: sqlite postgresql mariadb
SELECT s.n FROM (SELECT id AS n FROM authors UNION ALL SELECT age FROM authors) AS s;

-- on: sqlite postgresql mariadb
SELECT id, 'a' AS kind FROM authors UNION ALL SELECT id, 'b' FROM books ORDER BY id;

-- on: sqlite postgresql
SELECT column1, column2 FROM (VALUES (1, 'a'), (2, NULL)) AS v;

-- on: sqlite postgresql
VALUES (1, NULL), (2, 'b');

-- on: sqlite postgresql mariadb
INSERT INTO authors (id, name) VALUES (70, 'new') RETURNING id, name, email, age;

-- on: sqlite postgresql
UPDATE authors SET email = NULL WHERE email IS NOT NULL RETURNING id, email, name;

-- on: sqlite postgresql mariadb
DELETE FROM authors WHERE email IS NOT NULL RETURNING id, email, age;

-- on: sqlite postgresql
INSERT INTO codes (code, note) VALUES ('b', NULL) ON CONFLICT (code) DO UPDATE SET note = NULL RETURNING code,
note;

-- on: mariadb
INSERT INTO codes (code, note) VALUES ('b', NULL) ON DUPLICATE KEY UPDATE note = NULL RETURNING code, note;

-- on: mariadb
INSERT IGNORE INTO voids (id, x, y) VALUES (1, NULL, NULL), (2, 1, 'y') RETURNING id, x, y;

-- on: sqlite mariadb
REPLACE INTO codes (code, note) VALUES ('b', NULL) RETURNING code, note;

-- on: sqlite
INSERT INTO codes (note) VALUES ('no key') RETURNING code, note, note || 'x';

-- on: sqlite
INSERT INTO nodes (label) VALUES ('new') RETURNING id, parent_id, label, parent_id + 1, lower(label);

-- on: postgresql
UPDATE books SET pages = NULL FROM sales AS s LEFT JOIN editions AS e ON e.book_id = s.book_id WHERE s.book_id
= books.id RETURNING books.id, books.pages, s.quantity, e.number;

-- on: postgresql
DELETE FROM books USING authors AS a WHERE a.id = books.author_id RETURNING books.title, a.name, a.email;

-- on: postgresql
INSERT INTO reachable (id, name) VALUES (80, 'unreachable') RETURNING id, name, email;

-- on: postgresql
SELECT id, name, email FROM reachable;

-- on: postgresql
SELECT CAST(at AS time), at::time, CAST(CAST(at AS timestamptz) AS timetz), CAST(at AS date) FROM documents;

-- on: postgresql
SELECT ROW(id, age) = ROW(2, 5), (id, age) < (2, 5), ROW(id, age) IN (ROW(2, 5), ROW(3, 5)), ROW(2, age) >= ROW(id, 1),
    ROW(id, age) IS DISTINCT FROM ROW(2, 5), ROW(id, id) = ROW(2, 5), (id, name) < (2, 'a') FROM authors;

-- on: postgresql
SELECT ROW(2, 5) IN (SELECT id, age FROM authors) FROM authors;
