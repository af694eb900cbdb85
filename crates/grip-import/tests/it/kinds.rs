use grip_import::{Decimal, ImportError, Mapping, Reader, Soort, template};
use jiff::civil::date;

use crate::{faults, read};

/// A good file gives that many records and no fault.
#[track_caller]
fn check_good(soort: Soort, text: &str, count: usize) -> Vec<grip_import::Record> {
    let (records, report) = read(text.as_bytes(), soort, "").unwrap();
    assert_eq!(faults(&report), [""; 0]);
    assert_eq!((records.len(), report.taken, report.rows), (count, count as u64, count as u64));
    records
}

/// A file with wrong rows gives its right ones, and names the others.
#[track_caller]
fn check_bad(soort: Soort, text: &str, taken: u64, expected: &[&str]) {
    let (records, report) = read(text.as_bytes(), soort, "").unwrap();
    assert_eq!(faults(&report), expected);
    assert_eq!((records.len() as u64, report.taken), (taken, taken));
}

fn cents(record: &grip_import::Record, field: &str) -> Option<i64> {
    record.amount(field).map(|amount| amount.cents)
}

#[test]
fn begroting() {
    let text = "jaar;wet;productcategorie;taakveld;versie;wijzigingsnummer;document;bedrag;vastgesteld\n\
        2025;jw;45;;primitief;;;1.250.000,00;2024-11-07\n2025;Wmo;;6.711;Wijziging;3;Raadsbesluit 12;-5000;1-7-2025\n";
    let records = check_good(Soort::Begroting, text, 2);
    assert_eq!((records[0].whole("jaar"), cents(&records[0], "bedrag")), (Some(2025), Some(125_000_000)));
    assert_eq!((records[1].text("versie"), records[1].text("taakveld")), (Some("wijziging"), Some("6.711")));
    assert_eq!((records[1].line, records[1].day("vastgesteld")), (3, Some(date(2025, 7, 1))));
    let head = "jaar;wet;productcategorie;taakveld;versie;bedrag;vastgesteld\n";
    check_bad(
        Soort::Begroting,
        &format!(
            "{head}2025;jw;45;;primitief;1;2024-11-07\n25;wlz;4x;;concept;1,005;nooit\n2025;jw;45;6.72;primitief;1;2024-11-07\n\
             2025;jw;;;wijziging;1;2024-11-07\n2025;jw;;;actueel;;2024-11-07\n2025;jw;;;actueel;1;2024-11-07;extra\n"
        ),
        1,
        &[
            "3 I001 jaar",
            "3 I003 wet",
            "3 I001 productcategorie",
            "3 I003 versie",
            "3 I005 bedrag",
            "3 I001 vastgesteld",
            "4 I006",
            "5 I006 wijzigingsnummer",
            "6 I002 bedrag",
            "7 I007",
        ],
    );
}

#[test]
fn contract() {
    let head = "aanbieder;naam;contractnummer;segment;wet;productcategorie;productcode;eenheid;tarief;plafond;begindatum;einddatum;optie_tot\n";
    let text = format!(
        "{head}1234567;Zorg BV;C-1;Perceel 2;jw;2;02A01;4;63,50;1.000.000;2025-01-01;2025-12-31;2027-12-31\n\
         12345678;;;;wmo;45;;83;;;2025-01-01;;\n"
    );
    let records = check_good(Soort::Contract, &text, 2);
    assert_eq!(records[0].agb("aanbieder").map(|code| code.to_string()).as_deref(), Some("01234567"));
    assert_eq!((records[0].text("productcategorie"), records[0].text("eenheid")), (Some("02"), Some("04")));
    assert_eq!((cents(&records[0], "plafond"), cents(&records[1], "tarief")), (Some(100_000_000), None));
    let bad = format!(
        "{head}12;x;;;jw;45;;04;;;2025-01-01;;\n12345678;x;;;jw;45;02A011;04;1;;2025-01-01;2024-12-31;\n\
         12345678;x;;;jw;45;;04;;;2025-01-01;;\n12345678;x;;;jw;45;;04;1;;2025-02-01;2025-01-31;\n"
    );
    check_bad(
        Soort::Contract,
        &bad,
        0,
        &["2 I001 aanbieder", "3 I001 productcode", "4 I006 tarief", "5 I006 einddatum"],
    );
}

