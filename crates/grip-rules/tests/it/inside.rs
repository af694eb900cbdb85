//! Every rule over one message: a message that breaks it, and one that differs in the least and does not.

use std::{collections::BTreeSet, path::Path};

use grip_messages::{Berichtsoort, Finding, Release, read, sample, write};
use grip_rules::inside::{ALL, check};
use grip_synth::declaraties::{Declaratie, Outcome};
use grip_types::{Date, Wet};
use proptest::prelude::*;

use crate::messages::message;

/// What is put in the place of what, once, where it first stands.
type Changes = &'static [(&'static str, &'static str)];

struct Case {
    /// The rule it is about.
    code: &'static str,
    wetten: &'static [Wet],
    nummer: u16,
    bad: Changes,
    /// What is found: code, name of the element and the text at the place.
    found: &'static [&'static str],
    good: Changes,
}

const BOTH: &[Wet] = &[Wet::Wmo, Wet::Jw];

const fn case(code: &'static str, nummer: u16, bad: Changes, found: &'static [&'static str], good: Changes) -> Case {
    Case { code, wetten: BOTH, nummer, bad, found, good }
}

impl Case {
    const fn only(self, wetten: &'static [Wet]) -> Self {
        Self { wetten, ..self }
    }
}

const WMO: &[Wet] = &[Wet::Wmo];
const JW: &[Wet] = &[Wet::Jw];
const CODE: (&str, &str) = ("<b:Code>45A01</b:Code>", "");
const WMO_CODE: (&str, &str) = ("<b:Code>02A01</b:Code>", "");
const OMVANG: &str = "<Omvang><b:Volume>120</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>2</b:Frequentie></Omvang>";
const PRODUCT: &str = "<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>\n";
const WMO_PRODUCT: &str = "<Product><b:Categorie>02</b:Categorie><b:Code>02A01</b:Code></Product>\n";
const BUDGET: &str = "<Budget>1</Budget>";
const HUIS: &str = "<b:Huis><b:Huisnummer>7</b:Huisnummer></b:Huis>";
const ADRES: &str = "<Adres><b:Huis><b:Huisnummer>7</b:Huisnummer></b:Huis><b:Postcode>1234AB</b:Postcode><b:LandCode>NL</b:LandCode></Adres>\n";
const TELEFOON: &str = "<Telefoon><b:Telefoon01><b:Telefoonnummer>0201234567</b:Telefoonnummer><b:Landnummer>0031</b:Landnummer></b:Telefoon01></Telefoon>\n";
const VAST_CONTACT: &str = "<Contact>
<Soort>03</Soort>
<Adres><b:Huis><b:Huisnummer>7</b:Huisnummer></b:Huis><b:Postcode>1234ab</b:Postcode><b:LandCode>NL</b:LandCode></Adres>
</Contact>
";
const PERIODE: &str =
    "<Periode><b:Begindatum>2025-01-01</b:Begindatum><b:Einddatum>2025-01-01</b:Einddatum></Periode>\n";
const TARIEF: &str = "<ProductTarief>5000</ProductTarief>\n";
const EINDDATUM: &str = "<Einddatum>2025-12-31</Einddatum>\n";
const VORIG: &str = "<b:VorigReferentieNummer>R0</b:VorigReferentieNummer>";
const UNCHANGED: &str = "<OngewijzigdeProducten>
<OngewijzigdProduct>
<ToewijzingNummer>1001</ToewijzingNummer>
</OngewijzigdProduct>
<OngewijzigdProduct>
<ToewijzingNummer>1002</ToewijzingNummer>
</OngewijzigdProduct>
</OngewijzigdeProducten>
";
const CHANGED: &str = "<TeWijzigenProducten>
<TeWijzigenProduct>
<ToewijzingNummer>1003</ToewijzingNummer>
<GewensteIngangsdatum>2025-02-01</GewensteIngangsdatum>
<Einddatum>2025-12-31</Einddatum>
<Budget>500000</Budget>
</TeWijzigenProduct>
</TeWijzigenProducten>
";
/// Turns what stands between into a comment: takes new products away.
const NO_NEW: [(&str, &str); 2] = [("<NieuweProducten>", "<!--"), ("</NieuweProducten>", "-->")];

/// In the order of the codes; a rule may have more than one.
const CASES: &[Case] = &[
    case("CD005", 301, &[("<b:LandCode>NL</b:LandCode>", "")], &["CD005 Postcode=1234AB"], &[(">NL<", ">DE<")]),
    case(
        "CD005",
        301,
        &[("<b:Postcode>B-1000</b:Postcode>", ""), ("<Telefoon>", "<Telefoon>")],
        &["CD005 LandCode=BE", "TR006 Soort=02"],
        &[("<b:Postcode>B-1000</b:Postcode>", "<b:Postcode>1000</b:Postcode>")],
    ),
    case("CD007", 301, &[("<b:Taal>Pools</b:Taal>", "")], &["CD007 Vorm=1"], &[("Pools", "Duits")]),
    case(
        "CD007",
        301,
        &[("<b:Vorm>1<", "<b:Vorm>2<")],
        &["CD007 Taal=Pools"],
        &[("<b:Vorm>1<", "<b:Vorm>2<"), ("<b:Taal>Pools</b:Taal>", "")],
    ),
    case(
        "CD009",
        301,
        &[("<Soort>04<", "<Soort>02<")],
        &["CD009 Soort=02"],
        &[("<Soort>04<", "<Soort>02<"), (PERIODE, "")],
    ),
    case("CD025", 301, &[(HUIS, "")], &["CD025 LandCode=NL"], &[(HUIS, ""), (">NL<", ">DE<")]),
    case("CD034", 301, &[(ADRES, "")], &["CD034 Soort=01"], &[(ADRES, ""), ("<Soort>01<", "<Soort>02<")]),
    case("CD034", 301, &[(ADRES, ""), ("<Soort>01<", "<Soort>03<")], &["CD034 Soort=03"], &[]),
    case("CD041", 301, &[(OMVANG, "")], &["CD041 Code=45A01"], &[(OMVANG, ""), CODE]).only(JW),
    case("CD041", 315, &[(OMVANG, "")], &["CD041 Code=02A01"], &[(OMVANG, ""), WMO_CODE]).only(WMO),
    case("CD041", 317, &[(OMVANG, "")], &["CD041 Code=45A01"], &[(OMVANG, ""), CODE]).only(JW),
    case(
        "CD043",
        315,
        &[("<BeschikkingIngangsdatum>2025-01-01</BeschikkingIngangsdatum>\n", "")],
        &["CD043 BeschikkingNummer=7"],
        &[
            ("<BeschikkingIngangsdatum>2025-01-01</BeschikkingIngangsdatum>\n", ""),
            ("<BeschikkingNummer>7</BeschikkingNummer>\n", ""),
        ],
    ),
    case(
        "CD043",
        315,
        &[("<BeschikkingNummer>7</BeschikkingNummer>\n", "")],
        &["CD043 BeschikkingIngangsdatum=2025-01-01"],
        &[],
    ),
    case("CD060", 323, &[(VORIG, "")], &["CD060 DebetCredit=C"], &[(VORIG, "<b:VorigReferentieNummer>R9</b:VorigReferentieNummer>")]),
    case(
        "CD060",
        325,
        &[("R1</b:ReferentieNummer>", "R1</b:ReferentieNummer><b:VorigReferentieNummer>R9</b:VorigReferentieNummer>")],
        &["CD060 VorigReferentieNummer=R9"],
        &[],
    ),
    case(
        "CD066",
        315,
        &[("<b:Type>02</b:Type>", "<b:Type>02</b:Type><b:Naam>Arts</b:Naam>")],
        &["CD066 Naam=Arts"],
        &[("<b:Type>02</b:Type><b:ZorgverlenerCode>01234567</b:ZorgverlenerCode>", "<b:Type>02</b:Type><b:Naam>Arts</b:Naam>")],
    ),
    case(
        "CD067",
        315,
        &[("<b:Type>02</b:Type><b:ZorgverlenerCode>01234567</b:ZorgverlenerCode>", "<b:Type>05</b:Type>")],
        &["CD067 Type=05"],
        &[("<b:Type>02</b:Type><b:ZorgverlenerCode>01234567</b:ZorgverlenerCode>", "<b:Type>06</b:Type>")],
    ),
    case("CD068", 315, &[("<b:Type>02<", "<b:Type>08<")], &["CD068 ZorgverlenerCode=01234567"], &[("<b:Type>02<", "<b:Type>04<")]),
    case(
        "CD075",
        301,
        &[(OMVANG, BUDGET), CODE, (EINDDATUM, "")],
        &["CD075 Budget=1"],
        &[(OMVANG, BUDGET), CODE],
    )
    .only(JW),
    case("CD075", 317, &[(EINDDATUM, "")], &["CD075 Budget=500000"], &[("2025-12-31", "2025-02-01")]),
    case(
        "CD076",
        301,
        &[(EINDDATUM, "")],
        &["CD076 Frequentie=2"],
        &[(EINDDATUM, ""), ("<b:Frequentie>2<", "<b:Frequentie>4<")],
    ),
    case(
        "CD076",
        315,
        &[("<ToewijzingEinddatum>2025-12-31</ToewijzingEinddatum>\n", ""), ("2026-01-01", "2024-01-01"), ("<Omvang><b:Volume>8", "<ToewijzingEinddatum>2024-12-31</ToewijzingEinddatum>\n<Omvang><b:Volume>8")],
        &["CD076 Frequentie=2"],
        &[],
    ),
    case("CD077", 301, &[(OMVANG, "<Omvang><b:Volume>120</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>2</b:Frequentie></Omvang><Budget>1</Budget>")], &["CD077 Volume=120", "CD078 Budget=1"], &[(OMVANG, BUDGET), CODE]).only(JW),
    case("CD078", 315, &[(OMVANG, "<Omvang><b:Volume>120</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>2</b:Frequentie></Omvang><Budget>1</Budget>")], &["CD077 Volume=120", "CD078 Budget=1"], &[(OMVANG, BUDGET), WMO_CODE]).only(WMO),
    case("CD079", 301, &[(OMVANG, ""), (PRODUCT, "")], &["CD079 Ingangsdatum=2025-02-01"], &[(OMVANG, BUDGET), (PRODUCT, "")])
        .only(JW),
    case("CD079", 315, &[(OMVANG, ""), (WMO_PRODUCT, "")], &["CD079 ToewijzingIngangsdatum=2025-02-01"], &[(OMVANG, BUDGET), (WMO_PRODUCT, "")])
        .only(WMO),
    case("CD079", 317, &[(OMVANG, ""), (PRODUCT, "")], &["CD079 GewensteIngangsdatum=2025-02-04"], &[(OMVANG, BUDGET), (PRODUCT, "")])
        .only(JW),
    case(
        "CD080",
        301,
        &[CODE],
        &["CD080 Volume=120"],
        &[CODE, ("2025-02-01", "2020-01-01"), ("2025-12-31", "2020-12-31")],
    )
    .only(JW),
    case("CD085", 319, &[("<RedenAfwijzingVerzoek>3</RedenAfwijzingVerzoek>\n", "")], &["CD085 VerzoekAntwoord=1"], &[("<RedenAfwijzingVerzoek>3<", "<RedenAfwijzingVerzoek>9<")]),
    case(
        "CD086",
        319,
        &[("<VerzoekAntwoord>1<", "<VerzoekAntwoord>2<")],
        &["CD086 RedenAfwijzingVerzoek=3"],
        &[("<VerzoekAntwoord>1<", "<VerzoekAntwoord>2<"), ("<RedenAfwijzingVerzoek>3</RedenAfwijzingVerzoek>\n", "")],
    ),
    case("CD087", 323, &[(TARIEF, "")], &["CD087 Eenheid=04"], &[("<Eenheid>04<", "<Eenheid>01<")]),
    case(
        "CD087",
        323,
        &[("<Eenheid>83</Eenheid>\n", "<Eenheid>83</Eenheid>\n<ProductTarief>1</ProductTarief>\n")],
        &["CD087 ProductTarief=1"],
        &[],
    ),
    case(
        "CD095",
        315,
        &[WMO_CODE],
        &["CD095 Volume=120"],
        &[WMO_CODE, ("2025-02-01", "2020-01-01"), ("2025-12-31", "2020-12-31")],
    )
    .only(WMO),
    case("CD096", 317, &[CODE], &["CD096 Volume=120"], &[CODE, (OMVANG, BUDGET)]).only(JW),
    case("CS002", 301, &[("999900006", "999900007")], &["CS002 Bsn=999900007"], &[("999900006", "999900018")]),
    case("CS002", 305, &[("999900006", "999900007")], &["CS002 Bsn=999900007"], &[]),
    case("CS002", 307, &[("999900006", "999900007")], &["CS002 Bsn=999900007"], &[]),
    case("CS002", 315, &[("999900006", "999900007")], &["CS002 Bsn=999900007"], &[]),
    case("CS002", 317, &[("999900006", "999900007")], &["CS002 Bsn=999900007"], &[]),
    case("CS002", 323, &[("999900018", "999900017")], &["CS002 Bsn=999900017"], &[]),
    case("CS002", 325, &[("999900006", "999900007")], &["CS002 Bsn=999900007"], &[]),
    case("CS003", 301, &[("2025-12-31", "2025-01-31")], &["CS003 Einddatum=2025-01-31"], &[("2025-12-31", "2025-02-01")]),
    case(
        "CS003",
        301,
        &[("<b:Begindatum>2025-01-01</b:Begindatum>", "")],
        &["CS003 Einddatum=2025-01-01"],
        &[("<b:Einddatum>2025-01-01</b:Einddatum>", "")],
    ),
    case("CS003", 315, &[("2025-12-31", "2025-01-31")], &["CS003 ToewijzingEinddatum=2025-01-31"], &[("2025-12-31", "2025-02-01")]),
    case("CS003", 317, &[("2025-12-31", "2025-01-31")], &["CS003 Einddatum=2025-01-31"], &[("2025-12-31", "2025-02-01")]),
    case("CS003", 317, &[("2026-01-01</GewensteIngangsdatum>", "2026-01-01</GewensteIngangsdatum>\n<Einddatum>2025-12-31</Einddatum>")], &["CS003 Einddatum=2025-12-31"], &[("2026-01-01</GewensteIngangsdatum>", "2026-01-01</GewensteIngangsdatum>\n<Einddatum>2026-01-01</Einddatum>")]),
    case(
        "CS050",
        301,
        &[("<b:NaamGebruik>1<", "<b:NaamGebruik>2<")],
        &["CS050 NaamGebruik=2"],
        &[("<b:NaamGebruik>1<", "<b:Partnernaam><b:Achternaam>Partner</b:Achternaam></b:Partnernaam><b:NaamGebruik>2<")],
    ),
    case("CS050", 301, &[("Voogd</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>1<", "Voogd</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>6<")], &["CS050 NaamGebruik=6"], &[]).only(WMO),
    case(
        "CS050",
        301,
        &[("<b:NaamGebruik>1<", "<b:Partnernaam><b:Achternaam>Partner</b:Achternaam></b:Partnernaam><b:NaamGebruik>5<")],
        &["CS050 NaamGebruik=5"],
        &[("Voogd</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>1<", "Voogd</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>6<")],
    )
    .only(JW),
    case("CS058", 305, &[("<StatusAanlevering>1<", "<StatusAanlevering>2<")], &["CS058 StatusAanlevering=2"], &[("<StatusAanlevering>1<", "<StatusAanlevering>3<")]),
    case("CS058", 307, &[("<StatusAanlevering>3<", "<StatusAanlevering>9<")], &["CS058 StatusAanlevering=9"], &[("<StatusAanlevering>3<", "<StatusAanlevering>1<")]),
    case("CS089", 301, &[("1234AB", "1234 AB")], &["CS089 Postcode=1234 AB"], &[("1234AB", "9999zz")]),
    case(
        "CS100",
        323,
        &[("2024-12-01", "2020-12-01"), ("2024-12-31", "2020-12-31")],
        &["CS100 Begindatum=2020-12-01"],
        &[("2024-12-01", "2021-01-01"), ("2024-12-31", "2021-01-31")],
    ),
    case("CS139", 301, &[("1980-03-01", "1980-03-02")], &["CS139 DatumGebruik=1"], &[("1980-03-01", "1980-04-01")]),
    case("CS139", 305, &[("2010-05-01</b:Datum>", "2010-05-01</b:Datum><b:DatumGebruik>2</b:DatumGebruik>")], &["CS139 DatumGebruik=2"], &[("2010-05-01</b:Datum>", "2010-01-01</b:Datum><b:DatumGebruik>2</b:DatumGebruik>")]),
    case("CS139", 315, &[("2010-05-01</b:Datum>", "2010-01-01</b:Datum><b:DatumGebruik>3</b:DatumGebruik>")], &["CS139 DatumGebruik=3"], &[("2010-05-01</b:Datum>", "1900-01-01</b:Datum><b:DatumGebruik>3</b:DatumGebruik>")]),
    case("CS318", 301, &[("<b:NaamGebruik>1<", "<b:NaamGebruik>6<")], &["CS318 NaamGebruik=6"], &[("Ouder</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>1<", "Ouder</b:Achternaam></b:Geslachtsnaam><b:NaamGebruik>6<")]).only(JW),
    case(
        "CS325",
        323,
        &[("<b:Bedrag>30000<", "<b:Bedrag>0<"), (">62500<", ">92500<")],
        &["CS325 DebetCredit=C"],
        &[("<b:Bedrag>30000<", "<b:Bedrag>1<"), (">62500<", ">92499<")],
    ),
    case(
        "CS325",
        325,
        &[(">62500<", ">20000<"), (">42500</b:TotaalBedrag><b:DebetCredit>D<", ">0</b:TotaalBedrag><b:DebetCredit>C<")],
        &["CS325 DebetCredit=C"],
        &[(">62500<", ">20000<"), (">42500<", ">0<")],
    ),
    case("CS335", 301, &[("<Omvang>", "<RedenWijziging>13</RedenWijziging>\n<Omvang>")], &["CS335 RedenWijziging=13"], &[("<Omvang>", "<RedenWijziging>13</RedenWijziging>\n<Omvang>"), ("2025-12-31", "2025-02-01")]),
    case("CS336", 301, &[(">14</RedenWijziging>", ">01</RedenWijziging>")], &["CS336 RedenWijziging=01"], &[(">14</RedenWijziging>", ">02</RedenWijziging>")]),
    case("CS337", 323, &[("2024-12-01", "2024-11-30")], &["CS337 Einddatum=2024-12-31"], &[("2024-12-01", "2024-12-31")]),
    case("CS337", 323, &[("2024-12-01", "2023-12-31")], &["CS337 Einddatum=2024-12-31"], &[]),
    case(
        "CS338",
        301,
        &[("<b:Eenheid>04</b:Eenheid><b:Frequentie>2<", "<b:Eenheid>14</b:Eenheid><b:Frequentie>1<")],
        &["CS338 Frequentie=1"],
        &[("<b:Eenheid>04</b:Eenheid><b:Frequentie>2<", "<b:Eenheid>04</b:Eenheid><b:Frequentie>1<")],
    ),
    case(
        "CS338",
        317,
        &[("<b:Frequentie>4<", "<b:Frequentie>1<")],
        &["CS338 Frequentie=1"],
        &[("<b:Frequentie>4<", "<b:Frequentie>6<")],
    ),
    case("CS339", 323, &[("<b:Bedrag>12500<", "<b:Bedrag>12501<"), (">62500<", ">62501<")], &["CS339 Bedrag=12501"], &[("<b:Bedrag>12500<", "<b:Bedrag>12501<"), (">62500<", ">62501<"), (">12500</GeleverdVolume>", ">12501</GeleverdVolume>")]),
    case("CS340", 323, &[("2025-01-01", "2025-01-02")], &["CS340 Begindatum=2025-01-02"], &[]),
    case("CS340", 323, &[("2025-01-31", "2025-02-01")], &["CS340 Einddatum=2025-02-01"], &[("2025-01-01", "2025-01-01")]),
    case("CS343", 315, &[("<b:Frequentie>4<", "<b:Frequentie>1<")], &["CS343 Frequentie=1"], &[("<b:Frequentie>4<", "<b:Frequentie>6<")]),
    case("TR002", 301, &[("2010-05-01", "1905-02-02")], &["TR002 Datum=1905-02-02"], &[("2010-05-01", "1905-02-03")]),
    case("TR002", 305, &[("2010-05-01", "1900-01-01")], &["TR002 Datum=1900-01-01"], &[("2010-05-01</b:Datum>", "1900-01-01</b:Datum><b:DatumGebruik>3</b:DatumGebruik>")]),
    case(
        "TR006",
        301,
        &[("<Soort>01<", "<Soort>02<"), (ADRES, ""), (TELEFOON, "")],
        &["TR006 Soort=02"],
        &[("<Soort>01<", "<Soort>02<"), (ADRES, "")],
    ),
    case("TR018", 307, &[("<Einddatum>2025-02-01<", "<Einddatum>2025-01-31<")], &["TR018 Einddatum=2025-01-31"], &[("<Einddatum>2025-02-01<", "<Einddatum>2025-02-02<")]),
    case("TR061", 301, &[(VAST_CONTACT, "")], &["TR061 Soort=04"], &[(VAST_CONTACT, ""), ("<Soort>04<", "<Soort>02<"), (PERIODE, "")]),
    case("TR101", 301, &[(">1002<", ">1001<")], &["TR101 ToewijzingNummer=1001"], &[(">1002<", ">1003<")]),
    case("TR101", 301, &[(">R2<", ">R1<")], &["TR101 Nummer=R1"], &[("<Soort>11<", "<Soort>10<")]),
    case("TR101", 301, &[("<Soort>03<", "<Soort>04<")], &["TR061 Soort=04", "TR101 Soort=04"], &[("<Soort>03<", "<Soort>02<")]),
    case(
        "TR101",
        305,
        &[("<StartProduct>\n<Product><b:Categorie>44</b:Categorie></Product>\n<Begindatum>2025-02-02", "<StartProduct>\n<ToewijzingNummer>1001</ToewijzingNummer>\n<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>\n<Begindatum>2025-02-03")],
        &["TR101 Begindatum=2025-02-03"],
        &[("<StartProduct>\n<Product><b:Categorie>44</b:Categorie></Product>\n<Begindatum>2025-02-02", "<StartProduct>\n<Product><b:Categorie>45</b:Categorie><b:Code>45A01</b:Code></Product>\n<Begindatum>2025-02-03")],
    )
    .only(JW),
    case("TR101", 307, &[(">31<", ">20<")], &["TR101 Begindatum=2025-02-01"], &[(">31<", ">20<"), ("<Einddatum>2025-02-01<", "<Einddatum>2025-02-02<")]),
    case("TR101", 317, &[(">1002<", ">1001<")], &["TR101 ToewijzingNummer=1001"], &[(">1002<", ">1003<")]),
    case("TR101", 317, &[("2026-01-01", "2025-02-04")], &["TR101 GewensteIngangsdatum=2025-02-04", "TR410 GewensteIngangsdatum=2025-02-04"], &[]),
    case("TR101", 323, &[(">R2<", ">R1<")], &["TR101 ReferentieNummer=R1"], &[(">R4<", ">R1<")]),
    case("TR101", 323, &[("999900018", "999900006")], &["TR101 Bsn=999900006"], &[("999900018", "999900031")]),
    case("TR101", 325, &[(">R3</b:ReferentieNummer><b:VorigReferentieNummer>R0</b:VorigReferentieNummer>", ">R1</b:ReferentieNummer>"), (">30000</b:Bedrag><b:DebetCredit>C", ">30000</b:Bedrag><b:DebetCredit>D"), (">62500<", ">122500<")], &["TR101 ReferentieNummer=R1"], &[(">R3<", ">R1<")]),
    case("TR134", 301, &[("<Toewijzingsdatum>2025-01-20<", "<Toewijzingsdatum>2025-02-04<")], &["TR134 Toewijzingsdatum=2025-02-04"], &[("<Toewijzingsdatum>2025-01-20<", "<Toewijzingsdatum>2025-02-03<")]),
    case("TR134", 305, &[("<Begindatum>2025-02-03<", "<Begindatum>2025-02-04<")], &["TR134 Begindatum=2025-02-04"], &[("<Begindatum>2025-02-02<", "<Begindatum>2025-02-03<")]),
    case("TR134", 307, &[("<Einddatum>2025-02-01<", "<Einddatum>2025-02-04<")], &["TR134 Einddatum=2025-02-04"], &[("<Einddatum>2025-02-01<", "<Einddatum>2025-02-03<")]),
    case("TR134", 315, &[("2010-05-01", "2025-02-04")], &["TR134 Datum=2025-02-04"], &[("2010-05-01", "2025-02-03")]),
    case("TR137", 323, &[("2024-12-01</b:Begindatum><b:Einddatum>2024-12-31", "2024-12-02</b:Begindatum><b:Einddatum>2024-12-01")], &["TR137 Einddatum=2024-12-01"], &[("2024-12-01</b:Begindatum><b:Einddatum>2024-12-31", "2024-12-02</b:Begindatum><b:Einddatum>2024-12-02")]),
    case("TR137", 325, &[("2025-01-31", "2025-02-04")], &["TR137 Einddatum=2025-02-04"], &[("2025-01-31", "2025-02-03")]),
    case(
        "TR302",
        301,
        &[("<b:Categorie>44<", "<b:Categorie>45<"), ("2026-01-01", "2025-12-31")],
        &["TR302 Ingangsdatum=2025-12-31"],
        &[("<b:Categorie>44<", "<b:Categorie>45<")],
    )
    .only(JW),
    case("TR302", 301, &[("<Product><b:Categorie>44</b:Categorie></Product>\n", ""), ("2026-01-01", "2025-12-31")], &["TR302 Ingangsdatum=2025-12-31"], &[("2026-01-01", "2025-12-31")]).only(JW),
    case(
        "TR302",
        301,
        &[("<b:Categorie>03</b:Categorie>", "<b:Categorie>02</b:Categorie><b:Code>02A01</b:Code>"), ("2026-01-01", "2025-12-31"), ("<Budget>500000</Budget>", "<Omvang><b:Volume>1</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>4</b:Frequentie></Omvang>")],
        &["TR302 Ingangsdatum=2025-12-31"],
        &[("<b:Categorie>03</b:Categorie>", "<b:Categorie>02</b:Categorie><b:Code>02A02</b:Code>"), ("2026-01-01", "2025-12-31"), ("<Budget>500000</Budget>", "<Omvang><b:Volume>1</b:Volume><b:Eenheid>04</b:Eenheid><b:Frequentie>4</b:Frequentie></Omvang>")],
    )
    .only(WMO),
    // Aids may overlap; what was deleted is not there.
    case(
        "TR302",
        301,
        &[("<b:Categorie>03<", "<b:Categorie>02<"), ("2026-01-01", "2025-03-01")],
        &["TR302 Ingangsdatum=2025-03-01"],
        &[("<b:Categorie>03<", "<b:Categorie>11<"), ("<b:Categorie>02<", "<b:Categorie>11<"), ("2026-01-01", "2025-03-01")],
    )
    .only(WMO),
    case(
        "TR302",
        301,
        &[("<b:Categorie>03<", "<b:Categorie>02<"), ("2026-01-01", "2025-03-01"), ("2026-12-31", "2025-03-01")],
        &["TR302 Ingangsdatum=2025-03-01"],
        &[("<b:Categorie>03<", "<b:Categorie>02<"), ("2026-01-01", "2025-03-01"), ("2026-12-31", "2025-03-01"), (">14<", ">13<")],
    )
    .only(WMO),
    case("TR315", 323, &[(">R00<", ">R0<")], &["TR315 VorigReferentieNummer=R0"], &[(">R00<", ">R01<")]),
    case("TR316", 323, &[(">R0<", ">R1<")], &["TR316 VorigReferentieNummer=R1"], &[(">R0<", ">R9<")]),
    case("TR316", 323, &[(">R00<", ">R5<")], &["TR316 VorigReferentieNummer=R5"], &[]),
    case(
        "TR319",
        323,
        &[("2024-12-01", "2025-02-01"), ("2024-12-31", "2025-02-03")],
        &["TR319 Einddatum=2025-02-03"],
        &[("2024-12-01", "2025-01-02"), ("2024-12-31", "2025-01-31")],
    ),
    case(
        "TR335",
        323,
        &[("<DeclaratieDagtekening>2025-02-03<", "<DeclaratieDagtekening>2030-01-01<")],
        &["TR335 Einddatum=2024-12-31"],
        &[("<DeclaratieDagtekening>2025-02-03<", "<DeclaratieDagtekening>2029-12-31<")],
    ),
    case("TR342", 325, &[(">42500<", ">42499<")], &["TR342 TotaalBedrag=42499"], &[(">42500<", ">42499<"), (">62500<", ">62499<")]),
    case(
        "TR342",
        325,
        &[("</Clienten>\n<RetourCodes><RetourCode>0200<", "</Clienten>\n<RetourCodes><RetourCode>9333<")],
        &["TR342 TotaalBedrag=42500"],
        &[("</Clienten>\n<RetourCodes><RetourCode>0200<", "</Clienten>\n<RetourCodes><RetourCode>9333<"), (">42500<", ">0<")],
    ),
    case("TR352", 317, &[(UNCHANGED, ""), (CHANGED, "")], &["TR352 ReferentieAanbieder=A1"], &[(CHANGED, "")]),
    case("TR353", 317, &[(CHANGED, ""), NO_NEW[0], NO_NEW[1]], &["TR353 ReferentieAanbieder=A1"], &[NO_NEW[0], NO_NEW[1]]),
    case("TR358", 323, &[(">62500<", ">62501<")], &["TR358 TotaalBedrag=62501"], &[(">62500<", ">62501<"), ("<b:Bedrag>50000<", "<b:Bedrag>50001<")]),
    case("TR358", 323, &[(">62500</b:TotaalBedrag><b:DebetCredit>D<", ">62500</b:TotaalBedrag><b:DebetCredit>C<")], &["TR358 TotaalBedrag=62500"], &[]),
    case("TR377", 319, &[(">3</RedenAfwijzingVerzoek>", ">8</RedenAfwijzingVerzoek>")], &["TR377 RedenAfwijzingVerzoek=8"], &[(">3</RedenAfwijzingVerzoek>", ">8</RedenAfwijzingVerzoek>\n<Woonplaatsbeginsel><Gemeente>0384</Gemeente></Woonplaatsbeginsel>")]).only(JW),
    case("TR380", 317, &[("2025-02-04", "2025-02-03")], &["TR380 GewensteIngangsdatum=2025-02-03"], &[("2025-02-04", "2025-02-05")]),
    case("TR383", 315, &[(">A2<", ">A1<")], &["TR101 ReferentieAanbieder=A1", "TR383 ReferentieAanbieder=A1"], &[(">A2<", ">A3<")]),
    case("TR386", 315, &[("2026-01-01", "2025-12-31")], &["TR386 ToewijzingIngangsdatum=2025-12-31"], &[("2026-01-01", "2026-01-02")]),
    case(
        "TR409",
        319,
        &[(">3</RedenAfwijzingVerzoek>", ">5</RedenAfwijzingVerzoek>\n<Woonplaatsbeginsel><Gemeente>0384</Gemeente></Woonplaatsbeginsel>")],
        &["TR409 Gemeente=0384"],
        &[(">3</RedenAfwijzingVerzoek>", ">5</RedenAfwijzingVerzoek>")],
    )
    .only(JW),
    case("TR410", 317, &[("2026-01-01", "2025-12-31")], &["TR410 GewensteIngangsdatum=2025-12-31"], &[("2026-01-01", "2026-01-02")]),
    case(
        "TR416",
        323,
        &[("2024-12-01", "2025-01-01"), ("2024-12-31", "2025-01-31")],
        &["TR416 ToewijzingNummer=1001"],
        &[("2024-12-01", "2025-01-01"), ("2024-12-31", "2025-01-30")],
    ),
];

fn changed(wet: Wet, nummer: u16, changes: Changes) -> String {
    let mut text = message(wet, nummer);
    for (from, to) in changes {
        assert!(text.contains(from), "{nummer}: {from} is in the message");
        text = text.replacen(from, to, 1);
    }
    text
}

/// The findings of a message, and what the reader found before.
fn findings(text: &str) -> (Vec<Finding>, Vec<Finding>) {
    let reading = read(text.as_bytes());
    let Some(bericht) = reading.bericht else { panic!("no message: {:?}", reading.findings) };
    (check(&bericht, text.as_bytes()), reading.findings)
}

/// Path of the element at a place and the text that stands there.
fn at<'t>(text: &'t str, finding: &Finding) -> (String, &'t str) {
    let line = usize::try_from(finding.place.line).expect("a line") - 1;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let column = usize::try_from(finding.place.column).expect("a column") - 1;
    let offset = start + text[start..].chars().take(column).map(char::len_utf8).sum::<usize>();
    let mut path: Vec<&str> = Vec::new();
    for tag in text[..offset].split('<').skip(1).filter(|tag| !tag.starts_with(['?', '!'])) {
        let name = tag.split(['>', ' ']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(_) => drop(path.pop()),
            None => path.push(name.rsplit(':').next().unwrap_or_default()),
        }
    }
    (path.join("/"), text[offset..].split('<').next().unwrap_or_default())
}

