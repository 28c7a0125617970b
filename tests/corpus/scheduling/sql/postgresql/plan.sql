-- The plan.

-- name: halls_open :many Hall
SELECT id, name, seats, opens, closes, zone FROM halls WHERE :at BETWEEN opens AND closes;

-- name: add_hall :one Hall
INSERT INTO halls (name, seats, opens, closes) VALUES (:name, :seats, :opens, :closes)
RETURNING id, name, seats, opens, closes, zone;

-- name: book :one scalar
INSERT INTO bookings (hall_id, period, title, price) VALUES (:hall_id, tstzrange(:starts, :ends), :title, :price) RETURNING id;

-- name: bookings_of :many Booking
SELECT id, title, lower(period) AS starts, upper(period) AS ends, price FROM bookings WHERE hall_id = :hall_id;

-- name: at_moment :many BookingTitle
SELECT id, title FROM bookings WHERE period @> CAST(:at AS timestamptz);

-- name: overlapping :many BookingTitle
SELECT id, title FROM bookings WHERE period && tstzrange(:starts, :ends, '[]');

-- name: lengths :many Length
SELECT id, upper(period) - lower(period) AS length, EXTRACT(EPOCH FROM upper(period) - lower(period)) / 3600 AS hours
FROM bookings;

-- name: local_times :many LocalTime
SELECT b.id, lower(b.period) AT TIME ZONE h.zone AS local_start FROM bookings AS b INNER JOIN halls AS h ON h.id = b.hall_id;

-- name: free_halls :many FreeHall
SELECT h.id, h.name FROM halls AS h
WHERE NOT EXISTS (SELECT 1 FROM bookings AS b WHERE b.hall_id = h.id AND b.period && tstzrange(:starts, :ends));

-- name: usage_ :many Usage
SELECT h.name, count(b.id) AS n, sum(b.price) AS income, sum(upper(b.period) - lower(b.period)) AS total
FROM halls AS h LEFT JOIN bookings AS b ON b.hall_id = h.id GROUP BY h.name;

-- name: repeating :many Repeating
SELECT id, repeats, lower(period) + repeats AS next_at FROM bookings WHERE repeats IS NOT NULL;

-- name: shifts_of :many Shift
SELECT staff_id, day, kind, done FROM shifts WHERE staff_id = :staff_id AND day >= :since;

-- name: add_shift :affected
INSERT INTO shifts (staff_id, day, kind) VALUES (:staff_id, :day, :kind)
ON CONFLICT (staff_id, day) DO UPDATE SET kind = excluded.kind, done = NULL;

-- name: shift_kinds :many ShiftKind
SELECT kind, count(*) AS n, count(*) FILTER (WHERE done) AS done, bool_and(done) AS all_done, array_agg(DISTINCT day) AS days
FROM shifts GROUP BY kind;

-- name: calendar :many CalendarDay
SELECT CAST(d.day AS date) AS day, s.name, h.kind
FROM generate_series(CAST(:monday AS date), CAST(:monday AS date) + 6, INTERVAL '1 day') AS d (day)
CROSS JOIN staff AS s
LEFT JOIN shifts AS h ON h.staff_id = s.id AND h.day = CAST(d.day AS date);

-- name: week_numbers :many Week
SELECT EXTRACT(ISOYEAR FROM day) AS year, EXTRACT(WEEK FROM day) AS week, to_char(day, 'Day') AS weekday, count(*) AS n
FROM shifts GROUP BY 1, 2, 3;

-- name: staff_all :many Staff
SELECT id, name, skills, hours FROM staff;

-- name: hire :one Staff
INSERT INTO staff (name, skills, hours) VALUES (:name, :skills, :hours) RETURNING id, name, skills, hours;

-- name: on_holiday :many StaffName
SELECT id, name FROM staff WHERE holiday @> CAST(:day AS date);

-- name: holiday :affected
UPDATE staff SET holiday = daterange(:first, :last, '[]') WHERE id = :id;

-- name: skilled :many StaffName
SELECT id, name FROM staff WHERE skills @> ARRAY[:skill] OR cardinality(skills) > :n;

-- name: hours_per_person :many Hours
SELECT s.id, s.hours * count(h.day) AS total, justify_hours(s.hours * 3) AS three, s.hours / 2 AS half
FROM staff AS s LEFT JOIN shifts AS h ON h.staff_id = s.id GROUP BY s.id, s.hours;

-- name: next_shift :many NextShift
SELECT s.id, n.day, n.kind FROM staff AS s
LEFT JOIN LATERAL (
    SELECT h.day, h.kind FROM shifts AS h WHERE h.staff_id = s.id AND h.day > :after ORDER BY h.day LIMIT 1
) AS n ON TRUE;

-- name: swap :many Swapped
WITH taken AS (DELETE FROM shifts WHERE staff_id = :a AND day = :day RETURNING day, kind)
INSERT INTO shifts (staff_id, day, kind) SELECT :b, t.day, t.kind FROM taken AS t RETURNING staff_id, day, kind;

-- name: merge_shifts :affected
MERGE INTO shifts AS s USING staff AS p ON s.staff_id = p.id AND s.day = :day
WHEN MATCHED THEN UPDATE SET done = TRUE
WHEN NOT MATCHED THEN INSERT (staff_id, day, kind) VALUES (p.id, :day, 'early');

-- name: gaps :many Gap
SELECT staff_id, day - lag(day) OVER (PARTITION BY staff_id ORDER BY day) AS days FROM shifts;

-- name: streaks :many Streak
SELECT staff_id, min(day) AS first, max(day) AS last, count(*) AS n FROM (
    SELECT staff_id, day, day - CAST(row_number() OVER (PARTITION BY staff_id ORDER BY day) AS integer) AS streak FROM shifts
) AS x GROUP BY staff_id, streak;

-- name: from_times :many FromTime
SELECT staff_id, day, from_at FROM shifts;
