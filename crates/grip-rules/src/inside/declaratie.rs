//! 323 and 325: the invoice of a provider, and what the municipality answers.

use std::collections::HashMap;

use grip_messages::{
    Value,
    bericht::{
        BedragMetDC, DeclaratieAntwoord, DeclaratieAntwoordBericht, DeclaratieBericht, GeslotenPeriode, Prestatie,
        ProductReferentie, TotaalBedragMetDC,
    },
    datatype::{DebetCredit, GeldBedrag},
};
use grip_types::{Date, Maand};
use jiff::{ToSpan, civil::date};

use super::{
    Found,
    datum::{TR134, TR137},
    dubbel::{TR101, doubles},
    persoon,
};

rules! {
    CD060 [323, 325]: "Creditregel en verwijzing naar de debetregel horen bij elkaar",
        wat: "Een creditregel noemt in VorigReferentieNummer de debetregel die zij ongedaan maakt; een debetregel noemt er geen. Anders \
            is niet te zeggen welk bedrag vervalt.",
        doen: "Vraag de aanbieder om een gecorrigeerde declaratie.";
    CD087 [323]: "Tarief past niet bij de eenheid",
        wat: "Een regel in euro's (eenheid 83) heeft geen tarief, want het volume is al een bedrag. Elke andere regel heeft er wel een: \
            zonder tarief is het bedrag niet na te rekenen.",
        doen: "Vraag de aanbieder om een gecorrigeerde declaratie.";
    CS100 [323]: "Periode begint voor 2021",
        wat: "Dit bericht bestaat sinds 2021. Zorg van voor die tijd is met een 303 gedeclareerd.",
        doen: "Vraag de aanbieder de periode te controleren.";
    CS325 [323, 325]: "Nul als creditbedrag",
        wat: "Een bedrag van nul is debet, zodat er van nul maar een schrijfwijze is.",
        doen: "Vraag de afzender om een gecorrigeerd bericht; het bedrag verandert er niet door.";
    CS337 [323]: "Productperiode loopt over een maandgrens",
        wat: "Een regel gaat over tijd binnen een kalendermaand. Anders is niet te zeggen in welke maand de kosten vallen en of het \
            volume van die maand past.",
        doen: "Vraag de aanbieder de regel per maand te splitsen.";
    CS339 [323]: "Bedrag is niet het volume in euro's",
        wat: "Bij eenheid 83 is het volume zelf een bedrag in eurocenten, en dus gelijk aan het ingediende bedrag.",
        doen: "Vraag de aanbieder welk van beide bedragen klopt en om een gecorrigeerde declaratie.";
    CS340 [323]: "Declaratieperiode is geen kalendermaand",
        wat: "Een declaratie gaat over een hele kalendermaand, van de eerste tot en met de laatste dag. Zo sluiten de maanden op elkaar \
            aan en is te zien of er een ontbreekt.",
        doen: "Vraag de aanbieder om een declaratie over een hele maand.";
    TR315 [323]: "Dezelfde regel wordt tweemaal gecrediteerd",
        wat: "Een debetregel wordt eenmaal ongedaan gemaakt. Een VorigReferentieNummer komt daarom eenmaal in een bericht voor.",
        doen: "Vraag de aanbieder welke van de creditregels geldt en om een gecorrigeerde declaratie.";
    TR316 [323]: "Regel wordt in hetzelfde bericht gedeclareerd en gecrediteerd",
        wat: "Gecrediteerd wordt wat eerder is goedgekeurd. Een regel uit hetzelfde bericht is nog niet beoordeeld; wie haar niet wil \
            declareren, laat haar weg.",
        doen: "Vraag de aanbieder om een declaratie zonder beide regels.";
    TR319 [323] = "9319": "Productperiode ligt na de declaratieperiode",
        wat: "Een declaratie bevat zorg uit de maand van de declaratie en uit maanden daarvoor, niet uit maanden daarna.",
        doen: "Vraag de aanbieder de regel in de declaratie van haar eigen maand op te nemen.";
    TR335 [323]: "Zorg van meer dan vijf jaar geleden",
        wat: "Zorg is tot vijf jaar, zestig maanden, na haar einde te declareren. De standaard kent geen andere termijn; wat in het \
            contract staat, kan korter zijn.",
        doen: "Vraag de aanbieder de periode te controleren.";
    TR342 [325]: "Toegekend bedrag volgt niet uit de afgekeurde regels",
        wat: "Een antwoord noemt alleen de afgekeurde regels. Samen zijn zij het verschil tussen het ingediende en het toegekende bedrag. \
            Is de declaratie als geheel afgekeurd, dan is het toegekende bedrag nul. Met een ander verschil is niet te zeggen wat er \
            betaald wordt.",
        doen: "Verbeter het toegekende bedrag of de regels, en verstuur het antwoord opnieuw.";
    TR358 [323]: "Totaal is niet de som van de regels",
        wat: "Het totaal van een declaratie is de som van haar debetregels min die van haar creditregels. Een verschil kan betekenen dat \
            regels ontbreken.",
        doen: "Vraag de aanbieder om een gecorrigeerde declaratie; de regels die er staan tellen mee.";
    TR416 [323]: "Dezelfde zorg wordt tweemaal gedeclareerd",
        wat: "Van een product op een toewijzing is er in een productperiode een debetregel: alle leveringen van de maand worden daarin \
            opgeteld. Een tweede zou dubbel betaald worden.",
        doen: "Vraag de aanbieder de regels samen te tellen, of eerst de oude te crediteren.";
}

