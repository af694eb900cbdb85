//! What is allocated, asked for or changed: a product in a period, with a volume or a budget.

use std::collections::HashMap;

use grip_messages::{
    Rule, Value,
    bericht::{Bedragwaarde, Omvang, Product},
    datatype::Datum,
};
use grip_types::{Date, Wet};
use jiff::civil::date;

use super::{Found, datum};

rules! {
    CD041 [301, 315, 317]: "Omvang ontbreekt bij een productcode",
        wat: "Wie een product met code toewijst of vraagt, zegt er ook hoeveel bij. Zonder omvang is de declaratie niet op volume \
            te controleren en de verplichting niet te berekenen.",
        doen: "Laat de afzender de omvang aanvullen, of de productcode weglaten en een budget noemen.";
    CD075 [301, 315, 317]: "Einddatum ontbreekt bij een budget",
        wat: "Een budget is voor de hele looptijd. Zonder einddatum is niet te zeggen over welke tijd het gaat.",
        doen: "Laat de afzender de einddatum aanvullen en het bericht opnieuw versturen.";
    CD076 [301, 315, 317]: "Einddatum ontbreekt bij een omvang per week",
        wat: "Wie per week toewijst en per maand declareert, kan het totaal alleen berekenen als bekend is hoeveel weken het zijn.",
        doen: "Laat de afzender de einddatum aanvullen en het bericht opnieuw versturen.";
    CD077 [301, 315, 317]: "Omvang naast een budget",
        wat: "Een product wordt begrensd door een omvang of door een budget, niet door allebei: anders is niet te zeggen welke \
            van de twee geldt. Tegelijk met deze regel meldt CD078 het budget.",
        doen: "Laat de afzender een van beide kiezen en het bericht opnieuw versturen.";
    CD078 [301, 315, 317]: "Budget naast een omvang",
        wat: "Een product wordt begrensd door een omvang of door een budget, niet door allebei: anders is niet te zeggen welke \
            van de twee geldt. Tegelijk met deze regel meldt CD077 de omvang.",
        doen: "Laat de afzender een van beide kiezen en het bericht opnieuw versturen.";
    CD079 [301, 315, 317]: "Geen product en geen budget",
        wat: "Zonder product is een toewijzing generiek, en die kan alleen met een budget. Zonder allebei is niets toegewezen.",
        doen: "Laat de afzender een product of een budget invullen en het bericht opnieuw versturen.";
    CD080 [301]: "Omvang zonder productcode in een toewijzing",
        wat: "Zonder productcode is de eenheid van een omvang niet te duiden; zo'n toewijzing gaat met een budget of zonder grens. \
            Voor toewijzingen die voor 2021 eindigen geldt dit niet.",
        doen: "Vul de productcode in of haal de omvang weg, en verstuur de toewijzing opnieuw.";
    CD095 [315]: "Omvang zonder productcode in een verzoek om toewijzing",
        wat: "Zonder productcode is de eenheid van een omvang niet te duiden; zo'n verzoek gaat met een budget of zonder grens. \
            Voor een verzoek over tijd voor 2021 geldt dit niet.",
        doen: "Vraag de aanbieder om een verzoek met productcode of zonder omvang.";
    CD096 [317]: "Omvang zonder productcode bij een nieuw product",
        wat: "Zonder productcode is de eenheid van een omvang niet te duiden; een nieuw product zonder code gaat met een budget of \
            zonder grens. Voor een verzoek over tijd voor 2021 geldt dit niet.",
        doen: "Vraag de aanbieder om een verzoek met productcode of zonder omvang.";
    CS338 [301, 317]: "Frequentie past niet bij de eenheid",
        wat: "Etmalen (14), dagdelen (16), euro's (83) en stuks inspanning (84) worden per week (2), per maand (4) of in totaal (6) \
            toegewezen, niet per dag. Voor toewijzingen die voor 2021 eindigen geldt dit niet.",
        doen: "Laat de afzender een andere frequentie of eenheid kiezen en het bericht opnieuw versturen.";
    CS343 [315]: "Frequentie past niet bij de gevraagde eenheid",
        wat: "Etmalen (14), dagdelen (16), euro's (83) en stuks inspanning (84) worden per week (2), per maand (4) of in totaal (6) \
            gevraagd, niet per dag. Voor een verzoek over tijd voor 2021 geldt dit niet.",
        doen: "Vraag de aanbieder om een verzoek met een andere frequentie of eenheid.";
    TR302 [301]: "Toewijzingen van hetzelfde product overlappen elkaar",
        wat: "Een client heeft bij een aanbieder hetzelfde product niet tweemaal in dezelfde tijd. Een toewijzing zonder \
            productcode overlapt met de hele productcategorie, een generieke met alles. Verwijderde toewijzingen tellen niet mee, \
            en in de Wmo de hulpmiddelen (categorie 11 tot en met 14) ook niet.",
        doen: "Beëindig of verwijder een van de toewijzingen, of tel ze samen; anders wordt er dubbel gedeclareerd.";
    TR386 [315]: "Gevraagde producten overlappen elkaar",
        wat: "Een verzoek om toewijzing vraagt hetzelfde product niet tweemaal voor dezelfde tijd. Een product zonder code overlapt \
            met de hele productcategorie, een verzoek zonder product met alles. In de Wmo tellen de hulpmiddelen (categorie 11 tot \
            en met 14) niet mee.",
        doen: "Vraag de aanbieder om een verzoek waarin elk product eenmaal voorkomt.";
    TR410 [317]: "Nieuwe producten overlappen elkaar",
        wat: "Een verzoek om wijziging vraagt hetzelfde nieuwe product niet tweemaal voor dezelfde tijd. Een product zonder code \
            overlapt met de hele productcategorie, een verzoek zonder product met alles. In de Wmo tellen de hulpmiddelen \
            (categorie 11 tot en met 14) niet mee.",
        doen: "Vraag de aanbieder om een verzoek waarin elk nieuw product eenmaal voorkomt.";
}