#[test]
fn client_and_no_word_of_it_in_findings() {
    let text = "bsn;geboortedatum;wijk;huishouden\n999900006;1980-02-01;Centrum;17\n";
    let records = check_good(Soort::Client, text, 1);
    assert_eq!(records[0].bsn("bsn").map(|bsn| bsn.expose().to_owned()).as_deref(), Some("999900006"));
    let shown = format!("{:?}", records[0]);
    assert!(!shown.contains("9999") && !shown.contains("Centrum") && !shown.contains("1980"), "{shown}");
    let bad = "bsn;geboortedatum;wijk\n999900007;1 februari;Centrum\n;1980-01-01;\nJansen;1980-01-01;\n";
    let (_, report) = read(bad.as_bytes(), Soort::Client, "").unwrap();
    assert_eq!(faults(&report), ["2 I004 bsn", "2 I001 geboortedatum", "3 I002 bsn", "4 I004 bsn"]);
    let said = format!("{report:?}");
    assert!(["Jansen", "999900007", "1 februari", "Centrum"].iter().all(|secret| !said.contains(secret)), "{said}");
}

/// A column that slipped is not quoted either.
#[test]
fn a_name_in_a_wrong_column_is_not_quoted() {
    let text = "naam;kvk;jaar;verleend;verleningsdatum\nStichting;Jansen 12;Jansen;Jansen;Jansen\n";
    let (records, report) = read(text.as_bytes(), Soort::Subsidie, "").unwrap();
    assert!(records.is_empty() && report.faults.count == 4);
    let said = format!("{report:?}");
    assert!(!said.contains("Jansen") && said.contains("van de vorm `xxxxxx 99`"), "{said}");
}

#[test]
fn subsidie() {
    let head = "naam;kvk;agb;jaar;regeling;doel;taakveld;verleend;vastgesteld;verleningsdatum;begindatum;einddatum;beschikkingskenmerk\n";
    let text = format!(
        "{head}Buurtwerk;1234567;;2025;Welzijn;Inloop;6.1;50.000;49.500,10;2024-12-01;2025-01-01;2025-12-31;B-9\n"
    );
    let records = check_good(Soort::Subsidie, &text, 1);
    assert_eq!((records[0].text("kvk"), cents(&records[0], "vastgesteld")), (Some("01234567"), Some(4_950_010)));
    check_bad(
        Soort::Subsidie,
        &format!("{head};;;2025;;;;1;;2024-12-01;;;\nx;;;2025;;;66;1;;2024-12-01;;;\n"),
        0,
        &["2 I006", "3 I001 taakveld"],
    );
}

#[test]
fn toewijzing() {
    let head = "bsn;wet;aanbieder;toewijzingnummer;productcategorie;productcode;ingangsdatum;einddatum;omvang_volume;omvang_eenheid;omvang_frequentie;budget;verwijzer;team;wijk\n";
    let text = format!("{head}999900006;jw;12345678;77;45;45A12;2025-01-01;2025-12-31;4;4;per week;;1;Noord;Centrum\n");
    let records = check_good(Soort::Toewijzing, &text, 1);
    assert_eq!((records[0].whole("toewijzingnummer"), records[0].text("omvang_frequentie")), (Some(77), Some("2")));
    assert_eq!((records[0].text("verwijzer"), records[0].text("omvang_eenheid")), (Some("01"), Some("04")));
    check_bad(
        Soort::Toewijzing,
        &format!(
            "{head}999900006;jw;12345678;-1;45;;2025-01-01;2024-01-01;;;;;;;\n999900006;jw;12345678;1;;;2025-01-01;;;;;;;;\n999900006;jw;12345678;1;45;;2025-01-02;2025-01-01;;;;;;;\n"
        ),
        0,
        &["2 I001 toewijzingnummer", "3 I006", "4 I006 einddatum"],
    );
}

