-- Tracks: the forms for PostgreSQL, whose script names everything in lower case.

-- name: of_album :many AlbumTrack
SELECT track.track_id, track.name, track.composer, track.milliseconds, track.unit_price
FROM track
INNER JOIN album ON track.album_id = album.album_id
WHERE album.title = :title
ORDER BY track.track_id;
