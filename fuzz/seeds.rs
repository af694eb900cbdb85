//! Writes the committed corpora: what our own writers make, and small texts of every shape that is read.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --example seeds`. The same files every time; what somebody added by hand stays.

use std::{io, path::Path};

use grip_envelope::{Envelope, EnvelopeKind, pack, seal};
use grip_import::{Soort, Type, mapping_template, template};
use grip_messages::{Berichtsoort, Release, sample, write};
use grip_types::{Bsn, Wet};

fn main() -> io::Result<()> {
    codec()?;
    envelope()?;
    sheet()?;
    auditfile()?;
    publicatie()?;
    odata()?;
    across()
}

fn save(target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    assert!(!names_a_citizen(bytes), "{target}/{name}: use test numbers");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs_err::create_dir_all(&folder)?;
    fs_err::write(folder.join(name), bytes)
}

/// Whether there are nine digits that could be the number of a citizen.
fn names_a_citizen(bytes: &[u8]) -> bool {
    let numbers =
        bytes.split(|byte| !byte.is_ascii_digit()).filter(|digits| digits.len() == 9 && !digits.starts_with(b"999"));
    numbers.filter_map(|digits| std::str::from_utf8(digits).ok()).any(|digits| digits.parse::<Bsn>().is_ok())
}

/// A message of about so many bytes at most, the first that has them.
fn message(soort: Berichtsoort, bytes_max: usize) -> Option<Vec<u8>> {
    let made = (0..400).filter_map(|seed| sample::bericht(soort, seed)).map(|bericht| write(&bericht));
    let mut usable: Vec<Vec<u8>> = made.filter(|file| !names_a_citizen(file)).collect();
    usable.sort_by_key(Vec::len);
    let small = usable.iter().take_while(|file| file.len() <= bytes_max).count();
    usable.into_iter().nth(small.saturating_sub(1))
}

fn codec() -> io::Result<()> {
    for (release, is_odd) in Release::ALL.into_iter().zip([false, true, false, true]) {
        for nummer in 301..=325 {
            // Of 3.0 and 3.1 the structure is that of 3.2.
            if (release.versie, release.subversie) > (2, 3) && release.subversie < 2 && nummer != 323 {
                continue;
            }
            let wet = if (nummer % 2 == 0) == is_odd { Wet::Wmo } else { Wet::Jw };
            let soort = Berichtsoort { wet, release, nummer };
            if let Some(file) = message(soort, 5_000) {
                save("codec", &format!("{}_{release}.xml", soort.to_string().to_lowercase()), &file)?;
            }
        }
    }
    let soort = Berichtsoort::v3_2(Wet::Wmo, 305);
    let file = message(soort, 3_000).expect("a message of 3.2");
    let text = String::from_utf8(file).expect("it is written in UTF-8");
    save("codec", "byte_order_mark.xml", format!("\u{feff}{text}").as_bytes())?;
    let content = text.replacen("</", "<![CDATA[ ]]]]><![CDATA[> ]]>&#233;&amp;<!-- x --><?x y?></", 3);
    save("codec", "content.xml", content.as_bytes())?;
    save(
        "codec",
        "other_elements.xml",
        text.replacen("\r\n", "\r\n<x:y xmlns:x=\"x\" z=\"1\"><x:y/></x:y>text", 9).as_bytes(),
    )?;
    let prefixes = text.replace("wmo305:", "").replace("xmlns:wmo305", "xmlns");
    save("codec", "prefixes.xml", prefixes.as_bytes())
}