#[test]
fn declaratie() {
    let head = "bsn;wet;aanbieder;declaratienummer;declaratieperiode;referentienummer;toewijzingnummer;productcategorie;productcode;begindatum;einddatum;volume;eenheid;tarief;bedrag;status;ontvangen\n";
    let text = format!(
        "{head}999900006;wmo;12345678;D1;juni 2025;R1;77;45;45A12;1-6-2025;30-6-2025;10;4;63,50;-635,00;Toegekend;2025-07-03\n"
    );
    let records = check_good(Soort::Declaratie, &text, 1);
    assert_eq!(records[0].month("declaratieperiode").map(|month| month.to_string()).as_deref(), Some("2025-06"));
    assert_eq!((cents(&records[0], "bedrag"), records[0].text("status")), (Some(-63_500), Some("goedgekeurd")));
    check_bad(
        Soort::Declaratie,
        &format!("{head}999900006;wmo;12345678;D1;2025;R1;77;45;45A12;1-6-2025;30-6-2025;1,5;4;;1;kwijt;\n"),
        0,
        &["2 I001 declaratieperiode", "2 I001 volume", "2 I003 status", "2 I002 ontvangen"],
    );
}

#[test]
fn grootboek_with_debet_and_credit() {
    let mapping = "[velden]\nboekdatum = \"Datum\"\nrekening = [\"Rek.\", \"Grootboekrekening\"]\ntaakveld = \"Taakveld\"\n\
        bedrag = { debet = \"Debet\", credit = \"Credit\" }\nperiode = \"Periode\"\n";
    let text = "Datum;Periode;Grootboekrekening;Taakveld;Debet;Credit\n30-6-2025;2025-06;4300;6.762;12,50;\n30-6-2025;06;4300;6.762;0,00;12,50\n\
        30-6-2025;6;4300;;1,00;1,00\n30-6-2025;6;4300;;;\n";
    let (records, report) = read(text.as_bytes(), Soort::Grootboek, mapping).unwrap();
    let found: Vec<_> =
        records.iter().map(|record| (record.line, cents(record, "bedrag"), record.whole("periode"))).collect();
    assert_eq!(found, [(2, Some(1250), Some(6)), (3, Some(-1250), Some(6))]);
    assert_eq!(faults(&report), ["4 I006 Debet, Credit", "5 I002 Debet, Credit"]);
}

#[test]
fn grootboek_with_a_mark_and_with_the_other_sign() {
    let fields = "[velden]\nboekdatum = \"d\"\nrekening = \"r\"\n";
    let marked = format!("{fields}bedrag = {{ kolom = \"b\", dc = \"D/C\", dc_credit = [\"H\"] }}\n");
    let (records, report) =
        read(b"d;r;b;D/C\n2025-01-01;1;5;D\n2025-01-01;1;5;h\n2025-01-01;1;5;?\n", Soort::Grootboek, &marked).unwrap();
    assert_eq!(records.iter().map(|record| cents(record, "bedrag")).collect::<Vec<_>>(), [Some(500), Some(-500)]);
    assert_eq!(faults(&report), ["4 I003 D/C"]);
    let turned = format!("{fields}bedrag = {{ kolom = \"b\", omkeren = true }}\n");
    let (records, _) = read(b"d;r;b\n2025-01-01;1;5,00-\n", Soort::Grootboek, &turned).unwrap();
    assert_eq!(cents(&records[0], "bedrag"), Some(500));
}

