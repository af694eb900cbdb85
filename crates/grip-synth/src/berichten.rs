//! From what happened to the messages of the standard.

use grip_messages::{Bericht, Berichtsoort, Inhoud, Value, bericht::*};
use grip_types::{Date, Periode, Wet};

use crate::{
    Municipality,
    clients::{Client, Household},
    contracts::{PRODUCTS, Product as Contracted},
    declaraties::{Declaratie as Invoice, Outcome, Prestatie as Line},
    toewijzingen::{Toewijzing, Variant, Version},
};

/// A message with what its file is named after.
pub(crate) struct Sent<'a> {
    pub(crate) afzender: String,
    pub(crate) identificatie: String,
    pub(crate) bericht: Bericht<'a>,
}

/// The 301 at this position.
pub(crate) fn toewijzing(municipality: &Municipality, index: usize) -> Sent<'_> {
    let sent = &municipality.toewijzing_berichten[index];
    let (client, household) = client_of(municipality, sent.client);
    let identificatie = format!("T{index:07}");
    let soort = Berichtsoort::v3_2(sent.wet, 301);
    let contact = || Contact {
        soort: Value::new("01"),
        adres: Some(address(household)),
        organisatie: None,
        telefoon: None,
        emailadres: None,
        periode: None,
    };
    let parent = || Relatie {
        nummer: Value::new("1"),
        volgorde: Some(Value::new("1")),
        soort: Value::new("10"),
        geboortedatum: None,
        geslacht: None,
        naam: full_name(household, "Ouder"),
        contact: contact(),
    };
    let products = sent.products.iter().map(|(index, version, is_new)| {
        let toewijzing = &municipality.toewijzingen[*index];
        toegewezen_product(toewijzing, &toewijzing.versions[*version], *is_new)
    });
    let inhoud = Inhoud::Toewijzing(ToewijzingBericht {
        header: header_van_gemeente(municipality, soort, sent.aanbieder, &identificatie, sent.sent),
        client: ToewijzingClient {
            bsn: Value::new(client.bsn.expose()),
            geboortedatum: birth_date(client),
            geslacht: Value::new(client.geslacht),
            naam: full_name(household, client.voornaam),
            communicatie: None,
            juridische_status: None,
            wettelijke_vertegenwoordiging: None,
            commentaar: None,
            relaties: (sent.wet == Wet::Jw).then(|| vec![parent()]),
            contactgegevens: vec![contact()],
            toegewezen_producten: products.collect(),
        },
    });
    Sent { afzender: municipality.settings.gemeente.to_string(), identificatie, bericht: Bericht { soort, inhoud } }
}

fn toegewezen_product(toewijzing: &Toewijzing, version: &Version, is_new: bool) -> ToegewezenProduct<'static> {
    let contracted = &PRODUCTS[toewijzing.product];
    let is_first = is_new && version.reden.is_none();
    ToegewezenProduct {
        toewijzing_nummer: Value::of(toewijzing.nummer),
        // Empty again in every later 301 (rule TR379).
        referentie_aanbieder: (toewijzing.is_requested && is_first)
            .then(|| Value::new(format!("VOT-{}", toewijzing.nummer))),
        product: toegewezen(toewijzing),
        toewijzingsdatum: Value::of(version.stamp.date()),
        toewijzingstijd: Value::of(version.stamp.time()),
        ingangsdatum: Value::of(toewijzing.ingangsdatum),
        einddatum: version.einddatum.map(Value::of),
        // Empty again when the version is sent once more (rule IV099).
        reden_wijziging: version.reden.filter(|_| is_new).map(Value::new),
        omvang: (toewijzing.variant == Variant::Specifiek).then(|| Omvang {
            volume: Value::of(version.size),
            eenheid: Value::new(contracted.eenheid),
            frequentie: Value::new(contracted.frequentie.code()),
        }),
        budget: toewijzing.variant.has_budget().then(|| Value::of(version.size)),
        commentaar: None,
    }
}

/// The product as the Toewijzing names it: less of it as more is left open.
fn toegewezen(toewijzing: &Toewijzing) -> Option<Product<'static>> {
    let Contracted { categorie, code, .. } = PRODUCTS[toewijzing.product];
    let code = (toewijzing.variant == Variant::Specifiek).then(|| Value::new(code));
    (toewijzing.variant != Variant::Generiek).then(|| Product { categorie: Value::new(categorie), code })
}

