-- Of every amount the newest edition.
SELECT gemeente, jaar, verslagsoort, taakveld, generatie, categorie, is_last, bedrag_cents, plaatsing, tabel, editie,
       bericht_id, _imported_at, _received_at
FROM (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY gemeente, jaar, verslagsoort, taakveld, categorie ORDER BY editie DESC, _imported_at DESC
    ) AS volgorde
    FROM iv3
)
WHERE volgorde = 1
