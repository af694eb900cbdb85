//! Every message of the standard, taken in.

use grip_messages::{Berichtsoort, Release, sample};
use grip_types::Wet;

use crate::grip::{Place, path};

/// The root of the repository.
fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Three messages of every kind, law and release: all are taken, and those with lines have their lines in a table.
#[test]
fn every_kind_of_message_reaches_its_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut kinds = 0;
    for release in Release::ALL {
        for wet in [Wet::Wmo, Wet::Jw] {
            for nummer in 301..=325 {
                let soort = Berichtsoort { wet, release, nummer };
                let seeds = kinds as u64 * 3..kinds as u64 * 3 + 3;
                let messages: Vec<_> = seeds.filter_map(|seed| sample::bericht(soort, seed)).collect();
                kinds += usize::from(!messages.is_empty());
                for (seed, bericht) in messages.iter().enumerate() {
                    let name = format!("{soort}_{release}_{seed}.xml");
                    fs_err::write(folder.path().join(name), grip_messages::write(bericht)).expect("written");
                }
            }
        }
    }
    // 14 messages in each of three releases and 10 in 2.3, for two laws.
    assert_eq!(kinds, 2 * (3 * 14 + 10));
    let place = Place::new();
    let output = place.run(&["ingest", &path(folder.path()), "--received-on", "2026-01-02", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    // Samples may share an identification by chance: then the second is refused for that, and for nothing else.
    let twins = report["findings"]["B030"].as_i64().unwrap_or_default();
    assert_eq!(report["refused"].as_i64(), Some(twins), "{report}");
    assert_eq!(report["taken"].as_i64().map(|taken| taken + twins), report["files"].as_i64(), "{report}");
    let found =
        place.rows("SELECT DISTINCT release, berichtsoort FROM bericht WHERE status = 'ingelezen' AND regels > 0");
    assert_eq!(found.len(), kinds, "every kind has a message of which lines were taken");
    for table in ["toewijzing", "start", "stop", "verzoek", "antwoord", "retour", "prestatie", "declaratie_antwoord"] {
        let releases =
            place.rows(&format!("SELECT COUNT(DISTINCT release) AS n FROM {table} JOIN bericht USING (bericht_id)"));
        let expected = if table == "antwoord" { 3 } else { 4 };
        assert_eq!(releases[0]["n"], expected, "{table}");
    }
}

/// No number of a client is anywhere in the data folder, whatever kind of message it came in.
#[test]
fn no_kind_of_message_leaves_a_number_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut numbers = std::collections::BTreeSet::new();
    for release in Release::ALL {
        for (nummer, wet) in (301..=325).flat_map(|nummer| [(nummer, Wet::Wmo), (nummer, Wet::Jw)]) {
            let soort = Berichtsoort { wet, release, nummer };
            let Some(bericht) = sample::bericht(soort, u64::from(nummer)) else { continue };
            let text = String::from_utf8(grip_messages::write(&bericht)).expect("UTF-8");
            let found = text.split("Bsn>").skip(1).step_by(2).filter_map(|rest| rest.get(..9));
            numbers.extend(found.map(ToOwned::to_owned));
            fs_err::write(folder.path().join(format!("{soort}_{release}.xml")), text).expect("written");
        }
    }
    assert!(numbers.len() > 10, "{numbers:?}");
    let place = Place::new();
    place.run(&["ingest", &path(folder.path()), "--received-on", "2026-01-02"]);
    let mut haystacks = vec![place.dump().into_bytes()];
    crate::privacy::all_files(&place.data(), &mut haystacks);
    for haystack in haystacks {
        let haystack = String::from_utf8_lossy(&haystack);
        for number in &numbers {
            assert!(!haystack.contains(number.as_str()), "{number} is in the data folder");
        }
    }
}

