//! From messages to rows: the place where the words of the standard become columns.

mod retour;
mod v2_3;

use grip_messages::{
    Berichtsoort, Datatype, Finding, Inhoud, Place, Value,
    bericht::{
        AangevraagdProduct, AfgekeurdePrestatie, Antwoord, AntwoordBericht, AntwoordHeader, BedragMetDC,
        DeclaratieAntwoordBericht, DeclaratieBericht, HeaderVanAanbieder, HeaderVanGemeente, NieuwProduct, Omvang,
        Prestatie, Product, RetourCodes, StartBericht, StartProduct, StopBericht, StopProduct, TeWijzigenProduct,
        ToegewezenProduct, ToewijzingBericht, VerzoekOmToewijzingBericht, VerzoekOmWijzigingBericht,
    },
    door,
};
use grip_types::{Bedrag, Date};
use retour::retour;

use crate::{
    pseudonym::Key,
    table::{
        AfkeuringRow, AfkeuringRows, AntwoordRow, AntwoordRows, BerichtRows, BevindingRows, ClientkenmerkRow,
        ClientkenmerkRows, PrestatieRow, PrestatieRows, RetourRow, RetourRows, StartRow, StartRows, StopRow, StopRows,
        ToewijzingRow, ToewijzingRows, VerzoekAntwoordRow, VerzoekAntwoordRows, VerzoekRow, VerzoekRows,
    },
};

macro_rules! message_tables {
    ($($field:ident: $rows:ident,)*) => {
        /// Rows of every table that messages fill.
        #[derive(Debug, Default)]
        pub(crate) struct Rows { $(pub(crate) $field: $rows,)* }

        /// How many tables messages fill.
        pub(crate) const TABLE_COUNT: usize = [$($rows::TABLE),*].len();

        impl Rows {
            /// How many rows each table has now, in the order of [`Rows::finish`].
            pub(crate) fn lengths(&self) -> [usize; TABLE_COUNT] {
                [$(self.$field.count,)*]
            }

            pub(crate) fn finish(&mut self) -> [(&'static str, arrow::array::RecordBatch); TABLE_COUNT] {
                [$(($rows::TABLE, self.$field.finish()),)*]
            }
        }
    };
}

message_tables! {
    bericht: BerichtRows,
    bevinding: BevindingRows,
    toewijzing: ToewijzingRows,
    start: StartRows,
    stop: StopRows,
    prestatie: PrestatieRows,
    antwoord: AntwoordRows,
    afkeuring: AfkeuringRows,
    verzoek: VerzoekRows,
    verzoek_antwoord: VerzoekAntwoordRows,
    retour: RetourRows,
    clientkenmerk: ClientkenmerkRows,
}

/// Who a message is from, to whom, and which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Envelope<'m> {
    pub(crate) gemeente: &'m str,
    pub(crate) aanbieder: &'m str,
    pub(crate) afzender: &'m str,
    pub(crate) identificatie: &'m str,
    pub(crate) dagtekening: Date,
}

/// The header of a message, or `None` when it lacks what every row needs.
pub(crate) fn envelope<'m>(inhoud: &'m Inhoud<'_>) -> Option<Envelope<'m>> {
    if let Some(retour) = retour(inhoud) {
        let (gemeente, aanbieder) = if retour.is_of_gemeente {
            (retour.afzender, retour.ontvanger)
        } else {
            (retour.ontvanger, retour.afzender)
        };
        // Who answers is who the message was sent to.
        return Some(Envelope {
            gemeente,
            aanbieder,
            afzender: retour.ontvanger,
            identificatie: retour.identificatie_retour,
            dagtekening: retour.dagtekening,
        });
    }
    let from_gemeente = |gemeente, aanbieder, identificatie, dagtekening| Envelope {
        gemeente,
        aanbieder,
        afzender: gemeente,
        identificatie,
        dagtekening,
    };
    Some(match inhoud {
        Inhoud::Toewijzing(ToewijzingBericht {
            header: HeaderVanGemeente { afzender, ontvanger, bericht_identificatie: id, .. },
            ..
        })
        | Inhoud::Antwoord(AntwoordBericht {
            header: HeaderVanGemeente { afzender, ontvanger, bericht_identificatie: id, .. },
            ..
        })
        | Inhoud::DeclaratieAntwoord(DeclaratieAntwoordBericht {
            header: AntwoordHeader { afzender, ontvanger, bericht_identificatie: id, .. },
            ..
        }) => from_gemeente(afzender.get()?, ontvanger.get()?, id.identificatie.get()?, id.dagtekening.get()?),
        Inhoud::Start(StartBericht { header, .. })
        | Inhoud::VerzoekOmToewijzing(VerzoekOmToewijzingBericht { header, .. })
        | Inhoud::VerzoekOmWijziging(VerzoekOmWijzigingBericht { header, .. })
        | Inhoud::Stop(StopBericht { header, .. })
        | Inhoud::Declaratie(DeclaratieBericht { header, .. }) => {
            let HeaderVanAanbieder { afzender, ontvanger, bericht_identificatie: id, .. } = header;
            let aanbieder = afzender.get()?;
            Envelope {
                afzender: aanbieder,
                ..from_gemeente(ontvanger.get()?, aanbieder, id.identificatie.get()?, id.dagtekening.get()?)
            }
        }
        _ => return v2_3::envelope(inhoud),
    })
}

