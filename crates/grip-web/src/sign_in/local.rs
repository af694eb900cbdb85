//! With an account of the register: a password, and a code of an app.

use axum::{
    http::{HeaderMap, StatusCode, Uri, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use grip_access::{
    Key, Password, RecoveryCode, Secret, TotpSecret,
    chain::Outcome,
    lockout::{Attempt, Counter},
    verify,
};
use grip_register::{Account, Register, Source, User};
use grip_report::Language;
use jiff::Timestamp;

use super::{at_passwords, begin, broken, doors, names, session, set_cookie};
use crate::address::Asked;
use crate::{
    App,
    app::cookie,
    document::{Block, Document, Links, WithTables},
    form::{Field, FieldKind, Form, Typed, check_site},
    problem::Problem,
    vragen::local,
    words::say,
};

/// `/aanmelden`
pub(crate) async fn ask(app: App, uri: Uri) -> Result<Response, Problem> {
    doors(&app)?;
    let asked = Asked::of(&uri)?;
    let back = asked.get("terug").unwrap_or("/").to_owned();
    page(&app, &uri, form(&back, asked.language()), StatusCode::OK)
}

fn form(back: &str, language: Language) -> Form {
    let code = Field::required(
        "code",
        say(language, "Code", "Code"),
        say(
            language,
            "Zes cijfers uit uw app, of een herstelcode. Leeg bij de eerste keer aanmelden.",
            "Six digits from your app, or a recovery code. Empty when you sign in for the first time.",
        ),
        FieldKind::Filled("one-time-code"),
    );
    let fields = vec![
        Field::required("account", say(language, "Account", "Account"), String::new(), FieldKind::Filled("username")),
        Field::required(
            "wachtwoord",
            say(language, "Wachtwoord", "Password"),
            String::new(),
            FieldKind::Secret("current-password"),
        ),
        Field { is_required: false, ..code },
    ];
    let button = say(language, "Meld aan", "Sign in");
    let form = Form::plain("aanmelden", "/aanmelden".to_owned(), String::new(), fields, button);
    let form = form.saying(say(language, "Het aanmelden lukte niet.", "Signing in failed."));
    Form { hidden: vec![("terug", back.to_owned())], ..form }
}

fn page(app: &App, uri: &Uri, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let language = Asked::of(uri).unwrap_or_default().language();
    let title = say(language, "Aanmelden", "Sign in");
    let mut document = Document::of_people(app, uri, title, String::new());
    let (_, sign_in) = doors(app)?;
    if sign_in.provider.is_some() {
        let back = form.hidden.iter().find(|(name, _)| *name == "terug").map_or("/", |(_, value)| value);
        let href = format!("/aanmelden/elders?terug={}", grip_types::percent_encode(back));
        let name = say(language, "Meld aan met uw werkaccount", "Sign in with your work account");
        document.blocks.push(Block::Links(Links { title: String::new(), links: vec![(name, href)] }));
    }
    document.blocks.push(Block::Form(form));
    Ok((status, document.respond(&Asked::default())?).into_response())
}

/// Whether somebody is who they say.
enum Proof {
    Given(User),
    /// Whatever is wrong: which of the three is not told.
    Missing,
    /// Too many failed before.
    Wait(Timestamp),
}

/// `POST /aanmelden`
pub(crate) async fn sign_in(app: App, uri: Uri, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let (writing, doors) = doors(&app)?;
    let typed = Typed::of(&body)?;
    let language = Asked::of(&uri).unwrap_or_default().language();
    let (name, now) = (typed.get("account"), (writing.now)());
    let device = cookie(&headers, names(&headers).device).and_then(Secret::from_cookie);
    let register = &writing.register;
    let counter = register.counter_for(name, device.map(|device| device.hash()).as_ref(), now).await?;
    let proof = prove(&app, register, &doors.key, &typed, counter, now).await?;
    let back = local(typed.get("terug")).unwrap_or_else(|| "/".to_owned());
    let again = |error: String| {
        let mut form = form(&back, language);
        form.fields.iter_mut().filter(|field| field.name == "account").for_each(|field| {
            field.value = name.to_owned();
            field.error = error.clone();
        });
        page(&app, &uri, form, StatusCode::UNPROCESSABLE_ENTITY)
    };
    match proof {
        Proof::Given(user) => {
            register.attempt_succeeded(counter).await?;
            let cookies = begin(&app, &headers, &user.account, &Source::Local).await?;
            app.audit(Some(&user.account), "sign_in", "local", Outcome::Done).await?;
            let to = if user.totp.is_none() { "/account/code".to_owned() } else { back };
            Ok((AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie))), Redirect::to(&to)).into_response())
        }
        Proof::Missing => {
            app.audit(None, "sign_in", "local", Outcome::Refused).await?;
            again(say(language, "Account, wachtwoord of code klopt niet.", "Account, password or code is not right."))
        }
        Proof::Wait(until) => {
            let minutes = until.duration_since(now).as_mins() + 1;
            again(match language {
                Language::Nl => format!("Te vaak geprobeerd. Probeer het over {minutes} minuten weer."),
                Language::En => format!("Tried too often. Try again in {minutes} minutes."),
            })
        }
    }
}

