//! `/uitleg`: what the words on the pages mean. Heads of columns and names of figures lead to it by themselves.

use axum::{http::Uri, response::Response};
use grip_report::Language;

use crate::{
    App,
    address::Asked,
    document::{Block, Defined, Definitions, Document, WithTables},
    problem::Problem,
    words::{either, say},
};

/// A word that the pages use as one among professionals, and what it means.
struct Term {
    /// Its place on the page.
    anchor: &'static str,
    nl: &'static str,
    en: &'static str,
    /// How heads of columns and figures name it besides, in both languages, small.
    aliases: &'static [&'static str],
    nl_text: &'static str,
    en_text: &'static str,
}

/// A group of terms under a heading.
struct TermGroup {
    nl: &'static str,
    en: &'static str,
    terms: &'static [Term],
}

const fn term(
    anchor: &'static str,
    (nl, en): (&'static str, &'static str),
    aliases: &'static [&'static str],
    (nl_text, en_text): (&'static str, &'static str),
) -> Term {
    Term { anchor, nl, en, aliases, nl_text, en_text }
}

const GROUPS: [TermGroup; 5] = [
    TermGroup { nl: "Tijd en zekerheid", en: "Time and certainty", terms: &TIME },
    TermGroup { nl: "Geld", en: "Money", terms: &MONEY },
    TermGroup { nl: "Zorg", en: "Care", terms: &CARE },
    TermGroup { nl: "Doelen en maatregelen", en: "Goals and measures", terms: &POLICY },
    TermGroup { nl: "Berichten en gegevens", en: "Messages and data", terms: &DATA },
];

const TIME: [Term; 8] = [
    term(
        "peildatum",
        ("peildatum", "as known on"),
        &[],
        (
            "De dag waarop alles wordt bekeken. Wat later binnenkwam, telt niet mee. Zo kunt u elk eerder rapport opnieuw maken.",
            "The day as of which everything is seen. What came in later does not count, so that any earlier report can be made again.",
        ),
    ),
    term(
        "interval",
        ("80 %-interval", "80% interval"),
        &["interval", "80 %-interval, van", "80 %-interval, tot", "80% interval, from", "80% interval, to"],
        (
            "Naar verwachting liggen vier van de vijf uitkomsten tussen deze twee bedragen. Eén op de tien ligt eronder, één op de tien erboven.",
            "Four in five outcomes are expected between these two amounts. One in ten is below, one in ten above.",
        ),
    ),
    term(
        "kans",
        ("kans op overschrijding", "chance of overspend"),
        &[],
        (
            "De kans dat het jaar boven de begroting eindigt. Grip berekent die met dezelfde verdeling als het interval.",
            "The chance that the year ends above the budget, by the same distribution as the interval.",
        ),
    ),
    term(
        "tempo",
        ("doortrekken van het tempo", "running on at the same rate"),
        &[],
        (
            "Wat het jaar kost als het tempo van de laatste twaalf gedeclareerde maanden zo doorgaat. Dit is de eenvoudigste vergelijking.",
            "What the year costs if the rate of the last twelve declared months goes on: the simplest comparison.",
        ),
    ),
    term(
        "afwijking",
        ("gemiddelde afwijking", "mean error"),
        &[],
        (
            "Hoe ver eerdere prognoses naast de latere uitkomst zaten, met evenveel maanden te gaan.",
            "How far the forecast on earlier days, with as many months to go, was from what it later became.",
        ),
    ),
    term(
        "zekerheid",
        ("zekerheid", "certainty"),
        &["hoe zeker", "how sure"],
        (
            "Hoe onwaarschijnlijk het is dat dit toeval is. Grip kijkt naar honderden reeksen. Een enkele keer slaat een signaal dus zonder reden aan.",
            "How unlikely it is that this is chance. Grip watches hundreds of series, so a signal is now and then raised for no reason.",
        ),
    ),
    term(
        "te-weinig",
        ("te weinig", "too few"),
        &[],
        (
            "Dit getal wordt niet getoond. Er zijn minder dan tien personen, of iemand kan met dit getal een ander klein getal uitrekenen.",
            "This number is not shown: there are fewer than ten persons, or it would give another small number away.",
        ),
    ),
    term(
        "p-waarde",
        ("p", "p"),
        &[],
        (
            "De kans op zo'n groot verschil als er in werkelijkheid geen verschil is. Klein betekent: waarschijnlijk geen toeval.",
            "The chance of so great a difference if there is none. Small means: probably not chance.",
        ),
    ),
];

