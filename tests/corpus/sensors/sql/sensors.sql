-- Sensors.

-- name: sensor :maybe Sensor
SELECT id, room_id, serial, kind, settings, firmware, online, installed_on, reports_at FROM sensors WHERE id = :id;

-- name: by_serial :maybe Sensor
SELECT id, room_id, serial, kind, settings, firmware, online, installed_on, reports_at FROM sensors WHERE serial = :serial;

-- name: install :one Sensor
INSERT INTO sensors (room_id, serial, settings, firmware, installed_on, reports_at)
VALUES (:room_id, :serial, :settings, :firmware, :installed_on, :reports_at)
RETURNING id, room_id, serial, kind, settings, firmware, online, installed_on, reports_at;

-- name: set_online :affected
UPDATE sensors SET online = :online WHERE id IN (:ids);

-- name: toggle :affected
UPDATE sensors SET online = NOT online WHERE id = :id;

-- name: configure :affected
UPDATE sensors SET settings = :settings, firmware = COALESCE(:firmware, firmware) WHERE id = :id;

-- name: rooms_with_sensors :many RoomSensor
SELECT r.id, r.name, r.floor, s.id AS sensor_id, s.online, s.serial, s.installed_on
FROM rooms AS r LEFT JOIN sensors AS s ON s.room_id = r.id ORDER BY r.id, s.id;

-- name: sensors_with_rooms :many SensorRoom
SELECT s.id, r.name, r.area FROM sensors AS s LEFT JOIN rooms AS r ON r.id = s.room_id;

-- name: store :batch
INSERT INTO measurements (sensor_id, taken_at, value_, quality) VALUES (:sensor_id, :taken_at, :value, :quality);

-- name: between :many Measurement
SELECT sensor_id, taken_at, value_, quality FROM measurements
WHERE sensor_id = :sensor_id AND taken_at >= :since AND taken_at < :until ORDER BY taken_at;

-- name: all_of :stream Measurement
SELECT sensor_id, taken_at, value_, quality FROM measurements ORDER BY sensor_id, taken_at;

-- name: latest :many LatestValue
SELECT m.sensor_id, m.taken_at, m.value_ FROM measurements AS m
WHERE m.taken_at = (SELECT max(x.taken_at) FROM measurements AS x WHERE x.sensor_id = m.sensor_id);

-- name: statistics :many Statistic
SELECT
    sensor_id,
    count(*) AS n,
    min(value_) AS least,
    max(value_) AS most,
    avg(value_) AS mean,
    sum(value_) AS total,
    min(taken_at) AS first_at,
    avg(quality) AS quality
FROM measurements GROUP BY sensor_id;

-- name: overall :one Overall
SELECT count(*) AS n, avg(value_) AS mean, max(taken_at) AS last_at, sum(quality) AS quality FROM measurements;

-- name: moving :many Moving
SELECT
    sensor_id, taken_at,
    avg(value_) OVER (PARTITION BY sensor_id ORDER BY taken_at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean,
    lag(value_) OVER (PARTITION BY sensor_id ORDER BY taken_at) AS previous,
    lead(taken_at) OVER (PARTITION BY sensor_id ORDER BY taken_at) AS next_at,
    row_number() OVER (PARTITION BY sensor_id ORDER BY taken_at) AS number
FROM measurements;

-- name: calibrated :many Calibrated
SELECT sensor_id, taken_at, value_ * :factor + :offset AS value_ FROM measurements;

-- name: outliers :many Outlier
SELECT m.sensor_id, m.value_ FROM measurements AS m
INNER JOIN (SELECT sensor_id, avg(value_) AS mean FROM measurements GROUP BY sensor_id) AS a ON a.sensor_id = m.sensor_id
WHERE abs(m.value_ - a.mean) > :distance;

-- name: raise_alarm :one scalar
INSERT INTO alarms (sensor_id, raised_at, level_) VALUES (:sensor_id, :raised_at, :level) RETURNING id;

-- name: clear_alarm :affected
UPDATE alarms SET cleared_at = :cleared_at WHERE id = :id AND cleared_at IS NULL;

-- name: open_alarms :many Alarm
SELECT id, sensor_id, raised_at, level_ FROM alarms WHERE cleared_at IS NULL AND level_ >= :level;

-- name: alarm_count :many AlarmCount
SELECT s.id, count(a.id) AS n, max(a.level_) AS worst, max(a.raised_at) AS last_at
FROM sensors AS s LEFT JOIN alarms AS a ON a.sensor_id = s.id GROUP BY s.id;

-- name: level_words :many LevelWord
SELECT id, CASE level_ WHEN 1 THEN 'info' WHEN 5 THEN 'fatal' ELSE :word END AS word,
    CASE WHEN cleared_at IS NULL THEN :open ELSE 0 END AS open_flag
FROM alarms;

-- name: forget :affected
DELETE FROM measurements WHERE taken_at < :before;

-- name: copy_room :affected
INSERT INTO rooms (name, floor, area) SELECT :name, floor, area FROM rooms WHERE id = :id;

-- name: quality_or :many QualityOr
SELECT sensor_id, COALESCE(quality, :default) AS quality FROM measurements;
