-- Artists: who made the albums.

-- name: top_by_sales :many ArtistSales
-- The artists that earned most, each with the number of tracks sold.
SELECT
    Artist.Name AS artist,
    sum(InvoiceLine.Quantity) AS tracks_sold,
    -- SQLite adds prices as floating-point numbers: round the sum to cents.
    round(sum(InvoiceLine.UnitPrice * InvoiceLine.Quantity), 2) AS revenue
FROM Artist
INNER JOIN Album ON Artist.ArtistId = Album.ArtistId
INNER JOIN Track ON Album.AlbumId = Track.AlbumId
INNER JOIN InvoiceLine ON Track.TrackId = InvoiceLine.TrackId
GROUP BY
    Artist.ArtistId,
    Artist.Name
ORDER BY
    revenue DESC,
    Artist.ArtistId
LIMIT :limit;
