//! 305 and 307: a provider begins and ends.

use grip_messages::{
    Value,
    bericht::{StartBericht, StopBericht},
    datatype::StatusAanlevering,
};

use super::{Found, datum, dubbel, persoon};

rules! {
    CS058 [305, 307]: "Status van aanlevering mag niet",
        wat: "Een start of stop is nieuw (1) of verwijdert een eerdere (3). Wijzigen (2) en ongewijzigd herhalen (9) kennen deze \
            berichten niet: wie iets wijzigt, verwijdert en meldt opnieuw.",
        doen: "Vraag de aanbieder de oude melding te verwijderen en een nieuwe te sturen.";
    TR018 [307]: "Stop ligt voor de start",
        wat: "De levering eindigt niet eerder dan zij begon. Anders is niet te zeggen over welke tijd er geleverd is.",
        doen: "Vraag de aanbieder welke van beide datums klopt en om een gecorrigeerd bericht.";
}

const CLIENT: &str = "Bericht/Client";

pub(super) fn check_start(found: &mut Found, bericht: &StartBericht<'_>) {
    let client = &bericht.client;
    persoon::bsn(found, &client.bsn, CLIENT);
    persoon::geboortedatum(found, &client.geboortedatum, CLIENT);
    const PRODUCT: &str = "Bericht/Client/StartProducten/StartProduct";
    for product in &client.start_producten {
        datum::has_happened(found, &product.begindatum, [PRODUCT, "Begindatum"]);
        status(found, &product.status_aanlevering, PRODUCT);
    }
    dubbel::starts(found, &client.start_producten, [PRODUCT, "Begindatum"]);
}

pub(super) fn check_stop(found: &mut Found, bericht: &StopBericht<'_>) {
    let client = &bericht.client;
    persoon::bsn(found, &client.bsn, CLIENT);
    persoon::geboortedatum(found, &client.geboortedatum, CLIENT);
    const PRODUCT: &str = "Bericht/Client/StopProducten/StopProduct";
    for product in &client.stop_producten {
        datum::has_happened(found, &product.einddatum, [PRODUCT, "Einddatum"]);
        status(found, &product.status_aanlevering, PRODUCT);
        if let (Some(begin), Some(eind)) = (product.begindatum.get(), product.einddatum.get())
            && eind < begin
        {
            found.add(TR018, &product.einddatum, [PRODUCT, "Einddatum"], format!("{eind} ligt voor de start {begin}"));
        }
    }
    dubbel::stops(found, &client.stop_producten, [PRODUCT, "Begindatum"]);
}

fn status(found: &mut Found, status: &Value<'_, StatusAanlevering>, path: &str) {
    if status.get().is_some_and(|status| !matches!(status, "1" | "3")) {
        found.add(CS058, status, [path, "StatusAanlevering"], format!("status {}", status.text()));
    }
}
