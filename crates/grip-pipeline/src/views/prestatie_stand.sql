-- Every line of every invoice with what became of it. afgekeurd_op is empty for a line that was approved or not yet
-- answered. A line is refused on its own, or with the whole invoice, which then counts as never sent.
--
-- An answer is about the last message of its name that had been received when it was sent: after a refusal of the whole a
-- provider may use the name again (OP286). Where a name was used once, the order of arrival does not matter.
WITH verzonden AS (
    SELECT bericht_id, wet, gemeente, aanbieder, identificatie, _received_at,
           LEAD(_received_at) OVER naam AS opgevolgd_op, ROW_NUMBER() OVER naam AS volgnummer
    FROM bericht
    WHERE status <> 'geweigerd' AND (berichtsoort LIKE '%323' OR berichtsoort LIKE '%303')
    WINDOW naam AS (PARTITION BY wet, gemeente, aanbieder, berichtsoort, identificatie ORDER BY _received_at, _intake, bericht_id)
),
beantwoord AS (
    SELECT declaratie_antwoord.bericht_id AS antwoord_id, verzonden.bericht_id, declaratie_antwoord.geheel_afgekeurd,
           declaratie_antwoord.retour_codes, declaratie_antwoord._received_at
    FROM declaratie_antwoord
    JOIN verzonden
        ON verzonden.wet = declaratie_antwoord.wet AND verzonden.gemeente = declaratie_antwoord.gemeente
        AND verzonden.aanbieder = declaratie_antwoord.aanbieder
        AND verzonden.identificatie = declaratie_antwoord.declaratie_identificatie
    WHERE (verzonden.volgnummer = 1 OR verzonden._received_at <= declaratie_antwoord._received_at)
        AND (verzonden.opgevolgd_op IS NULL OR declaratie_antwoord._received_at < verzonden.opgevolgd_op)
),
regel AS (
    SELECT beantwoord.bericht_id, prestatie_afkeuring.referentie_nummer,
           MIN(prestatie_afkeuring._received_at) AS afgekeurd_op, MIN(prestatie_afkeuring.retour_codes) AS retour_codes,
           MIN(prestatie_afkeuring.bedrag_cents) AS afgekeurd_cents
    FROM prestatie_afkeuring
    JOIN beantwoord ON beantwoord.antwoord_id = prestatie_afkeuring.bericht_id
    GROUP BY beantwoord.bericht_id, prestatie_afkeuring.referentie_nummer
),
geheel AS (
    SELECT bericht_id, MIN(_received_at) AS afgekeurd_op, MIN(retour_codes) AS retour_codes
    FROM beantwoord
    WHERE geheel_afgekeurd
    GROUP BY bericht_id
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
           THEN NULL ELSE COALESCE(geheel.afgekeurd_op, regel.afgekeurd_op) END AS afgekeurd_op,
       COALESCE(geheel.retour_codes, regel.retour_codes) AS retour_codes,
       bericht._source_file, prestatie._received_at
FROM prestatie
JOIN bericht ON bericht.bericht_id = prestatie.bericht_id AND bericht.status <> 'geweigerd'
LEFT JOIN regel ON regel.bericht_id = prestatie.bericht_id AND regel.referentie_nummer = prestatie.referentie_nummer
LEFT JOIN geheel ON geheel.bericht_id = prestatie.bericht_id