fn shown(text: &str, findings: &[Finding]) -> Vec<String> {
    let show = |finding: &Finding| {
        let (path, value) = at(text, finding);
        assert_eq!(finding.element, path, "{finding}");
        format!("{} {}={value}", finding.rule.code, path.rsplit('/').next().unwrap_or_default())
    };
    let mut shown: Vec<String> = findings.iter().map(show).collect();
    shown.sort();
    shown
}

#[test]
fn a_message_that_breaks_no_rule_has_no_findings() {
    for nummer in [301, 305, 307, 315, 317, 319, 323, 325] {
        for wet in [Wet::Wmo, Wet::Jw] {
            let (found, read) = findings(&message(wet, nummer));
            assert_eq!((found, read), (vec![], vec![]), "{wet:?} {nummer}");
        }
    }
}

#[test]
fn every_rule_is_broken_by_one_message_and_not_by_the_next() {
    for case in CASES {
        for wet in case.wetten {
            let bad = changed(*wet, case.nummer, case.bad);
            let (found, read) = findings(&bad);
            assert_eq!(shown(&bad, &found), case.found, "{} {wet:?} {:?}", case.code, case.bad);
            assert!(case.found.iter().any(|shown| shown.starts_with(case.code)), "{}", case.code);
            // The reader sees nothing wrong but that a number is nobody's.
            assert!(read.is_empty() || case.code == "CS002", "{} {wet:?} {read:?}", case.code);
            let good = changed(*wet, case.nummer, case.good);
            assert_eq!(findings(&good), (vec![], vec![]), "{} {wet:?} {:?}", case.code, case.good);
        }
    }
}

