//! The messages of release 2.3, in the same tables: up to 2020 declarations came as 303.

use grip_messages::{
    Finding, Inhoud, Place,
    bericht::{RetourCodes, v2_3},
    datatype::Datum,
    door,
};
use grip_types::Date;

use super::{Answered, Appender, Context, Envelope, Rows, amount, birth_month, number, omvang, optional, signed};
use crate::table::{
    AfkeuringRow, AntwoordRow, ClientkenmerkRow, PrestatieRow, StartRow, StopRow, ToewijzingRow, VerzoekRow,
};

/// The header of a message of release 2.3. A 303 has no identification of its own: the number of the invoice is unique for
/// five years.
pub(super) fn envelope<'m>(inhoud: &'m Inhoud<'_>) -> Option<Envelope<'m>> {
    let of = |afzender, gemeente, aanbieder, identificatie, dagtekening| {
        Some(Envelope { gemeente, aanbieder, afzender, identificatie, dagtekening })
    };
    match inhoud {
        Inhoud::ToewijzingV2_3(v2_3::ToewijzingBericht { header, .. }) => {
            let (id, gemeente) = (&header.bericht_identificatie, header.afzender.get()?);
            of(gemeente, gemeente, header.ontvanger.get()?, id.identificatie.get()?, id.dagtekening.get()?)
        }
        Inhoud::StartV2_3(v2_3::StartBericht { header, .. })
        | Inhoud::StopV2_3(v2_3::StopBericht { header, .. })
        | Inhoud::VerzoekOmToewijzingV2_3(v2_3::VerzoekOmToewijzingBericht { header, .. }) => {
            let (id, aanbieder) = (&header.bericht_identificatie, header.afzender.get()?);
            of(aanbieder, header.ontvanger.get()?, aanbieder, id.identificatie.get()?, id.dagtekening.get()?)
        }
        Inhoud::DeclaratieFactuurV2_3(bericht) => {
            let (header, aanbieder) = (&bericht.header, bericht.header.aanbieder.get()?);
            let id = &header.declaratie_factuur_identificatie;
            let (nummer, dagtekening) = (id.declarant_factuur_nummer.get()?, id.factuur_dagtekening.get()?);
            of(aanbieder, header.gemeente.get()?, aanbieder, nummer, dagtekening)
        }
        Inhoud::DeclaratieFactuurRetourV2_3(bericht) => {
            let (header, gemeente) = (&bericht.header, bericht.header.gemeente.get()?);
            let retour = &header.retour_header;
            let nummer = retour.gemeente_referentie_nummer.get()?;
            of(gemeente, gemeente, header.aanbieder.get()?, nummer, retour.retour_dagtekening.get()?)
        }
        _ => None,
    }
}

/// The 303 that a 304 answers.
pub(super) fn answered<'m>(inhoud: &'m Inhoud<'_>, soort: grip_messages::Berichtsoort) -> Option<Answered<'m>> {
    let Inhoud::DeclaratieFactuurRetourV2_3(bericht) = inhoud else { return None };
    Some(Answered {
        soort: grip_messages::Berichtsoort { nummer: 303, ..soort },
        afzender: bericht.header.aanbieder.get()?,
        identificatie: bericht.header.declaratie_factuur_identificatie.declarant_factuur_nummer.get()?,
        refuses_whole: refuses_whole(bericht),
    })
}

/// Without clients a 303 was refused at its header, unless all of it was approved.
fn refuses_whole(bericht: &v2_3::DeclaratieFactuurRetourBericht<'_>) -> bool {
    let codes = &bericht.header.retour_codes.retour_code;
    bericht.clienten.is_none() && codes.iter().any(|code| !matches!(code.text(), "0200" | "8001"))
}

