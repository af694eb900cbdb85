//! From records to rows: the place where the fields of a supplier's file become columns, and citizens become pseudonyms.

use std::borrow::Cow;

use grip_import::{Decimal, Record, Soort};
use grip_types::{Bsn, Date};

use super::{
    double::{Double, Line},
    sink::Rows,
};
use crate::{
    pseudonym::Key,
    table::{
        BegrotingRow, ClientkenmerkRow, ContractRow, ErvaringRow, GrootboekRow, GrootboekrekeningRow, KerncijferRow,
        PrestatieRow, SubsidieRow, ToewijzingRow, UitkomstRow,
    },
};

/// What every row of a file has in common.
pub(super) struct Source<'s> {
    pub(super) key: &'s Key,
    pub(super) gemeente: &'s str,
    pub(super) bericht_id: &'s str,
    pub(super) imported_at: &'s str,
    pub(super) received: Date,
}

impl Source<'_> {
    /// A text in which a number of a citizen may stand.
    fn clean(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| self.key.without_citizen_numbers(text))
    }

    /// The same, where it is known which citizen the row is about.
    fn clean_of<'t>(&self, text: Option<&'t str>, bsn: &Bsn) -> Option<Cow<'t, str>> {
        let text = text?;
        // Spreadsheets drop the zero in front.
        let bare = bsn.expose().trim_start_matches('0');
        let clean = self.key.without_bsn(text, bsn.expose());
        Some(if bare.len() >= 8 && clean.contains(bare) {
            Cow::Owned(clean.replace(bare, &self.key.client(bsn.expose()).to_string()))
        } else {
            clean
        })
    }
}

/// An exact decimal with a point, as the tables keep it.
pub(super) fn exact(number: Decimal) -> String {
    number.to_string().replace(',', ".")
}

/// Fields that are required are there: the reader refuses rows without them.
const REQUIRED: &str = "a required field";

pub(super) fn push(record: &Record, source: &Source<'_>, double: &mut Double, rows: &mut Rows) {
    match record.soort() {
        Soort::Begroting => push_begroting(record, source, rows),
        Soort::Contract => push_contract(record, source, rows),
        Soort::Client => push_client(record, source, rows),
        Soort::Subsidie => push_subsidie(record, source, rows),
        Soort::Toewijzing => push_toewijzing(record, source, double, rows),
        Soort::Declaratie => push_declaratie(record, source, double, rows),
        Soort::Grootboek => push_grootboek(record, source, rows),
        Soort::Grootboekrekening => push_grootboekrekening(record, source, rows),
        Soort::Ervaring => push_ervaring(record, source, rows),
        Soort::Uitkomst => push_uitkomst(record, source, rows),
        Soort::Kerncijfer => push_kerncijfer(record, source, rows),
    }
}

fn line(record: &Record) -> i64 {
    i64::try_from(record.line).unwrap_or(i64::MAX)
}

fn agb(record: &Record, field: &str) -> Option<String> {
    record.agb(field).map(|agb| agb.to_string())
}

fn push_begroting(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    let vastgesteld = record.day("vastgesteld").expect(REQUIRED);
    rows.begroting.push(BegrotingRow {
        gemeente: source.gemeente,
        jaar: record.whole("jaar").expect(REQUIRED),
        wet: record.wet("wet").expect(REQUIRED).as_str(),
        product_categorie: record.text("productcategorie"),
        taakveld: record.text("taakveld"),
        versie: record.text("versie").expect(REQUIRED),
        wijzigingsnummer: record.text("wijzigingsnummer"),
        document: source.clean(record.text("document")).as_deref(),
        bedrag_cents: record.amount("bedrag").expect(REQUIRED).cents,
        vastgesteld,
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: vastgesteld,
    });
}

fn push_contract(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    let begindatum = record.day("begindatum").expect(REQUIRED);
    rows.contract.push(ContractRow {
        gemeente: source.gemeente,
        aanbieder: &agb(record, "aanbieder").expect(REQUIRED),
        naam: source.clean(record.text("naam")).as_deref(),
        contractnummer: source.clean(record.text("contractnummer")).as_deref(),
        segment: record.text("segment"),
        wet: record.wet("wet").expect(REQUIRED).as_str(),
        product_categorie: record.text("productcategorie").expect(REQUIRED),
        product_code: record.text("productcode"),
        eenheid: record.text("eenheid").expect(REQUIRED),
        tarief_cents: record.amount("tarief").map(|tarief| tarief.cents),
        plafond_cents: record.amount("plafond").map(|plafond| plafond.cents),
        begindatum,
        einddatum: record.day("einddatum"),
        optie_tot: record.day("optie_tot"),
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: begindatum,
    });
}

