//! One's own account: password, second factor, and tokens for programs.

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use grip_access::{Password, RECOVERY_CODES, RecoveryCode, Rights, Secret, TotpSecret, chain::Outcome, verify};
use grip_register::{ApiToken, RegisterError, User};
use grip_report::{Cell, Column, Language, Table, TableRow};
use jiff::{SignedDuration, Timestamp};

use super::{SignIn, at_passwords, broken, doors, qr, rights_of};
use crate::{
    App, Writing,
    address::Asked,
    begin::role_name,
    document::{Block, Document, Fact, Facts, Links, Notice, Text, WithTables},
    form::{Field, FieldKind, Form, Typed, check_site},
    problem::Problem,
    vragen::day_of,
    words::say,
};

/// How long tokens may last: names for people and days.
const TOKEN_DAYS: [(&str, &str, i64); 3] = [("30", "30 dagen", 30), ("90", "90 dagen", 90), ("365", "een jaar", 365)];

/// Who signed in, with what is needed to change something of them.
struct Own<'a> {
    writing: &'a Writing,
    sign_in: &'a SignIn,
    user: User,
}

async fn own(app: &App) -> Result<Own<'_>, Problem> {
    let (writing, sign_in) = doors(app)?;
    let account = app.visitor.account.as_ref().filter(|_| !app.visitor.is_program).ok_or(Problem::SignIn)?;
    let user = writing.register.account(account).await?.ok_or(Problem::SignIn)?;
    Ok(Own { writing, sign_in, user })
}

/// `/account`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let own = own(&app).await?;
    page(&app, &uri, &own, Vec::new(), None, StatusCode::OK).await
}

/// The page, with what just happened and a form to look at again.
async fn page(
    app: &App,
    uri: &Uri,
    own: &Own<'_>,
    news: Vec<Block>,
    again: Option<Form>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let language = Asked::of(uri).unwrap_or_default().language();
    let title = say(language, "Uw account", "Your account");
    let mut document = Document::of_people(app, uri, title, String::new());
    document.blocks = news;
    let (user, register) = (&own.user, &own.writing.register);
    let rights = rights_of(&user.grants)?;
    let roles: Vec<&str> = rights.roles().into_iter().map(|role| role_name(role, language)).collect();
    let fact = |name: String, text: String| Fact { name, text, is_dutch: false };
    let mut facts = vec![
        fact(say(language, "Account", "Account"), user.account.to_string()),
        fact(say(language, "Rollen", "Roles"), roles.join(", ")),
    ];
    if user.totp.is_some() {
        let left = register.recovery_codes_left(&user.account).await?;
        facts.push(fact(say(language, "Herstelcodes over", "Recovery codes left"), left.to_string()));
    }
    document.blocks.push(Block::Facts(Facts { title: String::new(), facts }));
    if user.identity.is_none() {
        let name = match user.totp {
            None => say(language, "Stel eerst een tweede factor in", "First set up a second factor"),
            Some(_) => say(language, "Stel een andere app in", "Set up another app"),
        };
        document
            .blocks
            .push(Block::Links(Links { title: String::new(), links: vec![(name, "/account/code".to_owned())] }));
    }
    let tokens = register.tokens_of(&user.account).await?;
    let now = (own.writing.now)();
    let forms = [
        user.password.is_some().then(|| password_form(language)),
        (!rights.roles().is_empty() && !app.rights().roles().is_empty()).then(|| token_form(&rights, language)),
    ];
    for form in forms.into_iter().flatten() {
        if again.as_ref().is_none_or(|again| again.id != form.id) {
            document.blocks.push(Block::Form(form));
        }
    }
    document.blocks.extend(again.map(Block::Form));
    document.blocks.push(Block::Table(token_table(&tokens, now, language)));
    for token in tokens.iter().filter(|token| is_worth(token, now)) {
        document.blocks.push(Block::Form(revoke_form(token, language)));
    }
    Ok((status, document.respond(&Asked::default())?).into_response())
}

fn form(id: &str, action: &str, title: String, fields: Vec<Field>, button: String, language: Language) -> Form {
    Form::plain(id, action.to_owned(), title, fields, button).saying(say(language, "Dit lukte niet.", "This failed."))
}

