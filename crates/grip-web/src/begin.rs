//! Where somebody starts: the questions of their role, the figures that answer the first, and the work that waits.

mod tour;

use axum::{
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use grip_access::{Detail, Need, Part, Role};
use grip_register::threads_waiting;
use grip_report::Language;

use crate::{
    App,
    document::{Block, Document, Figure, Group, Groups, Opened, WithTables},
    form::{Typed, check_site},
    problem::Problem,
    prognose, register, signalen, vragen,
    words::{either, say},
};

/// Rows of the work that waits.
const WAITING_MAX: usize = 5;

/// A question of a role, and the address of the page that answers it.
struct Question {
    nl: &'static str,
    en: &'static str,
    path: &'static str,
}

const fn ask(nl: &'static str, en: &'static str, path: &'static str) -> Question {
    Question { nl, en, path }
}

/// What somebody wants to know: what is the case, why, and what to do.
struct Questions {
    what: &'static [Question],
    why: &'static [Question],
    how: &'static [Question],
}

const WITHIN_BUDGET: Question = ask("Blijven we binnen de begroting?", "Do we stay within the budget?", "/geld");
const YEAR_END: Question = ask(
    "Waar komt het jaar op uit, en hoe zeker is dat?",
    "Where does the year end, and how sure is that?",
    "/prognose",
);
const GROWTH: Question = ask(
    "Komt groei door cliënten, door meer zorg of door de prijs?",
    "Does growth come from clients, from more care or from the price?",
    "/geld/groei",
);
const GOALS: Question = ask("Halen we onze doelen?", "Do we reach our goals?", "/beleid");
const OTHERS: Question = ask("Hoe staan we naast andere gemeenten?", "How do we stand beside others?", "/vergelijking");
const FLOWS: Question =
    ask("Hoeveel cliënten komen erbij en gaan eruit?", "How many clients come and go?", "/zorg/verloop");
const SIGNALS: Question = ask("Wat vraagt nu aandacht?", "What asks for attention now?", "/signalen");
const MEASURES: Question = ask("Wat leveren onze maatregelen op?", "What do our measures bring?", "/maatregelen");
const DECISIONS: Question =
    ask("Wat is besloten, en is het gedaan?", "What was decided, and was it done?", "/besluiten");
const PROGRAMME: Question = ask("Ligt het programma op koers?", "Is the programme on course?", "/programma");
const CYCLE: Question = ask("Wanneer kijken we hier weer naar?", "When do we look at this again?", "/beleid/cyclus");
const DATA: Question = ask("Kloppen de gegevens?", "Is the data right?", "/gegevens");
const HINDSIGHT: Question =
    ask("Sinds wanneer konden we dit weten?", "Since when could we know this?", "/geld/groei/sinds-wanneer");
const TO_ANSWER: Question = ask("Welke vragen staan open?", "Which questions are open?", "/vragen");

const fn questions(role: Role) -> &'static Questions {
    match role {
        Role::Council => {
            const {
                &Questions {
                    what: &[GOALS, WITHIN_BUDGET, YEAR_END],
                    why: &[GROWTH, OTHERS],
                    how: &[DECISIONS, MEASURES, TO_ANSWER],
                }
            }
        }
        Role::Executive => {
            const {
                &Questions {
                    what: &[YEAR_END, SIGNALS, GOALS],
                    why: &[GROWTH, HINDSIGHT, OTHERS],
                    how: &[MEASURES, PROGRAMME, DECISIONS],
                }
            }
        }
        Role::Policy => {
            const {
                &Questions {
                    what: &[GOALS, FLOWS, SIGNALS],
                    why: &[
                        ask(
                            "Werkt ons beleid zoals wij denken?",
                            "Does our policy work as we think?",
                            "/beleid/theorie",
                        ),
                        ask(
                            "Van welke zorg gaan mensen naar welke?",
                            "From which care do people go to which?",
                            "/zorg/overgangen",
                        ),
                        OTHERS,
                    ],
                    how: &[MEASURES, CYCLE, DECISIONS],
                }
            }
        }
        Role::Access => {
            const {
                &Questions {
                    what: &[FLOWS, ask("Hoe lang duurt de zorg?", "How long does care take?", "/zorg/duur"), SIGNALS],
                    why: &[
                        ask(
                            "Van welke zorg gaan mensen naar welke?",
                            "From which care do people go to which?",
                            "/zorg/overgangen",
                        ),
                        ask(
                            "Wie krijgt meer soorten zorg tegelijk?",
                            "Who gets several kinds of care at once?",
                            "/zorg/stapeling",
                        ),
                    ],
                    how: &[TO_ANSWER, MEASURES, PROGRAMME],
                }
            }
        }
        Role::Procurement => {
            const {
                &Questions {
                    what: &[
                        ask(
                            "Wat doet elke aanbieder, en wat komt er nog?",
                            "What does each provider do, and what is to come?",
                            "/prognose",
                        ),
                        SIGNALS,
                        ask(
                            "Welke aanbieder declareert laat of fout?",
                            "Which provider declares late or wrongly?",
                            "/gegevens",
                        ),
                    ],
                    why: &[GROWTH, ask("Is de zorg goed genoeg?", "Is the care good enough?", "/beleid/goed-genoeg")],
                    how: &[MEASURES, DECISIONS],
                }
            }
        }
        Role::Finance => {
            const {
                &Questions {
                    what: &[
                        YEAR_END,
                        WITHIN_BUDGET,
                        ask("Is de reserve groot genoeg?", "Is the reserve large enough?", "/geld/weerstand"),
                    ],
                    why: &[GROWTH, HINDSIGHT, DATA],
                    how: &[MEASURES, DECISIONS, SIGNALS],
                }
            }
        }
        Role::Region => {
            const { &Questions { what: &[YEAR_END, FLOWS, SIGNALS], why: &[GROWTH, OTHERS], how: &[MEASURES, PROGRAMME] } }
        }
        Role::DataSteward => {
            const {
                &Questions {
                    what: &[DATA, ask("Welke berichten kwamen binnen?", "Which messages came in?", "/berichten")],
                    why: &[SIGNALS],
                    how: &[TO_ANSWER],
                }
            }
        }
        Role::Administrator => const { &Questions { what: &[], why: &[], how: &[] } },
    }
}

