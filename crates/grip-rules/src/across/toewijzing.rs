//! Rules on a 301 that need the versions sent before it.

use grip_ledger::Frequentie;

use super::{
    day::date_of,
    dossier::Toewijzing,
    replay::{Out, State, rows},
    rule::{BEIDE, rules},
};

rules! {
    ZELFDE_TIJDSTIP "IV013" Waarschuwing None, BEIDE, [301]:
        "Twee versies met hetzelfde tijdstip",
        wat: "Toewijzingsdatum en Toewijzingstijd zeggen welke versie geldt. Twee versies met hetzelfde tijdstip en een andere inhoud laten dat open.",
        doen: "Verstuur de bedoelde versie opnieuw met het tijdstip waarop zij is vastgesteld. Tot dan geldt de laatst ontvangen versie.";
    REDEN_BIJ_EERSTE "IV066" Waarschuwing None, BEIDE, [301]:
        "RedenWijziging bij een eerste toewijzing",
        wat: "Een toewijzing met een nieuw nummer is nog niet gewijzigd en heeft dus geen RedenWijziging.",
        doen: "Controleer het toewijzingnummer, of ga na of eerdere berichten ontbreken.";
    REDEN_ONTBREEKT "IV099" Waarschuwing None, BEIDE, [301]:
        "Gewijzigd zonder RedenWijziging",
        wat: "Wijkt een toewijzing af van hoe zij het laatst is verstuurd, dan zegt RedenWijziging waarom.",
        doen: "Vul RedenWijziging bij een gewijzigde toewijzing.";
    WIJZIGING_NIET_TOEGESTAAN "OP033x1" Waarschuwing None, BEIDE, [301]:
        "Ingangsdatum of product gewijzigd onder hetzelfde nummer",
        wat: "Onder hetzelfde nummer mogen alleen einddatum, budget en bij frequentie 6 het volume veranderen.",
        doen: "Beëindig de toewijzing en geef een nieuwe af met een nieuw nummer.";
    NIET_ALLE_TOEWIJZINGEN "OP087" Waarschuwing None, BEIDE, [301]:
        "Geldige toewijzingen ontbreken in het bericht",
        wat: "Een toewijzingsbericht bevat alle toewijzingen van een client bij een aanbieder die op of na de dagtekening gelden.",
        doen: "Neem alle geldige toewijzingen op in ieder bericht. Een toewijzing die ontbreekt, is niet ingetrokken.";
    NIEUW_NUMMER_NODIG "OP257" Waarschuwing None, BEIDE, [301]:
        "Omvang gewijzigd onder hetzelfde nummer",
        wat: "Verandert de omvang bij een andere frequentie dan 6, dan eindigt de toewijzing en komt er een met een nieuw nummer. Anders kloppen declaraties over eerdere maanden niet meer.",
        doen: "Beëindig de toewijzing en geef een nieuwe af met een nieuw nummer.";
    STAPELING "OP259" Waarschuwing None, BEIDE, [301]:
        "Zelfde product twee keer toegewezen",
        wat: "Een client krijgt hetzelfde product van dezelfde aanbieder niet twee keer voor dezelfde dagen. Dit geldt over berichten heen; binnen een bericht is het TR302. Wmo-categorieën 11 tot en met 14 zijn uitgezonderd.",
        doen: "Beëindig een van beide toewijzingen.";
    VERLENGING_NIEUW_NUMMER "OP380" Waarschuwing None, BEIDE, [301]:
        "Verlenging met een nieuw nummer",
        wat: "Een verlenging met gelijke omvang, bij een andere frequentie dan 6 en vóór de einddatum verstuurd, rekt de bestaande toewijzing op. Een nieuw nummer vraagt onnodig om een stop en een start.",
        doen: "Verstuur de bestaande toewijzing met de nieuwe einddatum.";
    NUMMER_NIET_UNIEK "TR332" Fout Some("9332"), BEIDE, [301]:
        "Toewijzingnummer al van een ander",
        wat: "Een gemeente geeft een toewijzingnummer per wet één keer uit. Een nummer bij twee clienten of aanbieders maakt declaraties onherleidbaar.",
        doen: "Geef de toewijzing een eigen nummer.";
    REFERENTIE_ONTERECHT "TR379" Fout Some("9379"), BEIDE, [301]:
        "ReferentieAanbieder zonder verzoek",
        wat: "ReferentieAanbieder is alleen gevuld in het bericht dat een verzoek van deze aanbieder voor deze client honoreert. In latere versies is het weer leeg.",
        doen: "Vul de referentie van het gehonoreerde verzoek, of laat haar leeg.";
    PRODUCT_PAST_NIET "TR381" Fout Some("S329"), BEIDE, [301, 305, 307, 315, 317, 323]:
        "Productcode past niet bij categorie",
        wat: "De productcode staat in de gehanteerde lijst onder deze categorie.",
        doen: "Controleer of de lijst in Grip actueel is; vraag de afzender anders om de juiste code.";
    VERWIJDERD_MET_DECLARATIES "TR385" Fout Some("9385"), BEIDE, [301]:
        "Verwijderd terwijl er is gedeclareerd",
        wat: "Een toewijzing met goedgekeurde, niet gecrediteerde regels kan niet worden verwijderd: wat is goedgekeurd, zou geen grond meer hebben.",
        doen: "Beëindig de toewijzing in plaats van haar te verwijderen, of laat de regels eerst crediteren.";
}

