//! What a browser does with pages without scripts: cookies, redirects, forms.

use std::collections::BTreeMap;

use reqwest::{
    Client, Response,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use url::{Url, form_urlencoded};

/// Steps that are gone at most before somebody must be back.
const STEPS_MAX: usize = 20;

/// A browser of one person.
pub(crate) struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

/// A page with a form.
pub(crate) struct Form {
    action: Url,
    hidden: Vec<(String, String)>,
}

impl Form {
    /// Where it is sent.
    pub(crate) fn action(&self) -> &Url {
        &self.action
    }
}

/// Where going somewhere ends.
pub(crate) enum Arrival {
    /// An address of Grip.
    Back(Url),
    /// A form to fill in.
    Form(Form),
    /// A page with nothing to fill in.
    Page(u16, String),
}

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        Self { client, cookies: BTreeMap::new() }
    }

    /// Goes to an address and from there wherever it is sent.
    pub(crate) async fn go(&mut self, url: &Url) -> Arrival {
        let response = self.client.get(url.clone()).header(COOKIE, self.cookie()).send().await.expect("an answer");
        self.arrive(response).await
    }

    /// Sends a form with what was typed.
    pub(crate) async fn send(&mut self, form: &Form, typed: &[(&str, &str)]) -> Arrival {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&form.hidden).extend_pairs(typed);
        let request = self.client.post(form.action.clone()).header(COOKIE, self.cookie()).body(body.finish());
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.send().await.expect("an answer");
        self.arrive(response).await
    }

    /// Signs in under a name with the provider's own forms and agrees to everything; the query to come back with.
    pub(crate) async fn sign_in(&mut self, url: &Url, name: &str) -> String {
        let mut arrival = self.go(url).await;
        for _ in 0..STEPS_MAX {
            arrival = match arrival {
                Arrival::Back(url) => return url.query().expect("an answer").to_owned(),
                Arrival::Form(form) => self.send(&form, &[("login", name), ("password", "x")]).await,
                Arrival::Page(status, text) => panic!("{status}: {text}"),
            };
        }
        panic!("no end to the forms")
    }

    async fn arrive(&mut self, mut response: Response) -> Arrival {
        for _ in 0..STEPS_MAX {
            let here = response.url().clone();
            for cookie in response.headers().get_all(SET_COOKIE) {
                let cookie = cookie.to_str().expect("a text").split(';').next().expect("a first part").to_owned();
                let (name, value) = cookie.split_once('=').expect("a name and a value");
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let Some(location) = response.headers().get(LOCATION) else {
                let status = response.status().as_u16();
                return page(&here, status, &response.text().await.expect("a page"));
            };
            let next = here.join(location.to_str().expect("a text")).expect("an address");
            if next.port() == Some(9) {
                return Arrival::Back(next);
            }
            response = self.client.get(next).header(COOKIE, self.cookie()).send().await.expect("an answer");
        }
        panic!("no end to the redirects")
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

/// The first form of a page, or the page.
fn page(here: &Url, status: u16, html: &str) -> Arrival {
    let Some((_, form)) = html.split_once("<form") else { return Arrival::Page(status, html.to_owned()) };
    let action = here.join(attribute(form, "action").expect("a form goes somewhere")).expect("an address");
    let form = form.split("</form>").next().expect("a first part");
    let inputs = form.split("<input").skip(1).filter_map(|input| input.split('>').next());
    let hidden = inputs.filter(|input| attribute(input, "type") == Some("hidden")).filter_map(|input| {
        Some((attribute(input, "name")?.to_owned(), attribute(input, "value").unwrap_or_default().to_owned()))
    });
    Arrival::Form(Form { action, hidden: hidden.collect() })
}

fn attribute<'h>(tag: &'h str, name: &str) -> Option<&'h str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}
