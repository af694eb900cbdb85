-- Every line of every invoice with what became of it. afgekeurd_op is empty for a line that was approved or not yet
-- answered. A line is refused on its own, or with the whole invoice, which then counts as never sent.
WITH regel AS (
    SELECT wet, gemeente, aanbieder, declaratie_identificatie, referentie_nummer,
           MIN(_received_at) AS afgekeurd_op, MIN(retour_codes) AS retour_codes
    FROM prestatie_afkeuring
    GROUP BY wet, gemeente, aanbieder, declaratie_identificatie, referentie_nummer
),
geheel AS (
    SELECT wet, gemeente, aanbieder, declaratie_identificatie,
           MIN(_received_at) AS afgekeurd_op, MIN(retour_codes) AS retour_codes
    FROM declaratie_antwoord
    WHERE geheel_afgekeurd
    GROUP BY wet, gemeente, aanbieder, declaratie_identificatie
)
SELECT prestatie.bericht_id, prestatie.regel, prestatie.wet, prestatie.gemeente, prestatie.aanbieder, prestatie.client,
       prestatie.declaratie_nummer, prestatie.referentie_nummer, prestatie.vorig_referentie_nummer,
       prestatie.toewijzing_nummer, prestatie.product_categorie, prestatie.product_code,
       prestatie.begindatum, prestatie.einddatum, prestatie.geleverd_volume, prestatie.eenheid,
       prestatie.tarief_cents, prestatie.bedrag_cents,
       COALESCE(geheel.afgekeurd_op, regel.afgekeurd_op) AS afgekeurd_op,
       COALESCE(geheel.retour_codes, regel.retour_codes) AS retour_codes,
       bericht._source_file, prestatie._received_at
FROM prestatie
JOIN bericht ON bericht.bericht_id = prestatie.bericht_id AND bericht.status <> 'geweigerd'
LEFT JOIN regel
    ON regel.wet = prestatie.wet AND regel.gemeente = prestatie.gemeente AND regel.aanbieder = prestatie.aanbieder
    AND regel.declaratie_identificatie = bericht.identificatie AND regel.referentie_nummer = prestatie.referentie_nummer
LEFT JOIN geheel
    ON geheel.wet = prestatie.wet AND geheel.gemeente = prestatie.gemeente AND geheel.aanbieder = prestatie.aanbieder
    AND geheel.declaratie_identificatie = bericht.identificatie