/// What a message that answers another says of it.
pub(crate) struct Answered<'m> {
    pub(crate) soort: Berichtsoort,
    pub(crate) afzender: &'m str,
    pub(crate) identificatie: &'m str,
    /// Whether that message counts as never sent (OP286).
    pub(crate) refuses_whole: bool,
}

/// The message that this one answers; `None` for one that answers none.
pub(crate) fn answered<'m>(inhoud: &'m Inhoud<'_>, soort: Berichtsoort) -> Option<Answered<'m>> {
    match inhoud {
        Inhoud::DeclaratieAntwoord(bericht) => Some(Answered {
            soort: Berichtsoort { nummer: 323, ..soort },
            afzender: bericht.header.ontvanger.get()?,
            identificatie: bericht.header.declaratie_identificatie.identificatie.get()?,
            refuses_whole: refuses_whole(bericht),
        }),
        _ => v2_3::answered(inhoud, soort).or_else(|| {
            retour(inhoud).map(|retour| Answered {
                soort: Berichtsoort { nummer: retour.beantwoord, ..soort },
                afzender: retour.afzender,
                identificatie: retour.identificatie,
                refuses_whole: retour.afgekeurd,
            })
        }),
    }
}

/// Without an answer, or with any other code on it than «judged» or «all approved», an invoice counts as not sent.
fn refuses_whole(bericht: &DeclaratieAntwoordBericht<'_>) -> bool {
    bericht
        .declaratie_antwoord
        .as_ref()
        .is_none_or(|answer| answer.retour_codes.retour_code.iter().any(|code| !matches!(code.text(), "0200" | "8001")))
}

/// Everything a row says besides its own line.
struct Context<'c> {
    bericht_id: &'c str,
    soort: Berichtsoort,
    gemeente: &'c str,
    aanbieder: &'c str,
    received: Date,
    bsn: &'c str,
    client: &'c str,
    key: &'c Key,
}

/// Appends the lines of a message; a line that lacks what it can't do without becomes a finding instead.
pub(crate) struct Appender<'c> {
    pub(crate) file: &'c [u8],
    pub(crate) bericht_id: &'c str,
    pub(crate) received: Date,
    pub(crate) key: &'c Key,
    pub(crate) rows: &'c mut Rows,
    pub(crate) findings: &'c mut Vec<Finding>,
    pub(crate) line: i64,
}

