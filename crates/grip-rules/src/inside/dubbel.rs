//! What may stand in a message once.

use grip_messages::{
    Datatype, Rule, Value,
    bericht::{NieuwProduct, Product, StartProduct, StopProduct},
};

use super::Found;

rules! {
    TR101 [301, 305, 307, 315, 317, 323, 325]: "Regel komt dubbel voor",
        wat: "Elke berichtklasse heeft een sleutel, zoals ToewijzingNummer of ReferentieNummer. Binnen een bericht komt een sleutel \
            in dezelfde bovenliggende klasse eenmaal voor: bij een tweede is niet te zeggen welke van beide geldt, en een \
            declaratieregel zou dubbel betaald worden.",
        doen: "Vraag de afzender om een bericht waarin elke regel eenmaal voorkomt.";
}

/// The places of all items whose key an earlier item has.
pub(super) fn doubles<K: Ord + Copy>(keys: &mut [(K, usize)]) -> impl Iterator<Item = usize> {
    // Most lists come in the order of their keys, and then need no sorting.
    if !keys.is_sorted_by(|one, next| one.0 < next.0) {
        keys.sort_unstable();
    }
    keys.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1)
}

/// TR101 for items whose key is one value, or another rule that says the same of that value.
pub(super) fn in_list<'m, 'a: 'm, I, T: Datatype + 'm>(
    found: &mut Found,
    items: &'m [I],
    key: impl Fn(&'m I) -> &'m Value<'a, T>,
    path: [&str; 2],
    rule: &'static Rule,
) {
    if items.len() < 2 {
        return;
    }
    let values = items.iter().map(&key).enumerate().filter(|(_, value)| !value.is_absent());
    let mut keys: Vec<(&str, usize)> = values.map(|(position, value)| (value.text(), position)).collect();
    for position in doubles(&mut keys) {
        found.add(rule, key(&items[position]), path, "de sleutel komt eerder in het bericht voor");
    }
}

/// Category and code of a product, empty where it has none.
fn parts<'m>(product: Option<&'m Product<'_>>) -> [&'m str; 2] {
    let code = product.and_then(|product| product.code.as_ref());
    [product.map_or("", |product| product.categorie.text()), code.map_or("", |code| code.text())]
}

/// TR101 for starts: ToewijzingNummer, Product and Begindatum.
pub(super) fn starts(found: &mut Found, products: &[StartProduct<'_>], path: [&str; 2]) {
    if products.len() < 2 {
        return;
    }
    let mut keys: Vec<_> = products
        .iter()
        .enumerate()
        .filter(|(_, product)| !product.begindatum.is_absent())
        .map(|(position, product)| {
            let nummer = product.toewijzing_nummer.as_ref().map_or("", |nummer| nummer.text());
            ((nummer, parts(product.product.as_ref()), product.begindatum.text()), position)
        })
        .collect();
    for position in doubles(&mut keys) {
        found.add(TR101, &products[position].begindatum, path, "dezelfde start komt eerder in het bericht voor");
    }
}

/// TR101 for stops: ToewijzingNummer, Product, Begindatum, RedenBeeindiging and Einddatum.
pub(super) fn stops(found: &mut Found, products: &[StopProduct<'_>], path: [&str; 2]) {
    if products.len() < 2 {
        return;
    }
    let mut keys: Vec<_> = products
        .iter()
        .enumerate()
        .filter(|(_, product)| {
            !product.begindatum.is_absent() && !product.reden_beeindiging.is_absent() && !product.einddatum.is_absent()
        })
        .map(|(position, product)| {
            let nummer = product.toewijzing_nummer.as_ref().map_or("", |nummer| nummer.text());
            let [categorie, code] = parts(product.product.as_ref());
            let (begin, eind) = (product.begindatum.text(), product.einddatum.text());
            ([nummer, categorie, code, begin, product.reden_beeindiging.text(), eind], position)
        })
        .collect();
    for position in doubles(&mut keys) {
        found.add(TR101, &products[position].begindatum, path, "dezelfde stop komt eerder in het bericht voor");
    }
}

/// TR101 for new products: Product and GewensteIngangsdatum.
pub(super) fn new_products(found: &mut Found, products: &[NieuwProduct<'_>], path: [&str; 2]) {
    if products.len() < 2 {
        return;
    }
    let mut keys: Vec<_> = products
        .iter()
        .enumerate()
        .filter(|(_, product)| !product.gewenste_ingangsdatum.is_absent())
        .map(|(position, product)| ((parts(product.product.as_ref()), product.gewenste_ingangsdatum.text()), position))
        .collect();
    for position in doubles(&mut keys) {
        let value = &products[position].gewenste_ingangsdatum;
        found.add(TR101, value, path, "hetzelfde nieuwe product komt eerder in het bericht voor");
    }
}
