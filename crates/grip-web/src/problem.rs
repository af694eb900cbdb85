//! What can go wrong with a request, and how it is told: a page to people, RFC 9457 to programs.

use std::{fmt, sync::Arc};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use grip_oidc::OidcError;
use grip_pipeline::{CallError, PipelineError};
use grip_register::RegisterError;
use grip_report::Language;
use grip_types::{Date, GemeenteCode};

use crate::{app::Visitor, sentences::long_date};

/// A request that could not be answered. Codes are never reused.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// The query is not one, or asks the same thing twice.
    Unreadable,
    /// A parameter that is not what it should be.
    BadParameter { parameter: &'static str, text: String },
    /// A municipality of which there is nothing.
    UnknownGemeente { asked: String, known: Vec<GemeenteCode> },
    /// A year of which nothing can be said as known on that day.
    OutOfReach { jaar: i16, peildatum: Date },
    /// The `Host` is not one of ours.
    WrongHost,
    /// No such page.
    NotFound,
    /// Only reading is possible.
    NotReading,
    /// Whoever asks wants no JSON.
    NotAcceptable,
    /// More was asked than is answered at once.
    TooMany { wait_seconds: u32 },
    /// A form that was sent from another site, or by something that does not say where from.
    OtherSite,
    /// Nothing can be written: there is no register.
    NoRegister,
    /// Nobody signed in, and the page is for who has a right.
    SignIn,
    /// Who asks has no right to it.
    NotAllowed,
    /// The program that sets reports is not there.
    NoTypeset,
    /// Signing in elsewhere failed.
    Provider(Arc<OidcError>),
    /// The register could not do it.
    Register(Arc<RegisterError>),
    /// Nothing was read yet: for programs only, people get a page that says how.
    NoData,
    /// The pipeline could not answer.
    Pipeline(Arc<PipelineError>),
    /// A bug in Grip.
    Broken(String),
}

impl From<PipelineError> for Problem {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::YearOutOfReach { jaar, peildatum } => Self::OutOfReach { jaar, peildatum },
            PipelineError::NoGemeente(asked) => Self::UnknownGemeente { asked, known: Vec::new() },
            PipelineError::Empty(_) => Self::NoData,
            PipelineError::NoGrowth { tot, peildatum, .. } => Self::OutOfReach { jaar: tot, peildatum },
            PipelineError::Call(error) => Self::of_call(error),
            PipelineError::NotAllowed { .. } => Self::NotAllowed,
            other => Self::Pipeline(Arc::new(other)),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::NotFound(_) => Self::NotFound,
            other => Self::Register(Arc::new(other)),
        }
    }
}

/// English, for whoever keeps Grip running.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pipeline(error) => write_chain(f, error.as_ref()),
            Self::Register(error) => write_chain(f, error.as_ref()),
            Self::Provider(error) => write_chain(f, error.as_ref()),
            Self::Broken(what) => write!(f, "{what}"),
            other => write!(f, "{}", other.title(Language::En)),
        }
    }
}

fn write_chain(f: &mut fmt::Formatter<'_>, error: &dyn std::error::Error) -> fmt::Result {
    write!(f, "{error}")?;
    let mut source = error.source();
    while let Some(cause) = source {
        write!(f, ": {cause}")?;
        source = cause.source();
    }
    Ok(())
}

impl Problem {
    /// Why somebody without a right gets no answer: first who they are must be known.
    pub(crate) fn refusal(visitor: &Visitor) -> Self {
        if visitor.account.is_none() && visitor.rights.roles().is_empty() { Self::SignIn } else { Self::NotAllowed }
    }

