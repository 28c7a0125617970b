-- Reports on tags.

-- name: top_words :many TagWord
-- The words that tags are made of, the most used first.
WITH RECURSIVE spelling (name, place, word) AS (
    SELECT
        name,
        0,
        -- An empty text with the name's collation and room for a word of its length.
        replace(name, name, '')
    FROM tags
    UNION ALL
    -- One letter at a time: the function that finds a blank has different names on the engines.
    SELECT
        name,
        place + 1,
        CASE
            WHEN substr(name, place + 1, 1) = ' ' THEN ''
            ELSE word || substr(name, place + 1, 1)
        END
    FROM spelling
    WHERE substr(name, place + 1, 1) <> ''
)

SELECT
    word,
    count(*) AS tags
FROM spelling
WHERE
    word <> ''
    -- A word is complete if a blank or the end of the name follows.
    AND substr(name, place + 1, 1) IN (' ', '')
GROUP BY word
ORDER BY
    tags DESC,
    word
LIMIT :limit;