fn push_client(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    let bsn = record.bsn("bsn").expect(REQUIRED);
    let month = record.day("geboortedatum").map(|day| format!("{:04}-{:02}", day.year(), day.month()));
    let huishouden = record.text("huishouden").map(|number| source.key.huishouden(number).to_string());
    rows.clientkenmerk.push(ClientkenmerkRow {
        client: &source.key.client(bsn.expose()).to_string(),
        gemeente: source.gemeente,
        geboortemaand: month.as_deref(),
        geslacht: None,
        wijk: source.clean_of(record.text("wijk"), &bsn).as_deref(),
        huishouden: huishouden.as_deref(),
        _received_at: source.received,
    });
}

fn push_subsidie(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    let verleningsdatum = record.day("verleningsdatum").expect(REQUIRED);
    rows.subsidie.push(SubsidieRow {
        gemeente: source.gemeente,
        naam: source.clean(record.text("naam")).as_deref(),
        kvk: record.text("kvk"),
        aanbieder: agb(record, "agb").as_deref(),
        jaar: record.whole("jaar").expect(REQUIRED),
        regeling: source.clean(record.text("regeling")).as_deref(),
        doel: source.clean(record.text("doel")).as_deref(),
        taakveld: record.text("taakveld"),
        verleend_cents: record.amount("verleend").expect(REQUIRED).cents,
        vastgesteld_cents: record.amount("vastgesteld").map(|amount| amount.cents),
        verleningsdatum,
        begindatum: record.day("begindatum"),
        einddatum: record.day("einddatum"),
        beschikkingskenmerk: source.clean(record.text("beschikkingskenmerk")).as_deref(),
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: verleningsdatum,
    });
}

fn push_toewijzing(record: &Record, source: &Source<'_>, double: &mut Double, rows: &mut Rows) {
    let bsn = record.bsn("bsn").expect(REQUIRED);
    let wet = record.wet("wet").expect(REQUIRED).as_str();
    let nummer = record.whole("toewijzingnummer").expect(REQUIRED);
    let ingangsdatum = record.day("ingangsdatum").expect(REQUIRED);
    let day = record.day("toewijzingsdatum");
    let stamp = day.unwrap_or(ingangsdatum);
    if !double.admit_version(wet, nummer, day, stamp) {
        return;
    }
    rows.toewijzing.push(ToewijzingRow {
        bericht_id: source.bericht_id,
        regel: line(record),
        wet,
        gemeente: source.gemeente,
        aanbieder: &agb(record, "aanbieder").expect(REQUIRED),
        client: &source.key.client(bsn.expose()).to_string(),
        toewijzing_nummer: Some(nummer),
        beschikking_nummer: None,
        referentie_aanbieder: source.clean_of(record.text("referentie_aanbieder"), &bsn).as_deref(),
        product_categorie: record.text("productcategorie"),
        product_code: record.text("productcode"),
        toewijzingsdatum: stamp,
        // Exports have no time: a message of the same day is the later version.
        toewijzingstijd: "00:00:00",
        ingangsdatum,
        einddatum: record.day("einddatum"),
        reden_wijziging: record.text("reden_wijziging"),
        omvang_volume: record.whole("omvang_volume"),
        omvang_eenheid: record.text("omvang_eenheid"),
        omvang_frequentie: record.text("omvang_frequentie"),
        budget_cents: record.amount("budget").map(|budget| budget.cents),
        _received_at: stamp,
    });
}

fn push_declaratie(record: &Record, source: &Source<'_>, double: &mut Double, rows: &mut Rows) {
    let bsn = record.bsn("bsn").expect(REQUIRED);
    let client = source.key.client(bsn.expose()).to_string();
    let wet = record.wet("wet").expect(REQUIRED);
    let agb = record.agb("aanbieder").expect(REQUIRED);
    let aanbieder = agb.to_string();
    let clean = |field| source.clean_of(record.text(field), &bsn);
    let (declaratie, referentie) =
        (clean("declaratienummer").expect(REQUIRED), clean("referentienummer").expect(REQUIRED));
    let received = record.day("ontvangen").expect(REQUIRED);
    let (regel, cents) = (line(record), record.amount("bedrag").expect(REQUIRED).cents);
    let offered = Line {
        wet,
        agb,
        aanbieder: &aanbieder,
        client: &client,
        declaratie_nummer: &declaratie,
        referentie_nummer: &referentie,
        toewijzing_nummer: record.whole("toewijzingnummer"),
        regel,
        cents,
        status: record.text("status").expect(REQUIRED),
        received,
    };
    if !double.admit_line(&offered, source, rows) {
        return;
    }
    rows.prestatie.push(PrestatieRow {
        bericht_id: source.bericht_id,
        regel,
        wet: wet.as_str(),
        gemeente: source.gemeente,
        aanbieder: &aanbieder,
        client: &client,
        declaratie_nummer: &declaratie,
        declaratie_begindatum: record.month("declaratieperiode").expect(REQUIRED).first_day(),
        referentie_nummer: &referentie,
        vorig_referentie_nummer: clean("vorig_referentienummer").as_deref(),
        toewijzing_nummer: offered.toewijzing_nummer,
        beschikking_nummer: None,
        product_categorie: record.text("productcategorie").expect(REQUIRED),
        product_code: record.text("productcode").expect(REQUIRED),
        begindatum: record.day("begindatum").expect(REQUIRED),
        einddatum: record.day("einddatum").expect(REQUIRED),
        geleverd_volume: record.whole("volume").expect(REQUIRED),
        eenheid: record.text("eenheid").expect(REQUIRED),
        tarief_cents: record.amount("tarief").map(|tarief| tarief.cents),
        bedrag_cents: cents,
        btw_cents: None,
        _received_at: received,
    });
}

