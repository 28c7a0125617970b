-- Reports on tags.

-- name: top_words :many TagWord
-- The words that tags are made of, the most used first.
WITH RECURSIVE spelling (name, place, word) AS (
    SELECT
        name,
        0,
        -- An empty text in the name's collation, wide enough for the longest word.
        CAST(substr(name, 1, 0) AS varchar(255))
    FROM tags
    UNION ALL
    -- Letter by letter: no function that finds a blank has the same name on all engines.
    SELECT
        name,
        place + 1,
        CAST(
            CASE
                WHEN substr(name, place + 1, 1) = ' ' THEN ''
                ELSE word || substr(name, place + 1, 1)
            END AS varchar(255)
        )
    FROM spelling
    WHERE substr(name, place + 1, 1) <> ''
)

SELECT
    word,
    count(*) AS tags
FROM spelling
WHERE
    word <> ''
    -- A word is whole where a blank or the end follows.
    AND substr(name, place + 1, 1) IN (' ', '')
GROUP BY word
ORDER BY
    tags DESC,
    word
LIMIT :limit;