async fn prove(
    app: &App,
    register: &Register,
    key: &Key,
    typed: &Typed,
    counter: Counter<'_>,
    now: Timestamp,
) -> Result<Proof, Problem> {
    if let Attempt::Refused { until } = register.begin_attempt(counter, now).await? {
        return Ok(Proof::Wait(until));
    }
    let user = match typed.get("account").parse::<Account>() {
        Ok(account) => register.account(&account).await?.filter(|user| !user.closed),
        Err(_) => None,
    };
    let password = Password::from_typed(typed.whole("wachtwoord"));
    let kept = user.as_ref().and_then(|user| user.password.clone());
    let hashed = kept.clone();
    let work = move || verify(&password, hashed.as_ref()).map(|is_right| (is_right, password));
    let (is_right, password) = at_passwords(app, work).await?;
    let Some(user) = user.filter(|_| is_right) else { return Ok(Proof::Missing) };
    if !has_code(register, key, &user, typed.get("code"), now).await? {
        return Ok(Proof::Missing);
    }
    if let Some(kept) = kept.filter(|kept| kept.is_outdated()) {
        let anew = at_passwords(app, move || password.hash()).await?;
        register.rehash_password(&user.account, &kept, &anew).await?;
    }
    Ok(Proof::Given(user))
}

/// Whether a code is right, and taken now: that of the app, or one of those to recover with.
pub(super) async fn has_code(
    register: &Register,
    key: &Key,
    user: &User,
    code: &str,
    now: Timestamp,
) -> Result<bool, Problem> {
    let Some(sealed) = &user.totp else { return Ok(true) };
    let account = user.account.as_str();
    let bytes = key.open(account, sealed).map_err(broken)?;
    let totp =
        TotpSecret::from_bytes(&bytes).ok_or_else(|| Problem::Broken("a second factor can't be read".to_owned()))?;
    if let Some(step) = totp.check(code, now, user.totp_step) {
        return Ok(register.take_totp_step(&user.account, step).await?);
    }
    if code.is_empty() {
        return Ok(false);
    }
    Ok(register.take_recovery_code(&user.account, &RecoveryCode::from_typed(code).hash(account)).await?)
}

/// `POST /afmelden`
pub(crate) async fn sign_out(app: App, headers: HeaderMap) -> Result<Response, Problem> {
    check_site(&headers)?;
    let (writing, _) = doors(&app)?;
    let names = names(&headers);
    if let Some((secret, session)) = session(&writing.register, &headers, (writing.now)()).await? {
        writing.register.end_session(&secret.hash()).await?;
        app.audit(Some(&session.account), "sign_out", "", Outcome::Done).await?;
    }
    let gone = [names.session, crate::begin::LOOKS_AS];
    let mut cookies = Vec::new();
    for name in gone {
        cookies.push((header::SET_COOKIE, set_cookie(name, "", Some(0), names.attributes)?));
    }
    Ok((AppendHeaders(cookies), Redirect::to("/aanmelden")).into_response())
}
