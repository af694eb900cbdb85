//! 315, 317 and 319: what a provider asks for, and what the municipality answers.

use grip_messages::bericht::{
    AangevraagdProduct, AntwoordBericht, NieuwProduct, TeWijzigenProduct, Verwijzer, VerzoekOmToewijzingBericht,
    VerzoekOmWijzigingBericht,
};

use super::{
    Found,
    dubbel::{self, TR101},
    persoon,
    product::{self, CD095, CD096, CS338, CS343, Order, TR386, TR410},
};

rules! {
    CD043 [315]: "Nummer en ingangsdatum van de beschikking horen bij elkaar",
        wat: "Een verzoek op grond van een beschikking noemt haar nummer en haar ingangsdatum; een verzoek zonder beschikking geen van \
            beide. Met de helft is de beschikking niet te vinden.",
        doen: "Vraag de aanbieder om een verzoek met beide gegevens of geen van beide.";
    CD066 [315]: "Verwijzer met code en naam",
        wat: "Een huisarts, jeugdarts, gecertificeerde instelling of medisch specialist heeft type 02 tot en met 05. Hij wordt met een ZorgverlenerCode aangewezen, of anders met een naam; met allebei is niet te zeggen welke van de twee geldt.",
        doen: "Vraag de aanbieder om een verzoek met alleen de code.";
    CD067 [315]: "Verwijzer zonder code en zonder naam",
        wat: "Een huisarts, jeugdarts, gecertificeerde instelling of medisch specialist heeft type 02 tot en met 05. Hij wordt met een ZorgverlenerCode aangewezen, of anders met een naam. Zonder allebei is niet na te gaan wie verwees.",
        doen: "Vraag de aanbieder wie verwees en om een aangevuld verzoek.";
    CD068 [315]: "ZorgverlenerCode bij een verwijzer die geen zorgverlener is",
        wat: "De gemeente, de client zelf en de rechter hebben geen ZorgverlenerCode; alleen type 02 tot en met 05 kan er een hebben.",
        doen: "Vraag de aanbieder het type of de code te verbeteren.";
    CD085 [319]: "Afwijzing zonder reden",
        wat: "Wie een verzoek afwijst (VerzoekAntwoord 1), zegt waarom: de aanbieder moet weten of een ander verzoek zin heeft.",
        doen: "Vul de reden aan en verstuur het antwoord opnieuw.";
    CD086 [319]: "Reden van afwijzing bij een verzoek in onderzoek",
        wat: "Een verzoek dat nog onderzocht wordt (VerzoekAntwoord 2), is niet afgewezen en heeft dus geen reden van afwijzing.",
        doen: "Haal de reden weg of wijs het verzoek af, en verstuur het antwoord opnieuw.";
    TR352 [317]: "Verzoek om wijziging zonder lopende toewijzing",
        wat: "Een verzoek om wijziging gaat over een client die al een toewijzing heeft. Het noemt alle toewijzingen die er zijn als ongewijzigd of te wijzigen: ten minste een. Is er geen, dan is een verzoek om toewijzing (315) de weg.",
        doen: "Vraag de aanbieder om een verzoek dat de lopende toewijzingen noemt, of om een verzoek om toewijzing.";
    TR353 [317]: "Verzoek om wijziging dat niets wijzigt",
        wat: "Een verzoek om wijziging bevat ten minste een te wijzigen of een nieuw product; anders is er niets te besluiten.",
        doen: "Vraag de aanbieder wat er gewijzigd moet worden.";
    TR377 [319] alleen Jw: "Woonplaatsbeginsel zonder verantwoordelijke gemeente",
        wat: "Wie een verzoek afwijst op grond van het woonplaatsbeginsel (reden 8), noemt de gemeente die wel verantwoordelijk is: \
            daar moet de aanbieder zijn.",
        doen: "Vul de verantwoordelijke gemeente aan en verstuur het antwoord opnieuw.";
    TR380 [317]: "Nieuw product begint niet na de dagtekening",
        wat: "Een nieuw product begint na de dag van het verzoek: voor wat al loopt, is toestemming achteraf niet met een verzoek om \
            wijziging te vragen.",
        doen: "Vraag de aanbieder om een verzoek met een latere ingangsdatum.";
    TR383 [315]: "Referentie komt in meer dan een gevraagd product voor",
        wat: "Elk gevraagd product heeft een eigen ReferentieAanbieder, want daarmee wordt per product geantwoord. Omdat de referentie \
            ook de sleutel is, meldt TR101 hetzelfde.",
        doen: "Vraag de aanbieder om een verzoek met een eigen referentie voor elk product.";
    TR409 [319] alleen Jw: "Verantwoordelijke gemeente zonder woonplaatsbeginsel",
        wat: "Een andere gemeente wordt alleen genoemd bij een afwijzing op grond van het woonplaatsbeginsel (reden 8). Bij een andere \
            reden, of zonder afwijzing, zou de aanbieder ten onrechte worden doorverwezen.",
        doen: "Verbeter de reden of haal de gemeente weg, en verstuur het antwoord opnieuw.";
}

