-- Tracks: single recordings, most of them on an album.

-- name: of_album :many AlbumTrack
-- The tracks of an album, in the order in which they were entered.
SELECT
    Track.TrackId AS track_id,
    Track.Name AS name,
    Track.Composer AS composer,
    Track.Milliseconds AS milliseconds,
    Track.UnitPrice AS unit_price
FROM Track
INNER JOIN Album ON Track.AlbumId = Album.AlbumId
WHERE Album.Title = :title
ORDER BY Track.TrackId;
