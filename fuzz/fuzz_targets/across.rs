//! A dossier made from any bytes: no panic, and the same judgements in whatever order rows came and however it is cut into
//! intakes.

#![no_main]

use grip_ledger::{Eenheid, Frequentie, Omvang};
use grip_rules::across::{
    Afkeuring, Antwoord, Asked, Bericht, Context, ContractTarief, Day, Declaratie, DeclaratieAntwoord, Dossier, Elders,
    Judgement, Key, Prestatie, Retour, Start, Stop, Toewijzing, Verzoek, Word, control_list, judge, overdue,
};
use grip_types::Wet;
use libfuzzer_sys::{
    arbitrary::{Result, Unstructured},
    fuzz_target,
};

/// Messages and lines of a dossier: more only take longer.
const ROWS_MAX: usize = 32;
/// 2024-01-01.
const BEGIN: Day = 19_723;

fuzz_target!(|bytes: &[u8]| {
    let Ok((mut dossier, context)) = dossier(bytes) else { return };
    let all = judge(&mut dossier, &context, |_| true);
    reverse(&mut dossier);
    assert!(judge(&mut dossier, &context, |_| true) == all, "the order of rows mattered");
    for number in [1, 5] {
        let of_one: Vec<&Judgement> = all.iter().filter(|judgement| judgement.bericht == number).collect();
        let alone = judge(&mut dossier, &context, |new| new == number);
        assert!(alone.iter().collect::<Vec<_>>() == of_one, "what else is new mattered");
        control_list(&mut dossier, &context, number);
    }
    overdue(&mut dossier, &context, BEGIN + 200);
    overdue(&mut dossier, &context, Day::MAX);
});

/// What the fields of rows are drawn from: few different ones, so that rows meet each other.
struct Source<'b> {
    bytes: Unstructured<'b>,
    words: Vec<Word>,
}

impl Source<'_> {
    fn up_to(&mut self, max: u32) -> Result<u32> {
        self.bytes.int_in_range(0..=max)
    }

    fn coin(&mut self) -> Result<bool> {
        self.bytes.arbitrary()
    }

    fn key(&mut self) -> Result<Key> {
        Ok(Key::of(&self.up_to(5)?))
    }

    fn word(&mut self) -> Result<Word> {
        let words = &self.words;
        self.bytes.choose(words).copied()
    }

    /// Mostly in one year, with the ends of the calendar of the standard.
    fn day(&mut self) -> Result<Day> {
        Ok(match self.bytes.arbitrary::<u8>()? {
            0 => -719_162,
            1 => 2_932_896,
            2 => BEGIN + i32::from(self.bytes.arbitrary::<u16>()?),
            near => BEGIN + i32::from(near),
        })
    }

    fn amount(&mut self) -> Result<u32> {
        Ok(match self.bytes.arbitrary::<u8>()? {
            0 => 99_999_999,
            1 => self.up_to(99_999_999)?,
            small => u32::from(small),
        })
    }

    fn maybe<T>(&mut self, draw: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.coin()? { draw(self).map(Some) } else { Ok(None) }
    }

    fn unit(&mut self) -> Result<Eenheid> {
        let code = self.bytes.choose(&["01", "04", "14", "16", "82", "83", "84", "?"])?;
        Ok(Eenheid::from_code(code))
    }

    fn omvang(&mut self) -> Result<Omvang> {
        let frequency = self.bytes.choose(&["1", "2", "4", "6", "?"])?;
        let frequentie = Frequentie::from_code(frequency);
        Ok(Omvang { volume: self.amount()?.into(), eenheid: self.unit()?, frequentie })
    }
}

fn dossier(bytes: &[u8]) -> Result<(Dossier, Context)> {
    let mut source = Source { bytes: Unstructured::new(bytes), words: Vec::new() };
    let mut dossier = Dossier::new(if source.coin()? { Wet::Wmo } else { Wet::Jw }, "0999");
    source.words = ["01", "02", "11", "13", "45", "01A01", "45A01", "0999"].map(|text| dossier.word(text)).to_vec();
    let mut context = Context::default();
    if source.coin()? {
        context.producten = Some([("01".into(), "01A01".into())].into());
        let code = source.maybe(|_| Ok("01A01".into()))?;
        let (begin, eind) = (source.day()?, source.maybe(Source::day)?);
        let cents = source.maybe(Source::amount)?.map(i64::from);
        context.contract =
            vec![ContractTarief { categorie: "01".into(), code, eenheid: source.unit()?, begin, eind, cents }];
    }
    for regel in 1..=ROWS_MAX {
        if source.bytes.is_empty() {
            break;
        }
        row(&mut dossier, &mut source, u32::try_from(regel).expect("few"))?;
    }
    Ok((dossier, context))
}

