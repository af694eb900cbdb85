//! For who manages accounts: who has one and what they may, and what was done.

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use grip_access::{Detail, Grant, Need, Part, Password, Reach, Rights, Role, chain::Outcome};
use grip_register::{Account, RegisterError, User};
use grip_report::{Cell, Column, Language, Table, TableRow};

use crate::{
    App, Writing,
    address::Asked,
    begin::role_name,
    document::{Block, Document, Notice, WithTables},
    form::{Field, FieldKind, Form, Typed, check_site, explain},
    pager::Pager,
    pages::{Asks, Pages},
    problem::Problem,
    sign_in::{at_passwords, rights_of},
    words::say,
};

/// The pages of this part.
pub(crate) fn pages() -> Pages {
    let (reads, writes) = (Asks::reads(Part::Accounts, Detail::Totals), Asks::writes(Part::Accounts));
    Pages::default()
        .get("/beheer/accounts", reads, accounts)
        .post("/beheer/accounts", writes, make)
        .post("/beheer/accounts/{account}/rechten", writes, give_rights)
        .post("/beheer/accounts/{account}/wachtwoord", writes, reset)
        .post("/beheer/accounts/{account}/sluiten", writes, close)
        .get("/beheer/accounts/{account}", reads, account)
        .get("/beheer/handelingen", Asks::reads(Part::Audit, Detail::Totals), deeds)
}

/// Records on a page.
const DEEDS_PER_PAGE: usize = 100;

fn writing(app: &App) -> Result<&Writing, Problem> {
    app.settings.writing.as_ref().ok_or(Problem::NoRegister)
}

/// Whether whoever asks manages all municipalities: only then what somebody may elsewhere is theirs to give and take.
fn manages_all(app: &App) -> bool {
    app.rights().may_everywhere(Need::write(Part::Accounts))
}

fn language_of(uri: &Uri) -> Language {
    Asked::of(uri).unwrap_or_default().language()
}

/// `/beheer/accounts`
async fn accounts(app: App, uri: Uri) -> Result<Response, Problem> {
    overview(&app, &uri, None, StatusCode::OK).await
}

async fn overview(app: &App, uri: &Uri, again: Option<Form>, status: StatusCode) -> Result<Response, Problem> {
    let language = language_of(uri);
    let title = say(language, "Accounts", "Accounts");
    let lede = say(
        language,
        "Wie Grip mag gebruiken, in welke rol en van welke gemeente.",
        "Who may use Grip, in which role and of which municipality.",
    );
    let mut document = Document::of_people(app, uri, title, lede);
    let users = writing(app)?.register.accounts().await?;
    document.blocks =
        vec![Block::Table(account_table(&users, language)?), Block::Form(again.unwrap_or_else(|| new_form(language)))];
    Ok((status, document.respond(&Asked::of(uri)?)?).into_response())
}

fn account_table(users: &[User], language: Language) -> Result<Table, Problem> {
    let row = |user: &User| {
        let rights = rights_of(&user.grants)?;
        let state = match user {
            User { closed: true, .. } => say(language, "gesloten", "closed"),
            User { identity: Some(_), .. } => say(language, "werkaccount", "work account"),
            User { totp: None, .. } => say(language, "nog zonder tweede factor", "no second factor yet"),
            _ => say(language, "in gebruik", "in use"),
        };
        let cells = vec![Cell::Text(rights_text(&rights, language)), Cell::Text(state)];
        let href = format!("/beheer/accounts/{}", grip_types::percent_encode(user.account.as_str()));
        Ok(TableRow::new(user.account.as_str(), cells).linked(href))
    };
    Ok(Table {
        id: "accounts".to_owned(),
        title: say(language, "Accounts", "Accounts"),
        note: String::new(),
        empty: say(language, "Er zijn nog geen accounts.", "There are no accounts yet."),
        columns: vec![
            Column::text(say(language, "Account", "Account")),
            Column::text(say(language, "Rollen", "Roles")),
            Column::text(say(language, "Stand", "State")),
        ],
        total: None,
        rows: users.iter().map(row).collect::<Result<_, Problem>>()?,
    })
}