const MONEY: [Term; 13] = [
    term(
        "gedeclareerd",
        ("gedeclareerd", "declared"),
        &["declared to date"],
        (
            "Wat aanbieders over dit jaar in rekening brachten. Creditregels en afgekeurde regels zijn eraf.",
            "What providers invoiced for this year, less credits and refusals.",
        ),
    ),
    term(
        "nog-te-declareren",
        ("nog te declareren", "still to be declared"),
        &[],
        (
            "Zorg die al is gegeven en waarvoor de rekening nog moet komen. Het is een schatting uit eerdere maanden en uit wat is toegewezen.",
            "Care that was given and for which the invoice is still to come: an estimate from how earlier months developed and from what was allocated.",
        ),
    ),
    term(
        "open-verplichtingen",
        ("open verplichtingen", "open commitments"),
        &[],
        (
            "Wat de rest van het jaar naar verwachting nog wordt geleverd op toewijzingen die nu lopen.",
            "What is expected to be delivered in the rest of the year on allocations that run now.",
        ),
    ),
    term(
        "instroom",
        ("nieuwe instroom", "new inflow"),
        &[],
        (
            "Wat nieuwe en verlengde toewijzingen de rest van het jaar naar verwachting toevoegen.",
            "What new and prolonged allocations are expected to add in the rest of the year.",
        ),
    ),
    term(
        "prognose",
        ("prognose", "forecast"),
        &[],
        (
            "Waar het jaar naar verwachting op uitkomt: gedeclareerd, nog te declareren, open verplichtingen en nieuwe instroom samen.",
            "Where the year is expected to end: declared, still to be declared, open commitments and new inflow together.",
        ),
    ),
    term(
        "begroting",
        ("begroting", "budget"),
        &["begroting nu", "begroting, nu", "begroting, eerst", "budget now"],
        (
            "Wat de raad voor dit jaar beschikbaar stelde. De eerste begroting is zonder latere wijzigingen, de begroting van nu met.",
            "What the council made available for this year. The first budget is without later amendments, that of now with them.",
        ),
    ),
    term(
        "verschil",
        ("verschil met begroting", "difference with budget"),
        &[],
        (
            "Begroting min prognose. V is voordelig: er blijft over. N is nadelig: er is tekort.",
            "Budget less forecast. F is favourable: money is left. A is adverse: money is short.",
        ),
    ),
    term(
        "segment",
        ("segment", "segment"),
        &[],
        (
            "Een wet met een productcategorie, zoals jeugdhulp met verblijf. Grip maakt per segment een prognose.",
            "A law with a product category, such as youth care with a stay. Grip forecasts each segment.",
        ),
    ),
    term(
        "intensiteit",
        ("intensiteit", "intensity"),
        &[],
        ("Hoeveel zorg een cliënt per maand krijgt.", "How much care a client gets a month."),
    ),
    term(
        "indexatie",
        ("indexatie", "indexation"),
        &[],
        (
            "Hoeveel de afgesproken tarieven van jaar op jaar stegen.",
            "By how much agreed tariffs rose from one year to the next.",
        ),
    ),
    term(
        "samenloop",
        ("samenloop", "joint effect"),
        &[],
        (
            "Groei die door twee oorzaken tegelijk komt en niet eerlijk aan één is toe te rekenen.",
            "Growth by two causes at once that can't fairly be laid to one of them.",
        ),
    ),
    term(
        "reserve",
        ("reserve", "reserve"),
        &[],
        (
            "Geld dat de gemeente achter de hand houdt voor tegenvallers. De kansen hier volgen uit de prognose.",
            "Money a municipality keeps for setbacks. The chances here follow from the forecast.",
        ),
    ),
    term(
        "taakveld",
        ("taakvelden", "tasks"),
        &["taakveld", "task"],
        (
            "De indeling van gemeentelijke uitgaven die alle gemeenten voor het CBS gebruiken (Iv3).",
            "The classification of municipal spending that all municipalities use for Statistics Netherlands (Iv3).",
        ),
    ),
];