/// The 305 or 307 at this position.
pub(crate) fn melding(municipality: &Municipality, index: usize) -> Sent<'_> {
    let melding = &municipality.meldingen[index];
    let toewijzing = &municipality.toewijzingen[melding.toewijzing];
    let (client, household) = client_of(municipality, toewijzing.client);
    let is_stop = melding.regels[0].stop.is_some();
    let soort = Berichtsoort::v3_2(toewijzing.wet, if is_stop { 307 } else { 305 });
    let identificatie = format!("M{index:07}");
    let header = header_van_aanbieder(municipality, soort, toewijzing.aanbieder, &identificatie, melding.received);
    let naam = VerkorteNaam {
        geslachtsnaam: family_name(household),
        voornamen: None,
        voorletters: Some(initial(client.voornaam)),
    };
    let bsn = Value::new(client.bsn.expose());
    let geboortedatum = birth_date(client);
    let geslacht = Value::new(client.geslacht);
    let inhoud = if is_stop {
        let stops = melding.regels.iter().filter_map(|regel| {
            let (reden, einddatum) = regel.stop?;
            Some(StopProduct {
                toewijzing_nummer: Some(Value::of(toewijzing.nummer)),
                product: toegewezen(toewijzing),
                toewijzing_ingangsdatum: Some(Value::of(toewijzing.ingangsdatum)),
                begindatum: Value::of(regel.begindatum),
                reden_beeindiging: Value::new(reden),
                einddatum: Value::of(einddatum),
                status_aanlevering: Value::new(regel.status),
            })
        });
        let client = StopClient { bsn, geboortedatum, geslacht, naam, stop_producten: stops.collect() };
        Inhoud::Stop(StopBericht { header, client })
    } else {
        let starts = melding.regels.iter().map(|regel| StartProduct {
            toewijzing_nummer: Some(Value::of(toewijzing.nummer)),
            product: toegewezen(toewijzing),
            toewijzing_ingangsdatum: Some(Value::of(toewijzing.ingangsdatum)),
            begindatum: Value::of(regel.begindatum),
            status_aanlevering: Value::new(regel.status),
        });
        let client = StartClient { bsn, geboortedatum, geslacht, naam, start_producten: starts.collect() };
        Inhoud::Start(StartBericht { header, client })
    };
    Sent { afzender: agb(municipality, toewijzing.aanbieder), identificatie, bericht: Bericht { soort, inhoud } }
}

/// The 323 at this position.
pub(crate) fn declaratie(municipality: &Municipality, index: usize) -> Sent<'_> {
    let invoice = &municipality.declaraties[index];
    let soort = Berichtsoort::v3_2(invoice.wet, 323);
    let identificatie = declaratie_identificatie(invoice);
    let clienten = by_client(municipality, invoice.lines.iter()).into_iter().map(|(bsn, lines)| DeclaratieClient {
        bsn: Value::new(bsn),
        prestaties: lines.into_iter().map(|line| prestatie(municipality, invoice, line)).collect(),
    });
    let inhoud = Inhoud::Declaratie(DeclaratieBericht {
        header: header_van_aanbieder(municipality, soort, invoice.aanbieder, &identificatie, invoice.sent),
        declaratie: Declaratie {
            declaratie_nummer: Value::of(declaratie_nummer(invoice)),
            declaratie_periode: period(invoice.maand.periode()),
            declaratie_dagtekening: Value::of(invoice.sent),
            totaal_ingediend_bedrag: total(stated_cents(invoice)),
            clienten: clienten.collect(),
        },
    });
    Sent { afzender: agb(municipality, invoice.aanbieder), identificatie, bericht: Bericht { soort, inhoud } }
}

/// What the Declaratie says is its total: wrong by a euro when that is what it is refused for.
fn stated_cents(invoice: &Invoice) -> i64 {
    invoice.cents() + if invoice.outcome == Outcome::RefusedAtHeader { 100 } else { 0 }
}

/// The 325 that answers the 323 at this position.
pub(crate) fn antwoord(municipality: &Municipality, index: usize) -> Sent<'_> {
    let invoice = &municipality.declaraties[index];
    let soort = Berichtsoort::v3_2(invoice.wet, 325);
    let identificatie = format!("A{index:07}");
    let [code, versie, subversie] = header_codes(soort);
    let is_refused = invoice.outcome == Outcome::RefusedAtHeader;
    let header = AntwoordHeader {
        bericht_code: Value::new(code),
        bericht_versie: Value::new(versie),
        bericht_subversie: Value::new(subversie),
        afzender: Value::of(municipality.settings.gemeente),
        ontvanger: Value::of(municipality.market.aanbieders[invoice.aanbieder].agb),
        bericht_identificatie: identification(&identificatie, invoice.answered),
        xsd_versie: xsd_version(),
        declaratie_identificatie: identification(&declaratie_identificatie(invoice), invoice.sent),
        xslt_versie: is_refused.then(|| Value::new("1.0.0")),
        xsd_versie_declaratie: xsd_version(),
        retour_codes: judgement(if is_refused { "0001" } else { "0200" }),
    };
    let declaratie_antwoord = (!is_refused).then(|| answer(municipality, invoice));
    let inhoud = Inhoud::DeclaratieAntwoord(DeclaratieAntwoordBericht { header, declaratie_antwoord });
    Sent { afzender: municipality.settings.gemeente.to_string(), identificatie, bericht: Bericht { soort, inhoud } }
}