macro_rules! path {
    ($element:literal) => {
        concat!("Bericht/Client/ToegewezenProducten/ToegewezenProduct/", $element)
    };
}

pub(super) fn play(state: &mut State<'_>, number: u32, out: &mut Out) {
    let (first, versions) = rows(&state.dossier.toewijzingen, number, |row| row.bericht);
    let is_first: Vec<bool> =
        versions.iter().map(|version| state.current_of(version.client, version.nummer).is_none()).collect();
    for version in versions {
        judge(state, version, out);
    }
    for index in (first..).take(versions.len()) {
        state.add_version(index);
        let version = state.version(index);
        let request = version.referentie.and_then(|key| state.requests.get_mut(&key));
        if let Some(request) = request {
            request.granted.push(number);
        }
    }
    for (version, is_first) in versions.iter().zip(is_first) {
        judge_beside_others(state, version, versions, is_first, out);
    }
    judge_completeness(state, number, versions, out);
    super::verzoek::judge_term_of_grant(state, number, versions, out);
}

fn judge(state: &State<'_>, version: &Toewijzing, out: &mut Out) {
    let nummer = version.nummer;
    let own = {
        let bericht = &state.dossier.berichten[version.bericht as usize];
        (bericht.received, bericht.digest)
    };
    let other_client = state.is_of_other(version.client, nummer);
    if other_client || state.elders.get(&nummer).is_some_and(|other| *other < own) {
        let whose = if other_client { "een andere client" } else { "een andere aanbieder" };
        out.report(NUMMER_NIET_UNIEK, version.regel, path!("ToewijzingNummer"), || {
            format!("toewijzing {nummer} is eerder afgegeven voor {whose}")
        });
    }
    if state.is_misfit(version.categorie, version.code) {
        out.report(PRODUCT_PAST_NIET, version.regel, path!("Product/Code"), || {
            misfit_text(state, version.categorie, version.code)
        });
    }
    judge_reference(state, version, out);
    judge_change(state, version, out);
    if state.is_deleted(version) {
        let approved = state.number(version.client, nummer).map_or(0, |number| number.approved);
        if approved > 0 {
            out.report(VERWIJDERD_MET_DECLARATIES, version.regel, path!("RedenWijziging"), || {
                format!("toewijzing {nummer} heeft {approved} goedgekeurde regels die niet zijn gecrediteerd")
            });
        }
    }
}