/// Appends the lines of a message of release 2.3; how many were taken. `None` when it is no such message.
pub(super) fn append(
    appender: &mut Appender<'_>,
    envelope: &Envelope<'_>,
    soort: grip_messages::Berichtsoort,
    inhoud: &Inhoud<'_>,
) -> Option<i64> {
    let mut taken = 0;
    match inhoud {
        Inhoud::ToewijzingV2_3(bericht) => {
            let of = &bericht.client;
            let client = appender.client(soort, envelope, of.bsn.text(), |context, rows| {
                let datum_gebruik = of.geboortedatum.datum_gebruik.as_ref().and_then(grip_messages::Value::get);
                let month = of.geboortedatum.datum.get().map(|date| birth_month(date, datum_gebruik));
                rows.clientkenmerk.push(ClientkenmerkRow {
                    client: context.client,
                    gemeente: context.gemeente,
                    geboortemaand: month.as_deref().filter(|month| !month.is_empty()),
                    geslacht: of.geslacht.get(),
                    wijk: None,
                    huishouden: None,
                    _received_at: context.received,
                });
            });
            for product in &of.beschikking.toegewezen_producten {
                taken += appender.line(&client, &product.toewijzingsdatum, |context, rows, line| {
                    toewijzing(context, rows, line, &of.beschikking, product)
                });
            }
        }
        Inhoud::StartV2_3(bericht) => {
            let client = appender.client(soort, envelope, bericht.client.bsn.text(), |_, _| {});
            for product in &bericht.client.start_producten {
                taken += appender
                    .line(&client, &product.begindatum, |context, rows, line| start(context, rows, line, product));
            }
        }
        Inhoud::StopV2_3(bericht) => {
            let client = appender.client(soort, envelope, bericht.client.bsn.text(), |_, _| {});
            for product in &bericht.client.stop_producten {
                taken += appender
                    .line(&client, &product.begindatum, |context, rows, line| stop(context, rows, line, product));
            }
        }
        Inhoud::VerzoekOmToewijzingV2_3(bericht) => {
            let client = appender.client(soort, envelope, bericht.client.bsn.text(), |_, _| {});
            for product in &bericht.client.aangevraagde_producten {
                taken += appender.line(&client, &product.referentie_aanbieder, |context, rows, line| {
                    aangevraagd(context, rows, line, product)
                });
            }
        }
        Inhoud::DeclaratieFactuurV2_3(bericht) => {
            let id = &bericht.header.declaratie_factuur_identificatie;
            let invoice = id.declarant_factuur_nummer.get().zip(id.declaratie_periode.begindatum.get());
            check_total(appender, bericht);
            for client in &bericht.clienten {
                let owner = appender.client(soort, envelope, client.bsn.text(), |_, _| {});
                for line in &client.prestaties {
                    let at = &line.product_referentie.referentie_nummer;
                    taken += appender
                        .line(&owner, at, |context, rows, number| prestatie(context, rows, number, invoice?, line));
                }
            }
        }
        Inhoud::DeclaratieFactuurRetourV2_3(bericht) => {
            let id = &bericht.header.declaratie_factuur_identificatie;
            let nummer = id.declarant_factuur_nummer.get();
            let none = appender.client(soort, envelope, "", |_, _| {});
            taken += appender.line(&none, &id.declarant_factuur_nummer, |context, rows, _| {
                let bedragen = &bericht.header.retour_bedragen;
                let total = |total: &grip_messages::bericht::TotaalBedragMetDC<'_>| {
                    signed(total.totaal_bedrag.get(), total.debet_credit.text())
                };
                rows.antwoord.push(AntwoordRow {
                    bericht_id: context.bericht_id,
                    wet: context.soort.wet.as_str(),
                    gemeente: context.gemeente,
                    aanbieder: context.aanbieder,
                    declaratie_identificatie: nummer?,
                    declaratie_dagtekening: id.factuur_dagtekening.get(),
                    declaratie_nummer: nummer,
                    ingediend_cents: total(&bedragen.ingediend_totaal_bedrag),
                    toegekend_cents: total(&bedragen.toegekend_totaal_bedrag),
                    retour_codes: &codes(&bericht.header.retour_codes),
                    geheel_afgekeurd: refuses_whole(bericht),
                    _received_at: context.received,
                });
                Some(())
            });
            for client in bericht.clienten.iter().flatten() {
                let owner = appender.client(soort, envelope, client.bsn.text(), |_, _| {});
                for line in client.prestaties.iter() {
                    let at = &line.product_referentie.referentie_nummer;
                    taken += appender
                        .line(&owner, at, |context, rows, position| afkeuring(context, rows, position, nummer?, line));
                }
            }
        }
        _ => return None,
    }
    Some(taken)
}