fn answer<'a>(municipality: &'a Municipality, invoice: &Invoice) -> DeclaratieAntwoord<'a> {
    let refused = invoice.lines.iter().filter(|line| line.refused.is_some() && invoice.outcome == Outcome::Judged);
    let clienten: Vec<AntwoordClient> = by_client(municipality, refused)
        .into_iter()
        .map(|(bsn, lines)| AntwoordClient {
            bsn: Value::new(bsn),
            prestaties: lines
                .into_iter()
                .map(|line| refused_prestatie(prestatie(municipality, invoice, line), line))
                .collect(),
            retour_codes: judgement("0200"),
        })
        .collect();
    let code = match (invoice.outcome, clienten.is_empty()) {
        (Outcome::RefusedAtDeclaratie, _) => "8214",
        (_, true) => "8001",
        (_, false) => "0200",
    };
    DeclaratieAntwoord {
        declaratie_nummer: Value::of(declaratie_nummer(invoice)),
        totaal_ingediend_bedrag: total(stated_cents(invoice)),
        totaal_toegekend_bedrag: total(invoice.granted_cents()),
        clienten: (!clienten.is_empty()).then_some(clienten),
        retour_codes: judgement(code),
    }
}

fn refused_prestatie<'a>(sent: Prestatie<'a>, line: &Line) -> AfgekeurdePrestatie<'a> {
    AfgekeurdePrestatie {
        product_referentie: sent.product_referentie,
        toewijzing_nummer: sent.toewijzing_nummer,
        product_categorie: sent.product_categorie,
        product_code: sent.product_code,
        product_periode: sent.product_periode,
        geleverd_volume: sent.geleverd_volume,
        eenheid: sent.eenheid,
        product_tarief: sent.product_tarief,
        ingediend_bedrag: sent.ingediend_bedrag,
        retour_codes: judgement(line.refused.unwrap_or_default()),
    }
}

fn prestatie<'a>(municipality: &Municipality, invoice: &Invoice, line: &Line) -> Prestatie<'a> {
    let delivery = &municipality.deliveries[line.delivery];
    let product = &PRODUCTS[delivery.product];
    let referentie = |number: u32| format!("{}{number:07}", letter(invoice.wet));
    Prestatie {
        product_referentie: ProductReferentie {
            referentie_nummer: Value::new(referentie(line.referentie)),
            vorig_referentie_nummer: line.vorige.map(|vorige| Value::new(referentie(vorige))),
        },
        toewijzing_nummer: Value::of(line.toewijzing_nummer),
        product_categorie: Value::new(product.categorie),
        product_code: Value::new(product.code),
        product_periode: period(delivery.product_periode),
        geleverd_volume: Value::of(line.volume),
        eenheid: Value::new(product.eenheid),
        product_tarief: line.tarief_cents.map(Value::of),
        ingediend_bedrag: BedragMetDC {
            bedrag: Value::of(line.cents()),
            debet_credit: Value::new(if line.signed_cents() < 0 { "C" } else { "D" }),
        },
    }
}

/// Lines, which are in the order of the clients, by client.
fn by_client<'a, 'l>(
    municipality: &'a Municipality,
    lines: impl Iterator<Item = &'l Line>,
) -> Vec<(&'a str, Vec<&'l Line>)> {
    let mut groups: Vec<(&str, Vec<&Line>)> = Vec::new();
    for line in lines {
        let toewijzing = &municipality.toewijzingen[municipality.deliveries[line.delivery].toewijzing];
        let bsn = municipality.clients[toewijzing.client].bsn.expose();
        match groups.last_mut() {
            Some((same, group)) if *same == bsn => group.push(line),
            _ => groups.push((bsn, vec![line])),
        }
    }
    groups
}

fn letter(wet: Wet) -> char {
    if wet == Wet::Wmo { 'W' } else { 'J' }
}