impl Appender<'_> {
    /// Number of lines taken.
    pub(crate) fn append(&mut self, soort: Berichtsoort, envelope: &Envelope<'_>, inhoud: &Inhoud<'_>) -> i64 {
        let mut taken = 0;
        match inhoud {
            Inhoud::Toewijzing(bericht) => {
                let client = self.client(soort, envelope, bericht.client.bsn.text(), |context, rows| {
                    let birth = &bericht.client.geboortedatum;
                    let month =
                        birth.datum.get().map(|date| birth_month(date, birth.datum_gebruik.as_ref().map(Value::text)));
                    rows.clientkenmerk.push(ClientkenmerkRow {
                        client: context.client,
                        gemeente: context.gemeente,
                        geboortemaand: month.as_deref(),
                        geslacht: bericht.client.geslacht.get(),
                        wijk: None,
                        huishouden: None,
                        _received_at: context.received,
                    });
                });
                for product in &bericht.client.toegewezen_producten {
                    taken += self.line(&client, &product.toewijzing_nummer, |context, rows, line| {
                        toewijzing(context, rows, line, product)
                    });
                }
            }
            Inhoud::Start(bericht) => {
                let client = self.client(soort, envelope, bericht.client.bsn.text(), |_, _| {});
                for product in &bericht.client.start_producten {
                    taken += self
                        .line(&client, &product.begindatum, |context, rows, line| start(context, rows, line, product));
                }
            }
            Inhoud::Stop(bericht) => {
                let client = self.client(soort, envelope, bericht.client.bsn.text(), |_, _| {});
                for product in &bericht.client.stop_producten {
                    taken += self
                        .line(&client, &product.begindatum, |context, rows, line| stop(context, rows, line, product));
                }
            }
            Inhoud::VerzoekOmToewijzing(bericht) => {
                let client = self.client(soort, envelope, bericht.client.bsn.text(), |_, _| {});
                for product in &bericht.client.aangevraagde_producten {
                    taken += self.line(&client, &product.referentie_aanbieder, |context, rows, line| {
                        aangevraagd(context, rows, line, product)
                    });
                }
            }
            Inhoud::VerzoekOmWijziging(bericht) => {
                let client = self.client(soort, envelope, bericht.client.bsn.text(), |_, _| {});
                let (verzoek, key) = (&bericht.client.verzoek, self.key);
                let referentie = verzoek.referentie_aanbieder.get();
                let referentie = referentie.map(|text| key.without_bsn(text, bericht.client.bsn.text()));
                let asked = referentie.as_deref().zip(verzoek.reden_verzoek.get());
                for product in verzoek.ongewijzigde_producten.iter().flatten() {
                    taken += self.line(&client, &product.toewijzing_nummer, |context, rows, line| {
                        let nummer = number(product.toewijzing_nummer.get()?)?;
                        let row = gewijzigd(context, line, asked?, "ongewijzigd");
                        rows.verzoek.push(VerzoekRow { toewijzing_nummer: Some(nummer), ..row });
                        Some(())
                    });
                }
                for product in verzoek.te_wijzigen_producten.iter().flatten() {
                    taken += self.line(&client, &product.toewijzing_nummer, |context, rows, line| {
                        te_wijzigen(context, rows, line, asked?, product)
                    });
                }
                for product in verzoek.nieuwe_producten.iter().flatten() {
                    taken += self.line(&client, &product.gewenste_ingangsdatum, |context, rows, line| {
                        nieuw(context, rows, line, asked?, product)
                    });
                }
            }
            Inhoud::Antwoord(bericht) => {
                let none = self.client(soort, envelope, "", |_, _| {});
                let antwoord = &bericht.antwoord;
                taken += self.line(&none, &antwoord.referentie_aanbieder, |context, rows, _| {
                    verzoek_antwoord(context, rows, antwoord)
                });
            }
            Inhoud::Declaratie(bericht) => {
                let declaratie = &bericht.declaratie;
                let invoice = declaratie.declaratie_nummer.get().zip(declaratie.declaratie_periode.begindatum.get());
                for client in &declaratie.clienten {
                    let owner = self.client(soort, envelope, client.bsn.text(), |_, _| {});
                    for line in &client.prestaties {
                        taken +=
                            self.line(&owner, &line.product_referentie.referentie_nummer, |context, rows, number| {
                                prestatie(context, rows, number, invoice?, line)
                            });
                    }
                }
            }
            Inhoud::DeclaratieAntwoord(bericht) => taken += self.answer(soort, envelope, bericht),
            _ => {
                if let Some(lines) = v2_3::append(self, envelope, soort, inhoud) {
                    taken += lines;
                } else if let Some(retour) = retour(inhoud) {
                    let beantwoord = Berichtsoort { nummer: retour.beantwoord, ..soort }.to_string();
                    self.rows.retour.push(RetourRow {
                        bericht_id: self.bericht_id,
                        wet: soort.wet.as_str(),
                        gemeente: envelope.gemeente,
                        aanbieder: envelope.aanbieder,
                        beantwoord_soort: &beantwoord,
                        beantwoord_afzender: retour.afzender,
                        beantwoord_identificatie: retour.identificatie,
                        afgekeurd: retour.afgekeurd,
                        retour_codes: &retour.codes.join(" "),
                        _received_at: self.received,
                    });
                    taken += 1;
                }
            }
        }
        taken
    }

    fn answer(&mut self, soort: Berichtsoort, envelope: &Envelope<'_>, bericht: &DeclaratieAntwoordBericht<'_>) -> i64 {
        let identificatie = &bericht.header.declaratie_identificatie.identificatie;
        let answer = bericht.declaratie_antwoord.as_ref();
        let codes = |codes: &RetourCodes<'_>| {
            codes.retour_code.iter().map(|code| code.text().to_owned()).collect::<Vec<_>>().join(" ")
        };
        let of_answer = answer.map(|answer| codes(&answer.retour_codes));
        let whole = codes(&bericht.header.retour_codes);
        let total = |amount: &grip_messages::bericht::TotaalBedragMetDC<'_>| {
            signed(amount.totaal_bedrag.get(), amount.debet_credit.text())
        };
        let mut taken = 0;
        let none = self.client(soort, envelope, "", |_, _| {});
        taken += self.line(&none, identificatie, |context, rows, _| {
            rows.antwoord.push(AntwoordRow {
                bericht_id: context.bericht_id,
                wet: context.soort.wet.as_str(),
                gemeente: context.gemeente,
                aanbieder: context.aanbieder,
                declaratie_identificatie: identificatie.get()?,
                declaratie_dagtekening: bericht.header.declaratie_identificatie.dagtekening.get(),
                declaratie_nummer: answer.and_then(|answer| answer.declaratie_nummer.get()),
                ingediend_cents: answer.and_then(|answer| total(&answer.totaal_ingediend_bedrag)),
                toegekend_cents: answer.and_then(|answer| total(&answer.totaal_toegekend_bedrag)),
                retour_codes: &of_answer.as_ref().map_or(whole.clone(), |codes| format!("{whole} {codes}")),
                geheel_afgekeurd: refuses_whole(bericht),
                _received_at: context.received,
            });
            Some(())
        });
        for client in answer.and_then(|answer| answer.clienten.as_ref()).into_iter().flatten() {
            let owner = self.client(soort, envelope, client.bsn.text(), |_, _| {});
            for line in &client.prestaties {
                let number = answer.and_then(|answer| answer.declaratie_nummer.get()).unwrap_or_default();
                taken += self.line(&owner, &line.product_referentie.referentie_nummer, |context, rows, position| {
                    afkeuring(context, rows, position, identificatie.get()?, number, &codes(&line.retour_codes), line)
                });
            }
        }
        taken
    }

    fn client<'c>(
        &mut self,
        soort: Berichtsoort,
        envelope: &'c Envelope<'_>,
        bsn: &'c str,
        about: impl FnOnce(&Context<'_>, &mut Rows),
    ) -> Owner<'c> {
        // A number that fails the elfproef is a finding, but still tells clients apart: the money must not be lost. Without
        // any number nobody knows who it was, and two unknown clients are not the same one.
        let client = match digits_of(bsn) {
            digits if digits.is_empty() => self.key.client(&format!("{}/{}", self.bericht_id, self.line)),
            digits => self.key.client(&digits),
        };
        let owner = Owner {
            soort,
            gemeente: envelope.gemeente,
            aanbieder: envelope.aanbieder,
            bsn,
            client: client.to_string(),
        };
        if !bsn.is_empty() {
            about(&owner.context(self.bericht_id, self.received, self.key), self.rows);
        }
        owner
    }

    fn line<T: Datatype>(
        &mut self,
        owner: &Owner<'_>,
        at: &Value<'_, T>,
        push: impl FnOnce(&Context<'_>, &mut Rows, i64) -> Option<()>,
    ) -> i64 {
        self.line += 1;
        let context = owner.context(self.bericht_id, self.received, self.key);
        if push(&context, self.rows, self.line).is_some() {
            return 1;
        }
        let place = at.offset().map_or(Place::default(), |offset| Place::of(self.file, offset));
        let text = format!("regel {} is niet overgenomen", self.line);
        self.findings.push(Finding { rule: door::REGEL_NIET_OVERGENOMEN, place, element: String::new(), text });
        0
    }
}