/// What a role is called.
pub(crate) fn role_name(role: Role, language: Language) -> &'static str {
    either(language, role.nl(), role.en())
}

/// `/`: the page to start at, of the role through whose eyes one looks, or of the first one has.
pub(crate) async fn show(app: App, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let language = opened.scope.language;
    let Some(role) = app.visitor.looks_as.or_else(|| app.rights().roles().first().copied()) else {
        return Err(Problem::refusal(&app.visitor));
    };
    let is_one = app.visitor.looks_as.is_some() || app.rights().roles().len() == 1;
    let title = match language {
        _ if !is_one => say(language, "Overzicht", "Overview"),
        Language::Nl => format!("Overzicht voor {}", role_name(role, language)),
        Language::En => format!("Overview for {}", role_name(role, language)),
    };
    let mut frame = opened.frame(&app, &uri, &title, Vec::new());
    frame.crumbs.clear();
    let mut document = Document::new(frame, &uri, title, "");
    let step = tour::asked(&opened.asked)?;
    document.blocks.extend(tour::notice(step, tour::is_over(&headers), &uri, language).map(Block::Notice));
    if let Some((lede, figures)) = year(&app, &opened).await? {
        document.lede = lede;
        document.figures = figures;
    }
    let asked = questions(role);
    let groups = [
        (either(language, "Wat is er aan de hand?", "What is the case?"), asked.what),
        (either(language, "Waarom?", "Why?"), asked.why),
        (either(language, "Hoe verder?", "What next?"), asked.how),
    ];
    let link = |question: &Question| (say(language, question.nl, question.en), opened.scope.link(question.path));
    let groups: Vec<Group> = groups
        .into_iter()
        .filter(|(_, questions)| !questions.is_empty())
        .map(|(name, questions)| Group { name: name.to_owned(), links: questions.iter().map(link).collect() })
        .collect();
    document.blocks.push(Block::Groups(Groups {
        title: say(language, "Uw vragen", "Your questions"),
        empty: String::new(),
        groups,
    }));
    document.blocks.extend(work(&app, &opened).await?);
    let mut response = document.respond(&opened.asked)?;
    if step == Some(tour::Step::Over) {
        response.headers_mut().append(header::SET_COOKIE, tour::OVER_COOKIE);
    }
    Ok(response)
}

/// Where the year ends, for whoever may see that; nothing when nothing can be forecast.
async fn year(app: &App, opened: &Opened) -> Result<Option<(String, Vec<Figure>)>, Problem> {
    let scope = &opened.scope;
    if !app.may(Need::read(Part::Forecast, Detail::Totals), scope.gemeente) {
        return Ok(None);
    }
    match prognose::in_short(app, scope).await {
        Ok(found) => Ok(found),
        Err(Problem::OutOfReach { .. } | Problem::UnknownGemeente { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The signals nobody took up and the questions nobody answered.
async fn work(app: &App, opened: &Opened) -> Result<Vec<Block>, Problem> {
    let scope = &opened.scope;
    let mut blocks = Vec::new();
    if app.may(Need::read(Part::Signals, Detail::Providers), scope.gemeente) {
        blocks.extend(signalen::to_take_up(app, scope, WAITING_MAX).await?.map(Block::Table));
    }
    if let Some(writing) = &app.settings.writing
        && app.may(Need::read(Part::Questions, Detail::Totals), scope.gemeente)
    {
        let mut threads = threads_waiting(&writing.register.now().await?, scope.gemeente).await?;
        threads.truncate(WAITING_MAX);
        let dossier = register::dossier(app, scope).await?;
        blocks.push(Block::Table(vragen::open_table(&threads, &dossier, scope)));
    }
    Ok(blocks)
}

/// The cookie that holds through the eyes of which role somebody looks.
pub(crate) const LOOKS_AS: &str = "grip-rol";

/// `POST /rol`: looks through the eyes of one of the roles one has, or of all again.
pub(crate) async fn look_as(app: App, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let typed = Typed::of(&body)?;
    let chosen = typed.get("rol").parse::<Role>().ok().filter(|role| app.visitor.rights.roles().contains(role));
    let back = vragen::local(typed.get("terug")).unwrap_or_else(|| "/".to_owned());
    let (name, age) = chosen.map_or(("", "; Max-Age=0"), |role| (role.as_str(), ""));
    let cookie = format!("{LOOKS_AS}={name}; Path=/; HttpOnly; SameSite=Strict{age}");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&back)).into_response())
}
