//! 301: what the municipality orders.

use grip_messages::bericht::{ToegewezenProduct, ToewijzingBericht};

use super::{
    Found, R3_1, contact, datum,
    dubbel::{self, TR101},
    persoon,
    product::{self, CD080, CS338, Order, TR302},
};

rules! {
    CS335 [301]: "Verwijderde toewijzing loopt nog",
        wat: "Met RedenWijziging 13 geldt een toewijzing als nooit verstuurd. Dat wordt gezegd door de einddatum gelijk te maken aan \
            de ingangsdatum; met een andere of geen einddatum is niet te zeggen of zij geldt. Deze reden bestaat sinds release 3.1.",
        doen: "Zet de einddatum op de ingangsdatum, of kies een andere reden, en verstuur de toewijzing opnieuw.";
    CS336 [301]: "Vervallen reden van wijziging",
        wat: "RedenWijziging 01 is met release 3.1 vervallen. Een administratieve correctie is 14, een verwijdering 13.",
        doen: "Kies reden 13 of 14 en verstuur de toewijzing opnieuw.";
}

const CLIENT: &str = "Bericht/Client";
const RELATIE: &str = "Bericht/Client/Relaties/Relatie";
const PRODUCT: &str = "Bericht/Client/ToegewezenProducten/ToegewezenProduct";

pub(super) fn check(found: &mut Found, bericht: &ToewijzingBericht<'_>) {
    let client = &bericht.client;
    persoon::bsn(found, &client.bsn, CLIENT);
    persoon::geboortedatum(found, &client.geboortedatum, CLIENT);
    persoon::naam(found, &client.naam, CLIENT);
    persoon::naam_of_client(found, &client.naam, CLIENT);
    if let Some(communicatie) = &client.communicatie {
        persoon::communicatie(found, communicatie, CLIENT);
    }
    let relaties = client.relaties.as_deref().unwrap_or_default();
    for relatie in relaties {
        if let Some(geboortedatum) = &relatie.geboortedatum {
            persoon::geboortedatum(found, geboortedatum, RELATIE);
        }
        persoon::naam(found, &relatie.naam, RELATIE);
        contact::contact(found, &relatie.contact, "Bericht/Client/Relaties/Relatie/Contact");
    }
    dubbel::in_list(found, relaties, |relatie| &relatie.nummer, [RELATIE, "Nummer"], TR101);
    let contacts = &client.contactgegevens;
    const CONTACT: &str = "Bericht/Client/Contactgegevens/Contact";
    contact::contactgegevens(found, contacts, CONTACT);
    for contact in contacts {
        contact::contact(found, contact, CONTACT);
    }
    dubbel::in_list(found, contacts, |contact| &contact.soort, [CONTACT, "Soort"], TR101);
    for product in &client.toegewezen_producten {
        toegewezen_product(found, product);
    }
    dubbel::in_list(
        found,
        &client.toegewezen_producten,
        |product| &product.toewijzing_nummer,
        [PRODUCT, "ToewijzingNummer"],
        TR101,
    );
    let kept = client.toegewezen_producten.iter().filter(|product| !is_deleted(product));
    product::overlaps(found, kept.map(order), TR302);
}

fn order<'m, 'a>(product: &'m ToegewezenProduct<'a>) -> Order<'m, 'a> {
    Order {
        path: PRODUCT,
        product: product.product.as_ref(),
        begin: ("Ingangsdatum", &product.ingangsdatum),
        eind: ("Einddatum", product.einddatum.as_ref()),
        omvang: product.omvang.as_ref(),
        budget: product.budget.as_ref(),
    }
}

/// Reason 01 deleted until release 3.0, and 13 does since.
fn is_deleted(product: &ToegewezenProduct<'_>) -> bool {
    product.reden_wijziging.as_ref().is_some_and(|reden| matches!(reden.text(), "01" | "13"))
        && ends_as_it_begins(product)
}

fn ends_as_it_begins(product: &ToegewezenProduct<'_>) -> bool {
    product.einddatum.as_ref().and_then(|eind| eind.get()) == product.ingangsdatum.get()
}

fn toegewezen_product(found: &mut Found, product: &ToegewezenProduct<'_>) {
    let order = order(product);
    product::limits(found, &order, CS338);
    product::product(found, &order, CD080);
    datum::has_happened(found, &product.toewijzingsdatum, [PRODUCT, "Toewijzingsdatum"]);
    let Some(reden) = product.reden_wijziging.as_ref().filter(|_| found.soort.release >= R3_1) else { return };
    let is_readable = product.einddatum.as_ref().is_none_or(|eind| eind.get().is_some());
    match reden.text() {
        "01" => found.add(CS336, reden, [PRODUCT, "RedenWijziging"], "reden 01 is vervallen"),
        "13" if is_readable && product.ingangsdatum.get().is_some() && !ends_as_it_begins(product) => {
            let text = "reden 13, en de einddatum is niet de ingangsdatum";
            found.add(CS335, reden, [PRODUCT, "RedenWijziging"], text);
        }
        _ => {}
    }
}
