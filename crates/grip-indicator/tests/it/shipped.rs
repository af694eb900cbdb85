//! The catalogue that comes with Grip.

use std::{collections::BTreeSet, path::Path};

use grip_indicator::{Call, Catalogue, Dimension, Grain, Source, query};

/// The tables and views of `docs/handboek/tabellen.md` and `velden.md`.
const TABLES: &[&str] = &[
    "antwoord",
    "begroting",
    "bericht",
    "bevinding",
    "clientkenmerk",
    "contract",
    "controle",
    "declaratie_antwoord",
    "declaratie_stand",
    "ervaring",
    "grootboek",
    "grootboek_actueel",
    "grootboekrekening",
    "iv3",
    "iv3_actueel",
    "kerncijfer",
    "open_data",
    "open_data_actueel",
    "prestatie",
    "prestatie_afkeuring",
    "prestatie_stand",
    "retour",
    "start",
    "stop",
    "subsidie",
    "toewijzing",
    "uitkomst",
    "verplichting_maand",
    "verzoek",
];

fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../indicatoren");
    let paths = fs_err::read_dir(folder)
        .expect("the catalogue is there")
        .map(|entry| entry.expect("the folder can be read").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        (name, fs_err::read_to_string(path).expect("the file can be read"))
    };
    paths.iter().map(read).collect()
}

/// The shipped catalogue with a file of a municipality beside it.
fn with(own: &[(&str, &str)]) -> Result<Catalogue, String> {
    let texts = texts();
    let shipped = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let sources: Vec<Source<'_>> =
        shipped.chain(own.iter().copied()).map(|(name, text)| Source { name, text }).collect();
    Catalogue::read(&sources, TABLES)
        .map_err(|faults| faults.iter().map(|fault| format!("{fault}\nhint: {}\n", fault.hint())).collect())
}

fn catalogue() -> Catalogue {
    with(&[]).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn the_handbook_shows_what_works() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/handboek/indicatoren.md");
    let page = fs_err::read_to_string(page).unwrap();
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 2);
    let catalogue = with(&[("wachten.toml", blocks[0]), ("eigen.toml", blocks[1])]).unwrap();
    assert_eq!(catalogue.get("gestart-binnen-een-week").unwrap().thema, "wachten");
    let faulty = blocks[0].replacen("zorg.wet, ", "", 1);
    let told = with(&[("wachten.toml", &faulty)]).unwrap_err();
    assert!(page.contains(told.trim()), "the handbook shows another message than:\n{told}");
}

#[test]
fn the_handbook_names_every_word_of_the_format() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/handboek/indicatoren.md");
    let page = fs_err::read_to_string(page).unwrap();
    let missing: Vec<&str> = Dimension::ALL
        .iter()
        .map(|dimension| dimension.column())
        .filter(|column| !page.contains(&format!("`{column}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_file_can_be_read() {
    let catalogue = catalogue();
    assert!(catalogue.indicators().len() >= 60, "only {}", catalogue.indicators().len());
    let themes: BTreeSet<&str> = catalogue.indicators().iter().map(|indicator| indicator.thema.as_str()).collect();
    for thema in ["geld", "gebruik", "verloop", "toegang", "aanbieders", "gegevens"] {
        assert!(themes.contains(thema), "nothing about {thema}");
    }
}

#[test]
fn few_figures_are_computed_elsewhere() {
    let catalogue = catalogue();
    let computed: BTreeSet<&str> =
        catalogue.indicators().iter().filter_map(|indicator| indicator.computed.as_deref()).collect();
    assert_eq!(
        computed.into_iter().collect::<Vec<_>>(),
        ["begroting-min-prognose", "groei", "nog-te-declareren", "overleving", "prognose"]
    );
}

#[test]
fn every_bouwsteen_is_used() {
    let catalogue = catalogue();
    let call = |grain: Grain| Call {
        gemeente: "9998".parse().unwrap(),
        periods: vec![if grain == Grain::Jaar { "2024" } else { "2024-03" }.parse().unwrap()],
        peildatum: grip_types::parse_date("2024-06-30").unwrap(),
        by: Vec::new(),
        only: Vec::new(),
    };
    let used = |name: &str| {
        let begins = format!("{name} AS (\n");
        catalogue.indicators().iter().filter(|indicator| indicator.computed.is_none()).any(|indicator| {
            let grain = if indicator.periods.contains(&Grain::Maand) { Grain::Maand } else { Grain::Jaar };
            query(&catalogue, indicator, &call(grain)).unwrap().whole().contains(&begins)
        })
    };
    let unused: Vec<&str> =
        catalogue.bouwstenen().iter().map(|bouwsteen| bouwsteen.id.as_str()).filter(|id| !used(id)).collect();
    assert!(unused.is_empty(), "nobody reads {unused:?}");
}

#[test]
fn every_indicator_can_be_asked_by_each_of_its_dimensions() {
    let catalogue = catalogue();
    for indicator in catalogue.indicators().iter().filter(|indicator| indicator.computed.is_none()) {
        for dimension in &indicator.dimensions {
            let text = match indicator.periods[0] {
                Grain::Jaar => "2024",
                Grain::Kwartaal => "2024-K1",
                Grain::Maand => "2024-03",
            };
            let call = Call {
                gemeente: "9998".parse().unwrap(),
                periods: vec![text.parse().unwrap()],
                peildatum: grip_types::parse_date("2024-06-30").unwrap(),
                by: vec![*dimension],
                only: Vec::new(),
            };
            let sql = query(&catalogue, indicator, &call).unwrap().whole();
            let column = dimension.column();
            assert!(sql.contains(&format!("CAST({column} AS VARCHAR) AS {column}")), "{} by {column}", indicator.id);
        }
    }
}

#[test]
fn what_counts_people_is_withheld_when_they_are_few() {
    for indicator in catalogue().indicators() {
        let counts_clients = indicator.numerator.as_ref().is_some_and(|part| part.sql.contains("client AS counted"));
        assert!(!counts_clients || indicator.minimum_count >= 10, "{} shows single clients", indicator.id);
    }
}