fn envelope() -> io::Result<()> {
    let message = message(Berichtsoort::v3_2(Wet::Jw, 307), 1_500).expect("a message of 3.2");
    let name = |kind| Envelope {
        kind,
        referentienummer: Some("00000000-0000-4000-8000-000000000001".to_owned()),
        cross_refnummer: Some("00000000-0000-4000-8000-000000000002".to_owned()),
        functie: Some("JW307".to_owned()),
        tijdstip_bericht: Some(jiff::civil::datetime(2024, 2, 29, 12, 0, 0, 0)),
    };
    let zip = pack([("jw307.xml", message.as_slice())])?;
    let vecozo = seal(&name(EnvelopeKind::Vecozo), &zip);
    let di01 = seal(&name(EnvelopeKind::StufDi01), &message);
    let du01 = seal(&name(EnvelopeKind::StufDu01), b"<Bericht/>");
    let folder = pack([("map/a.xml", message.as_slice()), ("map/di01.xml", &di01), ("leeg", b""), ("é.zip", &zip)])?;
    let deep = (0..9).try_fold(b"<Bericht/>".to_vec(), |inner, _| pack([("a.zip", inner.as_slice())]))?;
    let headless = zip.get(..zip.len() * 2 / 3).unwrap_or_default();
    let tight =
        [b"<?xml version='1.0'?><!-- x --><Di01><xmlBestand>", &b"PEJlcmljaHQvPg=="[..], b"</xmlBestand></Di01>"]
            .concat();
    for (file, bytes) in [
        ("message.xml", message.as_slice()),
        ("one.zip", &zip),
        ("folder.zip", &folder),
        ("deep.zip", &deep),
        ("cut_off.zip", headless),
        ("vecozo.xml", &vecozo),
        ("di01.xml", &di01),
        ("du01.xml", &du01),
        ("tight.xml", &tight),
    ] {
        save("envelope", file, bytes)?;
    }
    save("envelope", "bomb.zip", &pack([("0", vec![0; 2 << 20].as_slice())])?)
}

/// What can stand in a cell.
fn example(kind: Type, row: usize) -> &'static str {
    let examples = match kind {
        Type::Text(_) => ["a", "\"b;\"\"c\"", ""],
        Type::Year => ["2025", "2024.0", "25"],
        Type::Day => ["2025-06-30", "30-6-2025", "45838"],
        Type::Month => ["2025-06", "juni 2025", "2025MM06"],
        Type::Period => ["2025-H1", "2016/2017", "2025-K2"],
        Type::BookPeriod => ["P03", "2025-03", "13"],
        Type::Whole => ["12", "1.200", "-3"],
        Type::Decimal => ["1.234,5", "-0,1", "1E3"],
        Type::Percent => ["12,5", "100%", "101"],
        Type::Amount => ["1.250.000,00", "€ -12,5", "(3,00)"],
        Type::Code(codes) => return codes.get(row % codes.len()).map_or("", |(code, _)| code),
        Type::Digits(..) => ["45", "02", "7"],
        Type::Wet => ["wmo", "Jeugdwet", "jw"],
        Type::Agb => ["12345678", "00000001", "1"],
        Type::Bsn => ["999900006", "999900018", "0"],
        Type::Gemeente => ["0999", "GM0999", "999"],
        Type::Taakveld => ["6.72", "6.762", "6.81a"],
        Type::Rekeningen => ["4300-4399", "43*", "4301"],
        Type::YesNo => ["ja", "nee", "?"],
    };
    examples[row % examples.len()]
}

fn sheet() -> io::Result<()> {
    for (number, soort) in Soort::ALL.iter().enumerate() {
        let kind = [u8::try_from(number).expect("few kinds")];
        let rows: Vec<String> = (0..3)
            .map(|row| {
                soort.fields().iter().map(|field| example(field.kind, row)).collect::<Vec<_>>().join(";") + "\r\n"
            })
            .collect();
        let csv = template(*soort) + &rows.concat();
        save("sheet", &format!("{soort}.csv"), &[&kind, csv.as_bytes()].concat())?;
        // Explanations teach a fuzzer nothing.
        let mapping: String = mapping_template(*soort)
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        save("sheet", &format!("{soort}_mapped.csv"), &[&kind, mapping.as_bytes(), b"\0", csv.as_bytes()].concat())?;
    }
    let mapping = "[bestand]\nkopregel = 2\ndecimaal = \",\"\ndatum = \"m-d-j\"\nscheidingsteken = \"|\"\nstop = [\"Totaal\"]\n\
        overslaan = [\"Subtotaal\"]\ngeen_waarde = [\".\"]\n[[filter]]\nkolom = \"S\"\nniet = [\"B\"]\n[velden]\n\
        jaar = \"J\"\nwet = { kolom = \"W\", vertaal = { \"Jeugdwet\" = \"jw\" }, leeg = \"wmo\" }\nversie = { vast = \"actueel\" }\n\
        vastgesteld = \"=D\"\nbedrag = { debet = \"B1\", credit = \"B2\", eenheid = \"EUR x 1000\", afronden = true, omkeren = true }\n";
    let table =
        "t\nJ|W|S|V|B1|B2\n2025|Jeugdwet|L|6-30-2025|1,23456|\nSubtotaal|||||\n2025||B|6-30-2025||2\nTotaal|||||3\n";
    save("sheet", "layout.csv", &[b"\0", mapping.as_bytes(), b"\0", table.as_bytes()].concat())?;
    let marked =
        "[velden]\nboekdatum = \"d\"\nrekening = \"r\"\nbedrag = { kolom = \"b\", dc = \"dc\", dc_credit = [\"C\"] }\n";
    let table = "d\tr\tb\tdc\n2025-01-31\t4301\t1.5\tC\n2025-01-31\t4301\t0.005\tD\n";
    save("sheet", "marked.tsv", &[b"\x06", marked.as_bytes(), b"\0", table.as_bytes()].concat())?;
    let wide: Vec<u8> = "\u{feff}jaar;wet;versie;bedrag;vastgesteld\r\n2025;jw;actueel;1;2025-01-01"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    // Zero bytes are in it: an empty mapping stands before the first.
    save("sheet", "utf16.csv", &[b"\0\0", &wide[..]].concat())?;
    save(
        "sheet",
        "latin1.csv",
        b"\x0aindicator,periode,gebied,waarde,eenheid\n\"caf\xe9 \"\"x\"\"\n\",2025,A,-1.5,%\n'b,2025,A,\"1",
    )?;
    save("sheet", "workbook.xlsx", &[b"\0\0", &workbook()?[..]].concat())
}