const CLIENT: &str = "Bericht/Client";

pub(super) fn check_verzoek_om_toewijzing(found: &mut Found, bericht: &VerzoekOmToewijzingBericht<'_>) {
    let client = &bericht.client;
    persoon::bsn(found, &client.bsn, CLIENT);
    persoon::geboortedatum(found, &client.geboortedatum, CLIENT);
    const PRODUCT: &str = "Bericht/Client/AangevraagdeProducten/AangevraagdProduct";
    fn order<'m, 'a>(product: &'m AangevraagdProduct<'a>) -> Order<'m, 'a> {
        Order {
            path: PRODUCT,
            product: product.product.as_ref(),
            begin: ("ToewijzingIngangsdatum", &product.toewijzing_ingangsdatum),
            eind: ("ToewijzingEinddatum", product.toewijzing_einddatum.as_ref()),
            omvang: product.omvang.as_ref(),
            budget: product.budget.as_ref(),
        }
    }
    let products = &client.aangevraagde_producten;
    for product in products {
        let order = order(product);
        product::limits(found, &order, CS343);
        product::product(found, &order, CD095);
        match (&product.beschikking_nummer, &product.beschikking_ingangsdatum) {
            (Some(nummer), None) => {
                let text = "een beschikkingnummer zonder ingangsdatum van de beschikking";
                found.add(CD043, nummer, [PRODUCT, "BeschikkingNummer"], text);
            }
            (None, Some(day)) => {
                let text = "een ingangsdatum van een beschikking zonder beschikkingnummer";
                found.add(CD043, day, [PRODUCT, "BeschikkingIngangsdatum"], text);
            }
            _ => {}
        }
        verwijzer(found, &product.verwijzer, PRODUCT);
    }
    for rule in [TR101, TR383] {
        dubbel::in_list(
            found,
            products,
            |product| &product.referentie_aanbieder,
            [PRODUCT, "ReferentieAanbieder"],
            rule,
        );
    }
    product::overlaps(found, products.iter().map(order), TR386);
}

fn verwijzer(found: &mut Found, verwijzer: &Verwijzer<'_>, path: &str) {
    let Some(soort) = verwijzer.type_.get() else { return };
    let is_practitioner = matches!(soort, "02" | "03" | "04" | "05");
    match (is_practitioner, &verwijzer.zorgverlener_code, &verwijzer.naam) {
        (true, Some(_), Some(naam)) => {
            found.add(CD066, naam, [path, "Verwijzer/Naam"], "een naam naast een ZorgverlenerCode");
        }
        (true, None, None) => {
            let text = format!("verwijzer {soort} zonder code en zonder naam");
            found.add(CD067, &verwijzer.type_, [path, "Verwijzer/Type"], text);
        }
        (false, Some(code), _) => {
            let text = format!("een ZorgverlenerCode bij verwijzer {soort}");
            found.add(CD068, code, [path, "Verwijzer/ZorgverlenerCode"], text);
        }
        _ => {}
    }
}