fn declaratie_identificatie(invoice: &Invoice) -> String {
    format!("D{:06}", invoice.nummer)
}

fn declaratie_nummer(invoice: &Invoice) -> String {
    format!("{}{}F{:05}", letter(invoice.wet), invoice.maand.year(), invoice.nummer)
}

fn total(cents: i64) -> TotaalBedragMetDC<'static> {
    TotaalBedragMetDC {
        totaal_bedrag: Value::of(cents.abs()),
        debet_credit: Value::new(if cents < 0 { "C" } else { "D" }),
    }
}

fn period(periode: Periode) -> GeslotenPeriode<'static> {
    GeslotenPeriode { begindatum: Value::of(periode.begin), einddatum: Value::of(periode.eind) }
}

fn judgement(code: &'static str) -> RetourCodes<'static> {
    RetourCodes { retour_code: vec![Value::new(code)] }
}

fn client_of(municipality: &Municipality, index: usize) -> (&Client, &Household) {
    let client = &municipality.clients[index];
    (client, &municipality.households[client.household])
}

fn birth_date(client: &Client) -> Geboortedatum<'static> {
    Geboortedatum { datum: Value::of(client.geboortedatum), datum_gebruik: None }
}

fn family_name(household: &Household) -> Achternaam<'_> {
    Achternaam {
        achternaam: Value::new(household.achternaam.as_str()),
        voorvoegsel: household.voorvoegsel.map(Value::new),
    }
}

fn initial(voornaam: &str) -> Value<'_, grip_messages::datatype::Voorletters> {
    Value::new(&voornaam[..1])
}

fn full_name<'a>(household: &'a Household, voornaam: &'a str) -> VolledigeNaam<'a> {
    VolledigeNaam {
        geslachtsnaam: family_name(household),
        partnernaam: None,
        voornamen: Some(Value::new(voornaam)),
        voorletters: Some(initial(voornaam)),
        naam_gebruik: Value::new("1"),
    }
}

fn address(household: &Household) -> Adres<'_> {
    Adres {
        huis: Some(Huis {
            huisnummer: Value::of(household.huisnummer),
            huisletter: None,
            huisnummer_toevoeging: None,
            aanduiding_woonadres: None,
        }),
        postcode: Some(Value::new(household.postcode.as_str())),
        straatnaam: Some(Value::new(household.straatnaam.as_str())),
        plaatsnaam: Some(Value::new(crate::GEMEENTE_NAAM)),
        land_code: Some(Value::new("NL")),
    }
}

fn agb(municipality: &Municipality, aanbieder: usize) -> String {
    municipality.market.aanbieders[aanbieder].agb.to_string()
}

fn header_codes(soort: Berichtsoort) -> [&'static str; 3] {
    [soort.bericht_code().expect("the five messages have a code"), "3", "2"]
}

fn identification(identificatie: &str, dagtekening: Date) -> BerichtIdentificatie<'static> {
    BerichtIdentificatie { identificatie: Value::new(identificatie.to_owned()), dagtekening: Value::of(dagtekening) }
}

fn xsd_version() -> XsdVersie<'static> {
    XsdVersie { basisschema_xsd_versie: Value::new("1.0.0"), bericht_xsd_versie: Value::new("1.0.0") }
}

fn header_van_gemeente(
    municipality: &Municipality,
    soort: Berichtsoort,
    aanbieder: usize,
    identificatie: &str,
    day: Date,
) -> HeaderVanGemeente<'static> {
    let [code, versie, subversie] = header_codes(soort);
    HeaderVanGemeente {
        bericht_code: Value::new(code),
        bericht_versie: Value::new(versie),
        bericht_subversie: Value::new(subversie),
        afzender: Value::of(municipality.settings.gemeente),
        ontvanger: Value::of(municipality.market.aanbieders[aanbieder].agb),
        bericht_identificatie: identification(identificatie, day),
        xsd_versie: xsd_version(),
    }
}

fn header_van_aanbieder(
    municipality: &Municipality,
    soort: Berichtsoort,
    aanbieder: usize,
    identificatie: &str,
    day: Date,
) -> HeaderVanAanbieder<'static> {
    let [code, versie, subversie] = header_codes(soort);
    HeaderVanAanbieder {
        bericht_code: Value::new(code),
        bericht_versie: Value::new(versie),
        bericht_subversie: Value::new(subversie),
        afzender: Value::of(municipality.market.aanbieders[aanbieder].agb),
        ontvanger: Value::of(municipality.settings.gemeente),
        bericht_identificatie: identification(identificatie, day),
        xsd_versie: xsd_version(),
    }
}
