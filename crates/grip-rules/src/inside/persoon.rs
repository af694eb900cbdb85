//! Who a client or somebody around the client is.

use grip_messages::bericht::{Communicatie, Geboortedatum, VolledigeNaam};
use grip_messages::{Value, datatype::BurgerServicenummer};
use grip_types::{Bsn, Wet};
use jiff::{ToSpan, civil::date};

use super::{Found, datum::TR134};

rules! {
    CD007 [301]: "Taal en communicatievorm passen niet bij elkaar",
        wat: "Bij een tolk (communicatievorm 1) hoort de taal die getolkt wordt. Bij een andere communicatievorm heeft een taal \
            geen betekenis en blijft zij leeg.",
        doen: "Vul de taal in of haal haar weg in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    CS002 [301, 305, 307, 315, 317, 323, 325]: "Burgerservicenummer voldoet niet aan de elfproef",
        wat: "Een burgerservicenummer voldoet aan de elfproef. Een nummer dat er niet aan voldoet, is van niemand en meestal een \
            typefout; wat over deze client gemeld wordt, is dan niet aan een persoon te koppelen.",
        doen: "Vraag de afzender het nummer te controleren en om een gecorrigeerd bericht.";
    CS050 [301]: "NaamGebruik past niet bij de namen",
        wat: "NaamGebruik zegt welke naam iemand voert. Met een partnernaam erbij is dat 1, 2, 3 of 4. Zonder partnernaam is er \
            niets te kiezen: dan is het 1, en in de Jeugdwet 6 voor een organisatie.",
        doen: "Verbeter NaamGebruik of de partnernaam in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    CS139 [301, 305, 307, 315]: "Geboortedatum past niet bij wat ervan bekend is",
        wat: "Een onbekende dag of maand wordt als 1 gevuld, een onbekend jaar als 1900. DatumGebruik zegt welk deel onbekend is, \
            en de datum moet dan ook zo gevuld zijn: anders is er geen leeftijd uit af te leiden.",
        doen: "Vraag de afzender of de geboortedatum volledig bekend is, en om een gecorrigeerd bericht.";
    CS318 [301] alleen Jw: "Client is als organisatie aangeduid",
        wat: "NaamGebruik 6 is voor een organisatie, zoals een voogdijinstelling die als relatie wordt opgegeven. Een client is \
            altijd een mens.",
        doen: "Verbeter NaamGebruik van de client in het systeem waaruit de toewijzing kwam, en verstuur haar opnieuw.";
    TR002 [301, 305, 307, 315]: "Ouder dan 120 jaar",
        wat: "Een geboortedatum ligt niet meer dan 120 jaar voor de dagtekening van het bericht. Alleen een geheel onbekende \
            datum, 1900-01-01 met DatumGebruik 3, mag wel.",
        doen: "Vraag de afzender de geboortedatum te controleren en om een gecorrigeerd bericht.";
}

/// CS002. Nine digits is the schema's part, which the reader has judged.
pub(super) fn bsn(found: &mut Found, bsn: &Value<'_, BurgerServicenummer>, path: &str) {
    let Ok(digits) = <&[u8; 9]>::try_from(bsn.text().as_bytes()) else { return };
    if digits.iter().all(u8::is_ascii_digit) && !Bsn::passes_elfproef(digits) {
        found.add(CS002, bsn, [path, "Bsn"], "het nummer voldoet niet aan de elfproef");
    }
}

/// CS139, TR002 and TR134. A date of birth is never shown.
pub(super) fn geboortedatum(found: &mut Found, geboortedatum: &Geboortedatum<'_>, path: &str) {
    let datum = &geboortedatum.datum;
    let Some(born) = datum.get() else { return };
    let gebruik = geboortedatum.datum_gebruik.as_ref();
    let unknown = date(1900, 1, 1);
    let fits = match gebruik.map(Value::text) {
        Some("1") => born.day() == 1,
        Some("2") => born.day() == 1 && born.month() == 1,
        Some("3") => born == unknown,
        _ => true,
    };
    let at = [path, "Geboortedatum/Datum"];
    if let Some(gebruik) = gebruik.filter(|_| !fits) {
        let text = format!("bij DatumGebruik {} hoort een andere vulling van de onbekende delen", gebruik.text());
        found.add(CS139, gebruik, [path, "Geboortedatum/DatumGebruik"], text);
    }
    let Some(dagtekening) = found.dagtekening else { return };
    if born > dagtekening {
        found.add(TR134, datum, at, format!("de geboortedatum ligt na de dagtekening {dagtekening}"));
    }
    let is_unknown = born == unknown && gebruik.is_some_and(|gebruik| gebruik.text() == "3");
    if !is_unknown && born.saturating_add(120.years()) < dagtekening {
        found.add(TR002, datum, at, format!("meer dan 120 jaar voor de dagtekening {dagtekening}"));
    }
}

/// CS050.
pub(super) fn naam(found: &mut Found, naam: &VolledigeNaam<'_>, path: &str) {
    let Some(gebruik) = naam.naam_gebruik.get() else { return };
    let fits: &[&str] = match (&naam.partnernaam, found.soort.wet) {
        (Some(_), _) => &["1", "2", "3", "4"],
        (None, Wet::Wmo) => &["1"],
        (None, Wet::Jw) => &["1", "6"],
    };
    if !fits.contains(&gebruik) {
        let partner = if naam.partnernaam.is_some() { "met" } else { "zonder" };
        let text = format!("waarde {gebruik} {partner} partnernaam");
        found.add(CS050, &naam.naam_gebruik, [path, "Naam/NaamGebruik"], text);
    }
}

/// CS318.
pub(super) fn naam_of_client(found: &mut Found, naam: &VolledigeNaam<'_>, path: &str) {
    if naam.naam_gebruik.get() == Some("6") {
        found.add(CS318, &naam.naam_gebruik, [path, "Naam/NaamGebruik"], "waarde 6 bij een client");
    }
}

/// CD007.
pub(super) fn communicatie(found: &mut Found, communicatie: &Communicatie<'_>, path: &str) {
    let Some(vorm) = communicatie.vorm.get() else { return };
    match &communicatie.taal {
        None if vorm == "1" => {
            found.add(CD007, &communicatie.vorm, [path, "Communicatie/Vorm"], "een tolk, en de taal ontbreekt");
        }
        Some(taal) if vorm != "1" => {
            found.add(CD007, taal, [path, "Communicatie/Taal"], format!("een taal bij communicatievorm {vorm}"));
        }
        _ => {}
    }
}