pub(super) fn check_verzoek_om_wijziging(found: &mut Found, bericht: &VerzoekOmWijzigingBericht<'_>) {
    const VERZOEK: &str = "Bericht/Client/Verzoek";
    const UNCHANGED: &str = "Bericht/Client/Verzoek/OngewijzigdeProducten/OngewijzigdProduct";
    const CHANGED: &str = "Bericht/Client/Verzoek/TeWijzigenProducten/TeWijzigenProduct";
    const NEW: &str = "Bericht/Client/Verzoek/NieuweProducten/NieuwProduct";
    persoon::bsn(found, &bericht.client.bsn, CLIENT);
    let verzoek = &bericht.client.verzoek;
    let unchanged = verzoek.ongewijzigde_producten.as_deref().unwrap_or_default();
    let changed = verzoek.te_wijzigen_producten.as_deref().unwrap_or_default();
    let new = verzoek.nieuwe_producten.as_deref().unwrap_or_default();
    let at = [VERZOEK, "ReferentieAanbieder"];
    if unchanged.is_empty() && changed.is_empty() {
        found.add(TR352, &verzoek.referentie_aanbieder, at, "geen ongewijzigd en geen te wijzigen product");
    }
    if changed.is_empty() && new.is_empty() {
        found.add(TR353, &verzoek.referentie_aanbieder, at, "geen te wijzigen en geen nieuw product");
    }
    dubbel::in_list(found, unchanged, |product| &product.toewijzing_nummer, [UNCHANGED, "ToewijzingNummer"], TR101);
    dubbel::in_list(found, changed, |product| &product.toewijzing_nummer, [CHANGED, "ToewijzingNummer"], TR101);
    dubbel::new_products(found, new, [NEW, "GewensteIngangsdatum"]);
    fn to_change<'m, 'a>(product: &'m TeWijzigenProduct<'a>) -> Order<'m, 'a> {
        Order {
            path: CHANGED,
            product: None,
            begin: ("GewensteIngangsdatum", &product.gewenste_ingangsdatum),
            eind: ("Einddatum", product.einddatum.as_ref()),
            omvang: product.omvang.as_ref(),
            budget: product.budget.as_ref(),
        }
    }
    fn to_add<'m, 'a>(product: &'m NieuwProduct<'a>) -> Order<'m, 'a> {
        Order {
            path: NEW,
            product: product.product.as_ref(),
            begin: ("GewensteIngangsdatum", &product.gewenste_ingangsdatum),
            eind: ("Einddatum", product.einddatum.as_ref()),
            omvang: product.omvang.as_ref(),
            budget: product.budget.as_ref(),
        }
    }
    for product in changed {
        product::limits(found, &to_change(product), CS338);
    }
    for product in new {
        let order = to_add(product);
        product::limits(found, &order, CS338);
        product::product(found, &order, CD096);
        let begin = &product.gewenste_ingangsdatum;
        if let (Some(day), Some(dagtekening)) = (begin.get(), found.dagtekening)
            && day <= dagtekening
        {
            let text = format!("{day} ligt niet na de dagtekening {dagtekening}");
            found.add(TR380, begin, [NEW, "GewensteIngangsdatum"], text);
        }
    }
    product::overlaps(found, new.iter().map(to_add), TR410);
}

pub(super) fn check_antwoord(found: &mut Found, bericht: &AntwoordBericht<'_>) {
    const ANTWOORD: &str = "Bericht/Antwoord";
    let antwoord = &bericht.antwoord;
    let reden = antwoord.reden_afwijzing_verzoek.as_ref();
    match (antwoord.verzoek_antwoord.get(), reden) {
        (Some("1"), None) => {
            found.add(CD085, &antwoord.verzoek_antwoord, [ANTWOORD, "VerzoekAntwoord"], "afgewezen zonder reden");
        }
        (Some("2"), Some(reden)) => {
            found.add(CD086, reden, [ANTWOORD, "RedenAfwijzingVerzoek"], "in onderzoek, met een reden van afwijzing");
        }
        _ => {}
    }
    match (reden, &antwoord.woonplaatsbeginsel) {
        (Some(reden), None) if reden.text() == "8" => {
            found.add(TR377, reden, [ANTWOORD, "RedenAfwijzingVerzoek"], "reden 8, en de gemeente ontbreekt");
        }
        (reden, Some(other)) if reden.is_none_or(|reden| reden.text() != "8") => {
            let text = "een verantwoordelijke gemeente, en de reden is niet 8";
            found.add(TR409, &other.gemeente, [ANTWOORD, "Woonplaatsbeginsel/Gemeente"], text);
        }
        _ => {}
    }
}