pub(super) fn misfit_text(
    state: &State<'_>,
    categorie: Option<super::dossier::Word>,
    code: Option<super::dossier::Word>,
) -> String {
    let text = |word: Option<super::dossier::Word>| word.map_or("", |word| state.dossier.text(word));
    format!("code {} staat in de productlijst niet onder categorie {}", text(code), text(categorie))
}

fn judge_reference(state: &State<'_>, version: &Toewijzing, out: &mut Out) {
    let Some(key) = version.referentie else { return };
    // Without any request in the dossier nothing can be said: they may not have been read.
    if state.requests.is_empty() {
        return;
    }
    let nummer = version.nummer;
    let known = state.requests.get(&key).filter(|request| request.client == version.client);
    if known.is_none_or(|request| !state.is_alive(request.bericht)) {
        out.report(REFERENTIE_ONTERECHT, version.regel, path!("ReferentieAanbieder"), || {
            format!("bij de referentie van toewijzing {nummer} is geen verzoek voor deze client bekend")
        });
        return;
    }
    let versions = state.number(version.client, nummer).map_or(&[][..], |number| &number.versions);
    let repeated = versions.iter().map(|index| state.version(*index)).any(|earlier| {
        earlier.referentie == Some(key) && earlier.stempel != version.stempel && earlier.bericht != version.bericht
    });
    if repeated {
        out.report(REFERENTIE_ONTERECHT, version.regel, path!("ReferentieAanbieder"), || {
            format!("toewijzing {nummer} had deze referentie al in een eerdere versie")
        });
    }
}

fn content(version: &Toewijzing) -> impl PartialEq {
    let Toewijzing { categorie, code, ingangsdatum, einddatum, omvang, budget, .. } = version;
    (*categorie, *code, *ingangsdatum, *einddatum, *omvang, *budget)
}

fn judge_change(state: &State<'_>, version: &Toewijzing, out: &mut Out) {
    let nummer = version.nummer;
    let Some(current) = state.current_of(version.client, nummer) else {
        if version.reden_wijziging.is_some() {
            out.report(REDEN_BIJ_EERSTE, version.regel, path!("RedenWijziging"), || {
                format!("toewijzing {nummer} is niet eerder verstuurd en heeft toch een RedenWijziging")
            });
        }
        return;
    };
    let sent = state.number(version.client, nummer).map_or(&[][..], |number| &number.versions);
    let is_tie = sent
        .iter()
        .map(|index| state.version(*index))
        .any(|other| other.stempel == version.stempel && content(other) != content(version));
    if is_tie {
        out.report(ZELFDE_TIJDSTIP, version.regel, path!("Toewijzingstijd"), || {
            format!("toewijzing {nummer} is eerder met hetzelfde tijdstip en een andere inhoud verstuurd")
        });
    }
    // A version that arrives late is older than what counts: it changes nothing (OP080).
    if version.stempel <= current.stempel {
        return;
    }
    let last = sent.last().map(|index| state.version(*index));
    if version.reden_wijziging.is_none() && last.is_some_and(|last| content(last) != content(version)) {
        out.report(REDEN_ONTBREEKT, version.regel, path!("RedenWijziging"), || {
            format!("toewijzing {nummer} wijkt af van hoe zij het laatst is verstuurd")
        });
    }
    let is_correction = version.reden_wijziging.is_some_and(|reden| state.dossier.text(reden) == "14");
    if is_correction || state.is_deleted(version) || state.is_deleted(current) {
        return;
    }
    let product = |version: &Toewijzing| (version.categorie, version.code);
    if version.ingangsdatum != current.ingangsdatum {
        out.report(WIJZIGING_NIET_TOEGESTAAN, version.regel, path!("Ingangsdatum"), || {
            let (new, old) = (date_of(version.ingangsdatum), date_of(current.ingangsdatum));
            format!("ingangsdatum van toewijzing {nummer} was {old} en is nu {new}")
        });
    }
    if product(version) != product(current) {
        out.report(WIJZIGING_NIET_TOEGESTAAN, version.regel, path!("Product"), || {
            format!("het product van toewijzing {nummer} is gewijzigd")
        });
    }
    let may_change = |a: grip_ledger::Omvang, b: grip_ledger::Omvang| {
        a.eenheid == b.eenheid && a.frequentie == b.frequentie && a.frequentie == Frequentie::Totaal
    };
    let changed = version.omvang != current.omvang;
    if changed && !version.omvang.zip(current.omvang).is_some_and(|(new, old)| may_change(new, old)) {
        out.report(NIEUW_NUMMER_NODIG, version.regel, path!("Omvang"), || {
            let volume = |version: &Toewijzing| {
                version.omvang.map_or("leeg".to_owned(), |omvang| super::words::volume(omvang.volume, omvang.eenheid))
            };
            format!("omvang van toewijzing {nummer} was {} en is nu {}", volume(current), volume(version))
        });
    }
}