const DECLARATIE: &str = "Bericht/Declaratie";
const CLIENT: &str = "Bericht/Declaratie/Clienten/Client";
const PRESTATIE: &str = "Bericht/Declaratie/Clienten/Client/Prestaties/Prestatie";

pub(super) fn check(found: &mut Found, bericht: &DeclaratieBericht<'_>) {
    let declaratie = &bericht.declaratie;
    let periode = &declaratie.declaratie_periode;
    let days = (periode.begindatum.get(), periode.einddatum.get());
    check_period(found, periode, days, [DECLARATIE, "DeclaratiePeriode"]);
    if let (Some(begin), Some(eind)) = days {
        let month = Maand::of(begin);
        if begin != month.first_day() {
            let text = format!("{begin} is niet de eerste dag van een maand");
            found.add(CS340, &periode.begindatum, [DECLARATIE, "DeclaratiePeriode/Begindatum"], text);
        } else if eind != month.last_day() {
            let text = format!("{eind} is niet de laatste dag van {month}");
            found.add(CS340, &periode.einddatum, [DECLARATIE, "DeclaratiePeriode/Einddatum"], text);
        }
    }
    check_since_2021(found, periode, days.0, [DECLARATIE, "DeclaratiePeriode/Begindatum"]);
    let total = &declaratie.totaal_ingediend_bedrag;
    check_zero(found, &total.totaal_bedrag, &total.debet_credit, [DECLARATIE, "TotaalIngediendBedrag/DebetCredit"]);

    let oldest = declaratie.declaratie_dagtekening.get().map(|day| day.saturating_sub(60.months()));
    let (mut keys, mut debits) = (Vec::new(), Vec::new());
    let mut sum = Some(0);
    let mut credits = 0;
    for client in &declaratie.clienten {
        persoon::bsn(found, &client.bsn, CLIENT);
        for prestatie in &client.prestaties {
            check_prestatie(found, prestatie, days.1, oldest);
            let cents = signed(&prestatie.ingediend_bedrag.bedrag, &prestatie.ingediend_bedrag.debet_credit);
            sum = sum.zip(cents).and_then(|(sum, cents)| i64::checked_add(sum, cents));
            credits += usize::from(prestatie.product_referentie.vorig_referentie_nummer.is_some());
        }
        let at = [PRESTATIE, "ProductReferentie/ReferentieNummer"];
        check_keys(found, &client.prestaties, |line| &line.product_referentie, &mut keys, at);
        check_debits(found, &client.prestaties, &mut debits);
    }
    super::dubbel::in_list(found, &declaratie.clienten, |client| &client.bsn, [CLIENT, "Bsn"], TR101);
    if credits > 0 {
        check_credits(found, declaratie.clienten.iter().flat_map(|client| &client.prestaties), credits);
    }
    if let (Some(stated), Some(sum)) = (signed(&total.totaal_bedrag, &total.debet_credit), sum)
        && stated != sum
    {
        let text = format!("totaal is {stated} cent, de regels samen {sum} cent");
        found.add(TR358, &total.totaal_bedrag, [DECLARATIE, "TotaalIngediendBedrag/TotaalBedrag"], text);
    }
}

