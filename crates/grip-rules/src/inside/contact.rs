//! Where a client or somebody around the client can be reached.

use grip_messages::bericht::{Adres, Contact};

use super::{Found, datum};

rules! {
    CD005 [301]: "Postcode en land horen bij elkaar",
        wat: "Een postcode zegt pas iets met het land erbij, en een land zonder postcode is geen adres: beide zijn gevuld of geen \
            van beide.",
        doen: "Vul het adres aan in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    CD009 [301]: "Periode bij een adres dat niet tijdelijk is",
        wat: "Alleen een tijdelijk verblijfadres (soort 04) heeft een periode; de andere adressen gelden zolang er geen ander is.",
        doen: "Haal de periode weg of verbeter de soort in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    CD025 [301]: "Nederlands adres zonder huisnummer",
        wat: "Een adres in Nederland heeft een huisnummer: met de postcode samen wijst het een adres aan.",
        doen: "Vul het huisnummer aan in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    CD034 [301]: "Postcode ontbreekt bij BRP-adres of verblijfadres",
        wat: "Van het BRP-adres (soort 01) en het verblijfadres (soort 03) is de postcode verplicht. Een correspondentieadres of \
            tijdelijk adres kan zonder.",
        doen: "Vul de postcode aan in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    CS089 [301]: "Postcode is niet van de Nederlandse vorm",
        wat: "Een Nederlandse postcode is vier cijfers, waarvan het eerste geen nul, en twee letters, zonder spatie.",
        doen: "Verbeter de postcode of het land in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    TR006 [301]: "Contact zonder telefoon en zonder adres",
        wat: "Een contact heeft een telefoonnummer, of een huisnummer met postcode, of allebei. Anders is niemand te bereiken.",
        doen: "Vul een telefoonnummer of adres aan in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    TR061 [301]: "Client zonder vast adres",
        wat: "Van een client is ten minste een BRP-adres (01), correspondentieadres (02) of verblijfadres (03) bekend; een tijdelijk \
            adres alleen is niet genoeg.",
        doen: "Vul een van deze adressen aan in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
}

/// The rules of one Contact.
pub(super) fn contact(found: &mut Found, contact: &Contact<'_>, path: &str) {
    let soort = &contact.soort;
    let adres = contact.adres.as_ref();
    let postcode = adres.and_then(|adres| adres.postcode.as_ref());
    if matches!(soort.text(), "01" | "03") && postcode.is_none() {
        found.add(CD034, soort, [path, "Soort"], format!("soort {} zonder postcode", soort.text()));
    }
    if contact.telefoon.is_none() && (postcode.is_none() || adres.is_none_or(|adres| adres.huis.is_none())) {
        found.add(TR006, soort, [path, "Soort"], "geen telefoon en geen huisnummer met postcode");
    }
    if let Some(periode) = &contact.periode {
        if soort.get().is_some_and(|soort| soort != "04") {
            found.add(CD009, soort, [path, "Soort"], format!("een periode bij soort {}", soort.text()));
        }
        datum::period(found, periode.begindatum.as_ref(), periode.einddatum.as_ref(), [path, "Periode/Einddatum"]);
    }
    if let Some(adres) = adres {
        check_adres(found, adres, path);
    }
}

fn check_adres(found: &mut Found, adres: &Adres<'_>, path: &str) {
    match (&adres.postcode, &adres.land_code) {
        (Some(postcode), None) => found.add(CD005, postcode, [path, "Adres/Postcode"], "postcode zonder land"),
        (None, Some(land)) => found.add(CD005, land, [path, "Adres/LandCode"], "land zonder postcode"),
        (Some(postcode), Some(land)) if land.text() == "NL" && !is_dutch(postcode.text()) => {
            found.add(CS089, postcode, [path, "Adres/Postcode"], "niet vier cijfers en twee letters");
        }
        _ => {}
    }
    if let Some(land) = adres.land_code.as_ref().filter(|land| land.text() == "NL" && adres.huis.is_none()) {
        found.add(CD025, land, [path, "Adres/LandCode"], "een adres in Nederland zonder huisnummer");
    }
}

fn is_dutch(postcode: &str) -> bool {
    let [first, digits @ .., letter, last] = postcode.as_bytes() else { return false };
    matches!(first, b'1'..=b'9')
        && digits.len() == 3
        && digits.iter().all(u8::is_ascii_digit)
        && letter.is_ascii_alphabetic()
        && last.is_ascii_alphabetic()
}

/// TR061.
pub(super) fn contactgegevens(found: &mut Found, contacts: &[Contact<'_>], path: &str) {
    let Some(first) = contacts.first() else { return };
    if !contacts.iter().any(|contact| matches!(contact.soort.text(), "01" | "02" | "03")) {
        found.add(TR061, &first.soort, [path, "Soort"], "geen adres van soort 01, 02 of 03");
    }
}

#[cfg(test)]
mod tests {
    use super::is_dutch;

    #[test]
    fn dutch_postcodes() {
        for (postcode, dutch) in [
            ("1234AB", true),
            ("9999zz", true),
            ("0123AB", false),
            ("1234 AB", false),
            ("1234A", false),
            ("12345B", false),
        ] {
            assert_eq!(is_dutch(postcode), dutch, "{postcode}");
        }
    }
}
