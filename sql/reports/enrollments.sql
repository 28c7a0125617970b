-- Reports on enrollments.

-- name: by_month :many EnrollmentMonth
-- How many students joined each activity in each month, and how many of them are still in it.
WITH enrollment (month, activity_id, end_date) AS (
    SELECT
        -- YYYY-MM of a date, alike on all engines.
        substr(CAST(start_date AS varchar(10)), 1, 7),
        activity_id, end_date
    FROM enrollments
)

SELECT
    enrollment.month,
    activities.name AS activity,
    count(*) AS joined,
    count(CASE WHEN enrollment.end_date IS NULL THEN 1 END) AS still_in
FROM enrollment
INNER JOIN activities ON enrollment.activity_id = activities.id
GROUP BY
    enrollment.month,
    activities.id,
    activities.name
ORDER BY
    enrollment.month,
    activities.name;