fn overlap(a: &Toewijzing, b: &Toewijzing) -> bool {
    b.einddatum.is_none_or(|eind| a.ingangsdatum <= eind) && a.einddatum.is_none_or(|eind| b.ingangsdatum <= eind)
}

fn judge_beside_others(
    state: &State<'_>,
    version: &Toewijzing,
    in_message: &[Toewijzing],
    is_first: bool,
    out: &mut Out,
) {
    let counts = state.current_of(version.client, version.nummer).is_some_and(|one| std::ptr::eq(one, version));
    if !counts || state.is_deleted(version) {
        return;
    }
    let nummer = version.nummer;
    let product = |version: &Toewijzing| (version.categorie, version.code);
    for other in state.allocations_of(version.client).filter(|other| other.nummer != nummer) {
        let beside = in_message.iter().any(|one| one.nummer == other.nummer);
        if !beside && overlap(version, other) && state.is_same_product(product(version), product(other)) {
            out.report(STAPELING, version.regel, path!("Product"), || {
                format!("toewijzingen {nummer} en {} gelden voor hetzelfde product en dezelfde dagen", other.nummer)
            });
        }
        let is_total = version.omvang.is_some_and(|omvang| omvang.frequentie == Frequentie::Totaal);
        let is_prolongation = is_first
            && !is_total
            && other.bericht != version.bericht
            && product(version) == product(other)
            && version.omvang == other.omvang
            && other.einddatum.is_some_and(|eind| eind + 1 == version.ingangsdatum && eind >= state.today);
        if is_prolongation {
            out.report(VERLENGING_NIEUW_NUMMER, version.regel, path!("ToewijzingNummer"), || {
                format!("toewijzing {nummer} verlengt toewijzing {} met gelijke omvang", other.nummer)
            });
        }
    }
}

fn judge_completeness(state: &State<'_>, number: u32, in_message: &[Toewijzing], out: &mut Out) {
    let Some(client) = in_message.first().map(|version| version.client) else { return };
    let dagtekening = state.dossier.berichten[number as usize].dagtekening;
    let is_missing = |other: &&Toewijzing| {
        other.einddatum.is_none_or(|eind| eind >= dagtekening)
            && state.dossier.berichten[other.bericht as usize].dagtekening < dagtekening
            && !in_message.iter().any(|version| version.nummer == other.nummer)
    };
    let missing: Vec<u32> = state.allocations_of(client).filter(is_missing).map(|other| other.nummer).collect();
    if !missing.is_empty() {
        out.report(NIET_ALLE_TOEWIJZINGEN, 0, "Bericht/Client/ToegewezenProducten", || {
            let numbers: Vec<String> = missing.iter().take(5).map(u32::to_string).collect();
            let more = if missing.len() > 5 { " en andere" } else { "" };
            format!("{} geldige toewijzingen staan er niet in: {}{more}", missing.len(), numbers.join(", "))
        });
    }
}