/// Whose lines follow.
struct Owner<'c> {
    soort: Berichtsoort,
    gemeente: &'c str,
    aanbieder: &'c str,
    bsn: &'c str,
    client: String,
}

impl Owner<'_> {
    fn context<'c>(&'c self, bericht_id: &'c str, received: Date, key: &'c Key) -> Context<'c> {
        let Self { soort, gemeente, aanbieder, bsn, client } = self;
        Context { bericht_id, soort: *soort, gemeente, aanbieder, received, bsn, client, key }
    }
}

/// A citizen service number as people write it, without blanks and points.
fn digits_of(bsn: &str) -> String {
    let is_number = bsn.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | '-'));
    bsn.chars().filter(|c| if is_number { c.is_ascii_digit() } else { !c.is_whitespace() }).collect()
}

fn birth_month(date: Date, use_of_date: Option<&str>) -> String {
    match use_of_date {
        Some("3") => String::new(),
        Some("2") => format!("{:04}", date.year()),
        _ => format!("{:04}-{:02}", date.year(), date.month()),
    }
}

fn number(value: u64) -> Option<i64> {
    i64::try_from(value).ok()
}

fn signed(amount: Option<Bedrag>, debet_credit: &str) -> Option<i64> {
    match debet_credit {
        "D" => Some(amount?.cents),
        "C" => Some(-amount?.cents),
        _ => None,
    }
}