fn push_grootboek(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    let boekdatum = record.day("boekdatum").expect(REQUIRED);
    rows.grootboek.push(GrootboekRow {
        gemeente: source.gemeente,
        jaar: i64::from(boekdatum.year()),
        periode: record.whole("periode").unwrap_or_else(|| i64::from(boekdatum.month())),
        boekdatum,
        rekening: record.text("rekening").expect(REQUIRED),
        rekening_omschrijving: source.clean(record.text("rekeningomschrijving")).as_deref(),
        rekeningtype: record.text("rekeningtype"),
        kostenplaats: source.clean(record.text("kostenplaats")).as_deref(),
        taakveld: record.text("taakveld"),
        categorie: record.text("categorie"),
        dagboek: record.text("dagboek"),
        boekstuk: source.clean(record.text("boekstuk")).as_deref(),
        bedrag_cents: record.amount("bedrag").expect(REQUIRED).cents,
        regel: line(record),
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: boekdatum,
    });
}

fn push_grootboekrekening(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    rows.grootboekrekening.push(GrootboekrekeningRow {
        gemeente: source.gemeente,
        rekening: &record.rekeningen("rekening").expect(REQUIRED).to_string(),
        taakveld: record.text("taakveld").expect(REQUIRED),
        wet: record.wet("wet").map(grip_types::Wet::as_str),
        product_categorie: record.text("productcategorie"),
        is_last: record.text("soort") == Some("last"),
        omschrijving: source.clean(record.text("omschrijving")).as_deref(),
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: source.received,
    });
}

fn push_ervaring(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    rows.ervaring.push(ErvaringRow {
        gemeente: source.gemeente,
        jaar: record.whole("jaar").expect(REQUIRED),
        wet: record.wet("wet").expect(REQUIRED).as_str(),
        vraag: record.text("vraag").expect(REQUIRED),
        antwoord: source.clean(record.text("antwoord")).as_deref(),
        percentage: &exact(record.decimal("percentage").expect(REQUIRED)),
        respondenten: record.whole("respondenten").expect(REQUIRED),
        aanbieder: agb(record, "aanbieder").as_deref(),
        wijk: record.text("wijk"),
        taakveld: record.text("taakveld"),
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: source.received,
    });
}

fn push_uitkomst(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    let periode = record.period("periode").expect(REQUIRED);
    let decimal = |field| record.decimal(field).map(exact);
    rows.uitkomst.push(UitkomstRow {
        gemeente: source.gemeente,
        aanbieder: &agb(record, "aanbieder").expect(REQUIRED),
        wet: record.wet("wet").expect(REQUIRED).as_str(),
        product_categorie: record.text("productcategorie"),
        begindatum: periode.begin,
        einddatum: periode.eind,
        afgesloten: record.whole("afgesloten").expect(REQUIRED),
        uitval_aantal: record.whole("uitval_aantal"),
        uitval_percentage: decimal("uitval_percentage").as_deref(),
        tevredenheid: decimal("tevredenheid").as_deref(),
        tevredenheid_aantal: record.whole("tevredenheid_aantal"),
        doelrealisatie: decimal("doelrealisatie").as_deref(),
        doelrealisatie_aantal: record.whole("doelrealisatie_aantal"),
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: source.received,
    });
}

fn push_kerncijfer(record: &Record, source: &Source<'_>, rows: &mut Rows) {
    let (periode, waarde) = (record.period("periode").expect(REQUIRED), record.decimal("waarde").expect(REQUIRED));
    rows.kerncijfer.push(KerncijferRow {
        gemeente: source.gemeente,
        indicator: record.text("indicator").expect(REQUIRED),
        begindatum: periode.begin,
        einddatum: periode.eind,
        gebied: record.text("gebied").expect(REQUIRED),
        waarde: &exact(waarde),
        waarde_units: waarde.units(),
        waarde_scale: i64::from(waarde.scale()),
        eenheid: record.text("eenheid").expect(REQUIRED),
        bron: source.clean(record.text("bron")).as_deref(),
        bericht_id: source.bericht_id,
        _imported_at: source.imported_at,
        _received_at: source.received,
    });
}
