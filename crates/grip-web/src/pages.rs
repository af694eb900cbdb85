//! The table of all addresses with the right that each takes. What is not in it does not exist, and what names no right can't be
//! put in it.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use axum::{
    RequestExt, Router,
    extract::{DefaultBodyLimit, Path, Request},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use grip_access::{Deed, Detail, Need, Part};

use crate::{
    api,
    app::{Shared, Visitor},
    problem::Problem,
    register::part_of_kind,
    watch::Route,
};

/// What an address asks of whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nothing: to sign in, how pages look, whether the server lives.
    Nothing,
    /// Any right at all.
    AnyRight,
    /// A right.
    Right(Need),
    /// A right to the part that the kind in the address, `{kind}`, belongs to.
    RightOfKind(Deed),
}

impl Asks {
    /// To look at a part.
    pub(crate) const fn reads(part: Part, detail: Detail) -> Self {
        Self::Right(Need::read(part, detail))
    }

    /// To write in a part.
    pub(crate) const fn writes(part: Part) -> Self {
        Self::Right(Need::write(part))
    }

    /// The right it is, of the kind in an address; nothing when no right is named.
    pub fn need(self, kind: Option<&str>) -> Option<Need> {
        match self {
            Self::Nothing | Self::AnyRight => None,
            Self::Right(need) => Some(need),
            Self::RightOfKind(deed) => {
                let part = kind.and_then(part_of_kind)?;
                Some(Need { part, detail: Detail::Totals, deed })
            }
        }
    }
}

/// An address that is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its path, with what is to be filled in between braces.
    pub path: &'static str,
    /// The method.
    pub method: Method,
    /// What it takes.
    pub asks: Asks,
}

/// The addresses, and what answers them.
#[derive(Default)]
pub(crate) struct Pages {
    pub(crate) router: Router<Arc<Shared>>,
    pub(crate) addresses: Vec<Address>,
}

/// All of them, made once.
pub(crate) static ALL: LazyLock<Pages> = LazyLock::new(crate::pages);

impl Pages {
    /// A page that is read: for people at its path, and what it shows for programs below `/api/v1/paginas`, for the same right.
    pub(crate) fn get<H, T>(self, path: &'static str, asks: Asks, handler: H) -> Self
    where
        H: Handler<T, Arc<Shared>>,
        T: 'static,
    {
        // Once for each page: all pages are made once.
        let below: &'static str = api::page::address_of(path).leak();
        let for_programs = get(handler.clone()).layer(middleware::from_fn(api::page::as_page));
        self.apart(path, asks, handler).at(below, Method::GET, asks, for_programs)
    }

    /// What is read and is no page of figures or texts: a form, a file, an answer of the API.
    pub(crate) fn apart<H, T>(self, path: &'static str, asks: Asks, handler: H) -> Self
    where
        H: Handler<T, Arc<Shared>>,
        T: 'static,
    {
        self.at(path, Method::GET, asks, get(handler))
    }

    pub(crate) fn post<H, T>(self, path: &'static str, asks: Asks, handler: H) -> Self
    where
        H: Handler<T, Arc<Shared>>,
        T: 'static,
    {
        self.at(path, Method::POST, asks, post(handler))
    }

    /// The same for a form that may be larger than others.
    pub(crate) fn post_large<H, T>(self, path: &'static str, asks: Asks, bytes_max: usize, handler: H) -> Self
    where
        H: Handler<T, Arc<Shared>>,
        T: 'static,
    {
        self.at(path, Method::POST, asks, post(handler).layer(DefaultBodyLimit::max(bytes_max)))
    }

    fn at(mut self, path: &'static str, method: Method, asks: Asks, answers: MethodRouter<Arc<Shared>>) -> Self {
        self.addresses.push(Address { path, method, asks });
        let guarded = answers.layer(middleware::from_fn(move |request, next| async move {
            let mut response = guard(asks, request, next).await;
            response.extensions_mut().insert(Route(path));
            response
        }));
        Self { router: self.router.route(path, guarded), ..self }
    }

    pub(crate) fn with(mut self, others: Self) -> Self {
        self.addresses.extend(others.addresses);
        Self { router: self.router.merge(others.router), ..self }
    }
}

/// Lets through whoever has the right somewhere; in which municipality is seen where the page knows which one it is about.
async fn guard(asks: Asks, mut request: Request, next: Next) -> Response {
    if asks == Asks::Nothing {
        return next.run(request).await;
    }
    let visitor = request.extensions().get::<Visitor>().cloned().unwrap_or_default();
    let rights = visitor.seen();
    if rights.roles().is_empty() {
        return Problem::refusal(&visitor).into_response();
    }
    if asks != Asks::AnyRight {
        let kind = match asks {
            Asks::RightOfKind(_) => request.extract_parts::<Path<HashMap<String, String>>>().await.ok(),
            _ => None,
        };
        let kind = kind.as_ref().and_then(|parts| parts.get("kind")).map(String::as_str);
        let Some(need) = asks.need(kind) else { return Problem::NotFound.into_response() };
        if !rights.may_somewhere(need) {
            return Problem::refusal(&visitor).into_response();
        }
        request.extensions_mut().insert(need);
        let mut response = next.run(request).await;
        response.extensions_mut().insert(need);
        return response;
    }
    next.run(request).await
}

/// What an address of a page takes; nothing when it takes no right, or is of no page.
pub(crate) fn need_of(href: &str) -> Option<Need> {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let reads = ALL.addresses.iter().filter(|address| address.method == Method::GET);
    // What is written out is meant before what is filled in.
    let found =
        reads.filter(|address| is_like(address.path, path)).min_by_key(|address| address.path.matches('{').count())?;
    let kind = found.path.split('/').zip(path.split('/')).find(|(part, _)| *part == "{kind}");
    found.asks.need(kind.map(|(_, given)| given))
}

/// The address of the API that gives what a page shows; nothing for what is no page.
pub(crate) fn for_programs(path: &str) -> Option<String> {
    let below = api::page::address_of(path);
    ALL.addresses.iter().any(|address| is_like(address.path, &below)).then_some(below)
}

/// Whether an address is one of a path with parts to fill in.
fn is_like(path: &str, address: &str) -> bool {
    let (mut parts, mut given) = (path.split('/'), address.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given || part.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}