#[test]
fn every_rule_has_cases() {
    for rule in ALL {
        let cases: Vec<&Case> = CASES.iter().filter(|case| case.code == rule.code).collect();
        assert!(!cases.is_empty(), "{} has no case", rule.code);
        assert!(cases.iter().any(|case| !case.good.is_empty()), "{} has no near miss", rule.code);
        for case in cases {
            assert!(rule.berichten.contains(&case.nummer), "{} {}", rule.code, case.nummer);
            assert!(case.wetten.iter().all(|wet| rule.wetten.contains(wet)), "{}", rule.code);
        }
    }
    let known: BTreeSet<&str> = ALL.iter().map(|rule| rule.code).collect();
    assert!(CASES.iter().all(|case| known.contains(case.code)));
    assert!(CASES.is_sorted_by_key(|case| case.code));
}

#[test]
fn rules_are_in_order_and_have_their_texts() {
    assert!(ALL.is_sorted_by(|one, next| one.code < next.code));
    for rule in ALL {
        for text in [rule.explanation, rule.advice] {
            assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", rule.code);
        }
        assert!(!rule.title.ends_with('.') && rule.title.len() > 10, "{}", rule.code);
    }
}

/// A finding says what is wrong without the number, name or day that could be a person's.
#[test]
fn findings_quote_nothing_of_a_person() {
    for case in CASES {
        for wet in case.wetten {
            for finding in findings(&changed(*wet, case.nummer, case.bad)).0 {
                let text = &finding.text;
                let long = text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 6);
                assert!(!long && !text.contains("Pools") && !text.contains("Arts"), "{finding}");
                assert!(!finding.element.ends_with("Geboortedatum/Datum") || !text.contains("2025-02-04"), "{finding}");
            }
        }
    }
}

