-- Each type out, and in.

-- name: numbers_all :many Numbers
SELECT id, small, int_, big, dec_, num, whole, single, double_ FROM numbers;

-- name: money_of :many Cash
SELECT id, cash FROM numbers;

-- name: money_as_numeric :many CashNumber
SELECT id, CAST(cash AS numeric) AS cash FROM numbers;

-- name: oid_of :many Oid
SELECT id, object_id FROM numbers;

-- name: add_numbers :one Numbers
INSERT INTO numbers (small, int_, big, dec_, num, whole, single, double_)
VALUES (:small, :int_, :big, :dec_, :num, :whole, :single, :double_)
RETURNING id, small, int_, big, dec_, num, whole, single, double_;

-- name: add_cash :affected
UPDATE numbers SET cash = :cash WHERE id = :id;

-- name: texts_all :many Texts
SELECT id, free, var, var_n, fixed, bp, bytes_ FROM texts;

-- name: name_of :many SystemName
SELECT id, system_name, one FROM texts;

-- name: xml_of :many Xml
SELECT id, xml_ FROM texts;

-- name: search_of :many Search
SELECT id, search, query FROM texts;

-- name: add_texts :one Texts
INSERT INTO texts (free, var, var_n, fixed, bp, bytes_)
VALUES (:free, :var, :var_n, :fixed, :bp, :bytes_)
RETURNING id, free, var, var_n, fixed, bp, bytes_;

-- name: set_xml :affected
UPDATE texts SET xml_ = CAST(:xml AS xml) WHERE id = :id;

-- name: moments_all :many Moments
SELECT id, day, at_time, at_time_3, stamp, stamp_0, instant FROM moments;

-- name: time_with_zone :many TimeWithZone
SELECT id, at_zone FROM moments;

-- name: intervals :many Interval
SELECT id, lasts, lasts_days FROM moments;

-- name: add_moments :one Moments
INSERT INTO moments (day, at_time, at_time_3, stamp, stamp_0, instant, lasts)
VALUES (:day, :at_time, :at_time_3, :stamp, :stamp_0, :instant, :lasts)
RETURNING id, day, at_time, at_time_3, stamp, stamp_0, instant;

-- name: flags :many Flag
SELECT id, flag, maybe_flag, uid FROM others;

-- name: documents :many Document
SELECT id, json_, jsonb_, jsonb_null FROM others;

-- name: hosts :many Host
SELECT id, host, net FROM others;

-- name: macs :many Mac
SELECT id, mac, mac8 FROM others;

-- name: bit_strings :many BitString
SELECT id, bits, varbits FROM others;

-- name: lsn_of :many Lsn
SELECT id, lsn FROM others;

-- name: add_other :one Flag
INSERT INTO others (flag, maybe_flag, uid, json_, jsonb_, jsonb_null, host, net)
VALUES (:flag, :maybe_flag, :uid, :json, :jsonb, :jsonb_null, :host, :net)
RETURNING id, flag, maybe_flag, uid;

-- name: set_bits :affected
UPDATE others SET bits = :bits WHERE id = :id;

-- name: set_mac :affected
UPDATE others SET mac = :mac WHERE id = :id;

-- name: by_host :many Host
SELECT id, host, net FROM others WHERE host = :host;

-- name: inside_net :many Host
SELECT id, host, net FROM others WHERE host << :net;

-- name: points :many Point
SELECT id, p, l, s FROM shapes;

-- name: boxes :many Box
SELECT id, b, pa, po, c FROM shapes;

-- name: point_x :many PointX
SELECT id, p[0] AS x, p <-> point(0, 0) AS distance, area(b) AS area FROM shapes;

-- name: own_enum :many Feeling
SELECT id, feeling, maybe_feeling FROM own_types;

-- name: own_domains :many Domains
SELECT id, count_, mail, needed FROM own_types;

-- name: own_composite :many Place
SELECT id, place FROM own_types;

-- name: own_composite_field :many Street
SELECT id, (place).street AS street, (place).number AS number FROM own_types;

-- name: own_array_domain :many ListDomain
SELECT id, list_ FROM own_types;

-- name: own_ranges :many Spans
SELECT id, span, span8, spann FROM own_types;

-- name: own_day_ranges :many DaySpans
SELECT id, days, stamps, instants FROM own_types;

-- name: own_float_range :many FloatSpan
SELECT id, floats, many FROM own_types;

-- name: range_ends :many RangeEnds
SELECT id, lower(span) AS low, upper(span) AS high, isempty(span) AS nothing FROM own_types;

-- name: add_own :one Feeling
INSERT INTO own_types (feeling, maybe_feeling, count_, mail, needed, span)
VALUES (:feeling, :maybe_feeling, :count, :mail, :needed, int4range(:low, :high))
RETURNING id, feeling, maybe_feeling;

-- name: by_feeling :many Feeling
SELECT id, feeling, maybe_feeling FROM own_types WHERE feeling = :feeling;