/// Adds a row, of a new message or of the last.
fn row(dossier: &mut Dossier, source: &mut Source<'_>, regel: u32) -> Result<()> {
    const KINDS: [u16; 9] = [301, 305, 307, 315, 317, 319, 323, 325, 302];
    let nummer = *source.bytes.choose(&KINDS)?;
    let (identificatie, received, client) = (source.key()?, source.day()?, source.key()?);
    let dagtekening = source.day()?;
    let message = Bericht { nummer, identificatie, dagtekening, received, digest: regel.into() };
    let bericht = dossier.add(message);
    match nummer {
        301 => {
            for regel in 1..=1 + source.up_to(2)? {
                let toewijzing = Toewijzing {
                    bericht,
                    regel,
                    client,
                    nummer: source.up_to(5)?,
                    referentie: source.maybe(Source::key)?,
                    categorie: source.maybe(Source::word)?,
                    code: source.maybe(Source::word)?,
                    stempel: (source.day()?, source.up_to(2)?.into()),
                    ingangsdatum: source.day()?,
                    einddatum: source.maybe(Source::day)?,
                    reden_wijziging: source.maybe(Source::word)?,
                    omvang: source.maybe(Source::omvang)?,
                    budget: source.maybe(Source::amount)?.map(i64::from),
                };
                dossier.toewijzingen.push(toewijzing);
            }
        }
        305 => dossier.starts.push(Start {
            bericht,
            regel,
            client,
            toewijzing: source.maybe(|source| source.up_to(5))?,
            categorie: source.maybe(Source::word)?,
            code: source.maybe(Source::word)?,
            begindatum: source.day()?,
            deletes: source.coin()?,
        }),
        307 => dossier.stops.push(Stop {
            bericht,
            regel,
            client,
            toewijzing: source.maybe(|source| source.up_to(5))?,
            categorie: source.maybe(Source::word)?,
            code: source.maybe(Source::word)?,
            begindatum: source.day()?,
            reden: source.word()?,
            einddatum: source.day()?,
            deletes: source.coin()?,
        }),
        315 | 317 => {
            let asked = [Asked::Ongewijzigd, Asked::TeWijzigen, Asked::Nieuw];
            let asked = if nummer == 315 { Asked::Aangevraagd } else { *source.bytes.choose(&asked)? };
            dossier.verzoeken.push(Verzoek {
                bericht,
                regel,
                client,
                referentie: source.key()?,
                asked,
                toewijzing: source.maybe(|source| source.up_to(5))?,
                categorie: source.maybe(Source::word)?,
                code: source.maybe(Source::word)?,
                ingangsdatum: source.maybe(Source::day)?,
                einddatum: source.maybe(Source::day)?,
                omvang: source.maybe(Source::omvang)?,
                budget: source.maybe(Source::amount)?.map(i64::from),
            });
        }
        319 => dossier.antwoorden.push(Antwoord {
            bericht,
            referentie: source.key()?,
            afgewezen: source.coin()?,
            reden: source.maybe(Source::word)?,
            gemeente: source.maybe(Source::word)?,
        }),
        323 => {
            dossier.declaraties.push(Declaratie { bericht, nummer: source.key()?, begindatum: source.day()? });
            for regel in 1..=1 + source.up_to(3)? {
                let is_credit = source.coin()?;
                let bedrag = i32::try_from(source.amount()?).expect("eight digits");
                let prestatie = Prestatie {
                    bericht,
                    regel,
                    client,
                    referentie: source.key()?,
                    vorige: source.maybe(Source::key)?,
                    toewijzing: source.up_to(5)?,
                    categorie: source.word()?,
                    code: source.word()?,
                    begindatum: source.day()?,
                    einddatum: source.day()?,
                    volume: source.amount()?,
                    tarief: source.maybe(Source::amount)?,
                    bedrag: if is_credit { -bedrag } else { bedrag },
                    eenheid: source.unit()?,
                    is_credit,
                };
                dossier.prestaties.push(prestatie);
            }
        }
        325 => {
            dossier.declaratie_antwoorden.push(DeclaratieAntwoord {
                bericht,
                declaratie: source.key()?,
                nummer: source.maybe(Source::key)?,
                ingediend: source.maybe(Source::amount)?.map(i64::from),
                toegekend: source.maybe(Source::amount)?.map(i64::from),
                geheel_afgekeurd: source.coin()?,
            });
            for regel in 1..=source.up_to(2)? {
                let (referentie, toewijzing) = (source.key()?, source.up_to(5)?);
                let bedrag = i32::try_from(source.amount()?).expect("eight digits");
                dossier.afkeuringen.push(Afkeuring { bericht, regel, client, referentie, toewijzing, bedrag });
            }
        }
        _ => {
            let heen = *source.bytes.choose(&[301, 305, 307, 315, 317, 319])?;
            let (identificatie, afgekeurd) = (source.key()?, source.coin()?);
            dossier.retours.push(Retour { bericht, heen, identificatie, afgekeurd });
            dossier.elders.push(Elders { nummer: source.up_to(5)?, received, digest: 0 });
        }
    }
    Ok(())
}

fn reverse(dossier: &mut Dossier) {
    dossier.toewijzingen.reverse();
    dossier.starts.reverse();
    dossier.stops.reverse();
    dossier.verzoeken.reverse();
    dossier.antwoorden.reverse();
    dossier.declaraties.reverse();
    dossier.prestaties.reverse();
    dossier.declaratie_antwoorden.reverse();
    dossier.afkeuringen.reverse();
    dossier.retours.reverse();
    dossier.elders.reverse();
}