const CARE: [Term; 10] = [
    term(
        "toewijzing",
        ("toegewezen", "allocated"),
        &["toewijzing", "allocation"],
        (
            "De opdracht van de gemeente aan een aanbieder om een cliënt zorg te geven: welke, hoeveel en tot wanneer.",
            "The order of a municipality to a provider to give a client care: which, how much and until when.",
        ),
    ),
    term(
        "verzilvering",
        ("verzilvering", "use of allocations"),
        &["verzilvering van toewijzingen"],
        (
            "Het deel van de toegewezen zorg dat ook echt wordt geleverd en gedeclareerd.",
            "The part of allocated care that is delivered and declared.",
        ),
    ),
    term(
        "traject",
        ("trajecten", "courses of care"),
        &["traject", "lopende trajecten", "begonnen trajecten"],
        (
            "Een aaneengesloten periode waarin een cliënt één soort zorg krijgt. Een korte onderbreking telt niet.",
            "A period without a break in which a client gets one kind of care. A short break does not count.",
        ),
    ),
    term(
        "instroom-uitstroom",
        ("instroom", "inflow"),
        &["uitstroom", "outflow", "beginstand", "eindstand"],
        (
            "Instroom is wie in de periode zorg gaat krijgen, uitstroom is wie ermee stopt. Beginstand plus instroom min uitstroom is de eindstand.",
            "Inflow is who begins to get care in the period, outflow is who ends. Stock at the begin plus inflow less outflow is stock at the end.",
        ),
    ),
    term(
        "mediaan",
        ("mediaan", "median"),
        &["mediaan, maanden", "median, months"],
        (
            "De middelste waarde: de helft zit eronder, de helft erboven.",
            "The middle value: half is below, half above.",
        ),
    ),
    term(
        "stapeling",
        ("stapeling", "stacking"),
        &[],
        (
            "Meer soorten zorg tegelijk, voor één cliënt of binnen één huishouden.",
            "Several kinds of care at once, for one client or within one household.",
        ),
    ),
    term(
        "opgeschaald",
        ("opgeschaald", "scaled up"),
        &["afgeschaald", "scaled down"],
        (
            "Opgeschaald: van lichtere naar zwaardere zorg. Afgeschaald is andersom.",
            "Scaled up: from lighter to heavier care. Scaled down is the other way.",
        ),
    ),
    term(
        "productcategorie",
        ("productcategorie", "product category"),
        &["categorie", "category"],
        (
            "De landelijke indeling van zorg, zoals huishoudelijke hulp of dagbesteding.",
            "The national classification of care, such as domestic help or day care.",
        ),
    ),
    term(
        "uitval",
        ("uitval", "drop-out"),
        &[],
        (
            "Trajecten die eindigen omdat de cliënt of de aanbieder ermee stopt, en niet omdat het plan klaar is.",
            "Courses of care that end because the client or the provider stops, and not because the plan was done.",
        ),
    ),
    term(
        "huishouden",
        ("huishoudens", "households"),
        &["huishouden"],
        (
            "Personen die op één adres samen wonen. Grip bewaart geen adres, alleen dat zij bij elkaar horen.",
            "Persons who live together at one address. Grip keeps no address, only that they belong together.",
        ),
    ),
];

const POLICY: [Term; 7] = [
    term(
        "indicator",
        ("indicator", "indicator"),
        &[],
        (
            "Een getal dat laat zien hoe het met een doel staat, met een vaste definitie en bron.",
            "A number that shows how a goal stands, with a fixed definition and source.",
        ),
    ),
    term(
        "streefwaarde",
        ("streefwaarde", "target"),
        &["gewenst"],
        (
            "De waarde die een indicator in een bepaald jaar moet hebben.",
            "The value an indicator should have in a certain year.",
        ),
    ),
    term(
        "op-koers",
        ("op koers", "on course"),
        &["afstand tot de lijn", "distance to the line"],
        (
            "De indicator ligt op of voor de rechte lijn van de beginwaarde naar de streefwaarde.",
            "The indicator is on or ahead of the straight line from its first value to the target.",
        ),
    ),
    term(
        "maatregel",
        ("maatregel", "measure"),
        &["maatregelen", "measures"],
        (
            "Wat de gemeente doet om een doel te halen of geld te besparen.",
            "What a municipality does to reach a goal or to save money.",
        ),
    ),
    term(
        "gerealiseerd",
        ("gerealiseerd", "realised"),
        &["tot nu toe"],
        (
            "Wat een maatregel tot nu opleverde, berekend uit de cijfers zelf: wat er gebeurde naast wat er zonder de maatregel was gebeurd.",
            "What a measure brought so far, from the figures themselves: what happened beside what would have happened without it.",
        ),
    ),
    term(
        "onderbouwing",
        ("onderbouwing", "evidence"),
        &[],
        (
            "Hoe sterk bekend is dat het een tot het ander leidt: van een vermoeden tot onderzoek met een vergelijkingsgroep.",
            "How well it is known that one leads to the other: from a guess to research with a comparison group.",
        ),
    ),
    term(
        "dekking",
        ("dekking", "cover"),
        &[],
        ("Waar het geld voor een besluit vandaan komt.", "Where the money for a decision comes from."),
    ),
];