-- name: by_feelings :many Feeling
SELECT id, feeling, maybe_feeling FROM own_types WHERE feeling IN (:feelings);

-- name: by_any_feeling :many Feeling
SELECT id, feeling, maybe_feeling FROM own_types WHERE feeling = ANY (:feelings);

-- name: set_place :affected
UPDATE own_types SET place = ROW(:street, :number, :zip) WHERE id = :id;

-- name: set_list :affected
UPDATE own_types SET list_ = :list WHERE id = :id;

-- name: set_span :affected
UPDATE own_types SET span = :span WHERE id = :id;

-- name: contains_number :many Spans
SELECT id, span, span8, spann FROM own_types WHERE span @> CAST(:n AS integer);

-- name: arrays_numbers :many NumberArrays
SELECT id, ints, bigs, nums, doubles, bools FROM arrays;

-- name: arrays_texts :many TextArrays
SELECT id, texts, vars FROM arrays;

-- name: arrays_moments :many MomentArrays
SELECT id, days, stamps, uids, lasts, times FROM arrays;

-- name: arrays_enums :many EnumArrays
SELECT id, moods, mails FROM arrays;

-- name: arrays_composite :many CompositeArrays
SELECT id, places FROM arrays;

-- name: arrays_json :many JsonArrays
SELECT id, docs, blobs, hosts FROM arrays;

-- name: arrays_grid :many GridArray
SELECT id, grid FROM arrays;

-- name: add_arrays :one NumberArrays
INSERT INTO arrays (ints, bigs, texts, nums, doubles, bools)
VALUES (:ints, :bigs, :texts, :nums, :doubles, :bools)
RETURNING id, ints, bigs, nums, doubles, bools;

-- name: set_day_arrays :affected
UPDATE arrays SET days = :days, stamps = :stamps, uids = :uids WHERE id = :id;

-- name: set_mood_array :affected
UPDATE arrays SET moods = :moods WHERE id = :id;

-- name: set_mail_array :affected
UPDATE arrays SET mails = :mails WHERE id = :id;

-- name: set_host_array :affected
UPDATE arrays SET hosts = :hosts, times = :times, lasts = :lasts WHERE id = :id;

-- name: set_json_array :affected
UPDATE arrays SET docs = :docs WHERE id = :id;

-- name: append_int :many Ints
UPDATE arrays SET ints = ints || CAST(:more AS integer) WHERE id = :id RETURNING id, ints;

-- name: array_any :many Ints
SELECT id, ints FROM arrays WHERE :n = ANY (ints);

-- name: id_any :many Ints
SELECT id, ints FROM arrays WHERE id = ANY (:ids);

-- name: array_overlap :many Ints
SELECT id, ints FROM arrays WHERE ints && :other;

-- name: array_contains :many Texts1
SELECT id, texts FROM arrays WHERE texts @> :wanted;

-- name: array_literal :one ArrayLiteral
SELECT ARRAY[1, 2] AS a, ARRAY['x', NULL] AS b, CAST('{}' AS text[]) AS c;

-- name: array_of_parameters :many Ints
SELECT id, ints FROM arrays WHERE id = ANY (ARRAY[CAST(:a AS integer), CAST(:b AS integer)]);

-- name: array_subscript :many Subscript
SELECT id, ints[1] AS first, texts[1:2] AS some, array_length(ints, 1) AS n, cardinality(texts) AS m FROM arrays;

-- name: array_unnest :many Unnested
SELECT a.id, u.item FROM arrays AS a, unnest(a.texts) AS u (item);

-- name: array_ordinality :many Numbered
SELECT a.id, u.item, u.place FROM arrays AS a CROSS JOIN LATERAL unnest(a.ints) WITH ORDINALITY AS u (item, place);

-- name: array_aggregated :one Aggregated
SELECT array_agg(int_) AS ints, array_agg(num) AS nums, array_agg(DISTINCT small) AS smalls FROM numbers;

-- name: array_of_query :one OfQuery
SELECT ARRAY(SELECT free FROM texts ORDER BY id) AS texts;

-- name: array_functions :many ArrayFunctions
SELECT
    id,
    array_append(ints, 1) AS appended,
    array_remove(texts, 'a') AS removed,
    array_position(ints, 2) AS place,
    array_to_string(texts, ',') AS joined
FROM arrays;

-- name: split_words :many Words
SELECT id, string_to_array(free, ' ') AS words, regexp_split_to_array(free, '\s+') AS parts FROM texts;

-- name: insert_unnested :affected
INSERT INTO numbers (small, int_, big, dec_, num, single, double_)
SELECT 1, u.n, u.n, 1, 1, 1, 1 FROM unnest(CAST(:numbers AS integer[])) AS u (n);

-- name: infinite :many Infinite
SELECT id, isfinite(day) AS finite, CAST(stamp AS time) AS at_time, CAST(stamp AS date) AS day FROM moments;
