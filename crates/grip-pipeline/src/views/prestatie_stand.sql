-- Every line of every invoice with what became of it. afgekeurd_op is empty for a line that was approved or not yet
-- answered. A line is refused on its own, or with the whole invoice, which then counts as never sent.
-- beantwoord_op is the day of the first answer. A line of an export says itself whether it was refused, and has its answer. One that came as a message too, before or after, counts there only.
WITH dubbel AS (
    SELECT DISTINCT export.bericht_id, export.regel
    FROM prestatie AS export
    JOIN bericht AS exportbestand
        ON exportbestand.bericht_id = export.bericht_id AND exportbestand.berichtsoort = 'declaratie-export'
    JOIN prestatie AS gemeld
        ON gemeld.wet = export.wet AND gemeld.gemeente = export.gemeente AND gemeld.aanbieder = export.aanbieder
        AND gemeld.referentie_nummer = export.referentie_nummer
    JOIN bericht AS gemeldbestand
        ON gemeldbestand.bericht_id = gemeld.bericht_id AND gemeldbestand.berichtsoort <> 'declaratie-export'
),
regel AS (
    SELECT declaratie_stand.bericht_id, prestatie_afkeuring.referentie_nummer,
           MIN(prestatie_afkeuring._received_at) AS afgekeurd_op, MIN(prestatie_afkeuring.retour_codes) AS retour_codes,
           MIN(prestatie_afkeuring.bedrag_cents) AS afgekeurd_cents
    FROM prestatie_afkeuring
    JOIN declaratie_stand ON declaratie_stand.antwoord_id = prestatie_afkeuring.bericht_id
    GROUP BY declaratie_stand.bericht_id, prestatie_afkeuring.referentie_nummer
),
geheel AS (
    SELECT bericht_id, MIN(_received_at) AS afgekeurd_op, MIN(retour_codes) AS retour_codes
    FROM declaratie_stand
    WHERE geheel_afgekeurd
    GROUP BY bericht_id
),
antwoord AS (
    SELECT bericht_id, MIN(_received_at) AS beantwoord_op FROM declaratie_stand GROUP BY bericht_id
)
SELECT prestatie.bericht_id, prestatie.regel, prestatie.wet, prestatie.gemeente, prestatie.aanbieder, prestatie.client,
       prestatie.declaratie_nummer, prestatie.referentie_nummer, prestatie.vorig_referentie_nummer,
       prestatie.toewijzing_nummer, prestatie.product_categorie, prestatie.product_code,
       prestatie.begindatum, prestatie.einddatum, prestatie.geleverd_volume, prestatie.eenheid,
       prestatie.tarief_cents,
       CASE WHEN geheel.afgekeurd_op IS NULL AND bericht.berichtsoort LIKE '%303'
                AND regel.afgekeurd_cents <> prestatie.bedrag_cents
           THEN prestatie.bedrag_cents - regel.afgekeurd_cents ELSE prestatie.bedrag_cents END AS bedrag_cents,
       CASE WHEN geheel.afgekeurd_op IS NULL AND bericht.berichtsoort LIKE '%303'
                AND regel.afgekeurd_cents <> prestatie.bedrag_cents
           THEN NULL ELSE COALESCE(geheel.afgekeurd_op, regel.afgekeurd_op, eigen._received_at) END AS afgekeurd_op,
       COALESCE(geheel.retour_codes, regel.retour_codes, eigen.retour_codes) AS retour_codes,
       CASE WHEN bericht.berichtsoort = 'declaratie-export' THEN prestatie._received_at
            ELSE antwoord.beantwoord_op END AS beantwoord_op,
       bericht._source_file, prestatie._received_at
FROM prestatie
JOIN bericht ON bericht.bericht_id = prestatie.bericht_id AND bericht.status <> 'geweigerd'
LEFT JOIN regel ON regel.bericht_id = prestatie.bericht_id AND regel.referentie_nummer = prestatie.referentie_nummer
LEFT JOIN antwoord ON antwoord.bericht_id = prestatie.bericht_id
LEFT JOIN geheel ON geheel.bericht_id = prestatie.bericht_id
LEFT JOIN prestatie_afkeuring AS eigen ON eigen.bericht_id = prestatie.bericht_id AND eigen.regel = prestatie.regel
LEFT JOIN dubbel ON dubbel.bericht_id = prestatie.bericht_id AND dubbel.regel = prestatie.regel
WHERE dubbel.bericht_id IS NULL
