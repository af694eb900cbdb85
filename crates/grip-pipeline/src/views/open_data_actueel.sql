-- Of every figure the newest edition. A figure that a newer edition dropped stays as the last one that had it.
SELECT bron, tabel, editie, regio, periode, meting, dimensies, waarde, waarde_units, waarde_scale, eenheid, status,
       bericht_id, _imported_at, _received_at
FROM (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY bron, tabel, regio, periode, meting, dimensies ORDER BY editie DESC, _imported_at DESC
    ) AS volgorde
    FROM open_data
)
WHERE volgorde = 1