#[test]
fn values_the_schema_refuses_are_left_to_the_reader() {
    for (nummer, from, to) in [
        (301, "2025-12-31", "2025-13-31"),
        (301, "2010-05-01", "onbekend"),
        (323, "2025-01-31", "2025-01-32"),
        (323, "<b:Bedrag>50000<", "<b:Bedrag>500,00<"),
        (323, "<b:Dagtekening>2025-02-03<", "<b:Dagtekening><"),
        (323, "<DeclaratieDagtekening>2025-02-03</DeclaratieDagtekening>", ""),
        (325, ">42500<", ">-1<"),
    ] {
        let text = message(Wet::Jw, nummer);
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        let reading = read(changed.as_bytes());
        assert_eq!(reading.findings.len(), 1, "{to}");
        if let Some(bericht) = reading.bericht {
            assert_eq!(check(&bericht, changed.as_bytes()), vec![], "{to}");
        }
    }
}

/// Whatever stands in a message, a rule finds it in the messages and the laws it holds for, at a place that is there.
#[test]
fn messages_with_random_content_are_checked() {
    let mut broken = BTreeSet::new();
    for wet in [Wet::Wmo, Wet::Jw] {
        for nummer in 301..=325 {
            for seed in 0..100 {
                let Some(bericht) = sample::bericht(Berichtsoort::v3_2(wet, nummer), seed) else { continue };
                let text = String::from_utf8(write(&bericht)).expect("UTF-8");
                let (found, read) = findings(&text);
                assert_eq!(read, vec![], "{wet:?} {nummer} {seed}");
                for finding in &found {
                    assert!(
                        finding.rule.berichten.contains(&nummer) && finding.rule.wetten.contains(&wet),
                        "{finding}"
                    );
                    assert_eq!(at(&text, finding).0, finding.element, "{finding}");
                    broken.insert(finding.rule.code);
                }
            }
        }
    }
    assert!(broken.len() > 40, "{broken:?}");
}

