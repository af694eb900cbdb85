//! The tables of the lake: one declaration gives the columns, their explanation, a row type and the builder of batches.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanBuilder, Date32Builder, Int64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Schema, SchemaRef},
};
use grip_lake::{Table, column, days};
use grip_types::Date;

macro_rules! column_kind {
    (text, $comment:literal, $name:ident) => {
        column(stringify!($name), DataType::Utf8, false, $comment)
    };
    (text?, $comment:literal, $name:ident) => {
        column(stringify!($name), DataType::Utf8, true, $comment)
    };
    (number, $comment:literal, $name:ident) => {
        column(stringify!($name), DataType::Int64, false, $comment)
    };
    (number?, $comment:literal, $name:ident) => {
        column(stringify!($name), DataType::Int64, true, $comment)
    };
    (day, $comment:literal, $name:ident) => {
        column(stringify!($name), DataType::Date32, false, $comment)
    };
    (day?, $comment:literal, $name:ident) => {
        column(stringify!($name), DataType::Date32, true, $comment)
    };
    (truth, $comment:literal, $name:ident) => {
        column(stringify!($name), DataType::Boolean, false, $comment)
    };
}
macro_rules! row_type {
    (text) => { &'r str };
    (text?) => { Option<&'r str> };
    (number) => { i64 };
    (number?) => { Option<i64> };
    (day) => { Date };
    (day?) => { Option<Date> };
    (truth) => { bool };
}
macro_rules! builder_type {
    (text $(?)?) => {
        StringBuilder
    };
    (number $(?)?) => {
        Int64Builder
    };
    (day $(?)?) => {
        Date32Builder
    };
    (truth) => {
        BooleanBuilder
    };
}
macro_rules! append {
    (text, $builder:expr, $value:expr) => {
        $builder.append_value($value)
    };
    (text?, $builder:expr, $value:expr) => {
        $builder.append_option($value)
    };
    (number, $builder:expr, $value:expr) => {
        $builder.append_value($value)
    };
    (number?, $builder:expr, $value:expr) => {
        $builder.append_option($value)
    };
    (day, $builder:expr, $value:expr) => {
        $builder.append_value(days($value))
    };
    (day?, $builder:expr, $value:expr) => {
        $builder.append_option($value.map(days))
    };
    (truth, $builder:expr, $value:expr) => {
        $builder.append_value($value)
    };
}

macro_rules! tables {
    ($($row:ident $rows:ident $table:literal $comment:literal { $($name:ident: ($($kind:tt)+) $explanation:literal,)* })*) => {
        /// Every table of the lake.
        pub static TABLES: &[Table] = &[$(Table { name: $table, comment: $comment, schema: $rows::schema },)*];

        $(
            #[doc = $comment]
            #[derive(Debug, Clone)]
            pub(crate) struct $row<'r> { $(#[doc = $explanation] pub(crate) $name: row_type!($($kind)+),)* }

            #[derive(Debug, Default)]
            pub(crate) struct $rows { $($name: builder_type!($($kind)+),)* pub(crate) count: usize }

            impl $rows {
                pub(crate) const TABLE: &'static str = $table;

                fn schema() -> SchemaRef {
                    Arc::new(Schema::new(vec![$(column_kind!($($kind)+, $explanation, $name),)*]))
                }

                pub(crate) fn push(&mut self, row: $row<'_>) {
                    $(append!($($kind)+, self.$name, row.$name);)*
                    self.count += 1;
                }

                pub(crate) fn finish(&mut self) -> RecordBatch {
                    self.count = 0;
                    let columns: Vec<ArrayRef> = vec![$(Arc::new(self.$name.finish()),)*];
                    let fields: Vec<_> = Self::schema().fields().iter().map(|field| field.as_ref().clone().with_metadata([].into())).collect();
                    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns are built by the same declaration")
                }
            }
        )*
    };
}

tables! {
    BerichtRow BerichtRows "bericht" "Every file that was offered, taken or not." {
        bericht_id: (text) "First 32 hexadecimal digits of the SHA-256 of the file.",
        status: (text) "ingelezen, gedeeltelijk (some lines were not taken) or geweigerd.",
        wet: (text?) "wmo or jw; empty when the file is no message.",
        berichtsoort: (text?) "As WMO323; container for an archive or envelope; for an imported file what it holds.",
        release: (text?) "As 3.2.",
        gemeente: (text?) "Code of the municipality, four digits.",
        aanbieder: (text?) "AGB code of the provider.",
        afzender: (text?) "Code of who sent it: the municipality or the provider.",
        identificatie: (text?) "Identification by the sender.",
        dagtekening: (day?) "Date of the message.",
        regels: (number) "Lines taken from it.",
        bevindingen: (number) "Findings about it.",
        bytes: (number) "Size of the file.",
        _source_file: (text) "Path below the folder that was offered; inside a container the path goes on.",
        _intake: (number) "Commit it came in with.",
        _received_at: (day) "Day the municipality received or sent it.",
    }
    ControleRow ControleRows "controle" "Every time messages were judged by the rules over messages together." {
        versie: (text) "Version of Grip whose rules judged.",
        _intake: (number) "Last commit whose messages were judged.",
        berichten: (number) "Messages judged.",
        bevindingen: (number) "What was found.",
        _received_at: (day) "Last day a judged message was received.",
    }
    BevindingRow BevindingRows "bevinding" "What was wrong in files." {
        bericht_id: (text) "File it was found in.",
        code: (text) "Rule, as B022.",
        ernst: (text) "waarschuwing, fout or weigering.",
        regel: (number) "Line in the file, 0 for the file as a whole.",
        kolom: (number) "Column in the line.",
        rij: (number?) "Position in the message, as column regel of its tables; empty for what is not about one.",
        element: (text) "Path of the element.",
        omschrijving: (text) "What was found, in Dutch.",
        _received_at: (day) "Day the file was received.",
    }
    ToewijzingRow ToewijzingRows "toewijzing" "Every version of every allocation, as sent in a 301." {
        bericht_id: (text) "Message it stands in.",
        regel: (number) "Position in the message, from 1.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality that allocates.",
        aanbieder: (text) "Provider that should deliver.",
        client: (text) "Pseudonym.",
        toewijzing_nummer: (number?) "Number, unique within law and municipality; always there since release 3.0.",
        beschikking_nummer: (number?) "Decision it belongs to; up to release 2.3.",
        referentie_aanbieder: (text?) "Reference of the request it honours.",
        product_categorie: (text?) "Category; empty in a generic allocation.",
        product_code: (text?) "Code; empty when only the category is allocated.",
        toewijzingsdatum: (day) "First half of the version stamp.",
        toewijzingstijd: (text) "Second half of the version stamp.",
        ingangsdatum: (day) "First day.",
        einddatum: (day?) "Last day.",
        reden_wijziging: (text?) "Why this version differs from the one before.",
        omvang_volume: (number?) "Volume, in whole units.",
        omvang_eenheid: (text?) "Unit.",
        omvang_frequentie: (text?) "Per what the volume is.",
        budget_cents: (number?) "Budget in eurocents.",
        _received_at: (day) "Day it was sent.",
    }
    StartRow StartRows "start" "Starts of delivery, from a 305." {
        bericht_id: (text) "Message it stands in.",
        regel: (number) "Position in the message, from 1.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality.",
        aanbieder: (text) "Provider.",
        client: (text) "Pseudonym.",
        toewijzing_nummer: (number?) "Allocation; empty where none is needed.",
        product_categorie: (text?) "Category.",
        product_code: (text?) "Code.",
        toewijzing_ingangsdatum: (day?) "First day of the allocation.",
        begindatum: (day) "First day of delivery.",
        status_aanlevering: (text) "1 new, 3 deletes an earlier one.",
        _received_at: (day) "Day it was received.",
    }
    StopRow StopRows "stop" "Ends of delivery, from a 307." {
        bericht_id: (text) "Message it stands in.",
        regel: (number) "Position in the message, from 1.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality.",
        aanbieder: (text) "Provider.",
        client: (text) "Pseudonym.",
        toewijzing_nummer: (number?) "Allocation; empty where none is needed.",
        product_categorie: (text?) "Category.",
        product_code: (text?) "Code.",
        toewijzing_ingangsdatum: (day?) "First day of the allocation.",
        begindatum: (day) "First day of delivery.",
        reden_beeindiging: (text) "Why; its meaning depends on the law. 20 is for a time only.",
        einddatum: (day) "Last day of delivery.",
        status_aanlevering: (text) "1 new, 3 deletes an earlier one.",
        _received_at: (day) "Day it was received.",
    }
    PrestatieRow PrestatieRows "prestatie" "Lines of invoices, from a 323 or 303." {
        bericht_id: (text) "Message it stands in.",
        regel: (number) "Position in the message, from 1.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality that is asked to pay.",
        aanbieder: (text) "Provider that delivered.",
        client: (text) "Pseudonym.",
        declaratie_nummer: (text) "Number of the invoice.",
        declaratie_begindatum: (day) "First day of the month of the invoice.",
        referentie_nummer: (text) "The provider's number of the line.",
        vorig_referentie_nummer: (text?) "Number of the line a credit takes back.",
        toewijzing_nummer: (number?) "Allocation it was delivered on; always there since release 3.0.",
        beschikking_nummer: (number?) "Decision it was delivered on; up to release 2.3.",
        product_categorie: (text) "Category.",
        product_code: (text) "Code.",
        begindatum: (day) "First day of delivery.",
        einddatum: (day) "Last day of delivery.",
        geleverd_volume: (number) "Volume, in whole units.",
        eenheid: (text) "Unit; 83 is eurocents.",
        tarief_cents: (number?) "Tariff in eurocents per unit.",
        bedrag_cents: (number) "Amount in eurocents, VAT included; credits are negative.",
        btw_cents: (number?) "Of which VAT in eurocents; up to release 2.3.",
        _received_at: (day) "Day it was received.",
    }
    AntwoordRow AntwoordRows "declaratie_antwoord" "Answers to invoices, from a 325 or 304." {
        bericht_id: (text) "Message.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality that answers.",
        aanbieder: (text) "Provider that is answered.",
        declaratie_identificatie: (text) "Identification of the 323 that is answered.",
        declaratie_nummer: (text?) "Number of the invoice; empty when the message was refused at its header.",
        ingediend_cents: (number?) "Total of the invoice in eurocents.",
        toegekend_cents: (number?) "Of which approved, in eurocents.",
        retour_codes: (text) "Codes of message and invoice, separated by blanks.",
        geheel_afgekeurd: (truth) "Whether the invoice counts as never sent.",
        _received_at: (day) "Day it was sent.",
    }
    AfkeuringRow AfkeuringRows "prestatie_afkeuring" "Refused lines of invoices, from a 325 or 304. Approval is absence." {
        bericht_id: (text) "Message it stands in.",
        regel: (number) "Position in the message, from 1.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality that answers.",
        aanbieder: (text) "Provider that is answered.",
        client: (text) "Pseudonym.",
        declaratie_identificatie: (text) "Identification of the 323 the line stood in.",
        declaratie_nummer: (text) "Number of the invoice.",
        referentie_nummer: (text) "The provider's number of the line.",
        toewijzing_nummer: (number?) "Allocation.",
        bedrag_cents: (number) "Amount in eurocents; credits are negative.",
        retour_codes: (text) "Why, separated by blanks.",
        _received_at: (day) "Day it was sent.",
    }
    VerzoekRow VerzoekRows "verzoek" "What providers ask for, per product: new (315) or changed (317) allocations." {
        bericht_id: (text) "Message it stands in.",
        regel: (number) "Position in the message, from 1.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality that is asked.",
        aanbieder: (text) "Provider that asks.",
        client: (text) "Pseudonym.",
        soort: (text) "toewijzing (315) or wijziging (317).",
        referentie_aanbieder: (text) "The provider's name for the request.",
        onderdeel: (text) "aangevraagd, ongewijzigd, te_wijzigen or nieuw.",
        toewijzing_nummer: (number?) "Allocation it is about.",
        beschikking_nummer: (number?) "Decision it rests on.",
        product_categorie: (text?) "Category.",
        product_code: (text?) "Code.",
        ingangsdatum: (day?) "First day wanted.",
        einddatum: (day?) "Last day wanted.",
        omvang_volume: (number?) "Volume, in whole units.",
        omvang_eenheid: (text?) "Unit.",
        omvang_frequentie: (text?) "Per what the volume is.",
        budget_cents: (number?) "Budget in eurocents.",
        verwijzer: (text?) "Kind of referrer, list COD327.",
        verwijzer_code: (text?) "AGB code of the referrer.",
        reden_verzoek: (text?) "Why a change is asked for, list WJ758.",
        _received_at: (day) "Day it was received.",
    }
    VerzoekAntwoordRow VerzoekAntwoordRows "antwoord" "Answers to requests, from a 319. Granting is the 301 itself." {
        bericht_id: (text) "Message it stands in.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality that answers.",
        aanbieder: (text) "Provider that is answered.",
        referentie_aanbieder: (text) "The provider's name for the request.",
        verzoek_antwoord: (text) "1 refused, 2 under examination.",
        reden_afwijzing: (text?) "Why refused, list WJ759.",
        woonplaats_gemeente: (text?) "Municipality that is responsible, after refusal for that reason.",
        _received_at: (day) "Day it was sent.",
    }
    RetourRow RetourRows "retour" "Receipts: that a message arrived, or why it was refused (302, 306, 308, 316, 318, 320)." {
        bericht_id: (text) "Message it stands in.",
        wet: (text) "wmo or jw.",
        gemeente: (text) "Municipality.",
        aanbieder: (text) "Provider.",
        beantwoord_soort: (text) "Kind of the message that is answered, as WMO301.",
        beantwoord_afzender: (text) "Who sent that message.",
        beantwoord_identificatie: (text) "Its identification.",
        afgekeurd: (truth) "Whether it counts as never sent.",
        retour_codes: (text) "Codes of all classes, each once, separated by blanks.",
        _received_at: (day) "Day of the receipt.",
    }
    ClientkenmerkRow ClientkenmerkRows "clientkenmerk" "What is known of a client without knowing who it is." {
        client: (text) "Pseudonym.",
        gemeente: (text) "Municipality.",
        geboortemaand: (text?) "Month of birth, YYYY-MM, as far as known.",
        geslacht: (text?) "0 unknown, 1 male, 2 female.",
        wijk: (text?) "District.",
        huishouden: (text?) "Pseudonym of the household.",
        _received_at: (day) "Day it became known.",
    }
    BegrotingRow BegrotingRows "begroting" "Budgets per year, law and category." {
        gemeente: (text) "Municipality.",
        jaar: (number) "Year.",
        wet: (text) "wmo or jw.",
        product_categorie: (text?) "Category; empty for the law as a whole.",
        versie: (text) "primitief or actueel.",
        bedrag_cents: (number) "Amount in eurocents.",
        vastgesteld: (day) "Day it was decided; from then on it is in force.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same, the later holds.",
        _received_at: (day) "Day it counts as known: the day it was decided.",
    }
    ContractRow ContractRows "contract" "Tariffs agreed with providers." {
        gemeente: (text) "Municipality.",
        aanbieder: (text) "AGB code of the provider.",
        naam: (text?) "Name of the provider.",
        wet: (text) "wmo or jw.",
        product_categorie: (text) "Category.",
        product_code: (text?) "Code; empty for every code of the category.",
        eenheid: (text) "Unit.",
        tarief_cents: (number?) "Tariff in eurocents per unit; empty for unit 83.",
        begindatum: (day) "First day.",
        einddatum: (day?) "Last day.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same, the later holds.",
        _received_at: (day) "Day it counts as known: its first day.",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use grip_lake::{date_of, days};

    use super::TABLES;

    #[test]
    fn every_table_can_be_asked_as_of_a_day() {
        for table in TABLES {
            let schema = (table.schema)();
            assert!(schema.field_with_name(grip_lake::RECEIVED_AT).is_ok(), "{}", table.name);
            let names: HashSet<_> = schema.fields().iter().map(|field| field.name()).collect();
            assert_eq!(names.len(), schema.fields().len(), "{}", table.name);
        }
    }

    #[test]
    fn days_and_dates() {
        for day in [jiff::civil::date(1967, 8, 13), jiff::civil::date(1970, 1, 1), jiff::civil::date(2025, 6, 30)] {
            assert_eq!(date_of(days(day)), day);
        }
        assert_eq!(days(jiff::civil::date(1970, 2, 1)), 31);
    }
}