/// An optional value that must be usable when it is there.
fn optional<'m, T: Datatype>(value: &'m Option<Value<'_, T>>) -> Option<Option<T::Meaning<'m>>> {
    match value {
        None => Some(None),
        Some(value) => value.get().map(Some),
    }
}

fn product<'m>(product: &'m Option<Product<'_>>) -> Option<(Option<&'m str>, Option<&'m str>)> {
    match product {
        None => Some((None, None)),
        Some(product) => Some((Some(product.categorie.get()?), optional(&product.code)?)),
    }
}

/// Volume, unit and frequency.
type OmvangDelen<'m> = (i64, &'m str, &'m str);

fn omvang<'m>(omvang: &'m Option<Omvang<'_>>) -> Option<Option<OmvangDelen<'m>>> {
    match omvang {
        None => Some(None),
        Some(omvang) => Some(Some((number(omvang.volume.get()?)?, omvang.eenheid.get()?, omvang.frequentie.get()?))),
    }
}

fn verzoek<'c>(
    context: &Context<'c>,
    line: i64,
    soort: &'c str,
    onderdeel: &'c str,
    referentie: &'c str,
) -> VerzoekRow<'c> {
    VerzoekRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        soort,
        referentie_aanbieder: referentie,
        onderdeel,
        toewijzing_nummer: None,
        beschikking_nummer: None,
        product_categorie: None,
        product_code: None,
        ingangsdatum: None,
        einddatum: None,
        omvang_volume: None,
        omvang_eenheid: None,
        omvang_frequentie: None,
        budget_cents: None,
        verwijzer: None,
        verwijzer_code: None,
        reden_verzoek: None,
        _received_at: context.received,
    }
}

fn aangevraagd(context: &Context<'_>, rows: &mut Rows, line: i64, product: &AangevraagdProduct<'_>) -> Option<()> {
    let (product_categorie, product_code) = self::product(&product.product)?;
    let omvang = omvang(&product.omvang)?;
    let referentie = context.key.without_bsn(product.referentie_aanbieder.get()?, context.bsn);
    rows.verzoek.push(VerzoekRow {
        beschikking_nummer: optional(&product.beschikking_nummer)?.and_then(number),
        product_categorie,
        product_code,
        ingangsdatum: Some(product.toewijzing_ingangsdatum.get()?),
        einddatum: optional(&product.toewijzing_einddatum)?,
        omvang_volume: omvang.map(|(volume, _, _)| volume),
        omvang_eenheid: omvang.map(|(_, eenheid, _)| eenheid),
        omvang_frequentie: omvang.map(|(_, _, frequentie)| frequentie),
        budget_cents: optional(&product.budget)?.map(|budget| budget.cents),
        verwijzer: product.verwijzer.type_.get(),
        verwijzer_code: product.verwijzer.zorgverlener_code.as_ref().and_then(Value::get),
        ..verzoek(context, line, "toewijzing", "aangevraagd", &referentie)
    });
    Some(())
}

