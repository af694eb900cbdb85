-- Every invoice that was answered, with its answer.
--
-- An answer names the invoice by identification and date. After a refusal of the whole a provider may use the identification
-- again (OP286): then the date tells which of the two is meant, and without it the last one received when the answer was sent.
-- Where an identification was used once, the order of arrival does not matter.
WITH verzonden AS (
    SELECT bericht_id, wet, gemeente, aanbieder, identificatie, dagtekening, _received_at,
           LEAD(_received_at) OVER naam AS opgevolgd_op, ROW_NUMBER() OVER naam AS volgnummer
    FROM bericht
    WHERE status <> 'geweigerd' AND (berichtsoort LIKE '%323' OR berichtsoort LIKE '%303')
    WINDOW naam AS (
        PARTITION BY wet, gemeente, aanbieder, berichtsoort, identificatie
        ORDER BY _received_at, dagtekening, _intake, bericht_id
    )
),
mogelijk AS (
    SELECT declaratie_antwoord.bericht_id AS antwoord_id, verzonden.bericht_id, declaratie_antwoord.geheel_afgekeurd,
           declaratie_antwoord.retour_codes, declaratie_antwoord._received_at,
           COALESCE(verzonden.dagtekening = declaratie_antwoord.declaratie_dagtekening, FALSE) AS op_dagtekening,
           (verzonden.volgnummer = 1 OR verzonden._received_at <= declaratie_antwoord._received_at)
               AND (verzonden.opgevolgd_op IS NULL OR declaratie_antwoord._received_at < verzonden.opgevolgd_op)
               AS op_volgorde
    FROM declaratie_antwoord
    JOIN verzonden
        ON verzonden.wet = declaratie_antwoord.wet AND verzonden.gemeente = declaratie_antwoord.gemeente
        AND verzonden.aanbieder = declaratie_antwoord.aanbieder
        AND verzonden.identificatie = declaratie_antwoord.declaratie_identificatie
),
geteld AS (
    SELECT *, SUM(CASE WHEN op_dagtekening THEN 1 ELSE 0 END) OVER (PARTITION BY antwoord_id) AS met_dagtekening
    FROM mogelijk
)
SELECT antwoord_id, bericht_id, geheel_afgekeurd, retour_codes, _received_at
FROM geteld
WHERE CASE WHEN met_dagtekening = 1 THEN op_dagtekening ELSE op_volgorde END