/// Cents, negative for a credit; `None` when that can't be read.
fn signed<const MAX: u64>(bedrag: &Value<'_, GeldBedrag<MAX>>, debet_credit: &Value<'_, DebetCredit>) -> Option<i64> {
    let cents = bedrag.get()?.cents;
    match debet_credit.text() {
        "D" => Some(cents),
        "C" => Some(-cents),
        _ => None,
    }
}

fn check_prestatie(found: &mut Found, prestatie: &Prestatie<'_>, last: Option<Date>, oldest: Option<Date>) {
    let periode = &prestatie.product_periode;
    let days = (periode.begindatum.get(), periode.einddatum.get());
    const PERIODE: &str = "ProductPeriode";
    check_period(found, periode, days, [PRESTATIE, PERIODE]);
    check_since_2021(found, periode, days.0, [PRESTATIE, "ProductPeriode/Begindatum"]);
    if let (Some(begin), Some(eind)) = days {
        let at = [PRESTATIE, "ProductPeriode/Einddatum"];
        if (begin.year(), begin.month()) != (eind.year(), eind.month()) {
            found.add(CS337, &periode.einddatum, at, format!("{begin} tot en met {eind} is niet binnen een maand"));
        }
        if let Some(last) = last.filter(|last| begin.max(eind) > *last) {
            let text = format!("{begin} tot en met {eind} ligt niet voor het einde van de declaratieperiode {last}");
            found.add(TR319, &periode.einddatum, at, text);
        }
        if let Some(oldest) = oldest.filter(|oldest| eind < *oldest) {
            let text = format!("{eind} ligt meer dan zestig maanden voor de declaratie, dus voor {oldest}");
            found.add(TR335, &periode.einddatum, at, text);
        }
    }
    check_credit(found, &prestatie.product_referentie, &prestatie.ingediend_bedrag, PRESTATIE);
    let Some(eenheid) = prestatie.eenheid.get() else { return };
    match &prestatie.product_tarief {
        None if eenheid != "83" => {
            let text = format!("eenheid {eenheid} zonder tarief");
            found.add(CD087, &prestatie.eenheid, [PRESTATIE, "Eenheid"], text);
        }
        Some(tarief) if eenheid == "83" => {
            found.add(CD087, tarief, [PRESTATIE, "ProductTarief"], "een tarief bij eenheid 83");
        }
        _ => {}
    }
    if eenheid == "83"
        && let (Some(volume), Some(bedrag)) = (prestatie.geleverd_volume.get(), prestatie.ingediend_bedrag.bedrag.get())
        && i64::try_from(volume) != Ok(bedrag.cents)
    {
        let text = format!("volume {volume} cent, bedrag {} cent", bedrag.cents);
        found.add(CS339, &prestatie.ingediend_bedrag.bedrag, [PRESTATIE, "IngediendBedrag/Bedrag"], text);
    }
}

/// TR134 and TR137.
fn check_period(
    found: &mut Found,
    periode: &GeslotenPeriode<'_>,
    (begin, eind): (Option<Date>, Option<Date>),
    [class, element]: [&str; 2],
) {
    let late = |day: Option<Date>| day.zip(found.dagtekening).filter(|(day, dagtekening)| day > dagtekening);
    let (late_begin, late_eind) = (late(begin), late(eind));
    if let Some((begin, dagtekening)) = late_begin {
        let at = format!("{element}/Begindatum");
        found.add(TR134, &periode.begindatum, [class, &at], format!("{begin} ligt na de dagtekening {dagtekening}"));
    }
    let text = match (begin.zip(eind), late_eind) {
        (Some((begin, eind)), _) if eind < begin => format!("{eind} ligt voor het begin {begin}"),
        (_, Some((eind, dagtekening))) => format!("{eind} ligt na de dagtekening {dagtekening}"),
        _ => return,
    };
    found.add(TR137, &periode.einddatum, [class, &format!("{element}/Einddatum")], text);
}

