-- Artists: the forms for PostgreSQL, whose script names everything in lower case.

-- name: top_by_sales :many ArtistSales
SELECT
    artist.name AS artist,
    sum(invoice_line.quantity) AS tracks_sold,
    round(sum(invoice_line.unit_price * invoice_line.quantity), 2) AS revenue
FROM artist
INNER JOIN album ON artist.artist_id = album.artist_id
INNER JOIN track ON album.album_id = track.album_id
INNER JOIN invoice_line ON track.track_id = invoice_line.track_id
GROUP BY
    artist.artist_id,
    artist.name
ORDER BY
    revenue DESC,
    artist.artist_id
LIMIT :limit;
