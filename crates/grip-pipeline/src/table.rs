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
        bericht_id: (text) "First 32 hexadecimal digits of the SHA-256 of the file; of an import together with its kind and municipality.",
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
        declaratie_dagtekening: (day?) "Date of that message, which tells two of one identification apart.",
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
    VernietigingRow VernietigingRows "vernietiging" "Rows of persons that were removed because their term was over: figures before that day lack them." {
        soort: (text) "declaratie, zorg or kenmerk.",
        tabel: (text) "Table they were in.",
        tot: (day) "First day that was kept.",
        regels: (number) "How many were removed.",
        _received_at: (day) "Day it happened.",
    }
    BegrotingRow BegrotingRows "begroting" "Budgets per year, law and category." {
        gemeente: (text) "Municipality.",
        jaar: (number) "Year.",
        wet: (text) "wmo or jw.",
        product_categorie: (text?) "Category; empty for the law as a whole.",
        taakveld: (text?) "Task field, when the amount is for one instead of for a category.",
        versie: (text) "primitief, actueel, or wijziging, whose amount is a difference.",
        wijzigingsnummer: (text?) "Number of the amendment.",
        document: (text?) "Decision of the council it stands in.",
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
        contractnummer: (text?) "Number of the contract.",
        segment: (text?) "Lot of the procurement.",
        wet: (text) "wmo or jw.",
        product_categorie: (text) "Category.",
        product_code: (text?) "Code; empty for every code of the category.",
        eenheid: (text) "Unit.",
        tarief_cents: (number?) "Tariff in eurocents per unit; empty for unit 83.",
        plafond_cents: (number?) "The most that is paid in a year under this contract, in eurocents.",
        begindatum: (day) "First day.",
        einddatum: (day?) "Last day.",
        optie_tot: (day?) "Last day when every option is used.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same, the later holds.",
        _received_at: (day) "Day it counts as known: its first day.",
    }
    SubsidieRow SubsidieRows "subsidie" "Grants, as granted and as fixed afterwards." {
        gemeente: (text) "Municipality.",
        naam: (text?) "Name of the receiver, when that is no natural person.",
        kvk: (text?) "Number of the receiver in the trade register, eight digits.",
        aanbieder: (text?) "AGB code of the receiver, when it has one.",
        jaar: (number) "Year it is for.",
        regeling: (text?) "Scheme it is granted under.",
        doel: (text?) "What it is for.",
        taakveld: (text?) "Task field it is booked on.",
        verleend_cents: (number) "Granted, in eurocents.",
        vastgesteld_cents: (number?) "Fixed, in eurocents; empty as long as it is not.",
        verleningsdatum: (day) "Day it was granted.",
        begindatum: (day?) "First day of the activities.",
        einddatum: (day?) "Last day of the activities.",
        beschikkingskenmerk: (text?) "Reference of the decision.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same, the later holds.",
        _received_at: (day) "Day it counts as known: the day it was granted.",
    }
    GrootboekRow GrootboekRows "grootboek" "Bookings in the general ledger, one row per line; what holds now is in grootboek_actueel." {
        gemeente: (text) "Municipality.",
        jaar: (number) "Year of the booking.",
        periode: (number) "Period of booking, 1 to 12; 0 opens the year, 13 and more close it; the month of the day where the file has none.",
        boekdatum: (day) "Day of the booking.",
        rekening: (text) "Account.",
        rekening_omschrijving: (text?) "Description of the account.",
        rekeningtype: (text?) "balans, resultaat or gemengd.",
        kostenplaats: (text?) "Cost centre.",
        taakveld: (text?) "Task field, when the file has it.",
        categorie: (text?) "Economic category of Iv3, as L3.8, when the file has it.",
        dagboek: (text?) "Journal.",
        boekstuk: (text?) "Number of the document.",
        bedrag_cents: (number) "Amount in eurocents: debit positive, credit negative.",
        regel: (number) "Line in the file.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of a period and journal the bookings of the latest file hold.",
        _received_at: (day) "Day it counts as known: the day of the booking.",
    }
    GrootboekrekeningRow GrootboekrekeningRows "grootboekrekening" "Which accounts belong to which task field." {
        gemeente: (text) "Municipality.",
        rekening: (text) "Account 4301, range 4300-4399 or prefix 43*; the narrowest holds.",
        taakveld: (text) "Task field.",
        wet: (text?) "wmo or jw.",
        product_categorie: (text?) "Category; with a law it says on which task field declared products of it are expected.",
        is_last: (truth) "Whether spending is booked on it; otherwise income.",
        omschrijving: (text?) "What is booked on it.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same accounts, the later holds.",
        _received_at: (day) "Day it became known.",
    }
    ErvaringRow ErvaringRows "ervaring" "Answers in the yearly survey of clients." {
        gemeente: (text) "Municipality.",
        jaar: (number) "Year that was asked about.",
        wet: (text) "wmo or jw.",
        vraag: (text) "Question or statement.",
        antwoord: (text?) "Answer.",
        percentage: (text) "Share of the respondents who gave it: an exact decimal with a point, in percent.",
        respondenten: (number) "How many answered the question.",
        aanbieder: (text?) "AGB code; empty for the municipality as a whole.",
        wijk: (text?) "District; empty for the municipality as a whole.",
        taakveld: (text?) "Task field.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same, the later holds.",
        _received_at: (day) "Day it became known.",
    }
    UitkomstRow UitkomstRows "uitkomst" "Outcomes of ended trajectories: broken off, satisfied, goals reached." {
        gemeente: (text) "Municipality.",
        aanbieder: (text) "AGB code of the provider.",
        wet: (text) "wmo or jw.",
        product_categorie: (text?) "Category; empty for all.",
        begindatum: (day) "First day of the period.",
        einddatum: (day) "Last day of the period.",
        afgesloten: (number) "Trajectories that ended.",
        uitval_aantal: (number?) "Of which broken off.",
        uitval_percentage: (text?) "Of which broken off: an exact decimal with a point, in percent.",
        tevredenheid: (text?) "Mean score: an exact decimal with a point.",
        tevredenheid_aantal: (number?) "How many gave a score.",
        doelrealisatie: (text?) "Mean score: an exact decimal with a point.",
        doelrealisatie_aantal: (number?) "How many gave a score.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same, the later holds.",
        _received_at: (day) "Day it became known.",
    }
    KerncijferRow KerncijferRows "kerncijfer" "Published figures." {
        gemeente: (text) "Municipality it was imported for.",
        indicator: (text) "What was measured.",
        begindatum: (day) "First day of the period.",
        einddatum: (day) "Last day of the period.",
        gebied: (text) "Municipality, region or group.",
        waarde: (text) "The figure: an exact decimal with a point.",
        waarde_units: (number) "The figure without its point.",
        waarde_scale: (number) "How many of its digits stand behind the point.",
        eenheid: (text) "Unit.",
        bron: (text?) "Where it was published.",
        bericht_id: (text) "File it was imported from.",
        _imported_at: (text) "Moment of the import: of two rows about the same, the later holds.",
        _received_at: (day) "Day it became known.",
    }
    OpenDataRow OpenDataRows "open_data" "Figures of CBS, every edition that was taken in; the newest are in open_data_actueel." {
        bron: (text) "cbs-v3 or cbs-v4.",
        tabel: (text) "Table, as 85098NED.",
        editie: (text) "When the table was changed last, as the source writes it; empty when it does not say.",
        regio: (text?) "Place, as GM0935.",
        periode: (text?) "Period, as 2023JJ00.",
        meting: (text) "What was measured: the name that stays the same between editions.",
        dimensies: (text) "The other dimensions as name=key, separated by semicolons.",
        waarde: (text?) "The figure: an exact decimal with a point; empty when there is none.",
        waarde_units: (number?) "The figure without its point.",
        waarde_scale: (number?) "How many of its digits stand behind the point.",
        eenheid: (text) "Unit as published.",
        status: (text) "definitief, voorlopig and so on, or why there is no figure.",
        bericht_id: (text) "Folder it was imported from.",
        _imported_at: (text) "Moment of the import.",
        _received_at: (day) "Day it became known.",
    }
    Iv3Row Iv3Rows "iv3" "Iv3 per municipality, every edition that was taken in; the newest are in iv3_actueel." {
        gemeente: (text) "Municipality.",
        jaar: (number) "Year.",
        verslagsoort: (text) "begroting, kwartaal 1 to 4, or jaarrekening; never to be added.",
        taakveld: (text) "Task field.",
        generatie: (text) "Which list of task fields it is from.",
        categorie: (text) "Economic category, as L3.4.1.",
        is_last: (truth) "Whether it is spending; otherwise income. Never to be added.",
        bedrag_cents: (number) "Amount in eurocents, published in thousands of euros.",
        plaatsing: (number) "2 when it is of the second publication, 1 when there is only the first.",
        tabel: (text) "Table it is from, as 45067NED.",
        editie: (text) "When the table was changed last, as the source writes it; empty when it does not say.",
        bericht_id: (text) "Folder it was imported from.",
        _imported_at: (text) "Moment of the import.",
        _received_at: (day) "Day it became known.",
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Arc};

    use arrow::{
        array::{ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray},
        datatypes::{DataType, Schema, SchemaRef},
    };
    use grip_lake::{Lake, LakeError, RECEIVED_AT, Table, date_of, days};

    use super::TABLES;
    use crate::{Grip, PipelineError, open_lake};

    /// The columns of a table without one of them.
    fn without(table: &str, column: &str) -> SchemaRef {
        let table = TABLES.iter().find(|found| found.name == table).expect("a table");
        let schema = (table.schema)();
        let fields = schema.fields().iter().filter(|field| field.name() != column);
        Arc::new(Schema::new(fields.map(|field| field.as_ref().clone()).collect::<Vec<_>>()))
    }

    /// The tables of this version with another form of one of them.
    fn tables_with(name: &'static str, schema: fn() -> SchemaRef) -> &'static [Table] {
        let table = |table: &Table| match table.name == name {
            true => Table { name, comment: table.comment, schema },
            false => Table { name: table.name, comment: table.comment, schema: table.schema },
        };
        Box::leak(TABLES.iter().map(table).collect::<Vec<_>>().into_boxed_slice())
    }

    /// Takes in a row that has a value in every column that must have one.
    fn take_in_a_row(lake: &Lake, name: &str, schema: &SchemaRef) {
        let columns = schema.fields().iter().map(|field| -> ArrayRef {
            match (field.data_type(), field.is_nullable()) {
                (DataType::Utf8, true) => Arc::new(StringArray::from(vec![None::<&str>])),
                (DataType::Utf8, false) => Arc::new(StringArray::from(vec!["x"])),
                (DataType::Int64, optional) => Arc::new(Int64Array::from(vec![(!optional).then_some(7)])),
                (DataType::Date32, optional) => Arc::new(Date32Array::from(vec![(!optional).then_some(19_000)])),
                (DataType::Boolean, _) => Arc::new(BooleanArray::from(vec![true])),
                (other, _) => panic!("no column has type {other}"),
            }
        });
        let plain: Vec<_> =
            schema.fields().iter().map(|field| field.as_ref().clone().with_metadata([].into())).collect();
        let rows = RecordBatch::try_new(Arc::new(Schema::new(plain)), columns.collect()).expect("a row");
        let mut intake = lake.begin().expect("the lock");
        let mut file = intake.stage(name).expect("a file");
        file.write(&rows).expect("written");
        file.finish().expect("closed");
        intake.commit().expect("committed");
    }

    /// `declaratie_dagtekening` came later than the table it is in (commit 3d913f8): what was written before reads as empty, through
    /// the views too, and the table is written on.
    #[test]
    fn tables_of_before_a_column_came_are_read_and_written_on() {
        const TABLE: &str = "declaratie_antwoord";
        let earlier: fn() -> SchemaRef = || without(TABLE, "declaratie_dagtekening");
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path(), tables_with(TABLE, earlier)).expect("a lake");
        take_in_a_row(&lake, TABLE, &earlier());
        let now = open_lake(folder.path()).expect("a lake");
        let count = || {
            let rows = Grip::open(folder.path()).expect("opened").sql(
                "SELECT COUNT(*), COUNT(declaratie_dagtekening) FROM declaratie_antwoord",
                None,
                None,
                jiff::civil::date(2025, 1, 1),
            );
            let rows = rows.expect("rows");
            let value =
                |column: usize| rows[0].column(column).as_any().downcast_ref::<Int64Array>().expect("a count").value(0);
            (value(0), value(1))
        };
        assert_eq!(count(), (1, 0));
        take_in_a_row(&now, TABLE, &(TABLES.iter().find(|table| table.name == TABLE).expect("a table").schema)());
        assert_eq!(count(), (2, 0));
        // And the earlier Grip says what to do.
        let refused = lake.snapshot(None).err().expect("of a later Grip");
        assert!(matches!(&refused, LakeError::Later { table, .. } if table == TABLE), "{refused}");
        assert!(refused.to_string().contains("hint: use the Grip that wrote it"), "{refused}");
    }

    /// `controle` once called a column otherwise (until commit f9459c1), in which every row has a value: that is not guessed at.
    #[test]
    fn tables_of_before_a_column_got_its_name_are_refused() {
        let earlier: fn() -> SchemaRef = || {
            let schema = without("controle", "_intake");
            let renamed =
                grip_lake::column("tot_intake", DataType::Int64, false, "Last commit whose messages were judged.");
            let fields = schema.fields().iter().map(|field| field.as_ref().clone());
            Arc::new(Schema::new(fields.chain([renamed]).collect::<Vec<_>>()))
        };
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path(), tables_with("controle", earlier)).expect("a lake");
        take_in_a_row(&lake, "controle", &earlier());
        let refused = open_lake(folder.path()).and_then(|lake| Ok(lake.snapshot(None).map(drop)?));
        assert!(matches!(refused, Err(PipelineError::Lake(LakeError::OtherColumns { .. }))), "{refused:?}");
    }

    #[test]
    fn every_table_can_be_asked_as_of_a_day() {
        for table in TABLES {
            let schema = (table.schema)();
            assert!(schema.field_with_name(RECEIVED_AT).is_ok(), "{}", table.name);
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