#[test]
fn grootboekrekening() {
    let text = "rekening;taakveld;wet;productcategorie;soort;omschrijving\n4300-4399;6.762;jw;;Lasten;Verblijf\n43*;6.72a;;;last;\n8100;6.72;;45;B;\n";
    let records = check_good(Soort::Grootboekrekening, text, 3);
    assert!(records[0].rekeningen("rekening").is_some_and(|accounts| accounts.contains("4350")));
    assert_eq!(records[2].text("soort"), Some("baat"));
    check_bad(
        Soort::Grootboekrekening,
        "rekening;taakveld;soort\n4399-4300;6.72;last\n43;zes;kosten en baten\n",
        0,
        &["2 I001 rekening", "3 I001 taakveld", "3 I003 soort"],
    );
}

#[test]
fn ervaring_and_uitkomst_and_kerncijfer() {
    let records = check_good(
        Soort::Ervaring,
        "jaar;wet;vraag;antwoord;percentage;respondenten;taakveld\n2024;wmo;Ik wist waar ik moest zijn;(helemaal) mee eens;83,5%;412;6.71a\n",
        1,
    );
    assert_eq!(records[0].decimal("percentage"), Some(Decimal::new(835, 1)));
    check_bad(
        Soort::Ervaring,
        "jaar;wet;vraag;percentage;respondenten\n2024;wmo;x;101;1\n2024;wmo;x;50;-1\n",
        0,
        &["2 I001 percentage", "3 I001 respondenten"],
    );
    let records = check_good(
        Soort::Uitkomst,
        "aanbieder;wet;periode;afgesloten;uitval_aantal;tevredenheid;tevredenheid_aantal\n12345678;jw;2025-H1;40;3;8,1;31\n",
        1,
    );
    assert_eq!(records[0].period("periode").map(|period| period.eind), Some(date(2025, 6, 30)));
    check_bad(
        Soort::Uitkomst,
        "aanbieder;wet;periode;afgesloten;uitval_aantal\n12345678;jw;2025-H3;40;3\n12345678;jw;2025;40;41\n12345678;jw;2025;40;\n",
        0,
        &["2 I001 periode", "3 I006 uitval_aantal", "4 I006"],
    );
    let records = check_good(
        Soort::Kerncijfer,
        "indicator;periode;gebied;waarde;eenheid\ninwoners;2020-08-01;GM0001;118636;personen\n",
        1,
    );
    assert_eq!(records[0].decimal("waarde").and_then(Decimal::whole), Some(118_636));
    check_bad(
        Soort::Kerncijfer,
        "indicator;periode;gebied;waarde;eenheid\nx;2020;NL;1.234;y\nx;2020;NL;.;y\nx;2020;NL;;y\n",
        0,
        &["2 I005 waarde", "3 I001 waarde", "4 I002 waarde"],
    );
}

/// Title rows, a subtotal, a footer, other names, other values, thousands of euros, a filter and a constant: no change of code.
#[test]
fn a_supplier_with_a_layout_of_his_own() {
    let mapping = "soort = \"begroting\"\n[bestand]\nkopregel = 4\ndecimaal = \",\"\nstop = [\"Totaal\"]\noverslaan = [\"Subtotaal\"]\n\
        geen_waarde = [\"-99998\"]\n[[filter]]\nkolom = \"Soort\"\nis = [\"Lasten\"]\n[velden]\njaar = \"Begrotingsjaar\"\n\
        wet = { kolom = \"Programma\", vertaal = { \"Zorg voor jeugd\" = \"jw\" }, leeg = \"wmo\" }\ntaakveld = \"=C\"\n\
        versie = { vast = \"primitief\" }\nbedrag = { kolom = [\"Bedrag\", \"Bedrag x 1000\"], eenheid = \"EUR x 1000\" }\n\
        vastgesteld = { vast = \"2024-11-07\" }\n";
    let text = "Begroting 2025;;;;\n;;;;\n\nBegrotings-jaar;Programma;;Soort;BEDRAG (x 1.000)\n2025;Zorg voor jeugd;6.762;Lasten;1.234\n\
        2025;;6.711;lasten;12,5\n2025;;6.711;Baten;99\nSubtotaal;;;Lasten;1\n2025;;6.711;Lasten;-99998\nTotaal;;;Lasten;1\n2025;;;Lasten;77\n";
    let (records, report) = read(text.as_bytes(), Soort::Begroting, mapping).unwrap();
    let found: Vec<_> = records
        .iter()
        .map(|record| (record.line, record.wet("wet").map(|wet| wet.as_str()), cents(record, "bedrag")))
        .collect();
    assert_eq!(found, [(5, Some("jw"), Some(123_400_000)), (6, Some("wmo"), Some(1_250_000))]);
    assert_eq!((report.rows, report.filtered, faults(&report)), (3, 1, vec!["9 I002 BEDRAG (x 1.000)".to_owned()]));
}