/// As people read it: `Raad (0935), Financiën (alle)`.
fn rights_text(rights: &Rights, language: Language) -> String {
    let one = |grant: &Grant| {
        let places = match &grant.gemeenten {
            Reach::All => say(language, "alle gemeenten", "all municipalities"),
            Reach::Only(codes) => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        };
        format!("{} ({places})", role_name(grant.role, language))
    };
    rights.0.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn form(id: &str, action: String, title: String, fields: Vec<Field>, button: String, language: Language) -> Form {
    let faulty = say(language, "Er is niets gewijzigd.", "Nothing was changed.");
    Form::plain(id, action, title, fields, button).saying(faulty)
}

fn right_fields(language: Language) -> [Field; 2] {
    let roles = Role::ALL.map(|role| (role.to_string(), role_name(role, language).to_owned()));
    [
        Field::required("rollen", say(language, "Rollen", "Roles"), String::new(), FieldKind::Checks(roles.to_vec())),
        Field::required(
            "gemeenten",
            say(language, "Gemeenten", "Municipalities"),
            say(
                language,
                "Codes van vier cijfers met een spatie ertussen, of: alle.",
                "Codes of four digits with blanks between them, or: alle.",
            ),
            FieldKind::Line,
        ),
    ]
}

fn new_form(language: Language) -> Form {
    let name = Field::required(
        "account",
        say(language, "Account", "Account"),
        say(
            language,
            "Een korte naam zonder spaties, zoals controller-jeugd. Liever geen naam van een persoon.",
            "A short name without blanks, as controller-youth. Rather no name of a person.",
        ),
        FieldKind::Line,
    );
    let fields = std::iter::once(name).chain(right_fields(language)).collect();
    let title = say(language, "Nieuw account", "New account");
    form("nieuw", "/beheer/accounts".to_owned(), title, fields, say(language, "Maak", "Make"), language)
}

/// The rights that a form gives.
fn typed_rights(typed: &Typed, language: Language) -> Result<Rights, Vec<(&'static str, String)>> {
    let roles: Vec<Role> = typed.get("rollen").split_whitespace().filter_map(|role| role.parse().ok()).collect();
    let gemeenten = match typed.get("gemeenten") {
        "alle" => Some(Reach::All),
        codes => codes
            .split([' ', ','])
            .filter(|code| !code.is_empty())
            .map(str::parse)
            .collect::<Result<Vec<_>, _>>()
            .ok()
            .filter(|codes| !codes.is_empty())
            .map(Reach::Only),
    };
    match gemeenten {
        Some(gemeenten) => {
            Ok(Rights(roles.into_iter().map(|role| Grant { role, gemeenten: gemeenten.clone() }).collect()))
        }
        None => Err(vec![(
            "gemeenten",
            say(language, "Vul codes van vier cijfers in, of: alle.", "Enter codes of four digits, or: alle."),
        )]),
    }
}

fn as_json(rights: &Rights) -> Result<String, Problem> {
    serde_json::to_string(rights).map_err(|error| Problem::Broken(error.to_string()))
}

async fn set_new_password(app: &App, writing: &Writing, account: &Account) -> Result<String, Problem> {
    let (text, password) = Password::generate().map_err(|error| Problem::Broken(error.to_string()))?;
    let hash = at_passwords(app, move || password.hash()).await?;
    writing.register.set_password(account, Some(&hash)).await?;
    Ok(text)
}

fn password_notice(account: &Account, password: &str, language: Language) -> Block {
    let text = match language {
        Language::Nl => format!(
            "Het wachtwoord van {account}, dat alleen nu te zien is: {password}. Geef het persoonlijk door; bij de eerste keer aanmelden \
             hoort het instellen van een tweede factor."
        ),
        Language::En => format!(
            "The password of {account}, shown only now: {password}. Hand it over in person; signing in for the first time asks for a \
             second factor."
        ),
    };
    Block::Notice(Notice { text, ..Notice::default() })
}

/// `POST /beheer/accounts`
async fn make(app: App, uri: Uri, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let language = language_of(&uri);
    let typed = Typed::of(&body)?;
    if !manages_all(&app) {
        return Err(Problem::NotAllowed);
    }
    let writing = writing(&app)?;
    let named = typed.get("account").parse::<Account>();
    let errors = match (named, typed_rights(&typed, language)) {
        (Ok(account), Ok(rights)) => {
            match writing.register.make_account(&account, &as_json(&rights)?, (writing.now)()).await {
                Ok(()) => {
                    app.audit(app.visitor.account.as_ref(), "make_account", account.as_str(), Outcome::Done).await?;
                    let password = set_new_password(&app, writing, &account).await?;
                    return one(&app, &uri, &account, vec![password_notice(&account, &password, language)], None).await;
                }
                Err(RegisterError::AccountTaken) => {
                    vec![("account", say(language, "Dit account is er al.", "There is such an account."))]
                }
                Err(other) => return Err(other.into()),
            }
        }
        (named, rights) => {
            let fault = named.err().map(|fault| ("account", explain(&fault, language)));
            fault.into_iter().chain(rights.err().into_iter().flatten()).collect()
        }
    };
    overview(&app, &uri, Some(new_form(language).filled(&typed, &errors)), StatusCode::UNPROCESSABLE_ENTITY).await
}

type Named = axum::extract::Path<String>;

/// `/beheer/accounts/{account}`
async fn account(app: App, axum::extract::Path(name): Named, uri: Uri) -> Result<Response, Problem> {
    one(&app, &uri, &named(&name)?, Vec::new(), None).await
}

fn named(name: &str) -> Result<Account, Problem> {
    name.parse().map_err(|_| Problem::NotFound)
}

async fn one(
    app: &App,
    uri: &Uri,
    account: &Account,
    news: Vec<Block>,
    again: Option<Form>,
) -> Result<Response, Problem> {
    let language = language_of(uri);
    let user = writing(app)?.register.account(account).await?.ok_or(Problem::NotFound)?;
    let rights = rights_of(&user.grants)?;
    let mut document = Document::of_people(app, uri, account.to_string(), rights_text(&rights, language));
    document.blocks = news;
    let path = |what: &str| format!("/beheer/accounts/{}/{what}", grip_types::percent_encode(account.as_str()));
    let mut fields = right_fields(language);
    fields[0].value = rights.roles().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    fields[1].value = match rights.0.first().map(|grant| &grant.gemeenten) {
        None | Some(Reach::All) => "alle".to_owned(),
        Some(Reach::Only(codes)) => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    };
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    // What an OpenID provider gives is given there.
    if user.identity.is_none() {
        let title = say(language, "Andere rechten", "Other rights");
        let usual = form("rechten", path("rechten"), title, fields.into(), say(language, "Bewaar", "Keep"), language);
        document.blocks.push(Block::Form(again.unwrap_or(usual)));
        let button = say(language, "Geef een nieuw wachtwoord", "Give a new password");
        let title = say(language, "Wachtwoord of telefoon kwijt", "Lost password or telephone");
        document.blocks.push(Block::Form(form("wachtwoord", path("wachtwoord"), title, Vec::new(), button, language)));
    }
    let (title, button) = match user.closed {
        false => (
            say(language, "Gaat iemand weg", "When somebody leaves"),
            say(language, "Sluit dit account", "Close this account"),
        ),
        true => (String::new(), say(language, "Open dit account weer", "Open this account again")),
    };
    document.blocks.push(Block::Form(form("sluiten", path("sluiten"), title, Vec::new(), button, language)));
    Ok((status, document.respond(&Asked::of(uri)?)?).into_response())
}

/// `POST /beheer/accounts/{account}/rechten`
async fn give_rights(
    app: App,
    axum::extract::Path(name): Named,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    check_site(&headers)?;
    let (account, language, typed) = (named(&name)?, language_of(&uri), Typed::of(&body)?);
    if !manages_all(&app) {
        return Err(Problem::NotAllowed);
    }
    let writing = writing(&app)?;
    match typed_rights(&typed, language) {
        Ok(rights) => {
            writing.register.set_grants(&account, &as_json(&rights)?, (writing.now)()).await?;
            let subject = format!("{account}: {}", rights_text(&rights, Language::En));
            app.audit(app.visitor.account.as_ref(), "give_rights", &subject, Outcome::Done).await?;
            let text = say(language, "De rechten zijn gewijzigd.", "The rights were changed.");
            one(&app, &uri, &account, vec![Block::Notice(Notice { text, ..Notice::default() })], None).await
        }
        Err(errors) => {
            let action = format!("/beheer/accounts/{}/rechten", grip_types::percent_encode(account.as_str()));
            let fields = right_fields(language).into();
            let form = form("rechten", action, String::new(), fields, say(language, "Bewaar", "Keep"), language);
            one(&app, &uri, &account, Vec::new(), Some(form.filled(&typed, &errors))).await
        }
    }
}

/// `POST /beheer/accounts/{account}/wachtwoord`: another password, and no second factor: both are set anew by whoever gets it.
async fn reset(app: App, axum::extract::Path(name): Named, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    check_site(&headers)?;
    let (account, language) = (named(&name)?, language_of(&uri));
    if !manages_all(&app) {
        return Err(Problem::NotAllowed);
    }
    let writing = writing(&app)?;
    let user = writing.register.account(&account).await?.ok_or(Problem::NotFound)?;
    if user.identity.is_some() {
        return Err(Problem::NotAllowed);
    }
    app.audit(app.visitor.account.as_ref(), "reset_password", account.as_str(), Outcome::Done).await?;
    writing.register.set_totp(&account, None, &[]).await?;
    let password = set_new_password(&app, writing, &account).await?;
    one(&app, &uri, &account, vec![password_notice(&account, &password, language)], None).await
}

/// `POST /beheer/accounts/{account}/sluiten`: closes an account, or opens one that was closed.
async fn close(app: App, axum::extract::Path(name): Named, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    check_site(&headers)?;
    let account = named(&name)?;
    // Whoever closes their own account may be the last who can open one.
    if !manages_all(&app) || app.visitor.account.as_ref() == Some(&account) {
        return Err(Problem::NotAllowed);
    }
    let writing = writing(&app)?;
    let user = writing.register.account(&account).await?.ok_or(Problem::NotFound)?;
    if user.closed {
        writing.register.open_account(&account).await?;
    } else {
        writing.register.close_account(&account).await?;
    }
    let deed = if user.closed { "open_account" } else { "close_account" };
    app.audit(app.visitor.account.as_ref(), deed, account.as_str(), Outcome::Done).await?;
    one(&app, &uri, &account, Vec::new(), None).await
}

/// `/beheer/handelingen`: the audit log, the last deed first.
async fn deeds(app: App, uri: Uri) -> Result<Response, Problem> {
    let language = language_of(&uri);
    let asked = Asked::of(&uri)?;
    let pagina = asked.pagina()?;
    let register = &writing(&app)?.register;
    let head = register.audit_head().await?;
    let total = usize::try_from(head.records).unwrap_or_default();
    let skipped = i64::try_from((pagina - 1) * DEEDS_PER_PAGE).unwrap_or(i64::MAX);
    let last = head.records.saturating_sub(skipped);
    let first = (last + 1).saturating_sub(i64::try_from(DEEDS_PER_PAGE).unwrap_or(i64::MAX)).max(1);
    let records = if last < 1 { Vec::new() } else { register.audit_records(first..=last).await? };
    let title = say(language, "Logboek van handelingen", "Log of deeds");
    let lede = say(
        language,
        "Wie zich aanmeldde, iets schreef, een bestand meenam of losse regels bekeek. Elke regel bewaakt de regel ervoor: \
         `grip audit verify` vindt wat er later aan is veranderd.",
        "Who signed in, wrote something, took a file or saw single lines. Each line guards the one before: `grip audit verify` finds what \
         was changed afterwards.",
    );
    let mut document = Document::of_people(&app, &uri, title, lede);
    let row = |record: &grip_access::chain::Record| {
        let event = &record.event;
        let cells = vec![
            Cell::text(event.at.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            Cell::of(event.account.as_ref(), Cell::text),
            Cell::text(&event.deed),
            Cell::text(&event.subject),
            Cell::text(event.outcome.as_str()),
            Cell::text(&event.request),
        ];
        TableRow::new(record.sequence.to_string(), cells)
    };
    document.blocks.push(Block::Table(Table {
        id: "handelingen".to_owned(),
        title: say(language, "Handelingen", "Deeds"),
        note: say(language, "Tijden in UTC.", "Times in UTC."),
        empty: say(language, "Er is nog niets gedaan.", "Nothing was done yet."),
        columns: vec![
            Column::kept(say(language, "Nummer", "Number")),
            Column::kept(say(language, "Wanneer", "When")),
            Column::text(say(language, "Account", "Account")),
            Column::text(say(language, "Wat", "What")),
            Column::text(say(language, "Waarop", "On what")),
            Column::text(say(language, "Uitkomst", "Outcome")),
            Column::kept(say(language, "Kenmerk", "Request")),
        ],
        total: None,
        rows: records.iter().rev().map(row).collect(),
    }));
    document.pager = Some(Pager::new(pagina, DEEDS_PER_PAGE, total, language, |pagina| {
        crate::address::with(&uri, &[("pagina", &pagina.to_string())])
    })?);
    document.respond(&asked)
}