/// The examples of the standard, where they are: each is taken, and what is wrong with it is what is known to be wrong.
#[test]
fn the_examples_of_the_standard_are_taken() {
    let examples = root().join("../shared/istandaarden");
    if !examples.exists() {
        eprintln!("there is no ../shared/istandaarden: the examples of the standard were not tried");
        return;
    }
    let mut known = Vec::new();
    for folder in ["examples-2.3", "examples-3.0", "examples-3.2"] {
        // Each a place of its own: the examples of the releases share their identifications.
        let place = Place::new();
        let output = place.run(&["ingest", &path(&examples.join(folder)), "--received-on", "2026-01-02", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        // Two of the examples of 3.0 have one identification: one of them has to be refused.
        let twins = i64::from(folder == "examples-3.0");
        assert_eq!(report["refused"], twins, "{folder}: {report}");
        assert_eq!(report["findings"]["B030"].as_i64().unwrap_or_default(), twins, "{folder}: {report}");
        known.extend(place.rows(
            "SELECT berichtsoort || ' ' || code AS found FROM bevinding JOIN bericht USING (bericht_id)
             WHERE status <> 'geweigerd' AND (code LIKE 'B0%' OR code LIKE 'C%' OR code IN ('TR101', 'TR380')) ORDER BY 1",
        ));
    }
    let known: Vec<_> = known.iter().filter_map(|row| row["found"].as_str()).collect();
    assert_eq!(
        known,
        [
            "JW315 B022",
            "JW315 B022",
            "JW315 B032",
            "JW315 B032",
            "JW317 CS003",
            "JW318 B021",
            "JW323 TR101",
            "WMO317 TR380"
        ]
    );
}

/// Up to release 2.4 a line could be granted in part: what counts is what was granted.
#[test]
fn a_line_that_was_granted_in_part_counts_for_that_part() {
    let soort = Berichtsoort { wet: Wet::Wmo, release: Release { versie: 2, subversie: 3 }, nummer: 303 };
    let made = (0..200).find_map(|seed| {
        let text = String::from_utf8(grip_messages::write(&sample::bericht(soort, seed)?)).ok()?;
        let one_line = text.matches(":Prestatie>").count() == 2;
        (one_line && !text.contains("BtwBedrag") && text.contains(":DeclaratieFactuurBedrag>")).then_some(text)
    });
    let declaratie = made.expect("a 303 with one line");
    let element = |name: &str, nth: usize| {
        let open = format!(":{name}>");
        let start = declaratie.match_indices(&open).nth(nth * 2).expect("an element").0 + open.len();
        declaratie[start..start + declaratie[start..].find('<').expect("its end")].to_owned()
    };
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("303.xml"), &declaratie).expect("written");
    let place = Place::new();
    place.run(&["ingest", &path(folder.path()), "--received-on", "2020-02-01"]);
    let line = place.rows("SELECT bedrag_cents FROM prestatie")[0]["bedrag_cents"].as_i64().expect("an amount");
    let (asked, granted) = (line.abs(), line.abs() / 2);
    let sign = if line < 0 { "C" } else { "D" };
    let total = |cents: i64| {
        format!("<iwmo:TotaalBedrag>{cents}</iwmo:TotaalBedrag><iwmo:DebetCredit>{sign}</iwmo:DebetCredit>")
    };
    let start = declaratie.find("<wmo303:Clienten>").expect("clients");
    let (head, body) = declaratie.split_at(start);
    let body = body.replace(
        "</wmo303:ProductReferentie>",
        &format!(
            "</wmo303:ProductReferentie><wmo303:ToegekendeBedragPrestatie>
             <iwmo:GemeenteBerekendBedrag><iwmo:Bedrag>{asked}</iwmo:Bedrag><iwmo:DebetCredit>{sign}</iwmo:DebetCredit></iwmo:GemeenteBerekendBedrag>
             <iwmo:ToegekendBedrag><iwmo:Bedrag>{granted}</iwmo:Bedrag><iwmo:DebetCredit>{sign}</iwmo:DebetCredit></iwmo:ToegekendBedrag>
             </wmo303:ToegekendeBedragPrestatie>"
        ),
    );
    let bedragen = head.find("<wmo303:DeclaratieFactuurBedragen>").expect("totals");
    let code = element("BerichtCode", 0);
    let answer = format!(
        "{}<wmo303:RetourHeader><iwmo:GemeenteReferentieNummer>R1</iwmo:GemeenteReferentieNummer><iwmo:RetourDagtekening>2020-03-01</iwmo:RetourDagtekening></wmo303:RetourHeader>
         <wmo303:RetourBedragen><iwmo:IngediendTotaalBedrag>{}</iwmo:IngediendTotaalBedrag><iwmo:ToegekendTotaalBedrag>{}</iwmo:ToegekendTotaalBedrag></wmo303:RetourBedragen>
         <wmo303:RetourCodes><wmo303:RetourCode>0200</wmo303:RetourCode></wmo303:RetourCodes></wmo303:Header>{body}",
        &head[..bedragen].replace(&format!(">{code}<"), if code == "416" { ">417<" } else { ">449<" }),
        total(asked),
        total(granted),
    )
    .replace("wmo303", "wmo304");
    fs_err::write(folder.path().join("304.xml"), answer).expect("written");
    let report = place.run(&["ingest", &path(folder.path()), "--received-on", "2020-03-01", "--json"]);
    let report = String::from_utf8_lossy(&report.stdout).into_owned();
    let state = place.rows("SELECT bedrag_cents, afgekeurd_op FROM prestatie_stand");
    assert_eq!(state[0]["bedrag_cents"].as_i64().map(i64::abs), Some(granted), "{report}");
    assert!(state[0]["afgekeurd_op"].is_null());
}
