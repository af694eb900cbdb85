//! A web server of a few lines: one request per connection, HTTP/1.1, answers as the test says.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

/// What is sent back.
pub(crate) struct Reply {
    pub(crate) status: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Close the connection after so many bytes of the body.
    pub(crate) cut_at: Option<usize>,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { status: "200 OK", headers: Vec::new(), body: body.into(), cut_at: None }
    }

    pub(crate) fn status(status: &'static str, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), cut_at: None }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn cut(mut self, at: usize) -> Self {
        self.cut_at = Some(at);
        self
    }
}

/// A request: path with query, decoded, and its headers in small letters.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: Vec<String>,
}

pub(crate) struct Server {
    pub(crate) base: String,
    requests: Arc<Mutex<Vec<Request>>>,
    closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves until dropped. `answer` gets the address of the server, the request, and how often that path was asked for.
    pub(crate) fn start(answer: impl Fn(&str, &Request, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let closing = Arc::new(AtomicBool::new(false));
        let (own_base, own_requests, own_closing) = (base.clone(), Arc::clone(&requests), Arc::clone(&closing));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if own_closing.load(Ordering::SeqCst) {
                    break;
                }
                let Some((stream, request)) = stream.ok().and_then(receive) else { continue };
                let times = {
                    let mut list = own_requests.lock().expect("no panic while held");
                    list.push(request.clone());
                    list.iter().filter(|earlier: &&Request| earlier.path == request.path).count()
                };
                // Whoever went away early does not hear the answer; that is what some tests are about.
                _ = send(stream, &answer(&own_base, &request, times));
            }
        });
        Self { base, requests, closing, thread: Some(thread) }
    }

    /// Paths asked for so far, without those of the table's information.
    pub(crate) fn paths(&self) -> Vec<String> {
        let list = self.requests.lock().expect("no panic while held");
        list.iter().map(|request| request.path.clone()).filter(|path| !path.contains("TableInfos")).collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic while held").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        _ = TcpStream::connect(self.base.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

fn receive(stream: TcpStream) -> Option<(TcpStream, Request)> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    let path = decoded(first.split(' ').nth(1)?);
    let headers = lines.map_while(Result::ok).take_while(|line| !line.is_empty());
    let headers = headers.map(|line| line.to_ascii_lowercase()).collect();
    Some((stream, Request { path, headers }))
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |b: u8| char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (first, tail) {
            (b'%', [a, b, after @ ..]) => {
                bytes.push(hex(*a).expect("hexadecimal") * 16 + hex(*b).expect("hexadecimal"));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).expect("a path is UTF-8")
}

fn send(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {}\r\nConnection: close\r\nContent-Length: {}\r\n", reply.status, reply.body.len())?;
    for (name, value) in &reply.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    stream.write_all(&reply.body[..reply.cut_at.unwrap_or(reply.body.len())])?;
    stream.flush()
}
