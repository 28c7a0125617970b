-- Each type out, and in.

-- name: numbers_all :many Numbers
SELECT id, tiny, flag, small, medium, int_, uint, big, ubig, dec_, whole, single, double_ FROM numbers;

-- name: bit_fields :many BitField
SELECT id, bits, one_bit FROM numbers;

-- name: bits_as_number :many BitNumber
SELECT id, bits + 0 AS bits FROM numbers;

-- name: add_numbers :one Numbers
INSERT INTO numbers (tiny, flag, small, medium, int_, uint, big, ubig, dec_, whole, single, double_)
VALUES (:tiny, :flag, :small, :medium, :int_, :uint, :big, :ubig, :dec_, :whole, :single, :double_)
RETURNING id, tiny, flag, small, medium, int_, uint, big, ubig, dec_, whole, single, double_;

-- name: set_bits :affected
UPDATE numbers SET bits = :bits WHERE id = :id;

-- name: texts_all :many Texts
SELECT id, fixed, var, tiny, free, medium, long_, choice, many, latin, cased FROM texts;

-- name: add_texts :one Texts
INSERT INTO texts (fixed, var, tiny, free, medium, long_, choice, many, latin, cased)
VALUES (:fixed, :var, :tiny, :free, :medium, :long_, :choice, :many, :latin, :cased)
RETURNING id, fixed, var, tiny, free, medium, long_, choice, many, latin, cased;

-- name: by_choice :many Choice
SELECT id, choice, choice + 0 AS place FROM texts WHERE choice IN (:choices);

-- name: in_set :many Choice1
SELECT id, many FROM texts WHERE FIND_IN_SET(:one, many);

-- name: bytes_all :many Bytes
SELECT id, fixed, var, tiny, free, long_ FROM bytes_;

-- name: add_bytes :one Bytes
INSERT INTO bytes_ (fixed, var, tiny, free, long_) VALUES (:fixed, :var, :tiny, :free, :long_)
RETURNING id, fixed, var, tiny, free, long_;

-- name: moments_all :many Moments
SELECT id, day, maybe_day, stamp, stamp_6, instant FROM moments;

-- name: times :many Times
SELECT id, at_time, at_time_6 FROM moments;

-- name: years :many Year
SELECT id, made_in FROM moments;

-- name: add_moment :one Moments
INSERT INTO moments (day, maybe_day, at_time, at_time_6, stamp, stamp_6, instant, made_in)
VALUES (:day, :maybe_day, :at_time, :at_time_6, :stamp, :stamp_6, :instant, :made_in)
RETURNING id, day, maybe_day, stamp, stamp_6, instant;

-- name: by_day :many Moments
SELECT id, day, maybe_day, stamp, stamp_6, instant FROM moments WHERE day BETWEEN :first AND :last;

-- name: day_alone :many scalar
SELECT day FROM moments;

-- name: time_alone :many scalar
SELECT at_time FROM moments;

-- name: stamps_alone :many
SELECT stamp, maybe_day FROM moments;

-- name: documents :many Document
SELECT id, doc, maybe_doc FROM others;

-- name: uids :many Uid
SELECT id, uid FROM others;

-- name: hosts :many Host
SELECT id, host4, host6 FROM others;

-- name: places :many Place
SELECT id, place, shape FROM others;

-- name: place_text :many PlaceText
SELECT id, ST_AsText(place) AS place, ST_X(place) AS x FROM others;

-- name: generated :many Generated
SELECT id, twice, id_copy, joined FROM others;

-- name: add_other :one Uid
INSERT INTO others (doc, maybe_doc, uid, host4, host6) VALUES (:doc, :maybe_doc, :uid, :host4, :host6)
RETURNING id, uid;

-- name: set_place :affected
UPDATE others SET place = POINT(:x, :y) WHERE id = :id;

-- name: by_uid :maybe Uid
SELECT id, uid FROM others WHERE uid = :uid;

-- name: by_host :many Host
SELECT id, host4, host6 FROM others WHERE host6 = :host;

-- name: history :many Version
SELECT id, name, ROW_START AS since, ROW_END AS until FROM versions FOR SYSTEM_TIME ALL;

-- name: as_of :many Named
SELECT id, name FROM versions FOR SYSTEM_TIME AS OF TIMESTAMP '2037-01-01 00:00:00';

-- name: add_version :one Named
INSERT INTO versions (name) VALUES (:name) RETURNING id, name;

-- name: next_number :one Next
SELECT NEXT VALUE FOR numbering AS number;

-- name: call_list :many TextRow
CALL list_texts();

-- name: own_function :many Doubled
SELECT id, double_of(id) AS twice FROM texts;

-- name: show_tables :many
SHOW TABLES;

-- name: upsert_text :affected
INSERT INTO texts (id, fixed, var, free, choice) VALUES (:id, 'f', :var, :free, 'red')
ON DUPLICATE KEY UPDATE var = VALUES(var), free = concat(free, :more);

-- name: replace_bytes :affected
REPLACE INTO bytes_ (id, var, free) VALUES (:id, :var, :free);

-- name: delete_returning :many Gone
DELETE FROM texts WHERE id = :id RETURNING id, var;

-- name: update_joined :affected
UPDATE texts AS t INNER JOIN numbers AS n ON n.id = t.id SET t.medium = n.dec_ WHERE n.int_ > :over;

-- name: delete_joined :affected
DELETE t FROM texts AS t LEFT JOIN numbers AS n ON n.id = t.id WHERE n.id IS NULL AND t.var = :var;

-- name: dec_times :many DecTimes
SELECT id, dec_ * :factor AS product, dec_ + :more AS total, int_ + :n AS sum FROM numbers;