fn password_form(language: Language) -> Form {
    let hint = match language {
        Language::Nl => format!(
            "Ten minste {} tekens. Een zin van een paar woorden is goed te onthouden.",
            grip_access::PASSWORD_CHARS_MIN
        ),
        Language::En => {
            format!("At least {} characters. A few words are easy to remember.", grip_access::PASSWORD_CHARS_MIN)
        }
    };
    let fields = vec![
        Field::required(
            "oud",
            say(language, "Wachtwoord van nu", "Present password"),
            String::new(),
            FieldKind::Secret("current-password"),
        ),
        Field::required(
            "nieuw",
            say(language, "Nieuw wachtwoord", "New password"),
            hint,
            FieldKind::Secret("new-password"),
        ),
    ];
    let title = say(language, "Ander wachtwoord", "Another password");
    form("wachtwoord", "/account/wachtwoord", title, fields, say(language, "Wijzig", "Change"), language)
}

/// `POST /account/wachtwoord`
pub(crate) async fn change_password(app: App, uri: Uri, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let own = own(&app).await?;
    let typed = Typed::of(&body)?;
    let language = Asked::of(&uri).unwrap_or_default().language();
    let (old, new) = (Password::from_typed(typed.whole("oud")), Password::from_typed(typed.whole("nieuw")));
    let faults: Vec<&str> = new
        .faults(&[own.user.account.as_str()])
        .into_iter()
        .map(|fault| if language == Language::Nl { fault.nl() } else { fault.en() })
        .collect();
    let kept = own.user.password.clone();
    let (is_right, hash) = at_passwords(&app, move || Ok((verify(&old, kept.as_ref())?, new.hash()?))).await?;
    let mut errors = Vec::new();
    if !is_right {
        errors.push(("oud", say(language, "Dit is niet uw wachtwoord.", "This is not your password.")));
    }
    if !faults.is_empty() {
        errors.push(("nieuw", faults.join(" ")));
    }
    if !errors.is_empty() {
        let mut again = password_form(language).filled(&Typed::default(), &errors);
        again.fields.iter_mut().for_each(|field| field.value.clear());
        return page(&app, &uri, &own, Vec::new(), Some(again), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    own.writing.register.set_password(&own.user.account, Some(&hash)).await?;
    app.audit(Some(&own.user.account), "change_password", own.user.account.as_str(), Outcome::Done).await?;
    Ok(Redirect::to("/aanmelden").into_response())
}

/// `/account/code`: a new secret for an app, kept only when a code of it comes back.
pub(crate) async fn ask_code(app: App, uri: Uri) -> Result<Response, Problem> {
    let own = own(&app).await?;
    let secret = TotpSecret::generate().map_err(broken)?;
    code_page(&app, &uri, &own, &secret, None)
}

fn code_page(
    app: &App,
    uri: &Uri,
    own: &Own<'_>,
    secret: &TotpSecret,
    error: Option<String>,
) -> Result<Response, Problem> {
    let language = Asked::of(uri).unwrap_or_default().language();
    let account = own.user.account.as_str();
    let sealed = own.sign_in.key.seal(account, secret.expose()).map_err(broken)?;
    let title = say(language, "Tweede factor instellen", "Set up a second factor");
    let lede = say(
        language,
        "Een app op uw telefoon maakt elke halve minuut een nieuwe code. Met uw wachtwoord alleen komt een ander er dan niet in.",
        "An app on your telephone makes a new code every half minute. With your password alone nobody else gets in.",
    );
    let mut document = Document::of_people(app, uri, title, lede);
    let text = say(
        language,
        "Open uw app, voeg een account toe en richt de camera op de code. Of kies voor zelf invoeren en typ de sleutel. Leest u dit op \
         uw telefoon, tik dan op de koppeling eronder.",
        "Open your app, add an account and point the camera at the code. Or choose to enter it yourself and type the key. If you read \
         this on your telephone, tap the link below.",
    );
    document.blocks.push(Block::Text(Text { name: String::new(), text, is_dutch: false }));
    let address = secret.uri("Grip", account);
    let name = say(language, "QR-code met de sleutel", "QR code with the key");
    document.blocks.extend(qr::picture(name, &address).map(Block::Picture));
    let key = Fact { name: say(language, "Sleutel", "Key"), text: grouped(&secret.base32()), is_dutch: false };
    document.blocks.push(Block::Facts(Facts { title: String::new(), facts: vec![key] }));
    let link = (say(language, "Open in de app", "Open in the app"), address);
    document.blocks.push(Block::Links(Links { title: String::new(), links: vec![link] }));
    let hint = say(language, "De zes cijfers die de app nu toont.", "The six digits that the app shows now.");
    let mut code = Field::required("code", say(language, "Code", "Code"), hint, FieldKind::Filled("one-time-code"));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    code.error = error.unwrap_or_default();
    let mut form = form("code", "/account/code", String::new(), vec![code], say(language, "Bewaar", "Keep"), language);
    form.hidden = vec![("geheim", sealed)];
    document.blocks.push(Block::Form(form));
    Ok((status, document.respond(&Asked::default())?).into_response())
}

fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `POST /account/code`
pub(crate) async fn keep_code(app: App, uri: Uri, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let own = own(&app).await?;
    let typed = Typed::of(&body)?;
    let language = Asked::of(&uri).unwrap_or_default().language();
    let account = &own.user.account;
    let bytes = own.sign_in.key.open(account.as_str(), typed.get("geheim")).map_err(|_| Problem::Unreadable)?;
    let secret = TotpSecret::from_bytes(&bytes).ok_or(Problem::Unreadable)?;
    let Some(step) = secret.check(typed.get("code"), (own.writing.now)(), 0) else {
        let error = say(
            language,
            "Dit is niet de code van nu. Klopt de tijd van uw telefoon?",
            "This is not the present code. Is the clock of your telephone right?",
        );
        return code_page(&app, &uri, &own, &secret, Some(error));
    };
    let codes = (0..RECOVERY_CODES).map(|_| RecoveryCode::generate()).collect::<Result<Vec<_>, _>>().map_err(broken)?;
    let hashes: Vec<_> = codes.iter().map(|code| code.hash(account.as_str())).collect();
    own.writing.register.set_totp(account, Some(typed.get("geheim")), &hashes).await?;
    own.writing.register.take_totp_step(account, step).await?;
    app.audit(Some(account), "set_second_factor", account.as_str(), Outcome::Done).await?;
    let title = say(language, "Bewaar deze herstelcodes", "Keep these recovery codes");
    let lede = say(
        language,
        "Bent u uw telefoon kwijt, dan komt u met een van deze codes binnen. Elke code werkt één keer. Ze staan alleen nu op het scherm.",
        "When you lost your telephone, each of these codes lets you in once. They are shown only now.",
    );
    let mut document = Document::of_people(&app, &uri, title, lede);
    let fact =
        |(at, code): (usize, &RecoveryCode)| Fact { name: (at + 1).to_string(), text: code.expose(), is_dutch: false };
    let facts = codes.iter().enumerate().map(fact).collect();
    document.blocks.push(Block::Facts(Facts { title: String::new(), facts }));
    let on = (say(language, "Verder", "Onward"), "/".to_owned());
    document.blocks.push(Block::Links(Links { title: String::new(), links: vec![on] }));
    document.respond(&Asked::default())
}

fn token_form(rights: &Rights, language: Language) -> Form {
    let all = (String::new(), say(language, "alles wat u mag", "all that you may"));
    let roles = rights.roles().into_iter().map(|role| (role.to_string(), role_name(role, language).to_owned()));
    let days = TOKEN_DAYS.map(|(value, nl, days)| {
        (value.to_owned(), if language == Language::Nl { nl.to_owned() } else { format!("{days} days") })
    });
    let fields = vec![
        Field::required(
            "doel",
            say(language, "Waarvoor", "What for"),
            say(language, "Bijvoorbeeld: dashboard.", "For example: dashboard."),
            FieldKind::Line,
        ),
        Field {
            is_required: false,
            ..Field::required(
                "rol",
                say(language, "Mag", "May"),
                String::new(),
                FieldKind::Choice(std::iter::once(all).chain(roles).collect()),
            )
        },
        Field {
            value: "90".to_owned(),
            ..Field::required(
                "dagen",
                say(language, "Geldig", "Lasts"),
                String::new(),
                FieldKind::Choice(days.to_vec()),
            )
        },
    ];
    let title = say(language, "Nieuwe sleutel voor een programma", "New token for a program");
    form("sleutel", "/account/sleutel", title, fields, say(language, "Maak", "Make"), language)
}

/// `POST /account/sleutel`
pub(crate) async fn make_token(app: App, uri: Uri, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let own = own(&app).await?;
    let typed = Typed::of(&body)?;
    let language = Asked::of(&uri).unwrap_or_default().language();
    // A token gives no more than whoever makes it has; without a second factor that is nothing.
    let rights = &*app.visitor.rights;
    if rights.roles().is_empty() {
        return Err(Problem::NotAllowed);
    }
    let scope = match typed.get("rol").parse() {
        Ok(role) => rights.only(role),
        Err(_) => rights.clone(),
    };
    let days = TOKEN_DAYS.iter().find(|(value, ..)| *value == typed.get("dagen")).map_or(90, |(.., days)| *days);
    let now = (own.writing.now)();
    let secret = Secret::generate().map_err(broken)?;
    let expires =
        now.checked_add(SignedDuration::from_hours(24 * days)).map_err(|error| Problem::Broken(error.to_string()))?;
    let token = ApiToken {
        hash: secret.hash(),
        account: own.user.account.clone(),
        name: typed.get("doel").to_owned(),
        scope: serde_json::to_string(&scope).map_err(|error| Problem::Broken(error.to_string()))?,
        made: now,
        expires,
        seen: None,
        revoked: None,
    };
    match own.writing.register.make_token(&token).await {
        Ok(()) => {}
        Err(RegisterError::Invalid(faults)) => {
            let errors: Vec<_> = faults.iter().map(|fault| ("doel", crate::form::explain(fault, language))).collect();
            let again = token_form(rights, language).filled(&typed, &errors);
            return page(&app, &uri, &own, Vec::new(), Some(again), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(other) => return Err(other.into()),
    }
    app.audit(Some(&own.user.account), "make_token", &token.name, Outcome::Done).await?;
    let text = match language {
        Language::Nl => format!("Uw nieuwe sleutel, die alleen nu te zien is: {}", secret.to_token()),
        Language::En => format!("Your new token, shown only now: {}", secret.to_token()),
    };
    page(&app, &uri, &own, vec![Block::Notice(Notice { text, ..Notice::default() })], None, StatusCode::OK).await
}

fn is_worth(token: &ApiToken, now: Timestamp) -> bool {
    token.revoked.is_none() && now < token.expires
}

fn token_table(tokens: &[ApiToken], now: Timestamp, language: Language) -> Table {
    let day = |moment: Option<Timestamp>| Cell::of(moment, |moment| Cell::text(day_of(moment).to_string()));
    let row = |token: &ApiToken| {
        let state = match token.revoked {
            Some(_) => say(language, "ingetrokken", "withdrawn"),
            None if now >= token.expires => say(language, "verlopen", "expired"),
            None => say(language, "geldig", "valid"),
        };
        TableRow::new(
            &token.name,
            vec![day(Some(token.made)), day(Some(token.expires)), day(token.seen), Cell::Text(state)],
        )
    };
    Table {
        id: "sleutels".to_owned(),
        title: say(language, "Uw sleutels voor programma's", "Your tokens for programs"),
        note: String::new(),
        empty: say(language, "U hebt geen sleutels.", "You have no tokens."),
        columns: vec![
            Column::text(say(language, "Waarvoor", "What for")),
            Column::kept(say(language, "Gemaakt", "Made")),
            Column::kept(say(language, "Geldig tot", "Valid until")),
            Column::kept(say(language, "Laatst gebruikt", "Last used")),
            Column::text(say(language, "Stand", "State")),
        ],
        total: None,
        rows: tokens.iter().map(row).collect(),
    }
}

fn revoke_form(token: &ApiToken, language: Language) -> Form {
    let button = match language {
        Language::Nl => format!("Trek sleutel “{}” in", token.name),
        Language::En => format!("Withdraw token “{}”", token.name),
    };
    let mut form = form(
        &format!("intrekken-{}", token.hash),
        "/account/sleutel/intrekken",
        String::new(),
        Vec::new(),
        button,
        language,
    );
    form.hidden = vec![("sleutel", token.hash.to_string())];
    form
}

/// `POST /account/sleutel/intrekken`
pub(crate) async fn revoke_token(app: App, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let own = own(&app).await?;
    let typed = Typed::of(&body)?;
    let tokens = own.writing.register.tokens_of(&own.user.account).await?;
    let token = tokens.iter().find(|token| token.hash.to_string() == typed.get("sleutel")).ok_or(Problem::NotFound)?;
    own.writing.register.revoke_token(&token.hash, (own.writing.now)()).await?;
    app.audit(Some(&own.user.account), "revoke_token", &token.name, Outcome::Done).await?;
    Ok(Redirect::to("/account").into_response())
}