/// A line of a request for change, of which reference and reason are those of the whole request.
fn gewijzigd<'c>(
    context: &Context<'c>,
    line: i64,
    (referentie, reden): (&'c str, &'c str),
    onderdeel: &'c str,
) -> VerzoekRow<'c> {
    VerzoekRow { reden_verzoek: Some(reden), ..verzoek(context, line, "wijziging", onderdeel, referentie) }
}

fn te_wijzigen(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    asked: (&str, &str),
    product: &TeWijzigenProduct<'_>,
) -> Option<()> {
    let omvang = omvang(&product.omvang)?;
    rows.verzoek.push(VerzoekRow {
        toewijzing_nummer: Some(number(product.toewijzing_nummer.get()?)?),
        ingangsdatum: Some(product.gewenste_ingangsdatum.get()?),
        einddatum: optional(&product.einddatum)?,
        omvang_volume: omvang.map(|(volume, _, _)| volume),
        omvang_eenheid: omvang.map(|(_, eenheid, _)| eenheid),
        omvang_frequentie: omvang.map(|(_, _, frequentie)| frequentie),
        budget_cents: optional(&product.budget)?.map(|budget| budget.cents),
        ..gewijzigd(context, line, asked, "te_wijzigen")
    });
    Some(())
}

fn nieuw(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    asked: (&str, &str),
    product: &NieuwProduct<'_>,
) -> Option<()> {
    let (product_categorie, product_code) = self::product(&product.product)?;
    let omvang = omvang(&product.omvang)?;
    rows.verzoek.push(VerzoekRow {
        product_categorie,
        product_code,
        ingangsdatum: Some(product.gewenste_ingangsdatum.get()?),
        einddatum: optional(&product.einddatum)?,
        omvang_volume: omvang.map(|(volume, _, _)| volume),
        omvang_eenheid: omvang.map(|(_, eenheid, _)| eenheid),
        omvang_frequentie: omvang.map(|(_, _, frequentie)| frequentie),
        budget_cents: optional(&product.budget)?.map(|budget| budget.cents),
        ..gewijzigd(context, line, asked, "nieuw")
    });
    Some(())
}

fn verzoek_antwoord(context: &Context<'_>, rows: &mut Rows, antwoord: &Antwoord<'_>) -> Option<()> {
    rows.verzoek_antwoord.push(VerzoekAntwoordRow {
        bericht_id: context.bericht_id,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        referentie_aanbieder: &context.key.without_citizen_numbers(antwoord.referentie_aanbieder.get()?),
        verzoek_antwoord: antwoord.verzoek_antwoord.get()?,
        reden_afwijzing: optional(&antwoord.reden_afwijzing_verzoek)?,
        woonplaats_gemeente: antwoord.woonplaatsbeginsel.as_ref().and_then(|woonplaats| woonplaats.gemeente.get()),
        _received_at: context.received,
    });
    Some(())
}

fn toewijzing(context: &Context<'_>, rows: &mut Rows, line: i64, toewijzing: &ToegewezenProduct<'_>) -> Option<()> {
    let (product_categorie, product_code) = product(&toewijzing.product)?;
    let omvang = omvang(&toewijzing.omvang)?;
    let referentie = optional(&toewijzing.referentie_aanbieder)?.map(|text| context.key.without_bsn(text, context.bsn));
    rows.toewijzing.push(ToewijzingRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        toewijzing_nummer: Some(number(toewijzing.toewijzing_nummer.get()?)?),
        beschikking_nummer: None,
        referentie_aanbieder: referentie.as_deref(),
        product_categorie,
        product_code,
        toewijzingsdatum: toewijzing.toewijzingsdatum.get()?,
        toewijzingstijd: &toewijzing.toewijzingstijd.get()?.to_string(),
        ingangsdatum: toewijzing.ingangsdatum.get()?,
        einddatum: optional(&toewijzing.einddatum)?,
        reden_wijziging: optional(&toewijzing.reden_wijziging)?,
        omvang_volume: omvang.map(|(volume, _, _)| volume),
        omvang_eenheid: omvang.map(|(_, eenheid, _)| eenheid),
        omvang_frequentie: omvang.map(|(_, _, frequentie)| frequentie),
        budget_cents: optional(&toewijzing.budget)?.map(|budget| budget.cents),
        _received_at: context.received,
    });
    Some(())
}

