//! What every request needs: the answers that whoever asks may have, and how pages look.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use grip_access::{
    Need, Part, Reach, Rights, Role,
    chain::{Event, Outcome},
};
use grip_pipeline::{Catalogue, Desk, Dimension, Grip, PipelineError, Trace};
use grip_register::Account;
use grip_report::Section;
use grip_types::GemeenteCode;
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::{
    Settings, SignIn, Watch, Writing, api::limit::Limits, document::Filter, form::Typed, pages, problem::Problem,
    style::Served,
};

/// What all requests share. The answers are in here without a lock; [`App::ask`] is the one way to them.
pub(crate) struct Shared {
    grip: Grip,
    pub(crate) settings: Settings,
    pub(crate) style: Served,
    pub(crate) script: Served,
    pub(crate) started: u32,
    pub(crate) requests: AtomicU32,
    pub(crate) watch: Watch,
    pub(crate) limits: Limits,
    pub(crate) password_turns: Semaphore,
}

/// Passwords that are checked at once: each takes 64 MiB while it is.
const PASSWORDS_AT_ONCE: usize = 4;

impl Shared {
    pub(crate) fn new(grip: Grip, settings: Settings, watch: Watch) -> Self {
        let style = Served::style(settings.house_style.as_ref());
        let script = Served::script();
        let started = getrandom::u32().unwrap_or_default();
        let password_turns = Semaphore::new(PASSWORDS_AT_ONCE);
        let limits = Limits::default();
        Self { grip, settings, style, script, started, requests: AtomicU32::new(0), watch, limits, password_turns }
    }

    /// The register and what is needed to sign in, where people must; nothing where whoever started the server uses it alone.
    pub(crate) fn accounts(&self) -> Option<(&Writing, &SignIn)> {
        self.settings.writing.as_ref().zip(self.settings.sign_in.as_ref())
    }

    /// By which a request is known, on the page, in the log and in the audit log.
    pub(crate) fn operation(&self) -> Operation {
        Operation { started: self.started, number: self.requests.fetch_add(1, Ordering::Relaxed) }
    }

    /// Writes in the audit log what somebody did, where people sign in.
    pub(crate) async fn audit(
        &self,
        account: Option<&Account>,
        deed: &str,
        subject: &str,
        outcome: Outcome,
        operation: Operation,
    ) -> Result<(), Problem> {
        let Some((writing, sign_in)) = self.accounts() else { return Ok(()) };
        let event = Event {
            at: (writing.now)(),
            account: account.map(ToString::to_string),
            deed: deed.to_owned(),
            subject: subject.chars().take(SUBJECT_CHARS_MAX).collect(),
            outcome,
            request: operation.to_string(),
        };
        writing.register.write_event(&sign_in.key, event).await?;
        Ok(())
    }
}

/// By which a request is known: a number that this start of the server has for itself, and which request of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Operation {
    started: u32,
    number: u32,
}

impl Operation {
    /// What joins the record of processing with it: the same two numbers, of 16 hexadecimal digits each half.
    fn trace(self) -> Trace {
        Trace::from_bytes((u128::from(self.started) << 96 | u128::from(self.number)).to_be_bytes())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{:x}", self.started, self.number)
    }
}

/// Characters of what something was done to, in the audit log.
const SUBJECT_CHARS_MAX: usize = 200;

/// Who asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visitor {
    /// Who signed in; nobody when whoever started the server uses it alone.
    pub(crate) account: Option<Account>,
    /// What they may, all roles together.
    pub(crate) rights: Arc<Rights>,
    /// Through the eyes of which of their roles they look; otherwise through all.
    pub(crate) looks_as: Option<Role>,
    /// Whether a program asks, with a token, in the name of the account.
    pub(crate) is_program: bool,
}

impl Visitor {
    /// Somebody with these rights, who looks through the eyes of a role when they have it.
    pub(crate) fn new(account: Option<Account>, rights: Rights, looks_as: Option<Role>) -> Self {
        let looks_as = looks_as.filter(|role| rights.roles().contains(role));
        Self { account, rights: Arc::new(rights), looks_as, is_program: false }
    }

    /// What they may as they look now.
    pub(crate) fn seen(&self) -> Arc<Rights> {
        self.looks_as.map_or_else(|| self.rights.clone(), |role| Arc::new(self.rights.only(role)))
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// What every request needs.
pub(crate) struct App {
    shared: Arc<Shared>,
    desk: Desk,
    pub(crate) visitor: Visitor,
    /// What the page that is asked for needs.
    need: Option<Need>,
    operation: Operation,
}

impl std::ops::Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl FromRequestParts<Arc<Shared>> for App {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        let operation = parts.extensions.get::<Operation>().copied().unwrap_or_default();
        let need = parts.extensions.get::<Need>().copied();
        Ok(Self { need, ..Self::new(shared.clone(), visitor, operation) })
    }
}

impl App {
    pub(crate) fn new(shared: Arc<Shared>, visitor: Visitor, operation: Operation) -> Self {
        let desk = shared.grip.under(operation.trace()).desk(visitor.seen());
        Self { shared, desk, visitor, need: None, operation }
    }

