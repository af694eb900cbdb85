//! Code lists: which codes a list has, per law and release. A code outside its list is kept and reported, never refused.

use grip_types::Wet;

use crate::{
    Berichtsoort, Release,
    value::{Datatype, Fault},
};

/// A code list of the standard.
pub trait CodeList {
    /// Number of the list in the standard, such as `WJ756`, or the name of its type where it has none.
    const LIST: &'static str;
    /// The codes of the list for this law and release, in ascending order.
    fn codes(soort: Berichtsoort) -> &'static [&'static str];
}

/// The table of the code lists: one list for all laws and releases, or the first that fits law, version and subversion.
macro_rules! code_lists {
    ($($(#[doc = $doc:literal])* $name:ident $list:literal: $($scope:pat => [$($code:literal),*]),+;)*) => { $(
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl CodeList for $name {
            const LIST: &'static str = $list;
            fn codes(soort: Berichtsoort) -> &'static [&'static str] {
                let Release { versie, subversie } = soort.release;
                match (soort.wet, versie, subversie) {
                    $($scope => &[$($code),*],)+
                }
            }
        }
        impl Datatype for $name {
            type Meaning<'t> = &'t str;
            fn parse(text: &str) -> Result<&str, Fault> {
                parse_code(text)
            }
            fn check(text: &str, soort: Berichtsoort) -> Result<(), Fault> {
                check_code(parse_code(text)?, Self::codes(soort))
            }
        }
    )* };
}

fn parse_code(text: &str) -> Result<&str, Fault> {
    let valid = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if valid { Ok(text) } else { Err(Fault::Invalid("een code van de codelijst")) }
}

fn check_code(code: &str, codes: &[&str]) -> Result<(), Fault> {
    codes.binary_search(&code).map(drop).map_err(|_| Fault::UnknownCode)
}

