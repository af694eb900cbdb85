-- The bookings that hold: of every period and journal those of the file that was imported last. Monthly exports add up so, and
-- a later export of the whole year takes the place of all.
SELECT grootboek.*
FROM grootboek
JOIN (
    SELECT gemeente, jaar, periode, COALESCE(dagboek, '') AS dagboek_of_leeg, MAX(_imported_at) AS laatste
    FROM grootboek GROUP BY 1, 2, 3, 4
) AS actueel
    ON actueel.gemeente = grootboek.gemeente AND actueel.jaar = grootboek.jaar AND actueel.periode = grootboek.periode
    AND actueel.dagboek_of_leeg = COALESCE(grootboek.dagboek, '') AND actueel.laatste = grootboek._imported_at
