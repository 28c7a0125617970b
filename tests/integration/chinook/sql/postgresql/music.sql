-- Albums, tracks and playlists of Chinook, in the names of PostgreSQL.

-- name: album :maybe Album
SELECT album_id AS album_id, title AS title, artist_id AS artist_id
FROM album
WHERE album_id = :album_id;

-- name: albums_of_artists :many ArtistAlbum
SELECT artist.artist_id AS artist_id, artist.name AS artist, album.title AS title
FROM artist
LEFT JOIN album ON artist.artist_id = album.artist_id
ORDER BY artist.artist_id, album.album_id;

-- name: artists_without_album :many Artist
SELECT artist.artist_id AS artist_id, artist.name AS artist
FROM artist
LEFT JOIN album ON artist.artist_id = album.artist_id
WHERE album.album_id IS NULL
ORDER BY artist.artist_id;

-- name: albums_per_artist :many ArtistCount
SELECT artist.artist_id AS artist_id, artist.name AS artist, count(album.album_id) AS albums
FROM artist
LEFT JOIN album ON artist.artist_id = album.artist_id
GROUP BY artist.artist_id, artist.name
ORDER BY albums DESC, artist.artist_id;

-- name: playing_time :many PlayingTime
SELECT album.album_id AS album_id, album.title AS title, max(track.milliseconds) AS longest, count(*) AS tracks
FROM album
INNER JOIN track ON album.album_id = track.album_id
GROUP BY album.album_id, album.title
HAVING count(*) >= :tracks
ORDER BY album.album_id;

-- name: longest_by_genre :many GenreTrack
WITH ranked AS (
    SELECT
        track.genre_id AS genre_id,
        track.name AS track,
        track.milliseconds AS milliseconds,
        row_number() OVER (PARTITION BY track.genre_id ORDER BY track.milliseconds DESC, track.track_id) AS place
    FROM track
)

SELECT genre.name AS genre, ranked.track, ranked.milliseconds
FROM ranked
INNER JOIN genre ON ranked.genre_id = genre.genre_id
WHERE ranked.place = 1
ORDER BY genre.genre_id;

-- name: tracks_of_playlist :many PlaylistTrack
SELECT playlist.name AS playlist, track.name AS track, album.title AS album, genre.name AS genre
FROM playlist
INNER JOIN playlist_track ON playlist.playlist_id = playlist_track.playlist_id
INNER JOIN track ON playlist_track.track_id = track.track_id
LEFT JOIN album ON track.album_id = album.album_id
LEFT JOIN genre ON track.genre_id = genre.genre_id
WHERE playlist.playlist_id = :playlist_id
ORDER BY track.track_id;

-- name: composers :many scalar
SELECT DISTINCT composer AS composer
FROM track
WHERE composer IS NOT NULL
ORDER BY composer;

-- name: never_sold :many scalar
SELECT name AS name
FROM track
WHERE NOT EXISTS (SELECT 1 FROM invoice_line WHERE invoice_line.track_id = track.track_id)
ORDER BY track_id;

-- name: names :many Labelled
SELECT 'artist' AS kind, coalesce(name, '') AS label
FROM artist
UNION ALL
SELECT 'album', title
FROM album
ORDER BY kind, label;

-- name: neighbours :many Neighbours
SELECT
    track_id AS track_id,
    lag(name) OVER (PARTITION BY album_id ORDER BY track_id) AS before_it,
    name AS name,
    lead(name) OVER (PARTITION BY album_id ORDER BY track_id) AS after_it
FROM track
WHERE album_id = :album_id
ORDER BY track_id;

-- name: by_genre_names :many scalar
SELECT track.name AS name
FROM track
INNER JOIN genre ON track.genre_id = genre.genre_id
WHERE genre.name IN (:genres)
ORDER BY track.track_id;
