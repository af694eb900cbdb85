//! From messages to rows: the place where the words of the standard become columns.

use grip_messages::{
    Berichtsoort, Datatype, Finding, Inhoud, Place, Value,
    bericht::{
        AfgekeurdePrestatie, AntwoordHeader, BedragMetDC, Declaratie, DeclaratieAntwoordBericht, DeclaratieBericht,
        HeaderVanAanbieder, HeaderVanGemeente, Prestatie, Product, RetourCodes, StartBericht, StartProduct,
        StopBericht, StopProduct, ToegewezenProduct, ToewijzingBericht,
    },
    door,
};
use grip_types::{Bedrag, Date};

use crate::{
    pseudonym::Key,
    table::{
        AfkeuringRow, AfkeuringRows, AntwoordRow, AntwoordRows, BerichtRows, BevindingRows, ClientkenmerkRow,
        ClientkenmerkRows, PrestatieRow, PrestatieRows, StartRow, StartRows, StopRow, StopRows, ToewijzingRow,
        ToewijzingRows,
    },
};

/// Rows of every table that messages fill.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) bericht: BerichtRows,
    pub(crate) bevinding: BevindingRows,
    pub(crate) toewijzing: ToewijzingRows,
    pub(crate) start: StartRows,
    pub(crate) stop: StopRows,
    pub(crate) prestatie: PrestatieRows,
    pub(crate) antwoord: AntwoordRows,
    pub(crate) afkeuring: AfkeuringRows,
    pub(crate) clientkenmerk: ClientkenmerkRows,
}

impl Rows {
    /// How many rows each table has now, in the order of [`Rows::finish`].
    pub(crate) fn lengths(&self) -> [usize; 9] {
        [
            self.bericht.count,
            self.bevinding.count,
            self.toewijzing.count,
            self.start.count,
            self.stop.count,
            self.prestatie.count,
            self.antwoord.count,
            self.afkeuring.count,
            self.clientkenmerk.count,
        ]
    }

    pub(crate) fn finish(&mut self) -> [(&'static str, arrow::array::RecordBatch); 9] {
        [
            (BerichtRows::TABLE, self.bericht.finish()),
            (BevindingRows::TABLE, self.bevinding.finish()),
            (ToewijzingRows::TABLE, self.toewijzing.finish()),
            (StartRows::TABLE, self.start.finish()),
            (StopRows::TABLE, self.stop.finish()),
            (PrestatieRows::TABLE, self.prestatie.finish()),
            (AntwoordRows::TABLE, self.antwoord.finish()),
            (AfkeuringRows::TABLE, self.afkeuring.finish()),
            (ClientkenmerkRows::TABLE, self.clientkenmerk.finish()),
        ]
    }
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
        | Inhoud::DeclaratieAntwoord(DeclaratieAntwoordBericht {
            header: AntwoordHeader { afzender, ontvanger, bericht_identificatie: id, .. },
            ..
        }) => from_gemeente(afzender.get()?, ontvanger.get()?, id.identificatie.get()?, id.dagtekening.get()?),
        Inhoud::Start(StartBericht { header, .. })
        | Inhoud::Stop(StopBericht { header, .. })
        | Inhoud::Declaratie(DeclaratieBericht { header, .. }) => {
            let HeaderVanAanbieder { afzender, ontvanger, bericht_identificatie: id, .. } = header;
            let aanbieder = afzender.get()?;
            Envelope {
                afzender: aanbieder,
                ..from_gemeente(ontvanger.get()?, aanbieder, id.identificatie.get()?, id.dagtekening.get()?)
            }
        }
    })
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
    pub(crate) text: &'c str,
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
            Inhoud::Declaratie(bericht) => {
                let declaratie = &bericht.declaratie;
                let invoice = declaratie.declaratie_nummer.get().zip(declaratie.declaratie_periode.begindatum.get());
                self.check_total(declaratie);
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
        }
        taken
    }

    /// TR358: the total is the sum of the lines.
    fn check_total(&mut self, declaratie: &Declaratie<'_>) {
        let total = &declaratie.totaal_ingediend_bedrag;
        let lines = declaratie.clienten.iter().flat_map(|client| &client.prestaties);
        let sum: Option<i64> = lines.map(|line| amount(&line.ingediend_bedrag)).sum();
        let stated = signed(total.totaal_bedrag.get(), total.debet_credit.text());
        let Some((stated, sum)) = stated.zip(sum).filter(|(stated, sum)| stated != sum) else { return };
        let place = total.totaal_bedrag.offset().map_or(Place::default(), |offset| Place::of(self.text, offset));
        let text = format!("totaal is {stated} cent, de regels samen {sum} cent");
        let element = "Bericht/Declaratie/TotaalIngediendBedrag".to_owned();
        self.findings.push(Finding { rule: door::TOTAAL_WIJKT_AF, place, element, text });
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
        // Without an answer, or with any other code on it than «judged» or «all approved», the invoice counts as not sent.
        let refused =
            of_answer.as_deref().is_none_or(|codes| codes.split(' ').any(|code| !matches!(code, "0200" | "8001")));
        let mut taken = 0;
        let none = self.client(soort, envelope, "", |_, _| {});
        taken += self.line(&none, identificatie, |context, rows, _| {
            rows.antwoord.push(AntwoordRow {
                bericht_id: context.bericht_id,
                wet: context.soort.wet.as_str(),
                gemeente: context.gemeente,
                aanbieder: context.aanbieder,
                declaratie_identificatie: identificatie.get()?,
                declaratie_nummer: answer.and_then(|answer| answer.declaratie_nummer.get()),
                ingediend_cents: answer.and_then(|answer| total(&answer.totaal_ingediend_bedrag)),
                toegekend_cents: answer.and_then(|answer| total(&answer.totaal_toegekend_bedrag)),
                retour_codes: &of_answer.as_ref().map_or(whole.clone(), |codes| format!("{whole} {codes}")),
                geheel_afgekeurd: refused,
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
        let place = at.offset().map_or(Place::default(), |offset| Place::of(self.text, offset));
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

fn toewijzing(context: &Context<'_>, rows: &mut Rows, line: i64, toewijzing: &ToegewezenProduct<'_>) -> Option<()> {
    let (product_categorie, product_code) = product(&toewijzing.product)?;
    let omvang = match &toewijzing.omvang {
        None => None,
        Some(omvang) => Some((number(omvang.volume.get()?)?, omvang.eenheid.get()?, omvang.frequentie.get()?)),
    };
    let referentie = optional(&toewijzing.referentie_aanbieder)?.map(|text| context.key.without_bsn(text, context.bsn));
    rows.toewijzing.push(ToewijzingRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        toewijzing_nummer: number(toewijzing.toewijzing_nummer.get()?)?,
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
        toewijzing_nummer: number(prestatie.toewijzing_nummer.get()?)?,
        product_categorie: prestatie.product_categorie.get()?,
        product_code: prestatie.product_code.get()?,
        begindatum: prestatie.product_periode.begindatum.get()?,
        einddatum: prestatie.product_periode.einddatum.get()?,
        geleverd_volume: number(prestatie.geleverd_volume.get()?)?,
        eenheid: prestatie.eenheid.get()?,
        tarief_cents: optional(&prestatie.product_tarief)?.map(|tarief| tarief.cents),
        bedrag_cents: amount(&prestatie.ingediend_bedrag)?,
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
        toewijzing_nummer: number(prestatie.toewijzing_nummer.get()?)?,
        bedrag_cents: amount(&prestatie.ingediend_bedrag)?,
        retour_codes,
        _received_at: context.received,
    });
    Some(())
}