/// RedenWijziging 01 was in use until release 3.0, and 13 came after it.
#[test]
fn a_rule_holds_from_the_release_it_came_with() {
    for (reden, code) in [("01", "CS336"), ("13", "CS335")] {
        let text = message(Wet::Jw, 301).replacen(">14<", &format!(">{reden}<"), 1);
        let mut bericht = read(text.as_bytes()).bericht.expect("a message");
        for (subversie, expected) in [(0, vec![]), (1, vec![code]), (2, vec![code])] {
            bericht.soort.release = Release { versie: 3, subversie };
            let found: Vec<&str> = check(&bericht, text.as_bytes()).iter().map(|finding| finding.rule.code).collect();
            assert_eq!(found, expected, "{reden} in 3.{subversie}");
        }
    }
}

#[test]
fn findings_are_bounded_and_in_the_order_of_the_file() {
    let line = message(Wet::Jw, 323);
    let start = line.find("<Prestatie>").expect("a line");
    let end = line.find("</Prestatie>").expect("its end") + "</Prestatie>\n".len();
    let one = line[start..end].replace("2025-01-31", "2025-02-02");
    let many = format!("{}{}{}", &line[..start], one.repeat(500), &line[end..]);
    let (found, _) = findings(&many);
    assert_eq!(found.len(), 201);
    assert!(found.is_sorted_by_key(|finding| (finding.place.line, finding.place.column)));
    let last = found.last().expect("the last");
    // Per line CS337 and TR319; TR101 and TR416 for all but the first, and TR358.
    assert_eq!((last.rule.code, last.text.as_str()), ("B025", "nog 1799 bevindingen in dit bestand"));
}

