-- Every invoice that was answered, with its answer.
--
-- An answer is about the last message of its name that had been received when it was sent: after a refusal of the whole a
-- provider may use the name again (OP286). Where a name was used once, the order of arrival does not matter.
WITH verzonden AS (
    SELECT bericht_id, wet, gemeente, aanbieder, identificatie, _received_at,
           LEAD(_received_at) OVER naam AS opgevolgd_op, ROW_NUMBER() OVER naam AS volgnummer
    FROM bericht
    WHERE status <> 'geweigerd' AND (berichtsoort LIKE '%323' OR berichtsoort LIKE '%303')
    WINDOW naam AS (PARTITION BY wet, gemeente, aanbieder, berichtsoort, identificatie ORDER BY _received_at, _intake, bericht_id)
)
SELECT declaratie_antwoord.bericht_id AS antwoord_id, verzonden.bericht_id, declaratie_antwoord.geheel_afgekeurd,
       declaratie_antwoord.retour_codes, declaratie_antwoord._received_at
FROM declaratie_antwoord
JOIN verzonden
    ON verzonden.wet = declaratie_antwoord.wet AND verzonden.gemeente = declaratie_antwoord.gemeente
    AND verzonden.aanbieder = declaratie_antwoord.aanbieder
    AND verzonden.identificatie = declaratie_antwoord.declaratie_identificatie
WHERE (verzonden.volgnummer = 1 OR verzonden._received_at <= declaratie_antwoord._received_at)
    AND (verzonden.opgevolgd_op IS NULL OR declaratie_antwoord._received_at < verzonden.opgevolgd_op)
