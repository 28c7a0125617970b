-- Albums, tracks and playlists of Chinook, in the names of SQLite and MySQL.

-- name: album :maybe Album
SELECT AlbumId AS album_id, Title AS title, ArtistId AS artist_id
FROM Album
WHERE AlbumId = :album_id;

-- name: albums_of_artists :many ArtistAlbum
SELECT Artist.ArtistId AS artist_id, Artist.Name AS artist, Album.Title AS title
FROM Artist
LEFT JOIN Album ON Artist.ArtistId = Album.ArtistId
ORDER BY Artist.ArtistId, Album.AlbumId;

-- name: artists_without_album :many Artist
SELECT Artist.ArtistId AS artist_id, Artist.Name AS artist
FROM Artist
LEFT JOIN Album ON Artist.ArtistId = Album.ArtistId
WHERE Album.AlbumId IS NULL
ORDER BY Artist.ArtistId;

-- name: albums_per_artist :many ArtistCount
SELECT Artist.ArtistId AS artist_id, Artist.Name AS artist, count(Album.AlbumId) AS albums
FROM Artist
LEFT JOIN Album ON Artist.ArtistId = Album.ArtistId
GROUP BY Artist.ArtistId, Artist.Name
ORDER BY albums DESC, Artist.ArtistId;

-- name: playing_time :many PlayingTime
SELECT Album.AlbumId AS album_id, Album.Title AS title, max(Track.Milliseconds) AS longest, count(*) AS tracks
FROM Album
INNER JOIN Track ON Album.AlbumId = Track.AlbumId
GROUP BY Album.AlbumId, Album.Title
HAVING count(*) >= :tracks
ORDER BY Album.AlbumId;

-- name: longest_by_genre :many GenreTrack
WITH ranked AS (
    SELECT
        Track.GenreId AS genre_id,
        Track.Name AS track,
        Track.Milliseconds AS milliseconds,
        row_number() OVER (PARTITION BY Track.GenreId ORDER BY Track.Milliseconds DESC, Track.TrackId) AS place
    FROM Track
)

SELECT Genre.Name AS genre, ranked.track, ranked.milliseconds
FROM ranked
INNER JOIN Genre ON ranked.genre_id = Genre.GenreId
WHERE ranked.place = 1
ORDER BY Genre.GenreId;

-- name: tracks_of_playlist :many PlaylistTrack
SELECT Playlist.Name AS playlist, Track.Name AS track, Album.Title AS album, Genre.Name AS genre
FROM Playlist
INNER JOIN PlaylistTrack ON Playlist.PlaylistId = PlaylistTrack.PlaylistId
INNER JOIN Track ON PlaylistTrack.TrackId = Track.TrackId
LEFT JOIN Album ON Track.AlbumId = Album.AlbumId
LEFT JOIN Genre ON Track.GenreId = Genre.GenreId
WHERE Playlist.PlaylistId = :playlist_id
ORDER BY Track.TrackId;

-- name: composers :many scalar
SELECT DISTINCT Composer AS composer
FROM Track
WHERE Composer IS NOT NULL
ORDER BY Composer;

-- name: never_sold :many scalar
SELECT Name AS name
FROM Track
WHERE NOT EXISTS (SELECT 1 FROM InvoiceLine WHERE InvoiceLine.TrackId = Track.TrackId)
ORDER BY TrackId;

-- name: names :many Labelled
SELECT 'artist' AS kind, coalesce(Name, '') AS label
FROM Artist
UNION ALL
SELECT 'album', Title
FROM Album
ORDER BY kind, label;

-- name: neighbours :many Neighbours
-- @column before_it str?
-- @column after_it str?
SELECT
    TrackId AS track_id,
    lag(Name) OVER (PARTITION BY AlbumId ORDER BY TrackId) AS before_it,
    Name AS name,
    lead(Name) OVER (PARTITION BY AlbumId ORDER BY TrackId) AS after_it
FROM Track
WHERE AlbumId = :album_id
ORDER BY TrackId;

-- name: by_genre_names :many scalar
SELECT Track.Name AS name
FROM Track
INNER JOIN Genre ON Track.GenreId = Genre.GenreId
WHERE Genre.Name IN (:genres)
ORDER BY Track.TrackId;