fn start(context: &Context<'_>, rows: &mut Rows, line: i64, start: &StartProduct<'_>) -> Option<()> {
    let (product_categorie, product_code) = product(&start.product)?;
    rows.start.push(StartRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        toewijzing_nummer: optional(&start.toewijzing_nummer)?.and_then(number),
        product_categorie,
        product_code,
        toewijzing_ingangsdatum: optional(&start.toewijzing_ingangsdatum)?,
        begindatum: start.begindatum.get()?,
        status_aanlevering: start.status_aanlevering.get()?,
        _received_at: context.received,
    });
    Some(())
}

fn stop(context: &Context<'_>, rows: &mut Rows, line: i64, stop: &StopProduct<'_>) -> Option<()> {
    let (product_categorie, product_code) = product(&stop.product)?;
    rows.stop.push(StopRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        toewijzing_nummer: optional(&stop.toewijzing_nummer)?.and_then(number),
        product_categorie,
        product_code,
        toewijzing_ingangsdatum: optional(&stop.toewijzing_ingangsdatum)?,
        begindatum: stop.begindatum.get()?,
        reden_beeindiging: stop.reden_beeindiging.get()?,
        einddatum: stop.einddatum.get()?,
        status_aanlevering: stop.status_aanlevering.get()?,
        _received_at: context.received,
    });
    Some(())
}

fn amount(bedrag: &BedragMetDC<'_>) -> Option<i64> {
    signed(bedrag.bedrag.get(), bedrag.debet_credit.text())
}

fn prestatie(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    invoice: (&str, Date),
    prestatie: &Prestatie<'_>,
) -> Option<()> {
    let referentie = &prestatie.product_referentie;
    let vorig = optional(&referentie.vorig_referentie_nummer)?.map(|text| context.key.without_bsn(text, context.bsn));
    rows.prestatie.push(PrestatieRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        declaratie_nummer: invoice.0,
        declaratie_begindatum: invoice.1,
        referentie_nummer: &context.key.without_bsn(referentie.referentie_nummer.get()?, context.bsn),
        vorig_referentie_nummer: vorig.as_deref(),
        toewijzing_nummer: Some(number(prestatie.toewijzing_nummer.get()?)?),
        beschikking_nummer: None,
        product_categorie: prestatie.product_categorie.get()?,
        product_code: prestatie.product_code.get()?,
        begindatum: prestatie.product_periode.begindatum.get()?,
        einddatum: prestatie.product_periode.einddatum.get()?,
        geleverd_volume: number(prestatie.geleverd_volume.get()?)?,
        eenheid: prestatie.eenheid.get()?,
        tarief_cents: optional(&prestatie.product_tarief)?.map(|tarief| tarief.cents),
        bedrag_cents: amount(&prestatie.ingediend_bedrag)?,
        btw_cents: None,
        _received_at: context.received,
    });
    Some(())
}

fn afkeuring(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    identificatie: &str,
    declaratie_nummer: &str,
    retour_codes: &str,
    prestatie: &AfgekeurdePrestatie<'_>,
) -> Option<()> {
    rows.afkeuring.push(AfkeuringRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        declaratie_identificatie: identificatie,
        declaratie_nummer,
        referentie_nummer: &context.key.without_bsn(prestatie.product_referentie.referentie_nummer.get()?, context.bsn),
        toewijzing_nummer: Some(number(prestatie.toewijzing_nummer.get()?)?),
        bedrag_cents: amount(&prestatie.ingediend_bedrag)?,
        retour_codes,
        _received_at: context.received,
    });
    Some(())
}