/// The standard's own examples, each with what its official check finds in it.
#[test]
fn examples_of_the_standard_give_what_the_standard_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/istandaarden/examples-3.2");
    if !folder.is_dir() {
        println!("not checked against the standard's examples: no ../shared/istandaarden beside the project");
        return;
    }
    let mut seen = 0;
    for (family, stem) in [("ijw", "JW"), ("iwmo", "WMO")] {
        for nummer in [301, 305, 307, 315, 317, 319, 323, 325] {
            let name = format!("{stem}{nummer}");
            let Ok(text) = fs_err::read_to_string(folder.join(format!("{family}/{name}.xml"))) else { continue };
            let text = text.trim_start_matches('\u{feff}');
            let found: Vec<&str> = findings(text).0.iter().map(|finding| finding.rule.code).collect();
            let expected: &[&str] = match name.as_str() {
                "JW317" => &["CS003"],
                "JW323" => &["TR101"],
                "WMO317" => &["TR380"],
                _ => &[],
            };
            assert_eq!(found, expected, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 15, "every message but WMO325 has an example");
}

#[test]
fn a_simulated_municipality_breaks_no_rule() {
    let day = |text| grip_types::parse_date(text).expect("a day");
    let settings = grip_synth::Settings {
        gemeente: "9998".parse().expect("a code"),
        inhabitants: 6_000,
        from: day("2023-01-01"),
        to: day("2024-12-31"),
        seed: 7,
        scenario: grip_synth::Scenario::Default,
    };
    let town = grip_synth::simulate(&settings).expect("a town");
    let folder = tempfile::tempdir().expect("a folder");
    grip_synth::write(&town, folder.path(), |_| {}).expect("written");
    // Two mistakes are simulated: a total that does not add up, refused at its header, and a month too early, refused as a whole.
    let made = |outcome: Outcome| {
        let is_one = |invoice: &&Declaratie| invoice.outcome == outcome && invoice.sent <= settings.to;
        town.declaraties.iter().filter(is_one).count()
    };
    let (mut seen, mut totals, mut months) = (0, 0, 0);
    for day in fs_err::read_dir(folder.path().join("berichten")).expect("days") {
        for file in fs_err::read_dir(day.expect("a day").path()).expect("files") {
            let path = file.expect("a file").path();
            let text = fs_err::read_to_string(&path).expect("a text");
            let (found, read) = findings(&text);
            let found: BTreeSet<&str> = found.iter().map(|finding| finding.rule.code).collect();
            match found.iter().copied().collect::<Vec<_>>()[..] {
                [] => {}
                ["TR358"] => totals += 1,
                ["TR319"] => months += 1,
                _ => panic!("{}: {found:?}", path.display()),
            }
            assert_eq!(read, vec![], "{}", path.display());
            seen += 1;
        }
    }
    assert_eq!((totals, months), (made(Outcome::RefusedAtHeader), made(Outcome::RefusedAtDeclaratie)));
    assert!(seen > 500 && totals > 0 && months > 0, "{seen} messages, {totals} totals, {months} months");
}

/// Whether two periods share a day; one without an end does not end.
fn overlap(one: (Date, Option<Date>), other: (Date, Option<Date>)) -> bool {
    one.0 <= other.1.unwrap_or(Date::MAX) && other.0 <= one.1.unwrap_or(Date::MAX)
}

proptest! {
    /// TR302 against its plain definition: some pair of the same product shares a day.
    #[test]
    fn overlap_is_found_exactly_when_a_pair_overlaps(
        products in prop::collection::vec((0u8..4, 1i8..28, prop::option::of(0i8..9)), 1..7)
    ) {
        let day = |day: i8| Date::new(2025, 3, 1).expect("a day").saturating_add(jiff::Span::new().days(i64::from(day)));
        let parts = |kind: u8| match kind {
            0 => None,
            1 => Some(("45", None)),
            2 => Some(("45", Some("45A01"))),
            _ => Some(("45", Some("45A02"))),
        };
        let mut items = String::new();
        for (position, (kind, begin, length)) in products.iter().enumerate() {
            let product = parts(*kind).map_or(String::new(), |(categorie, code)| {
                let code = code.map_or(String::new(), |code| format!("<b:Code>{code}</b:Code>"));
                format!("<Product><b:Categorie>{categorie}</b:Categorie>{code}</Product>")
            });
            let eind = length.map_or(String::new(), |length| format!("<Einddatum>{}</Einddatum>", day(begin + length)));
            items.push_str(&format!(
                "<ToegewezenProduct><ToewijzingNummer>{position}</ToewijzingNummer>{product}\
                <Toewijzingsdatum>2025-01-20</Toewijzingsdatum><Toewijzingstijd>10:00:00</Toewijzingstijd>\
                <Ingangsdatum>{}</Ingangsdatum>{eind}</ToegewezenProduct>",
                day(*begin),
            ));
        }
        let text = message(Wet::Jw, 301);
        let start = text.find("<ToegewezenProduct>").expect("a product");
        let end = text.find("</ToegewezenProducten>").expect("the end");
        let text = format!("{}{items}{}", &text[..start], &text[end..]);
        let found = findings(&text).0.iter().any(|finding| finding.rule.code == "TR302");
        let same = |one: u8, other: u8| match (parts(one), parts(other)) {
            (Some((_, Some(one))), Some((_, Some(other)))) => one == other,
            _ => true,
        };
        let period = |(_, begin, length): &(u8, i8, Option<i8>)| (day(*begin), length.map(|length| day(begin + length)));
        let mut expected = false;
        for (position, one) in products.iter().enumerate() {
            for other in &products[..position] {
                expected |= same(one.0, other.0) && overlap(period(one), period(other));
            }
        }
        prop_assert_eq!(found, expected, "{}", text);
    }
}
