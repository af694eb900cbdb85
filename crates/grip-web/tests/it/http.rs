//! A plain client: one request, one connection.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// The cookies that are set, as a browser sends them back, with what was there before; what is set with no age left is gone.
    pub(crate) fn cookies(&self, before: &str) -> String {
        let mut kept: Vec<(String, String)> = before
            .split("; ")
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (_, line) in self.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            kept.retain(|(known, _)| known != name);
            if !attributes.contains("Max-Age=0") {
                kept.push((name.to_owned(), value.to_owned()));
            }
        }
        kept.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// The value of a header, empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

pub(crate) fn get(server: SocketAddr, path: &str) -> Answer {
    request(server, "GET", path, &[("host", "localhost")])
}

/// Sends a form.
pub(crate) fn post(server: SocketAddr, path: &str, fields: &[(&str, String)], headers: &[(&str, &str)]) -> Answer {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let body = pairs.join("&");
    let length = body.len().to_string();
    let own =
        [("host", "localhost"), ("content-type", "application/x-www-form-urlencoded"), ("content-length", &length)];
    let all: Vec<(&str, &str)> = own.into_iter().chain(headers.iter().copied()).collect();
    send(server, "POST", path, &all, &body)
}

/// Sends a file in a form.
pub(crate) fn upload(server: SocketAddr, path: &str, file: &str, headers: &[(&str, &str)]) -> Answer {
    let body = format!(
        "--grens\r\ncontent-disposition: form-data; name=\"bestand\"; filename=\"blad.csv\"\r\n\r\n{file}\r\n--grens--\r\n"
    );
    let length = body.len().to_string();
    let own = [
        ("host", "localhost"),
        ("content-type", "multipart/form-data; boundary=grens"),
        ("content-length", length.as_str()),
    ];
    let all: Vec<(&str, &str)> = own.into_iter().chain(headers.iter().copied()).collect();
    send(server, "POST", path, &all, &body)
}

pub(crate) fn request(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(server, method, path, headers, "")
}

fn send(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut stream = TcpStream::connect(server).expect("the server listens");
    let mut text = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    stream.write_all(text.as_bytes()).expect("the server reads");
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).expect("the server answers");
    // A spreadsheet is no text; in a page a replaced letter would be seen.
    let raw = String::from_utf8_lossy(&raw).into_owned();
    let (head, body) = raw.split_once("\r\n\r\n").expect("a head and a body");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    Answer {
        status: status.expect("a status"),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}
