//! A tour for whoever is here for the first time: five hints, each on the page with a link to the next. `?rondleiding=1` begins
//! it, `?rondleiding=klaar` ends it for good.

use axum::http::{HeaderMap, HeaderValue, Uri};
use grip_report::Language;

use crate::{
    address::{Asked, with},
    app::cookie,
    document::Notice,
    problem::Problem,
    words::{either, say},
};

/// The cookie of whoever had the tour, or does not want it.
const COOKIE: &str = "grip-rondleiding";

/// Remembers for a year that the tour is over.
pub(super) const OVER_COOKIE: HeaderValue =
    HeaderValue::from_static("grip-rondleiding=klaar; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000");

/// Where in the tour somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// At a hint, counted from 1.
    At(usize),
    Over,
}

/// The hints, Dutch and English.
const HINTS: [(&str, &str); 5] = [
    (
        "Boven in beeld kiest u de gemeente, het jaar en de peildatum. De peildatum is de dag waarop u kijkt: wat later bekend werd, telt \
         niet mee. Die keuze blijft staan op elke pagina.",
        "At the top you choose the municipality, the year and the day. What became known after that day does not count. Your choice stays on \
         every page.",
    ),
    (
        "Op deze pagina staan de vragen die bij uw rol horen. Elke vraag leidt naar de pagina met het antwoord. Hebt u meer rollen? Kies \
         bovenaan bij ‘Kijken als’ door welke u wilt kijken.",
        "On this page are the questions of your role. Each leads to the page with the answer. Have you several roles? Choose at ‘Look as’ \
         through which you want to look.",
    ),
    (
        "Bij een prognose staan twee bedragen: daartussen komt het waarschijnlijk uit. Onder elke grafiek staan dezelfde cijfers als tabel, en \
         die kunt u meenemen als bestand.",
        "A forecast comes with two amounts: it probably ends between them. Under each chart are the same figures as a table, which you can take \
         with you as a file.",
    ),
    (
        "Woorden met puntjes eronder kunt u kiezen: dan ziet u wat ze betekenen. Staat er ‘te weinig’, dan gaat het om zo weinig mensen dat \
         het getal niet wordt getoond.",
        "Words underlined with dots can be chosen to see what they mean. ‘Too few’ stands for so few people that the number is not shown.",
    ),
    (
        "Bij cijfers kunt u een vraag stellen of iets uitleggen. Met ‘Zoek in alles’ vindt u doelen, maatregelen en besluiten. Het adres van een \
         pagina kunt u delen: een ander ziet dezelfde cijfers, als die ze mag zien.",
        "With figures you can ask a question or explain something. ‘Search everything’ finds goals, measures and decisions. You can share the \
         address of a page: others see the same figures, if they may.",
    ),
];

/// The step that an address asks for.
pub(super) fn asked(asked: &Asked) -> Result<Option<Step>, Problem> {
    asked.read("rondleiding", |text| match text {
        "klaar" => Some(Step::Over),
        text => text.parse().ok().filter(|step| (1..=HINTS.len()).contains(step)).map(Step::At),
    })
}

/// Whether somebody had the tour, or does not want it.
pub(super) fn is_over(headers: &HeaderMap) -> bool {
    cookie(headers, COOKIE).is_some()
}

/// The hint of a step, or the offer of the tour to whoever did not have it.
pub(super) fn notice(step: Option<Step>, is_over: bool, here: &Uri, language: Language) -> Option<Notice> {
    let to = |step: &str| with(here, &[("rondleiding", step)]);
    let link = |nl: &str, en: &str, step: &str| (say(language, nl, en), to(step));
    let stop = || link("Stop de rondleiding", "End the tour", "klaar");
    match step {
        None if is_over => None,
        None => Some(Notice {
            text: say(
                language,
                "Nieuw hier? In vijf stappen ziet u hoe het werkt.",
                "New here? Five steps show how it works.",
            ),
            links: vec![
                link("Begin de rondleiding", "Begin the tour", "1"),
                link("Niet meer tonen", "Do not show again", "klaar"),
            ],
            ..Notice::default()
        }),
        Some(Step::At(at)) => {
            let (nl, en) = HINTS.get(at - 1).copied().unwrap_or_default();
            let number = match language {
                Language::Nl => format!("Stap {at} van {}.", HINTS.len()),
                Language::En => format!("Step {at} of {}.", HINTS.len()),
            };
            let back = (at > 1).then(|| link("Vorige", "Previous", &(at - 1).to_string()));
            let onward = match at == HINTS.len() {
                true => vec![link("Klaar", "Done", "klaar")],
                false => vec![link("Volgende", "Next", &(at + 1).to_string()), stop()],
            };
            let text = format!("{number} {}", either(language, nl, en));
            Some(Notice { text, links: back.into_iter().chain(onward).collect(), ..Notice::default() })
        }
        Some(Step::Over) => Some(Notice {
            text: say(
                language,
                "De rondleiding is klaar. U vindt haar terug onder aan de pagina.",
                "The tour is over. You find it again at the foot of the page.",
            ),
            ..Notice::default()
        }),
    }
}