/// CS100.
fn check_since_2021(found: &mut Found, periode: &GeslotenPeriode<'_>, begin: Option<Date>, path: [&str; 2]) {
    if let Some(begin) = begin.filter(|begin| *begin < date(2021, 1, 1)) {
        found.add(CS100, &periode.begindatum, path, format!("{begin} ligt voor 2021"));
    }
}

/// CS325.
fn check_zero<const MAX: u64>(
    found: &mut Found,
    bedrag: &Value<'_, GeldBedrag<MAX>>,
    debet_credit: &Value<'_, DebetCredit>,
    path: [&str; 2],
) {
    if debet_credit.text() == "C" && bedrag.get().is_some_and(|bedrag| bedrag.cents == 0) {
        found.add(CS325, debet_credit, path, "nul als creditbedrag");
    }
}

/// CD060 and CS325 of a line.
fn check_credit(found: &mut Found, referentie: &ProductReferentie<'_>, bedrag: &BedragMetDC<'_>, path: &str) {
    let debet_credit = &bedrag.debet_credit;
    let at = [path, "IngediendBedrag/DebetCredit"];
    match (debet_credit.text(), &referentie.vorig_referentie_nummer) {
        ("C", None) => found.add(CD060, debet_credit, at, "een creditregel zonder VorigReferentieNummer"),
        ("D", Some(vorig)) => {
            let text = "een debetregel met VorigReferentieNummer";
            found.add(CD060, vorig, [path, "ProductReferentie/VorigReferentieNummer"], text);
        }
        _ => {}
    }
    check_zero(found, &bedrag.bedrag, debet_credit, at);
}

/// TR101 for the lines of a client: ReferentieNummer and VorigReferentieNummer. `keys` is room that is used again.
fn check_keys<'m, 'a: 'm, L>(
    found: &mut Found,
    lines: &'m [L],
    referentie: impl Fn(&'m L) -> &'m ProductReferentie<'a>,
    keys: &mut Vec<([&'m str; 2], usize)>,
    path: [&str; 2],
) {
    keys.clear();
    let present = lines.iter().map(&referentie).enumerate().filter(|(_, line)| !line.referentie_nummer.is_absent());
    keys.extend(present.map(|(position, line)| {
        let vorig = line.vorig_referentie_nummer.as_ref().map_or("", Value::text);
        ([line.referentie_nummer.text(), vorig], position)
    }));
    for position in doubles(keys) {
        let nummer = &referentie(&lines[position]).referentie_nummer;
        found.add(TR101, nummer, path, "een regel met deze referentie komt eerder bij de client voor");
    }
}

/// TR416: per client, for a Toewijzing has one. `keys` is room that is used again.
fn check_debits<'m>(found: &mut Found, prestaties: &'m [Prestatie<'_>], keys: &mut Vec<([&'m str; 5], usize)>) {
    keys.clear();
    let debits = prestaties.iter().enumerate().filter(|(_, line)| line.ingediend_bedrag.debet_credit.text() == "D");
    keys.extend(debits.map(|(position, line)| {
        let periode = &line.product_periode;
        let days = [periode.begindatum.text(), periode.einddatum.text()];
        let product = [line.product_categorie.text(), line.product_code.text()];
        ([line.toewijzing_nummer.text(), days[0], days[1], product[0], product[1]], position)
    }));
    for position in doubles(keys) {
        let nummer = &prestaties[position].toewijzing_nummer;
        let text = "een debetregel voor hetzelfde product in dezelfde periode komt eerder voor";
        found.add(TR416, nummer, [PRESTATIE, "ToewijzingNummer"], text);
    }
}