/// The total is the sum of the lines.
fn check_total(appender: &mut Appender<'_>, bericht: &v2_3::DeclaratieFactuurBericht<'_>) {
    let total = &bericht.header.declaratie_factuur_bedragen.declaratie_factuur_totaal_bedrag;
    let lines = bericht.clienten.iter().flat_map(|client| &client.prestaties);
    let sum: Option<i64> = lines.map(|line| amount(&line.ingediende_bedrag_prestatie.declaratie_factuur_bedrag)).sum();
    let stated = signed(total.totaal_bedrag.get(), total.debet_credit.text());
    let Some((stated, sum)) = stated.zip(sum).filter(|(stated, sum)| stated != sum) else { return };
    let place = total.totaal_bedrag.offset().map_or(Place::default(), |offset| Place::of(appender.file, offset));
    let text = format!("totaal is {stated} cent, de regels samen {sum} cent");
    let element = "Bericht/Header/DeclaratieFactuurBedragen/DeclaratieFactuurTotaalBedrag".to_owned();
    appender.findings.push(Finding { rule: door::TOTAAL_WIJKT_AF, place, element, text });
}

fn codes(codes: &RetourCodes<'_>) -> String {
    codes.retour_code.iter().map(|code| code.text()).collect::<Vec<_>>().join(" ")
}

fn day(value: &Option<grip_messages::Value<'_, Datum>>) -> Option<Option<Date>> {
    optional(value)
}

fn toewijzing(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    beschikking: &v2_3::Beschikking<'_>,
    product: &v2_3::ToegewezenProduct<'_>,
) -> Option<()> {
    let omvang = omvang(&product.omvang)?;
    let referentie = optional(&product.referentie_aanbieder)?.map(|text| context.key.without_bsn(text, context.bsn));
    rows.toewijzing.push(ToewijzingRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        toewijzing_nummer: optional(&product.toewijzing_nummer)?.and_then(number),
        beschikking_nummer: beschikking.beschikking_nummer.get().and_then(number),
        referentie_aanbieder: referentie.as_deref(),
        product_categorie: Some(product.product.categorie.get()?),
        product_code: optional(&product.product.code)?,
        toewijzingsdatum: product.toewijzingsdatum.get()?,
        toewijzingstijd: &product.toewijzingstijd.get()?.to_string(),
        ingangsdatum: product.ingangsdatum.get()?,
        einddatum: day(&product.einddatum)?,
        reden_wijziging: optional(&product.reden_wijziging)?,
        omvang_volume: omvang.map(|(volume, _, _)| volume),
        omvang_eenheid: omvang.map(|(_, eenheid, _)| eenheid),
        omvang_frequentie: omvang.map(|(_, _, frequentie)| frequentie),
        budget_cents: None,
        _received_at: context.received,
    });
    Some(())
}

fn start(context: &Context<'_>, rows: &mut Rows, line: i64, product: &v2_3::StartProduct<'_>) -> Option<()> {
    rows.start.push(StartRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        toewijzing_nummer: optional(&product.toewijzing_nummer)?.and_then(number),
        product_categorie: Some(product.product.categorie.get()?),
        product_code: optional(&product.product.code)?,
        toewijzing_ingangsdatum: day(&product.toewijzing_ingangsdatum)?,
        begindatum: product.begindatum.get()?,
        status_aanlevering: product.status_aanlevering.get()?,
        _received_at: context.received,
    });
    Some(())
}