const DATA: [Term; 6] = [
    term(
        "bevinding",
        ("bevinding", "finding"),
        &["bevindingen", "findings"],
        (
            "Een fout of opvallend punt in ontvangen gegevens. Grip bewaart het, laat het zien en gaat door met de rest.",
            "A fault or something odd in received data. Grip keeps it, shows it and goes on with the rest.",
        ),
    ),
    term(
        "retourcode",
        ("retourcode", "return code"),
        &[],
        (
            "De code waarmee een ontvanger zegt wat er in een bericht niet klopt.",
            "The code by which a receiver says what is wrong with a message.",
        ),
    ),
    term(
        "ernst",
        ("ernst", "severity"),
        &[],
        (
            "Een fout maakt een regel onbruikbaar, een waarschuwing vraagt om een blik.",
            "An error makes a line unusable, a warning asks for a look.",
        ),
    ),
    term(
        "declaratieregel",
        ("declaratieregels", "invoice lines"),
        &["regels", "lines"],
        (
            "Eén regel van een rekening: één cliënt, één product, één periode.",
            "One line of an invoice: one client, one product, one period.",
        ),
    ),
    term(
        "agb",
        ("AGB-code", "AGB code"),
        &[],
        ("Het landelijke nummer van een zorgaanbieder.", "The national number of a provider of care."),
    ),
    term(
        "pseudoniem",
        ("pseudoniem", "pseudonym"),
        &[],
        (
            "Een code in plaats van het burgerservicenummer. Zonder de sleutel van de gemeente is niet te zien om wie het gaat.",
            "A code in place of the citizen service number. Without the key of the municipality nobody can see who it is.",
        ),
    ),
];

/// The place on the page of the term that something is called by; nothing when it is no term.
pub(crate) fn explains(name: &str, language: Language) -> Option<&'static str> {
    // Heads of columns may say where they can be broken.
    let name = name.replace('\u{ad}', "").to_lowercase();
    let is_it = |term: &&Term| {
        either(language, term.nl, term.en).to_lowercase() == name || term.aliases.contains(&name.as_str())
    };
    GROUPS.iter().flat_map(|group| group.terms).find(is_it).map(|term| term.anchor)
}

/// `/uitleg`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let language = asked.language();
    let title = say(language, "Wat de woorden betekenen", "What the words mean");
    let lede = say(
        language,
        "Op de pagina's zijn deze woorden onderstreept met puntjes. Kies een woord om hier te komen.",
        "On the pages these words are underlined with dots. Choose a word to get here.",
    );
    let mut document = Document::about_grip(&app, &uri, &asked, title, lede);
    let defined = |term: &Term| Defined {
        anchor: term.anchor,
        name: either(language, term.nl, term.en),
        text: either(language, term.nl_text, term.en_text),
    };
    document.blocks = GROUPS
        .iter()
        .map(|group| {
            let terms = group.terms.iter().map(defined).collect();
            Block::Definitions(Definitions { title: either(language, group.nl, group.en), terms })
        })
        .collect();
    document.respond(&asked)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use grip_report::Language;

    use super::{GROUPS, explains};

    #[test]
    fn a_name_is_of_one_term() {
        let mut anchors = BTreeSet::new();
        for language in [Language::Nl, Language::En] {
            let mut names = BTreeSet::new();
            for term in GROUPS.iter().flat_map(|group| group.terms) {
                anchors.insert(term.anchor);
                let own = if language == Language::Nl { term.nl } else { term.en }.to_lowercase();
                assert!(names.insert(own.clone()), "{own}");
                for alias in term.aliases {
                    assert!(names.insert((*alias).to_owned()), "{alias}");
                    assert_eq!(*alias, alias.to_lowercase());
                }
                assert_eq!(explains(&own, language), Some(term.anchor));
            }
        }
        assert_eq!(anchors.len(), GROUPS.iter().map(|group| group.terms.len()).sum::<usize>());
    }

    #[test]
    fn heads_of_columns_are_found_as_they_are_written() {
        assert_eq!(explains("Kans op over\u{ad}schrijding", Language::Nl), Some("kans"));
        assert_eq!(explains("verschil", Language::Nl), None);
    }
}