// Sources: the schemas of 2.3 and of 3.2. Of 3.0 and 3.1 no schema is at hand: they have the list of 3.2, less the codes of
// which it is known that they came with 3.1 (13 and 14 of RedenWijziging, 38 and 39 of RedenBeeindiging).
code_lists! {
    /// Designation of a dwelling (NUM061).
    AanduidingWoonadres "NUM061": _ => ["AB", "BY", "TO", "WW"];
    /// Kind of address (COD757).
    AdresSoort "COD757": _ => ["01", "02", "03", "04"];
    /// Kind of limitation; release 2.3.
    BeperkingCategorie "LDT_BeperkingCategorie": _ => ["1", "2", "3", "4", "5", "6"];
    /// Answer to a question about a limitation; release 2.3.
    BeperkingScore "LDT_BeperkingScore": _ => ["0", "1", "2", "3", "9"];
    /// Question about a limitation; release 2.3.
    BeperkingVraag "LDT_BeperkingVraag": _ => ["0101", "0102", "0103", "0104", "0105", "0106", "0107", "0108", "0109", "0110", "0111", "0112", "0113", "0114", "0201", "0202", "0203", "0204", "0205", "0206", "0207", "0208", "0209", "0210", "0211", "0212", "0213", "0214", "0301", "0302", "0303", "0304", "0305", "0306", "0307", "0308", "0309", "0401", "0402", "0403", "0404", "0405", "0406", "0407", "0408", "0409", "0410", "0411", "0501", "0502", "0503", "0504", "0505", "0506", "0601", "0602", "0603", "0604", "0605", "0606", "0607", "0608", "0609", "0610", "0611"];
    /// Whom to pay; release 2.3.
    BetalingAanID "LDT_BetalingAanID": _ => ["01", "02"];
    /// Whether a line is free of VAT; release 2.3.
    BtwVrijstellingIndicatie "LDT_BtwVrijstellingIndicatie": _ => ["1", "2"];
    /// Form of communication (COD747).
    Communicatievorm "COD747": _ => ["1", "2", "3"];
    /// Which parts of a date are known (COD170).
    DatumGebruik "COD170": _ => ["1", "2", "3"];
    /// Sign of an amount: `D` or `C` (COD043).
    DebetCredit "COD043": _ => ["C", "D"];
    /// How long a limitation will last; release 2.3.
    Duur "LDT_Duur": _ => ["1", "2", "3", "4"];
    /// Unit of a volume (WJ756).
    Eenheid "WJ756":
        (_, 2, _) => ["01", "04", "14", "16", "21", "81", "82", "83"],
        _ => ["01", "04", "14", "16", "82", "83", "84"];
    /// Per what a volume is meant (WMO757).
    Frequentie "WMO757":
        (_, 2, _) => ["1", "2", "3", "4", "5", "6"],
        _ => ["1", "2", "4", "6"];
    /// Sex (COD046).
    Geslacht "COD046": _ => ["0", "1", "2"];
    /// Ground of a decision; release 2.3.
    Grondslag "LDT_Grondslag": _ => ["01", "02", "03", "04", "05", "06", "07"];
    /// Yes or no (COD260).
    JaNee "COD260": _ => ["1", "2"];
    /// Legal status (WJ232).
    JuridischeStatus "WJ232": _ => ["01", "02", "03", "04", "05", "11", "12"];
    /// Country, ISO 3166 alpha-2 (COD032).
    LandCode "COD032": _ => ["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW"];
    /// Which name a person uses (COD700).
    NaamGebruik "COD700": _ => ["1", "2", "3", "4", "5", "6"];
    /// Category of a product (WMO020 and JZ020).
    ProductCategorie "WMO020 and JZ020":
        (Wet::Wmo, ..) => ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18"],
        (Wet::Jw, ..) => ["31", "32", "33", "34", "35", "36", "37", "38", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50", "51", "52", "53", "54", "55"];
    /// Why a request is refused (WJ759).
    RedenAfwijzingVerzoek "WJ759": _ => ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    /// Why delivery stopped (WMO588 and JZ588).
    RedenBeeindiging "WMO588 and JZ588":
        (Wet::Wmo, 2, _) => ["02", "19", "20", "21", "22", "23", "31"],
        (Wet::Wmo, 3, 0) => ["02", "19", "20", "21", "22", "23", "31", "36", "37"],
        (Wet::Wmo, ..) => ["02", "19", "20", "21", "22", "23", "31", "36", "37", "38", "39"],
        (Wet::Jw, 2, _) => ["02", "20", "31", "32", "33", "34", "35"],
        (Wet::Jw, 3, 0) => ["02", "20", "31", "32", "33", "34", "35", "36", "37"],
        (Wet::Jw, ..) => ["02", "20", "31", "32", "33", "34", "35", "36", "37", "38", "39"];
    /// Why a change is requested (WJ758).
    RedenVerzoek "WJ758": _ => ["1", "2"];
    /// Why a Toewijzing changed (WMO002 and JZ002).
    RedenWijziging "WMO002 and JZ002":
        (_, 2, _) => ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11"],
        (_, 3, 0) => ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"],
        _ => ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14"];
    /// Judgement in an answer (WJ001).
    RetourCode "WJ001":
        (_, 2, _) => ["0001", "0013", "0030", "0200", "0233", "0551", "0611", "1112", "1142", "8001", "8004", "8017", "8021", "8187", "8214", "8847", "8848", "8849", "8853", "8854", "8855", "8856", "9019", "9056", "9063", "9069", "9071", "9074", "9300", "9307", "9308", "9309", "9311", "9319", "9321", "9322", "9326", "S300", "S329"],
        _ => ["0001", "0200", "0233", "0611", "8001", "8017", "8021", "8187", "8214", "8848", "9019", "9056", "9063", "9069", "9071", "9074", "9307", "9308", "9319", "9321", "9322", "9326", "9332", "9333", "9338", "9339", "9340", "9341", "9346", "9347", "9349", "9350", "9351", "9355", "9357", "9359", "9360", "9361", "9365", "9366", "9367", "9369", "9373", "9374", "9375", "9379", "9384", "9385", "9387", "9388", "9389", "9390", "9411", "9412", "9413", "9414", "9415", "S300", "S329"];
    /// Kind of relation (COD472).
    SoortRelatie "COD472": _ => ["03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25"];
    /// New, changed or deleted (COD467).
    StatusAanlevering "COD467": _ => ["1", "2", "3", "9"];
    /// Who referred a client (COD327).
    TypeVerwijzer "COD327":
        (_, 2, _) => ["01", "02", "03", "04", "05", "06", "07", "08"],
        _ => ["01", "02", "03", "04", "05", "06", "08"];
    /// Currency; release 2.3.
    ValutaCode "LDT_ValutaCode": _ => ["EUR"];
    /// Answer to a request (WJ760).
    VerzoekAntwoord "WJ760": _ => ["1", "2"];
    /// Legal representation (WJ003).
    WettelijkeVertegenwoordiging "WJ003": _ => ["06", "07", "08", "09", "10"];
}

/// Name of a Productcategorie (lists WMO020 and JZ020), or `None` for a code outside them.
pub fn product_categorie_naam(categorie: &str) -> Option<&'static str> {
    Some(match categorie {
        "01" => "Hulp bij het huishouden",
        "02" => "Begeleiding",
        "03" => "Persoonlijke verzorging",
        "04" => "Kortdurend verblijf",
        "05" => "Woondiensten",
        "06" => "Overige ondersteuning gericht op het individu of huishouden/gezin",
        "07" => "Dagbesteding",
        "08" => "Vervoerdiensten",
        "09" => "Overige groepsgerichte ondersteuning",
        "10" => "Overige maatwerk arrangementen",
        "11" => "Rolstoelen",
        "12" => "Vervoervoorzieningen",
        "13" => "Woonvoorzieningen",
        "14" => "Overige hulpmiddelen",
        "15" => "Beschermd wonen",
        "16" => "Opvang",
        "17" => "Spoedopvang",
        "18" => "Overige beschermd wonen en opvang",
        "31" => "2015: Zonder verblijf: uitgevoerd door wijk- of buurtteam",
        "32" => "2015: Zonder verblijf: ambulante jeugdhulp op locatie van de aanbieder",
        "33" => "2015: Zonder verblijf: daghulp op locatie van de aanbieder",
        "34" => "2015: Zonder verblijf: jeugdhulp in het netwerk van de jeugdige",
        "35" => "2015: Met verblijf: pleegzorg",
        "36" => "2015: Met verblijf: gezinsgericht",
        "37" => "2015: Met verblijf: gesloten plaatsing",
        "38" => "2015: Met verblijf: overig residentieel",
        "40" => "Persoonlijke verzorging",
        "41" => "Dagbehandeling",
        "42" => "Vervoerdiensten",
        "43" => "Jeugdhulp verblijf (incl. behandeling)",
        "44" => "Jeugdhulp verblijf (excl. behandeling)",
        "45" => "Jeugdhulp ambulant",
        "46" => "Jeugdhulp crisis",
        "47" => "Jeugdreclassering",
        "48" => "Jeugdbescherming",
        "49" => "Activiteiten in het preventief justitieel kader",
        "50" => "Maatwerkarrangementen jeugd",
        "51" => "Generalistische basis-ggz",
        "52" => "Specialistische ggz",
        "53" => "Kindergeneeskunde",
        "54" => "Jeugd-ggz",
        "55" => "Landelijk ingekochte zorg",
        _ => return None,
    })
}