fn stop(context: &Context<'_>, rows: &mut Rows, line: i64, product: &v2_3::StopProduct<'_>) -> Option<()> {
    rows.stop.push(StopRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        toewijzing_nummer: optional(&product.toewijzing_nummer)?.and_then(number),
        product_categorie: Some(product.product.categorie.get()?),
        product_code: optional(&product.product.code)?,
        toewijzing_ingangsdatum: day(&product.toewijzing_ingangsdatum)?,
        begindatum: product.begindatum.get()?,
        reden_beeindiging: product.reden_beeindiging.get()?,
        einddatum: product.einddatum.get()?,
        status_aanlevering: product.status_aanlevering.get()?,
        _received_at: context.received,
    });
    Some(())
}

fn aangevraagd(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    product: &v2_3::AangevraagdProduct<'_>,
) -> Option<()> {
    let omvang = omvang(&product.omvang)?;
    let referentie = context.key.without_bsn(product.referentie_aanbieder.get()?, context.bsn);
    rows.verzoek.push(VerzoekRow {
        beschikking_nummer: optional(&product.beschikking_nummer)?.and_then(number),
        product_categorie: Some(product.product.categorie.get()?),
        product_code: optional(&product.product.code)?,
        ingangsdatum: Some(product.toewijzing_ingangsdatum.get()?),
        einddatum: day(&product.toewijzing_einddatum)?,
        omvang_volume: omvang.map(|(volume, _, _)| volume),
        omvang_eenheid: omvang.map(|(_, eenheid, _)| eenheid),
        omvang_frequentie: omvang.map(|(_, _, frequentie)| frequentie),
        verwijzer: product.verwijzer.type_.get(),
        ..super::verzoek(context, line, "toewijzing", "aangevraagd", &referentie)
    });
    Some(())
}

fn prestatie(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    invoice: (&str, Date),
    prestatie: &v2_3::DeclaratieFactuurPrestatie<'_>,
) -> Option<()> {
    let (bedragen, referentie) = (&prestatie.ingediende_bedrag_prestatie, &prestatie.product_referentie);
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
        toewijzing_nummer: optional(&prestatie.toewijzing_nummer)?.and_then(number),
        beschikking_nummer: optional(&prestatie.beschikking_nummer)?.and_then(number),
        product_categorie: prestatie.product_categorie.get()?,
        product_code: prestatie.product_code.get()?,
        begindatum: prestatie.product_periode.begindatum.get()?,
        einddatum: prestatie.product_periode.einddatum.get()?,
        geleverd_volume: number(bedragen.geleverd_volume.get()?)?,
        eenheid: bedragen.eenheid.get()?,
        tarief_cents: optional(&bedragen.product_tarief)?.map(|tarief| tarief.cents),
        bedrag_cents: amount(&bedragen.declaratie_factuur_bedrag)?,
        btw_cents: bedragen.btw_bedrag.as_ref().and_then(amount),
        _received_at: context.received,
    });
    Some(())
}

/// A line of a 304 that was not wholly approved. The part that was refused is what counts: a declaratie could be granted in
/// part up to release 2.4.
fn afkeuring(
    context: &Context<'_>,
    rows: &mut Rows,
    line: i64,
    declaratie_nummer: &str,
    prestatie: &v2_3::DeclaratieFactuurRetourPrestatie<'_>,
) -> Option<()> {
    let ingediend = amount(&prestatie.ingediende_bedrag_prestatie.declaratie_factuur_bedrag)?;
    let toegekend = amount(&prestatie.toegekende_bedrag_prestatie.toegekend_bedrag)?;
    if ingediend == toegekend {
        return Some(());
    }
    rows.afkeuring.push(AfkeuringRow {
        bericht_id: context.bericht_id,
        regel: line,
        wet: context.soort.wet.as_str(),
        gemeente: context.gemeente,
        aanbieder: context.aanbieder,
        client: context.client,
        declaratie_identificatie: declaratie_nummer,
        declaratie_nummer,
        referentie_nummer: &context.key.without_bsn(prestatie.product_referentie.referentie_nummer.get()?, context.bsn),
        toewijzing_nummer: optional(&prestatie.toewijzing_nummer)?.and_then(number),
        bedrag_cents: ingediend - toegekend,
        retour_codes: &prestatie.retour_codes.as_ref().map(codes).unwrap_or_default(),
        _received_at: context.received,
    });
    Some(())
}