/// What an allocation, a request and a change have in common.
#[derive(Clone, Copy)]
pub(super) struct Order<'m, 'a> {
    /// Class it is.
    pub(super) path: &'static str,
    pub(super) product: Option<&'m Product<'a>>,
    /// First day, and the name of its element.
    pub(super) begin: (&'static str, &'m Value<'a, Datum>),
    /// Last day, and the name of its element.
    pub(super) eind: (&'static str, Option<&'m Value<'a, Datum>>),
    pub(super) omvang: Option<&'m Omvang<'a>>,
    pub(super) budget: Option<&'m Value<'a, Bedragwaarde>>,
}

impl Order<'_, '_> {
    /// Some rules leave alone what ended with 2020, the last year without 323.
    fn ends_after_2020(&self) -> bool {
        self.eind.1.is_none_or(|eind| eind.get().is_some_and(|day| day > date(2020, 12, 31)))
    }
}

/// The rules of any order. `frequentie` is CS338 or CS343.
pub(super) fn limits(found: &mut Found, order: &Order<'_, '_>, frequentie: &'static Rule) {
    let path = order.path;
    datum::period(found, Some(order.begin.1), order.eind.1, [path, order.eind.0]);
    if let Some(budget) = order.budget {
        if order.eind.1.is_none() {
            found.add(CD075, budget, [path, "Budget"], "een budget zonder einddatum");
        }
        if order.omvang.is_some() {
            found.add(CD078, budget, [path, "Budget"], "een budget naast een omvang");
        }
    }
    let Some(omvang) = order.omvang else { return };
    if order.budget.is_some() {
        found.add(CD077, &omvang.volume, [path, "Omvang/Volume"], "een omvang naast een budget");
    }
    let Some(per) = omvang.frequentie.get() else { return };
    let at = [path, "Omvang/Frequentie"];
    if per == "2" && order.eind.1.is_none() {
        found.add(CD076, &omvang.frequentie, at, "per week, zonder einddatum");
    }
    let eenheid = omvang.eenheid.text();
    let is_by_day = matches!(eenheid, "14" | "16" | "83" | "84") && !matches!(per, "2" | "4" | "6");
    if is_by_day && order.ends_after_2020() {
        found.add(frequentie, &omvang.frequentie, at, format!("frequentie {per} bij eenheid {eenheid}"));
    }
}

/// The rules of an order that names its product. `without_code` is CD080, CD095 or CD096.
pub(super) fn product(found: &mut Found, order: &Order<'_, '_>, without_code: &'static Rule) {
    let path = order.path;
    let code = order.product.and_then(|product| product.code.as_ref());
    match (code, order.omvang) {
        (Some(code), None) => found.add(CD041, code, [path, "Product/Code"], "een productcode zonder omvang"),
        (None, Some(omvang)) if order.ends_after_2020() => {
            found.add(without_code, &omvang.volume, [path, "Omvang/Volume"], "een omvang zonder productcode");
        }
        _ => {}
    }
    if order.product.is_none() && order.budget.is_none() {
        found.add(CD079, order.begin.1, [path, order.begin.0], "geen product en geen budget");
    }
}

/// Which ends are looked for when an order begins: those of what must not be there at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Scope<'m> {
    Product(&'m str, &'m str),
    CategorieWithoutCode(&'m str),
    Categorie(&'m str),
    Generic,
    Anything,
}

/// TR302, TR386 or TR410: reports every order that begins before an earlier one with the same product has ended.
pub(super) fn overlaps<'m, 'a: 'm>(
    found: &mut Found,
    orders: impl Iterator<Item = Order<'m, 'a>>,
    rule: &'static Rule,
) {
    let wet = found.soort.wet;
    let is_exempt = |categorie: &str| wet == Wet::Wmo && matches!(categorie, "11" | "12" | "13" | "14");
    let counts = |order: &Order<'_, '_>| order.product.is_none_or(|product| !is_exempt(product.categorie.text()));
    let mut orders: Vec<Order<'_, '_>> = orders.filter(counts).collect();
    if orders.len() < 2 {
        return;
    }
    orders.sort_by_key(|order| order.begin.1.get());
    let mut ends: HashMap<Scope<'_>, Date> = HashMap::new();
    for order in orders {
        let Some(begin) = order.begin.1.get() else { continue };
        // What ends before it begins is not there at any time; CS003 has said so.
        let eind = order.eind.1.map_or(Some(Date::MAX), Value::get).filter(|eind| *eind >= begin);
        let Some(eind) = eind else { continue };
        let generic = [Scope::Generic, Scope::Anything, Scope::Anything];
        let (same, own) = match order.product {
            None => ([Scope::Anything; 3], generic),
            Some(product) => {
                let categorie = product.categorie.text();
                match &product.code {
                    None => (
                        [Scope::Categorie(categorie), Scope::Generic, Scope::Generic],
                        [Scope::CategorieWithoutCode(categorie), Scope::Categorie(categorie), Scope::Anything],
                    ),
                    Some(code) => (
                        [
                            Scope::Product(categorie, code.text()),
                            Scope::CategorieWithoutCode(categorie),
                            Scope::Generic,
                        ],
                        [Scope::Product(categorie, code.text()), Scope::Categorie(categorie), Scope::Anything],
                    ),
                }
            }
        };
        if let Some(until) = same.iter().filter_map(|scope| ends.get(scope)).max().filter(|until| **until >= begin) {
            let text = match *until {
                Date::MAX => format!("begint {begin}, terwijl hetzelfde product zonder einddatum loopt"),
                until => format!("begint {begin}, terwijl hetzelfde product loopt tot en met {until}"),
            };
            found.add(rule, order.begin.1, [order.path, order.begin.0], text);
        }
        for scope in own {
            let last = ends.entry(scope).or_insert(eind);
            *last = eind.max(*last);
        }
    }
}