fn workbook() -> io::Result<Vec<u8>> {
    let sheet = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>jaar</t></is></c><c r="B1" t="inlineStr"><is><t>wet</t></is></c><c r="C1" t="inlineStr"><is><t>versie</t></is></c><c r="D1" t="inlineStr"><is><t>bedrag</t></is></c><c r="E1" t="inlineStr"><is><t>vastgesteld</t></is></c></row>
<row r="2"><c r="A2"><v>2025</v></c><c r="B2" t="inlineStr"><is><t>jw</t></is></c><c r="C2" t="inlineStr"><is><t>actueel</t></is></c><c r="D2"><v>12.5</v></c><c r="E2"><v>45658</v></c></row>
</sheetData></worksheet>"#;
    pack([
        ("[Content_Types].xml", &br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#[..]),
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn auditfile() -> io::Result<()> {
    let body = "<header><fiscalYear>2025</fiscalYear><startDate>2025-01-01</startDate><endDate>2025-12-31</endDate>\
        <curCode>EUR</curCode></header>\n<company><customersSuppliers><customerSupplier><custSupID>C1</custSupID></customerSupplier>\
        </customersSuppliers><generalLedger><ledgerAccount><accID>4300</accID><accDesc>Jeugdhulp</accDesc><accTp>P</accTp>\
        </ledgerAccount><ledgerAccount><accID>1600</accID><accDesc>Crediteuren &amp; &#233;</accDesc><accTp>B</accTp></ledgerAccount>\
        </generalLedger>\n<openingBalance><opBalDate>2025-01-01</opBalDate><linesCount>1</linesCount><totalDebit>0.00</totalDebit>\
        <totalCredit>1.50</totalCredit><obLine><nr>1</nr><accID>1600</accID><amnt>1.50</amnt><amntTp>C</amntTp></obLine></openingBalance>\n\
        <transactions><linesCount>3</linesCount><totalDebit>12.50</totalDebit><totalCredit>12.50</totalCredit>\n<journal><jrnID>INK</jrnID>\
        <transaction><nr>1</nr><desc><![CDATA[x]]></desc><periodNumber>6</periodNumber><trDt>2025-06-30</trDt>\n\
        <trLine><nr>1</nr><accID>4300</accID><effDate>2025-06-29</effDate><amnt>12.50</amnt><amntTp>D</amntTp><costID>6.72</costID></trLine>\n\
        <trLine><nr>2</nr><accID>1600</accID><amnt>-12.50</amnt><amntTp>D</amntTp><custSupID>C1</custSupID></trLine>\n\
        <trLine><nr>3</nr><accID>9999</accID><amnt>1.005</amnt><amntTp>X</amntTp></trLine>\n\
        </transaction></journal></transactions></company></auditfile>";
    let file = |head: &str, namespace: &str| format!("{head}<auditfile xmlns=\"{namespace}\">{body}");
    let known = "http://www.auditfiles.nl/XAF/3.2";
    let text = file("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", known);
    save("auditfile", "3.2.xaf", text.as_bytes())?;
    save("auditfile", "3.1.xaf", file("<!-- x -->", "http://www.auditfiles.nl/XAF/3.1").as_bytes())?;
    save("auditfile", "other.xaf", file("\u{feff}", "x").as_bytes())?;
    save("auditfile", "latin1.xaf", file("<?xml version='1.0' encoding='ISO-8859-1'?>", known).as_bytes())?;
    save("auditfile", "entity.xaf", text.replace("&amp;", "&x;").as_bytes())?;
    save("auditfile", "dollar.xaf", text.replace("EUR", "USD").as_bytes())?;
    save("auditfile", "cut_off.xaf", text.get(..text.len() / 2).unwrap_or_default().as_bytes())?;
    let wide: Vec<u8> =
        format!("\u{feff}<auditfile xmlns=\"{known}\">{body}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    save("auditfile", "utf16.xaf", &wide)
}

fn publicatie() -> io::Result<()> {
    let rules = "naam = \"t\"\nsleutel = [\"g\", \"r\"]\n[bestand]\ndecimaal = \".\"\n[afronding]\na = \"0.1\"\nb = \"cijfers\"\n\
        [[regel]]\nnaam = \"verschil\"\nlinks = [{ kolom = \"a\" }]\nverband = \"=\"\nrechts = [{ kolom = \"b\" }, { vast = \"1\", min = true }]\n\
        [[regel]]\nnaam = \"totaal\"\nper = [\"g\"]\nwaar = { g = [\"x\", \"y\"] }\nlinks = [{ kolom = \"a\", waar = { r = \"totaal\" } }]\n\
        verband = \"<=\"\nrechts = [{ kolom = \"a\", niet = { r = \"totaal\" } }]\n[[regel]]\nnaam = \"een\"\nper = [\"g\"]\neender = \"b\"\n";
    let table =
        "g,r,a,b\nx,1,1.5,2.5\nx,totaal,1.5,2\ny,1,-3.0,1e3\ny,totaal,99999999999.9,\"0.000000001\"\ny,totaal,.,\n";
    save("publicatie", "rules", &[rules.as_bytes(), b"\0", table.as_bytes()].concat())?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/grip-import/publicaties");
    for (name, table) in [
        ("iv3_per_inwoner", "taakveld,group,actual,budget\n6.1,a,10,11\n6.2,a,5,6\ntotaal,a,15,18\n"),
        (
            "kerncijfers",
            "indicator,period,area,value,unit\nstaff_fte,2020,a,10.5,fte\nstaff_heads,2020,a,10,count\nx,2020,a,101,percent\n",
        ),
        ("pilots", "pilot,year,saving_eur,municipal_share_eur\na,2020,100,50\na,2021,200,250\n"),
        (
            "programmabudget",
            "item,amount_eur\noriginal_claim,100\ngranted,40\nremaining_claim,61\ncontingency_share,0.1\n",
        ),
        (
            "saldo_per_jaar",
            "domain,year,budget_eur_mln,actual_eur_mln,published_balance_eur_mln\nwmo,2020,10.1,9.0,1.1\nsociaal_domein,2020,9.0,8.0,-1.0\n",
        ),
    ] {
        let description = fs_err::read(folder.join(format!("{name}.toml")))?;
        save("publicatie", name, &[&description, &b"\0"[..], table.as_bytes()].concat())?;
    }
    Ok(())
}

fn odata() -> io::Result<()> {
    let page = |rows: &[&str], rest: &str| format!(r#"{{"odata.metadata":"x","value":[{}]{rest}}}"#, rows.join(","));
    let v3 = [
        r#"{"ID":0,"RegioS":"NL01    ","Perioden":"2024JJ00","WmoClienten_5":1000,"Relatief_6":72.0}"#,
        r#"{"ID":1,"RegioS":"GM0999  ","Perioden":"2024KW01","WmoClienten_5":null,"Relatief_6":" ."}"#,
        r#"{"ID":2,"RegioS":"GM0999  ","Perioden":"2024KW01","WmoClienten_5":"12","Relatief_6":1e-3}"#,
        r#"{"RegioS":"\u0047M0999","Perioden":"raar","WmoClienten_5":[{"a":[]}],"Relatief_6":-99998}"#,
    ];
    save("odata_v3", "page.json", page(&v3, "").as_bytes())?;
    save("odata_v3", "next.json", page(&v3[..2], r#","odata.nextLink":"http://example.test/x?$skip=2""#).as_bytes())?;
    save("odata_v3", "error.json", br#"{"odata.error":{"code":"","message":{"lang":"nl","value":"te veel"}}}"#)?;
    save("odata_v3", "array.json", format!("[{}]", v3.join(",")).as_bytes())?;
    let v4 = [
        r#"{"Id":0,"Measure":"M000001","ValueAttribute":"None","Value":12.0,"StringValue":null,"RegioS":"GM0999","Perioden":"2024JJ00"}"#,
        r#"{"Id":1,"Measure":"M000001","ValueAttribute":"Impossible","Value":null,"RegioS":"NL01","Perioden":"2024MM12"}"#,
        r#"{"Id":2,"Measure":"M9","ValueAttribute":"Confidential","Value":"x","RegioS":null,"Perioden":""}"#,
    ];
    save("odata_v4", "page.json", page(&v4, "").as_bytes())?;
    save("odata_v4", "next.json", page(&v4[..1], r#","@odata.nextLink":"http://example.test/y""#).as_bytes())?;
    save("odata_v4", "error.json", br#"{"error":{"code":"404","message":"x"}}"#)?;
    let iv3 = |taakveld: &str, categorie: &str, verslag: &str, first: &str, second: &str| {
        format!(
            r#"{{"ID":0,"Gemeenten":"GM0999  ","TaakveldBalanspost":"{taakveld}","Categorie":"{categorie}","Verslagsoort":"{verslag}","k_1ePlaatsing_1":{first},"k_2ePlaatsing_2":{second}}}"#
        )
    };
    let rows = [
        iv3("6.71a ", "L3.4.1", "2023X005", "100", "12345"),
        iv3("6.711 ", "B4.2  ", "2025X000", "-99998", "null"),
        iv3("A111  ", "Ultimo", "2025X005", "1", "1.5"),
        iv3("6.    ", "L1.1", "2025X009", r#"" 12 ""#, r#""veel""#),
        iv3("670", "L1.1", "2012X004", "99999999999", "9223372036854775807"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    save("iv3", "page.json", page(&rows, "").as_bytes())?;
    save("iv3", "array.json", format!("[{}]", rows[..2].join(",")).as_bytes())?;
    for (name, text) in [
        (
            "information.json",
            r#"{"value":[{"ID":0,"Title":"t","Identifier":"00000NED","Modified":"2026-05-29T02:00:00","Period":"2021 - 2024"}]}"#,
        ),
        (
            "properties.json",
            r#"{"value":[{"ID":0,"ParentID":null,"Type":"GeoDimension","Key":"RegioS","Title":"r"},{"Type":"TimeDimension","Key":"Perioden"},{"Type":"TopicGroup","Key":""},{"ID":4,"ParentID":3,"Type":"Topic","Key":"A_5","Title":"a","Datatype":"Double","Unit":"x 1 000 euro","Decimals":1}]}"#,
        ),
        (
            "measures.json",
            r#"{"value":[{"Identifier":"M000001","Title":"a","Unit":"aantal","Decimals":0,"MeasureGroupId":"x"}]}"#,
        ),
        (
            "dimensions.json",
            r#"{"value":[{"Identifier":"RegioS","Kind":"GeoDimension"},{"Identifier":"Perioden","Kind":"TimeDimension"}]}"#,
        ),
        (
            "codes.json",
            r#"{"value":[{"Key":"2024JJ00","Title":"2024*","Status":"Voorlopig"},{"Identifier":"GM0999  ","Title":"x","DimensionGroupId":"y"}]}"#,
        ),
    ] {
        save("odata_description", name, text.as_bytes())?;
    }
    Ok(())
}

fn across() -> io::Result<()> {
    for number in 0..12_u32 {
        // Multiplier and increment of Knuth's MMIX; the high bits are the ones that look like chance.
        let mut state = u64::from(number);
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        let bytes: Vec<u8> = (0..200 * (number + 1)).map(|_| next()).collect();
        save("across", &format!("chance_{number}"), &bytes)?;
    }
    Ok(())
}