#[test]
fn a_file_without_names_is_read_by_position() {
    let mapping =
        "[bestand]\nkopregel = 0\n[velden]\nrekening = \"=1\"\ntaakveld = \"=B\"\nsoort = { vast = \"last\" }\n";
    let (records, report) = read(b"4300;6.72\n4400;x\n", Soort::Grootboekrekening, mapping).unwrap();
    assert_eq!((records.len(), faults(&report)), (1, vec!["2 I001 kolom B".to_owned()]));
}

#[test]
fn what_does_not_fit_is_said() {
    let say = |text: &str, mapping: &str| read(text.as_bytes(), Soort::Begroting, mapping).unwrap_err().to_string();
    let error = say("Jaar;Weet;Versie;Bedrag;Vastgesteld\n", "");
    assert!(error.starts_with("GI006") && error.contains("did you mean `Weet`?"), "{error}");
    assert!(say("", "").starts_with("GI008"));
    assert!(say("a\nb\n", "[bestand]\nkopregel = 5").starts_with("GI008"));
    assert!(say("jaar;jaar;wet;versie;bedrag;vastgesteld\n", "").starts_with("GI007"));
    let constant =
        "[velden]\njaar = { vast = \"straks\" }\nwet = \"w\"\nversie = \"v\"\nbedrag = \"b\"\nvastgesteld = \"d\"\n";
    assert!(say("w;v;b;d\n", constant).contains("the constant of `jaar`"));
}

#[test]
fn an_empty_template_is_a_file_without_rows() {
    for soort in Soort::ALL {
        let (records, report) = read(template(*soort).as_bytes(), *soort, "").unwrap();
        assert_eq!((records.len(), report.rows, report.faults.count), (0, 0, 0));
    }
}

#[test]
fn faults_are_bounded_and_counted() {
    let text = format!("rekening;taakveld;soort\n{}", "x y;6.72;last\n".repeat(5000));
    let (_, report) = read(text.as_bytes(), Soort::Grootboekrekening, "").unwrap();
    assert_eq!((report.faults.kept.len(), report.faults.count, report.rows), (1000, 5000, 5000));
}

/// A file that breaks off while it is read gives what came before it.
#[test]
fn a_source_that_fails_gives_what_came_before() {
    struct Broken(usize);
    impl std::io::Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let line = b"4300;6.72;last\n";
            match self.0 {
                0 => Err(std::io::Error::other("gone")),
                _ if buffer.len() < line.len() => {
                    buffer.fill(b'\n');
                    Ok(buffer.len())
                }
                _ => {
                    self.0 -= 1;
                    buffer[..line.len()].copy_from_slice(line);
                    Ok(line.len())
                }
            }
        }
    }
    let source = std::io::Read::chain(&b"rekening;taakveld;soort\n"[..], Broken(10_000));
    let mut reader = Reader::new(source, Soort::Grootboekrekening, &Mapping::default()).unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = reader.by_ref().partition(Result::is_ok);
    assert!(good.len() > 5000 && matches!(bad.as_slice(), [Err(ImportError::Io(_))]), "{}", good.len());
    assert!(reader.next().is_none());
}