    /// A question to an indicator that it has no answer to.
    fn of_call(error: CallError) -> Self {
        let bad = |parameter, text: String| Self::BadParameter { parameter, text };
        match error {
            CallError::Unknown | CallError::Computed { .. } => Self::NotFound,
            CallError::Dimension { dimension, .. } => bad("door", dimension.to_owned()),
            CallError::Crossing { dimensions, .. } => bad("door", dimensions.join(", ")),
            CallError::Grain { period, .. } => bad("periode", period),
            CallError::Period | CallError::NoPeriod => bad("periode", String::new()),
            CallError::Filter => bad("filters", String::new()),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable | Self::BadParameter { .. } | Self::UnknownGemeente { .. } | Self::OutOfReach { .. } => {
                StatusCode::BAD_REQUEST
            }
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Provider(_) => StatusCode::BAD_GATEWAY,
            Self::OtherSite | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::NoRegister | Self::NoTypeset => StatusCode::NOT_FOUND,
            Self::Register(error) if matches!(**error, RegisterError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Register(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotFound | Self::NoData => StatusCode::NOT_FOUND,
            Self::NotReading => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Pipeline(_) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Stable code: `GW` for the web crate, and a number.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "GW001",
            Self::BadParameter { .. } => "GW002",
            Self::UnknownGemeente { .. } => "GW003",
            Self::WrongHost => "GW004",
            Self::NotFound => "GW005",
            Self::NotReading => "GW006",
            Self::NoData => "GW007",
            Self::Pipeline(_) => "GW008",
            Self::Broken(_) => "GW009",
            Self::OutOfReach { .. } => "GW010",
            Self::OtherSite => "GW020",
            Self::NoRegister => "GW021",
            Self::Register(_) => "GW022",
            Self::SignIn => "GW023",
            Self::NotAllowed => "GW024",
            Self::Provider(_) => "GW025",
            Self::NoTypeset => "GW026",
            Self::NotAcceptable => "GW027",
            Self::TooMany { .. } => "GW028",
        }
    }

    pub(crate) fn title(&self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::Unreadable | Self::BadParameter { .. } => {
                ("Dit adres is niet te lezen", "This address can't be read")
            }
            Self::UnknownGemeente { .. } => ("Van deze gemeente is er niets", "There is nothing of this municipality"),
            Self::OutOfReach { .. } => ("Deze prognose is niet te maken", "This forecast can't be made"),
            Self::WrongHost => ("Onbekende naam van deze server", "Unknown name of this server"),
            Self::OtherSite => ("Dit formulier kwam niet van deze site", "This form did not come from this site"),
            Self::SignIn => ("Meld u eerst aan", "Sign in first"),
            Self::NotAllowed => ("Hier hebt u geen recht op", "You have no right to this"),
            Self::NoTypeset => ("Op papier kan hier niet", "There is no paper here"),
            Self::Provider(_) => {
                ("Aanmelden met uw werkaccount lukte niet", "Signing in with your work account failed")
            }
            Self::NoRegister => ("Hier kan niets worden geschreven", "Nothing can be written here"),
            Self::Register(_) => ("Dit kon niet worden bewaard", "This could not be kept"),
            Self::NotFound => ("Deze pagina bestaat niet", "This page does not exist"),
            Self::NotReading => ("Hier is alleen te lezen", "This is for reading only"),
            Self::NotAcceptable => ("De API schrijft alleen JSON", "The API writes JSON only"),
            Self::TooMany { .. } => ("Te veel vragen achter elkaar", "Too many requests at once"),
            Self::NoData => ("Er zijn nog geen berichten ingelezen", "No messages have been read yet"),
            Self::Pipeline(_) => ("Dit antwoord is niet te maken", "This answer can't be made"),
            Self::Broken(_) => ("Er ging iets mis in Grip", "Something went wrong in Grip"),
        };
        pick(language, nl, en)
    }

    pub(crate) fn detail(&self, language: Language) -> String {
        match (self, language) {
            (Self::BadParameter { parameter, text }, Language::Nl) => {
                format!("“{text}” kan niet als {parameter}: verwacht wordt {}.", expected(parameter, language))
            }
            (Self::BadParameter { parameter, text }, Language::En) => {
                format!("“{text}” is not a {parameter}: expected {}.", expected(parameter, language))
            }
            (Self::UnknownGemeente { asked, known }, Language::Nl) => {
                format!("Er zijn geen berichten van gemeente {asked}{}.", list("; wel van", known))
            }
            (Self::UnknownGemeente { asked, known }, Language::En) => {
                format!("There are no messages of municipality {asked}{}.", list(", but there are of", known))
            }
            (Self::OutOfReach { jaar, peildatum }, Language::Nl) => format!(
                "Over {jaar} is niets te zeggen zoals bekend op {}: er was toen nog te weinig bekend, of het jaar was nog \
                 niet begonnen.",
                long_date(*peildatum, language)
            ),
            (Self::OutOfReach { jaar, peildatum }, Language::En) => format!(
                "Nothing can be said of {jaar} as known on {}: too little was known then, or the year had not begun.",
                long_date(*peildatum, language)
            ),
            (Self::TooMany { wait_seconds }, Language::Nl) => {
                format!("Over {wait_seconds} seconden kan er weer een vraag.")
            }
            (Self::TooMany { wait_seconds }, Language::En) => {
                format!("In {wait_seconds} seconds there is room for one more.")
            }
            _ => {
                let (nl, en) = match self {
                    Self::NotAcceptable => (
                        "De kop Accept vraagt om iets anders dan application/json.",
                        "The header Accept asks for something else than application/json.",
                    ),
                    Self::Unreadable => (
                        "Een vraag in het adres staat er dubbel of is beschadigd.",
                        "A question in the address is there twice or is damaged.",
                    ),
                    Self::WrongHost => (
                        "De naam waarmee deze server werd aangesproken staat niet in zijn lijst.",
                        "The name by which this server was called is not in its list.",
                    ),
                    Self::NotFound => (
                        "Misschien is het adres veranderd, of is er op deze peildatum niets van bekend.",
                        "The address may have changed, or nothing of it is known on this day.",
                    ),
                    Self::NotReading => ("Dit adres beantwoordt alleen GET.", "This address answers GET only."),
                    Self::OtherSite => (
                        "Er is niets bewaard. Alleen formulieren van deze site zelf worden aangenomen.",
                        "Nothing was kept. Only forms of this site itself are taken.",
                    ),
                    Self::SignIn => ("Deze pagina is voor wie is aangemeld.", "This page is for who signed in."),
                    Self::NotAllowed => (
                        "Uw rol geeft geen recht op deze gegevens, of niet in deze gemeente.",
                        "Your role gives no right to this, or not in this municipality.",
                    ),
                    Self::NoTypeset => (
                        "Het programma grip-typeset, dat rapporten opmaakt, staat niet bij deze server.",
                        "The program grip-typeset, which sets reports, is not with this server.",
                    ),
                    Self::Provider(_) => (
                        "De aanmelddienst gaf geen antwoord waarmee Grip verder kan. U bent niet aangemeld.",
                        "The sign-in service gave no answer Grip can go on with. You are not signed in.",
                    ),
                    Self::NoRegister => {
                        ("Deze server is gestart zonder register.", "This server was started without a register.")
                    }
                    Self::Register(_) => (
                        "Er is niets bewaard: het register is bezet of niet bereikbaar.",
                        "Nothing was kept: the register is busy or can't be reached.",
                    ),
                    Self::NoData => ("Zonder berichten is er geen prognose.", "Without messages there is no forecast."),
                    Self::Pipeline(_) => (
                        "De gegevens zijn niet te lezen of niet door te rekenen.",
                        "The data can't be read or computed.",
                    ),
                    _ => (
                        "Dit is een fout in het programma, niet in uw vraag.",
                        "This is a fault of the program, not of your question.",
                    ),
                };
                pick(language, nl, en).to_owned()
            }
        }
    }

    pub(crate) fn hint(&self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::OutOfReach { .. } => (
                "Kies het jaar van de peildatum of een eerder jaar, of een latere peildatum.",
                "Choose the year of the day or an earlier one, or a later day.",
            ),
            Self::Unreadable | Self::BadParameter { .. } | Self::UnknownGemeente { .. } => {
                ("Begin opnieuw bij de prognose en kies daar.", "Start again at the forecast and choose there.")
            }
            Self::WrongHost => (
                "Gebruik localhost, of laat de beheerder deze naam toevoegen aan de toegestane namen.",
                "Use localhost, or have this name added to the allowed hosts.",
            ),
            Self::NotFound => ("Kijk bij de prognose of de berichten.", "Look at the forecast or the messages."),
            Self::NotReading => ("Lees berichten in met grip ingest.", "Read messages with grip ingest."),
            Self::NotAcceptable => ("Vraag om application/json.", "Ask for application/json."),
            Self::TooMany { .. } => (
                "Wacht zo lang als de kop Retry-After zegt, en vraag niet meer dan de kop RateLimit-Policy noemt.",
                "Wait as long as the header Retry-After says, and ask no more than the header RateLimit-Policy names.",
            ),
            Self::NoData => ("Lees berichten in met grip ingest.", "Read messages with grip ingest."),
            Self::OtherSite => (
                "Open de pagina opnieuw in uw browser en verstuur het formulier van daar.",
                "Open the page again in your browser and send the form from there.",
            ),
            Self::SignIn => ("Meld u aan.", "Sign in."),
            Self::NoTypeset => {
                ("Neem het rapport als pagina of rekenblad.", "Take the report as a page or a spreadsheet.")
            }
            Self::NotAllowed => (
                "Kijk op uw beginpagina, of vraag de beheerder om een andere rol.",
                "Look at your start page, or ask the administrator for another role.",
            ),
            Self::NoRegister => ("Start de pagina's met grip serve.", "Start the pages with grip serve."),
            Self::Pipeline(_) | Self::Broken(_) | Self::Register(_) | Self::Provider(_) => (
                "Probeer het nog eens; blijft het misgaan, geef dan dit kenmerk aan de beheerder: het staat ook in het log.",
                "Try again; if it goes on, give this operation to the administrator: it is in the log too.",
            ),
        };
        pick(language, nl, en)
    }
}

fn pick(language: Language, nl: &'static str, en: &'static str) -> &'static str {
    if language == Language::Nl { nl } else { en }
}

fn expected(parameter: &str, language: Language) -> &'static str {
    let (nl, en) = match parameter {
        "gemeente" => ("een code van vier cijfers, zoals 0935", "a code of four digits, as 0935"),
        "jaar" => ("een jaar vanaf 2015", "a year from 2015"),
        "peildatum" | "stand" => ("een dag zoals 2025-07-15", "a day as 2025-07-15"),
        "pageSize" => ("een getal van 1 tot en met 500", "a number from 1 to 500"),
        _ => ("een getal vanaf 1", "a number from 1"),
    };
    pick(language, nl, en)
}

/// Codes after an introduction, or nothing.
fn list(introduction: &str, codes: &[GemeenteCode]) -> String {
    let codes: Vec<String> = codes.iter().take(20).map(ToString::to_string).collect();
    if codes.is_empty() { String::new() } else { format!("{introduction} {}", codes.join(", ")) }
}

/// Only the status; the frame around all requests makes the page or the JSON of it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