    /// What was typed into a form; whoever signed in is who wrote it.
    pub(crate) fn typed(&self, body: &str) -> Result<Typed, Problem> {
        let typed = Typed::of(body)?;
        Ok(match &self.visitor.account {
            Some(account) => typed.with("naam", account.as_str()),
            None => typed,
        })
    }

    /// Writes in the audit log what was done in this request.
    pub(crate) async fn audit(
        &self,
        account: Option<&Account>,
        deed: &str,
        subject: &str,
        outcome: Outcome,
    ) -> Result<(), Problem> {
        self.shared.audit(account, deed, subject, outcome, self.operation).await
    }

    /// Of whoever started the program, without a server.
    pub(crate) fn of_owner(grip: Grip, settings: Settings) -> Self {
        let visitor = Visitor::new(None, Rights::of_owner(), None);
        let shared = Shared::new(grip, settings, Watch::default());
        Self::new(Arc::new(shared), visitor, Operation::default())
    }

    /// What a page shows, as a part of a report; nothing when whoever asks may not see it, or there is nothing to be said.
    pub(crate) async fn section(&self, address: &str) -> Result<Option<Section>, Problem> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = address.parse().map_err(|_| Problem::Broken(format!("`{address}` is no address")))?;
        request.extensions_mut().insert(self.visitor.clone());
        request.extensions_mut().insert(self.operation);
        let mut pages = pages::ALL.router.clone().with_state(self.shared.clone());
        let Ok(mut response) = pages.call(request).await;
        match response.extensions_mut().remove::<Problem>() {
            None => Ok(response.extensions_mut().remove::<Section>()),
            Some(
                Problem::NotAllowed | Problem::NoData | Problem::OutOfReach { .. } | Problem::UnknownGemeente { .. },
            ) => Ok(None),
            Some(other) => Err(other),
        }
    }

    /// The indicators there are.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.desk.catalogue()
    }

    /// What whoever asks may.
    pub(crate) fn rights(&self) -> &Rights {
        self.desk.rights()
    }

    /// Whether whoever asks may have something in a municipality.
    pub(crate) fn may(&self, need: Need, gemeente: GemeenteCode) -> bool {
        self.desk.may(need, gemeente)
    }

    /// Whether whoever asks may have a part split or limited by a dimension.
    pub(crate) fn may_split(&self, part: Part, dimension: Dimension, gemeente: GemeenteCode) -> bool {
        self.desk.may_split(part, dimension, gemeente)
    }

    /// Takes from the filters of a page what whoever asks may not split by.
    pub(crate) fn narrow(&self, filters: &mut [Filter], part: Part, gemeente: GemeenteCode) {
        let may =
            |value: &str| Dimension::parse(value).is_none_or(|dimension| self.may_split(part, dimension, gemeente));
        for filter in filters.iter_mut().filter(|filter| filter.name == "door") {
            filter.options.retain(|(value, _)| may(value));
        }
    }

    /// Whether whoever asks may see some municipalities only.
    pub(crate) fn is_limited(&self) -> bool {
        self.rights().0.iter().all(|grant| grant.gemeenten != Reach::All)
    }

    /// Whether whoever asks may have the page they asked for in this municipality.
    pub(crate) fn may_here(&self, gemeente: GemeenteCode) -> bool {
        match self.need {
            Some(need) => self.may(need, gemeente),
            None => self.rights().covers(gemeente),
        }
    }

    /// Asks the pipeline, away from the threads that answer requests.
    pub(crate) async fn ask<T, F>(&self, question: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Desk) -> Result<T, PipelineError> + Send + 'static,
    {
        let desk = self.desk.clone();
        let answer = tokio::task::spawn_blocking(move || question(&desk)).await;
        Ok(answer.map_err(|error| Problem::Broken(error.to_string()))??)
    }

    /// Whether the tables can be read; for whoever watches over the server.
    pub(crate) async fn check_tables(&self) -> Result<(), Problem> {
        let grip = self.shared.grip.clone();
        let answer = tokio::task::spawn_blocking(move || grip.gemeenten()).await;
        answer.map_err(|error| Problem::Broken(error.to_string()))??;
        Ok(())
    }

    /// Whether what is asked first of the tables was made.
    pub(crate) async fn is_prepared(&self) -> Result<bool, Problem> {
        let grip = self.shared.grip.clone();
        let answer = tokio::task::spawn_blocking(move || grip.is_prepared()).await;
        answer.map_err(|error| Problem::Broken(error.to_string()))
    }
}