/// TR315 and TR316.
fn check_credits<'m, 'a: 'm>(
    found: &mut Found,
    lines: impl Iterator<Item = &'m Prestatie<'a>> + Clone,
    credits: usize,
) {
    let at = [PRESTATIE, "ProductReferentie/VorigReferentieNummer"];
    let mut credited = HashMap::with_capacity(credits);
    for vorig in lines.clone().filter_map(|line| line.product_referentie.vorig_referentie_nummer.as_ref()) {
        if credited.insert(vorig.text(), vorig).is_some() {
            found.add(TR315, vorig, at, "deze regel wordt in het bericht al gecrediteerd");
        }
    }
    for line in lines {
        if let Some(vorig) = credited.get(line.product_referentie.referentie_nummer.text()) {
            found.add(TR316, vorig, at, "de gecrediteerde regel staat in hetzelfde bericht");
        }
    }
}

pub(super) fn check_antwoord(found: &mut Found, bericht: &DeclaratieAntwoordBericht<'_>) {
    const ANTWOORD: &str = "Bericht/DeclaratieAntwoord";
    const CLIENT: &str = "Bericht/DeclaratieAntwoord/Clienten/Client";
    const PRESTATIE: &str = "Bericht/DeclaratieAntwoord/Clienten/Client/Prestaties/Prestatie";
    let Some(antwoord) = &bericht.declaratie_antwoord else { return };
    let zero = |found: &mut Found, total: &TotaalBedragMetDC<'_>, element: &str| {
        check_zero(found, &total.totaal_bedrag, &total.debet_credit, [ANTWOORD, element]);
    };
    zero(found, &antwoord.totaal_ingediend_bedrag, "TotaalIngediendBedrag/DebetCredit");
    zero(found, &antwoord.totaal_toegekend_bedrag, "TotaalToegekendBedrag/DebetCredit");
    let clienten = antwoord.clienten.as_deref().unwrap_or_default();
    let mut keys = Vec::new();
    for client in clienten {
        persoon::bsn(found, &client.bsn, CLIENT);
        for line in &client.prestaties {
            let periode = &line.product_periode;
            check_period(
                found,
                periode,
                (periode.begindatum.get(), periode.einddatum.get()),
                [PRESTATIE, "ProductPeriode"],
            );
            check_credit(found, &line.product_referentie, &line.ingediend_bedrag, PRESTATIE);
        }
        let at = [PRESTATIE, "ProductReferentie/ReferentieNummer"];
        check_keys(found, &client.prestaties, |line| &line.product_referentie, &mut keys, at);
    }
    super::dubbel::in_list(found, clienten, |client| &client.bsn, [CLIENT, "Bsn"], TR101);
    check_granted(found, antwoord, ANTWOORD);
}

/// TR342.
fn check_granted(found: &mut Found, antwoord: &DeclaratieAntwoord<'_>, path: &str) {
    let (ingediend, toegekend) = (&antwoord.totaal_ingediend_bedrag, &antwoord.totaal_toegekend_bedrag);
    let Some(granted) = signed(&toegekend.totaal_bedrag, &toegekend.debet_credit) else { return };
    let at = [path, "TotaalToegekendBedrag/TotaalBedrag"];
    if antwoord.retour_codes.retour_code.iter().any(|code| !matches!(code.text(), "0200" | "8001")) {
        if granted != 0 {
            let text = format!("de declaratie is als geheel afgekeurd, en {granted} cent is toegekend");
            found.add(TR342, &toegekend.totaal_bedrag, at, text);
        }
        return;
    }
    let lines = antwoord.clienten.iter().flatten().flat_map(|client| &client.prestaties);
    let refused: Option<i64> =
        lines.map(|line| signed(&line.ingediend_bedrag.bedrag, &line.ingediend_bedrag.debet_credit)).sum();
    let Some(claimed) = signed(&ingediend.totaal_bedrag, &ingediend.debet_credit) else { return };
    if let Some(refused) = refused.filter(|refused| *refused != claimed - granted) {
        let difference = claimed - granted;
        let text = format!("ingediend min toegekend is {difference} cent, de afgekeurde regels samen {refused} cent");
        found.add(TR342, &toegekend.totaal_bedrag, at, text);
    }
}
