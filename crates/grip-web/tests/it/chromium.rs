//! A real Chromium that is told what to do as a person would: by the protocol that all browsers have for that, [WebDriver], and
//! Debian's `chromedriver`. Of the protocol only the few commands that are used here; the libraries for it bring thirty others.
//!
//! [WebDriver]: https://www.w3.org/TR/webdriver2/

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// Milliseconds that is waited for something to be on the page.
const PATIENCE: u64 = 30_000;
/// Keys without a letter, as the protocol writes them.
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";

/// A window of a browser of its own, closed when it is dropped.
pub(crate) struct Chromium {
    driver: Child,
    /// Kept open: a driver that can't say anything any more ends.
    _said: BufReader<ChildStdout>,
    port: u16,
    session: String,
    server: SocketAddr,
}

impl Chromium {
    /// Opens a window for the pages of a server; nothing when there is no browser, which is then said.
    pub(crate) fn open(server: SocketAddr) -> Option<Self> {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            {
                eprintln!(
                    "no chromedriver on the PATH (apt-get install chromium-driver): NOTHING WAS TRIED IN A BROWSER"
                );
            }
            return None;
        };
        let mut said = BufReader::new(driver.stdout.take().expect("it is piped"));
        let mut lines = said.by_ref().lines().map_while(Result::ok);
        let port = |line: String| line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok();
        let port = lines.find_map(port).expect("the driver says its port");
        let mut chromium = Self { driver, _said: said, port, session: String::new(), server };
        let arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
        let options = json!({ "browserName": "chrome", "goog:chromeOptions": { "args": arguments } });
        let made = chromium.call("POST", "/session", &json!({ "capabilities": { "alwaysMatch": options } }));
        chromium.session = made["sessionId"].as_str().expect("a session").to_owned();
        chromium.command("POST", "timeouts", &json!({ "implicit": PATIENCE }));
        Some(chromium)
    }

    pub(crate) fn go(&self, path: &str) {
        self.go_to(&format!("http://{}{path}", self.server));
    }

    /// Goes to an address, also of another server.
    pub(crate) fn go_to(&self, url: &str) {
        self.command("POST", "url", &json!({ "url": url }));
    }

    /// The port of the server, as an address has it.
    pub(crate) fn port(&self) -> String {
        self.server.port().to_string()
    }

    /// Tells the browser itself something, by the protocol of its developer tools.
    pub(crate) fn devtools(&self, command: &str, parameters: Value) {
        self.command("POST", "goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
    }

    /// Shows pages as on a screen of this many points wide, in a light or dark scheme.
    pub(crate) fn show(&self, width: u32, scheme: &str) {
        let screen = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen);
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [feature] }));
    }

    /// Looks through the eyes of a role from the next page on; of all when it is empty.
    pub(crate) fn look_as(&self, role: &str) {
        let url = format!("http://{}/", self.server);
        let cookie = json!({ "name": "grip-rol", "value": role, "url": url });
        self.devtools("Network.setCookie", cookie);
    }

    pub(crate) fn reload(&self) {
        self.command("POST", "refresh", &json!({}));
    }

    pub(crate) fn back(&self) {
        self.command("POST", "back", &json!({}));
    }

    /// The path of the page that is shown.
    pub(crate) fn path(&self) -> String {
        let url = self.command("GET", "url", &Value::Null);
        let path = url.as_str().and_then(|url| url.splitn(4, '/').nth(3)).expect("an address");
        format!("/{}", path.split(['?', '#']).next().expect("a first part"))
    }

    pub(crate) fn click(&self, css: &str) {
        self.press(&self.find("css selector", css));
    }

    /// Follows the first link that can be seen with this text in it.
    pub(crate) fn follow(&self, text: &str) {
        let link = format!("//main//a[contains(normalize-space(), '{text}')][not(ancestor::details[not(@open)])]");
        self.press(&self.find("xpath", &link));
    }

    /// Types into a field of the form that is on the page.
    pub(crate) fn fill(&self, name: &str, text: &str) {
        self.send(&self.find("css selector", &field(name)), text);
    }

    /// Chooses what a person would choose from a list or a calendar, where what keys do is not the same in every language.
    pub(crate) fn choose(&self, name: &str, value: &str) {
        self.find("css selector", &field(name));
        let chosen = self.run(
            "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
             field.dispatchEvent(new Event('input', { bubbles: true })); \
             field.dispatchEvent(new Event('change', { bubbles: true })); return field.value;",
            &[field(name).as_str(), value],
        );
        assert_eq!(chosen, value, "{name} can have this value");
    }

    /// Sends the form that is on the page.
    pub(crate) fn submit(&self) {
        self.click("form.entry[data-draft] button");
    }

    /// Keys for whatever has the focus.
    pub(crate) fn keys(&self, keys: &str) {
        let active = self.command("GET", "element/active", &Value::Null);
        self.send(&reference(&active), keys);
    }

    /// The value of an attribute or property of what has the focus.
    pub(crate) fn focused(&self, what: &str) -> String {
        let found = self.run("return String(document.activeElement[arguments[0]] ?? '');", &[what]);
        found.as_str().expect("a text").to_owned()
    }

    pub(crate) fn value(&self, name: &str) -> String {
        self.find("css selector", &field(name));
        let found = self.run("return document.querySelector(arguments[0]).value;", &[&field(name)]);
        found.as_str().expect("a text").to_owned()
    }

    /// What stands on the page, waiting for something to be there.
    pub(crate) fn text(&self, css: &str) -> String {
        let element = self.find("css selector", css);
        let text = self.command("GET", &format!("element/{element}/text"), &Value::Null);
        text.as_str().expect("a text").replace('\u{a0}', " ")
    }

    pub(crate) fn run(&self, script: &str, arguments: &[&str]) -> Value {
        self.command("POST", "execute/sync", &json!({ "script": script, "args": arguments }))
    }

    pub(crate) fn find(&self, using: &str, value: &str) -> String {
        reference(&self.command("POST", "element", &json!({ "using": using, "value": value })))
    }

    /// Presses what leads to another page, and waits until that is there.
    fn press(&self, element: &str) {
        self.leave(|| {
            self.command("POST", &format!("element/{element}/click"), &json!({}));
        });
    }

    /// Does what leads to another page, and waits until that is there: what is read too early would be of the page before.
    pub(crate) fn leave(&self, action: impl FnOnce()) {
        self.run("document.isLeft = true; return true;", &[]);
        action();
        let begun = Instant::now();
        let path = format!("/session/{}/execute/sync", self.session);
        let is_there =
            json!({ "script": "return !document.isLeft && document.readyState === 'complete';", "args": [] });
        while self.try_call("POST", &path, &is_there).is_ok_and(|answer| answer["value"] != true) {
            assert!(begun.elapsed() < Duration::from_millis(PATIENCE), "no other page came");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn send(&self, element: &str, text: &str) {
        self.command("POST", &format!("element/{element}/value"), &json!({ "text": text }));
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        self.call(method, &format!("/session/{}/{path}", self.session), body)
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut answer = self.try_call(method, path, body).expect("the driver answers");
        let value = answer["value"].take();
        assert!(value["error"].is_null(), "{method} {path} {body}: {}", value["message"]);
        value
    }

    fn try_call(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", self.port))?);
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        stream.get_mut().write_all(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes())?;
        let mut length = 0;
        for line in stream.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
            if let Some((_, found)) = line.to_lowercase().split_once("content-length:") {
                length = found.trim().parse().unwrap_or_default();
            }
        }
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.try_call("DELETE", &format!("/session/{}", self.session), &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn field(name: &str) -> String {
    format!("form.entry[data-draft] [name='{name}']")
}

/// An element as commands name it.
fn reference(found: &Value) -> String {
    let found = found.as_object().and_then(|found| found.values().next()).and_then(Value::as_str);
    found.expect("an element").to_owned()
}