/// Name of a kind of referrer (list COD327), or `None` for a code outside it. 07 is in release 2 only.
pub fn verwijzer_naam(code: &str) -> Option<&'static str> {
    Some(match code {
        "01" => "Gemeente",
        "02" => "Huisarts",
        "03" => "Jeugdarts",
        "04" => "Gecertificeerde instelling",
        "05" => "Medisch specialist",
        "06" => "Zelfverwijzer of geen verwijzer",
        "07" => "Onbekende verwijzer",
        "08" => "Rechter, officier van justitie of justitiële jeugdinrichting",
        _ => return None,
    })
}

/// How a category without a name is shown.
pub fn aanduiding_onbekend(categorie: &str) -> String {
    if categorie.is_empty() { "Zonder productcategorie".to_owned() } else { format!("Productcategorie {categorie}") }
}

#[cfg(test)]
mod tests {
    use grip_types::Wet;

    use super::{Datatype, Eenheid, Fault, ProductCategorie, RedenBeeindiging, RedenWijziging, product_categorie_naam};
    use crate::{Berichtsoort, Release, codes::CodeList};

    #[test]
    fn lists_are_scoped_by_law() {
        let (wmo, jw) = (Berichtsoort::v3_2(Wet::Wmo, 307), Berichtsoort::v3_2(Wet::Jw, 307));
        assert_eq!(RedenBeeindiging::check("19", wmo), Ok(()));
        assert_eq!(RedenBeeindiging::check("19", jw), Err(Fault::UnknownCode));
        assert_eq!(RedenBeeindiging::check("", jw), Err(Fault::Invalid("een code van de codelijst")));
    }

    #[test]
    fn lists_are_scoped_by_release() {
        let in_list = Release::ALL.map(|release| {
            let soort = Berichtsoort { release, ..Berichtsoort::v3_2(Wet::Jw, 301) };
            [
                Eenheid::check("21", soort),
                Eenheid::check("84", soort),
                RedenWijziging::check("12", soort),
                RedenWijziging::check("13", soort),
                RedenBeeindiging::check("38", soort),
            ]
            .map(|checked| checked.is_ok())
        });
        assert_eq!(
            in_list,
            [
                [true, false, false, false, false],
                [false, true, true, false, false],
                [false, true, true, true, true],
                [false, true, true, true, true],
            ]
        );
    }

    #[test]
    fn every_category_has_a_name() {
        for wet in [Wet::Wmo, Wet::Jw] {
            for code in ProductCategorie::codes(Berichtsoort::v3_2(wet, 301)) {
                assert!(product_categorie_naam(code).is_some(), "{code}");
            }
        }
    }
}
