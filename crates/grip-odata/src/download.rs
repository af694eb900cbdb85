use std::{
    collections::{BTreeMap, HashSet},
    io::{BufReader, BufWriter, Write},
    ops::ControlFlow,
    path::Path,
    time::Duration,
};

use flate2::write::GzDecoder;
use reqwest::{Client, Response, StatusCode, header};
use serde::Deserialize;
use url::{Host, Url};

use crate::{
    Bron, Description, OdataError, Table,
    edition::{Edition, Header, Page, is_name},
    page,
    table::{Dimension, code_list_name},
};

/// What is to be fetched, and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Download<'a> {
    /// Table: `85098NED`.
    pub tabel: &'a str,
    /// Which service.
    pub bron: Bron,
    /// Address of the service; usually [`Bron::base`].
    pub base: &'a str,
    /// Folder of this table, which need not exist; afterwards it is what [`Saved`](crate::Saved) reads.
    pub folder: &'a Path,
    /// Which rows; empty for all.
    pub selection: &'a [Selection],
    /// How much, and how patiently.
    pub limits: Limits,
}

/// Rows with one of these keys. Rows must satisfy every selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Dimension: `RegioS`.
    pub dimensie: String,
    /// Keys without blanks, which are added where the table has them: `GM0935`. `BU0935*` is all that begin so.
    pub keys: Vec<String>,
}

/// How much is taken, and how patiently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one page, decompressed.
    pub page_bytes: u64,
    /// Bytes of a table, decompressed.
    pub table_bytes: u64,
    /// Pages of one list.
    pub pages: u32,
    /// How often one page is asked for.
    pub attempts: u32,
    /// Wait before the second attempt; it doubles with each.
    pub first_wait: Duration,
    /// Longest wait of our own choosing.
    pub longest_wait: Duration,
    /// Longest wait that a server may ask for; when it asks for more, it is this long.
    pub longest_retry_after: Duration,
    /// How long nothing may come in.
    pub silence: Duration,
}

impl Limits {
    /// For the services of CBS: a page of at most 512 MB, a table of at most 64 GB, six attempts over about a minute.
    pub fn usual() -> Self {
        Self {
            page_bytes: 512 << 20,
            table_bytes: 64 << 30,
            pages: 100_000,
            attempts: 6,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(30),
            longest_retry_after: Duration::from_secs(120),
            silence: Duration::from_secs(60),
        }
    }
}

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being fetched: `TypedDataSet`.
    pub list: &'a str,
    /// Whole pages of rows, earlier ones included.
    pub pages: u32,
    /// Rows in them.
    pub rows: u64,
    /// Bytes taken in by this run, as they came over the network.
    pub bytes: u64,
    /// How long is still waited before it is tried again.
    pub waiting: Option<Duration>,
}

/// What a download came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Downloaded {
    /// Pages of rows in the folder.
    pub pages: u32,
    /// Rows in them.
    pub rows: u64,
    /// Bytes taken in by this run.
    pub bytes: u64,
    /// Whether the folder held this very edition already, so that nothing was fetched but what tells so.
    pub was_current: bool,
}

/// Fetches a table into its folder, one page at a time.
///
/// What is whole stays when it is stopped or fails, and is not fetched again; a table that was published anew meanwhile
/// (another `Modified`) begins anew, and the edition that was in the folder stays until the new one is whole. Links and
/// redirects are followed on the same server only. `progress` is called for every piece that comes in, and when waiting;
/// with [`ControlFlow::Break`] it stops the download.
///
/// Blocks until it is done; inside an asynchronous program it belongs on a thread of its own.
///
/// # Errors
/// When nobody answers, the server refuses or sends something else, a limit is reached, a selection has a key that the
/// table does not know, or the folder can't be used.
pub fn download(
    what: &Download<'_>,
    progress: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<Downloaded, OdataError> {
    if !is_name(what.tabel) {
        return Err(OdataError::Address { text: what.tabel.to_owned(), expected: "the number of a table" });
    }
    let base = service(what.base)?;
    Edition::check(what.folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| OdataError::Client(error.to_string()))?;
    let mut run =
        Run { what, client: client(&base, &what.limits)?, base, progress, bytes: 0, kept: 0, pages: 0, rows: 0 };
    runtime.block_on(run.table())
}

/// The address of a service: with a host, and nothing behind its path.
fn service(text: &str) -> Result<Url, OdataError> {
    let wrong = || OdataError::Address { text: text.to_owned(), expected: "the address of a service" };
    let url = Url::parse(text.trim_end_matches('/')).map_err(|_| wrong())?;
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    if is_plain && url.password().is_none() && is_web { Ok(url) } else { Err(wrong()) }
}

fn client(base: &Url, limits: &Limits) -> Result<Client, OdataError> {
    let mut headers = header::HeaderMap::new();
    headers.insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
    headers.insert(header::ACCEPT_ENCODING, header::HeaderValue::from_static("gzip"));
    let mut builder = Client::builder()
        .user_agent("grip")
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(limits.silence.min(Duration::from_secs(15)))
        .read_timeout(limits.silence);
    // A mirror on this very machine is not behind a proxy.
    let is_here = match base.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if is_here {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| OdataError::Client(reason(error)))
}

struct Run<'r> {
    what: &'r Download<'r>,
    client: Client,
    base: Url,
    progress: &'r mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
    /// Bytes that came in, packed as they were.
    bytes: u64,
    /// Bytes on disk.
    kept: u64,
    pages: u32,
    rows: u64,
}

/// Why one attempt failed.
enum Failure {
    /// Another attempt would fail too.
    Final(OdataError),
    /// It may pass; the server may say when.
    Passing(OdataError, Option<Duration>),
    /// No connection can be made: it may be that there is no network, and then trying for a minute helps nobody.
    Unreachable(OdataError),
}

impl From<OdataError> for Failure {
    fn from(error: OdataError) -> Self {
        Self::Final(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Final(error.into())
    }
}

impl Run<'_> {
    async fn table(&mut self) -> Result<Downloaded, OdataError> {
        for _ in 0..2 {
            let modified = self.modified().await?;
            let header = Header {
                tabel: self.what.tabel.to_owned(),
                bron: self.what.bron.as_str().to_owned(),
                base: self.base.to_string(),
                selection: self.what.selection.iter().map(selection_text).collect::<Vec<_>>().join(" "),
                modified: modified.clone(),
            };
            if let Some(pages) = Edition::finished(self.what.folder, &header) {
                let list = self.rows_list();
                self.count(pages.iter().filter(|page| page.of == list));
                return Ok(self.downloaded(true));
            }
            let mut edition = Edition::open(self.what.folder, &header)?;
            self.kept = edition.bytes();
            self.lists(&mut edition).await?;
            if self.modified().await? == modified {
                edition.finish()?;
                return Ok(self.downloaded(false));
            }
        }
        Err(OdataError::Changing(self.what.tabel.to_owned()))
    }

    fn is_v4(&self) -> bool {
        self.what.bron == Bron::CbsV4
    }

    fn rows_list(&self) -> &'static str {
        if self.is_v4() { "Observations" } else { "TypedDataSet" }
    }

    fn information_list(&self) -> &'static str {
        if self.is_v4() { "Properties" } else { "TableInfos" }
    }

    fn downloaded(&self, was_current: bool) -> Downloaded {
        Downloaded { pages: self.pages, rows: self.rows, bytes: self.bytes, was_current }
    }

    fn count<'p>(&mut self, pages: impl Iterator<Item = &'p Page>) {
        (self.pages, self.rows) = pages.fold((0, 0), |(pages, rows), page| (pages + 1, rows + page.rows));
    }

    /// When the table was changed last, as the server says it now.
    async fn modified(&mut self) -> Result<String, OdataError> {
        let url = self.address(self.information_list(), "")?;
        let mut bytes = Vec::new();
        self.patiently(&url, self.information_list(), Room::Memory(&mut bytes)).await?;
        let files = Description { information: Some(&bytes), ..Description::default() };
        let table = Table::parse(self.what.bron, self.what.tabel, &files);
        Ok(table.map_err(|(_, error)| not_odata(&url, error.to_string()))?.modified)
    }

    /// Fetches the description, the codes and the rows.
    async fn lists(&mut self, edition: &mut Edition) -> Result<(), OdataError> {
        self.list(edition, self.information_list(), "").await?;
        let columns = if self.is_v4() { "MeasureCodes" } else { "DataProperties" };
        self.list(edition, columns, "").await?;
        if self.is_v4() {
            self.list(edition, "Dimensions", "").await?;
        }
        let read = |list: &str| -> Result<Vec<Vec<u8>>, OdataError> {
            edition.pages(list).iter().map(|page| Ok(fs_err::read(edition.path(&page.file))?)).collect()
        };
        let (measures, dimensions) = (read(columns)?, read("Dimensions")?);
        let files = Description {
            information: None,
            measures: measures.iter().map(Vec::as_slice).collect(),
            dimensions: dimensions.first().map(Vec::as_slice),
        };
        let table = Table::parse(self.what.bron, self.what.tabel, &files);
        let mut table = table
            .map_err(|(file, error)| OdataError::Description { file: file.to_owned(), reason: error.to_string() })?;
        let names: Vec<String> = table.dimension_names().map(str::to_owned).collect();
        for dimension in names {
            let list = code_list_name(self.what.bron, &dimension);
            if !is_name(&list) {
                return Err(not_odata(&self.base, format!("a dimension is called `{}`", shorten(&list))));
            }
            self.list(edition, &list, "").await?;
            for page in edition.pages(&list) {
                let bytes = fs_err::read(edition.path(&page.file))?;
                table
                    .add_codes(&dimension, &bytes)
                    .map_err(|error| OdataError::Description { file: page.file.clone(), reason: error.to_string() })?;
            }
        }
        let filter = self.filter(&table)?;
        self.list(edition, self.rows_list(), &filter).await
    }

    /// The filter as the service understands it, with keys spelled as the table spells them.
    fn filter(&self, table: &Table) -> Result<String, OdataError> {
        let mut conditions = Vec::new();
        for selection in self.what.selection {
            let no_key = |key: &str| OdataError::NoSuchKey {
                tabel: self.what.tabel.to_owned(),
                dimensie: selection.dimensie.clone(),
                key: key.to_owned(),
            };
            let dimension: Option<&Dimension> = table.dimensies.iter().find(|d| d.naam == selection.dimensie);
            let dimension = dimension.ok_or_else(|| no_key(selection.keys.first().map_or("", String::as_str)))?;
            let mut either = Vec::new();
            for key in &selection.keys {
                let quoted = |text: &str| text.replace('\'', "''");
                either.push(match key.strip_suffix('*') {
                    Some(start) => format!("startswith({},'{}')", dimension.naam, quoted(start)),
                    None => {
                        let code = dimension.codes.get(key.trim()).ok_or_else(|| no_key(key))?;
                        format!("{} eq '{}'", dimension.naam, quoted(&code.raw))
                    }
                });
            }
            if !either.is_empty() {
                conditions.push(format!("({})", either.join(" or ")));
            }
        }
        Ok(conditions.join(" and "))
    }

    fn address(&self, list: &str, filter: &str) -> Result<Url, OdataError> {
        let mut url = self.base.clone();
        let no_path = || OdataError::Address { text: self.what.base.to_owned(), expected: "the address of a service" };
        url.path_segments_mut().map_err(|()| no_path())?.pop_if_empty().extend([self.what.tabel, list]);
        let mut query = Vec::new();
        if !self.is_v4() {
            // Without it the feed sends Atom, whatever `Accept` says.
            query.push("$format=json".to_owned());
        }
        if !filter.is_empty() {
            let encoded: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            query.push(format!("$filter={}", encoded.replace('+', "%20")));
        }
        url.set_query((!query.is_empty()).then(|| query.join("&")).as_deref());
        Ok(url)
    }

    /// Fetches what is missing of one list.
    async fn list(&mut self, edition: &mut Edition, list: &str, filter: &str) -> Result<(), OdataError> {
        let is_rows = list == self.rows_list();
        if is_rows {
            self.count(edition.pages(list).iter());
        }
        let mut number = edition.pages(list).len();
        let mut next = match edition.pages(list).last() {
            Some(Page { next: None, .. }) => return Ok(()),
            Some(Page { next: Some(link), .. }) => Some(follow(&self.base, &self.base, link)?),
            None => Some(self.address(list, filter)?),
        };
        let mut asked = HashSet::new();
        while let Some(url) = next {
            number += 1;
            if number > usize::try_from(self.what.limits.pages).unwrap_or(usize::MAX) {
                let limit = u64::from(self.what.limits.pages);
                return Err(OdataError::TooLarge { what: list.to_owned(), limit, unit: "pages" });
            }
            if !asked.insert(url.to_string()) {
                return Err(not_odata(&url, "a page that refers to an earlier one".to_owned()));
            }
            let file = match (is_rows, number) {
                (false, 1) => format!("{list}.json"),
                _ => format!("{list}-{number:04}.json"),
            };
            let temporary = edition.temporary(&file);
            let found = self.patiently(&url, list, Room::File(&temporary)).await?;
            let (rows, end) = found.unwrap_or_default();
            next = end.next.as_deref().map(|link| follow(&self.base, &url, link)).transpose()?;
            let bytes = fs_err::metadata(&temporary)?.len();
            let page = Page { of: list.to_owned(), file, rows, bytes, next: next.as_ref().map(Url::to_string) };
            edition.add(page)?;
            self.kept += bytes;
            if is_rows {
                self.pages += 1;
                self.rows += rows;
            }
            self.tell(list, None)?;
        }
        Ok(())
    }

    /// Fetches one answer, again and again when that may help.
    async fn patiently(
        &mut self,
        url: &Url,
        list: &str,
        mut room: Room<'_>,
    ) -> Result<Option<(u64, page::PageEnd)>, OdataError> {
        let limits = &self.what.limits;
        let mut wait = limits.first_wait;
        for attempt in 1.. {
            let (error, asked, attempts) = match self.attempt(url, list, &mut room).await {
                Ok(found) => return Ok(found),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Passing(error, asked)) => (error, asked, limits.attempts),
                Err(Failure::Unreachable(error)) => (error, None, limits.attempts.min(3)),
            };
            if attempt >= attempts {
                return Err(error);
            }
            self.pause(list, asked.unwrap_or(wait).min(limits.longest_retry_after)).await?;
            wait = (wait * 2).min(limits.longest_wait);
        }
        unreachable!("attempts are counted")
    }

    async fn pause(&mut self, list: &str, wait: Duration) -> Result<(), OdataError> {
        const STEP: Duration = Duration::from_millis(200);
        let mut left = wait;
        while !left.is_zero() {
            self.tell(list, Some(left))?;
            tokio::time::sleep(left.min(STEP)).await;
            left = left.saturating_sub(STEP);
        }
        self.tell(list, None)
    }

    fn tell(&mut self, list: &str, waiting: Option<Duration>) -> Result<(), OdataError> {
        let progress = Progress { list, pages: self.pages, rows: self.rows, bytes: self.bytes, waiting };
        match (self.progress)(&progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(OdataError::Stopped),
        }
    }

    async fn attempt(
        &mut self,
        url: &Url,
        list: &str,
        room: &mut Room<'_>,
    ) -> Result<Option<(u64, page::PageEnd)>, Failure> {
        let response = self.ask(url).await?;
        let limit = self.what.limits.page_bytes.min(self.what.limits.table_bytes.saturating_sub(self.kept));
        match room {
            Room::Memory(bytes) => {
                bytes.clear();
                self.receive(response, list, url, Limited::new(&mut **bytes, limit)).await?;
                Ok(None)
            }
            Room::File(path) => {
                let file = fs_err::File::create(&**path)?;
                let writer = Limited::new(BufWriter::with_capacity(1 << 17, file), limit);
                let writer = self.receive(response, list, url, writer).await?;
                let file = writer.into_inner().map_err(|error| error.into_error())?;
                file.sync_data()?;
                drop(file);
                let file = BufReader::with_capacity(1 << 17, fs_err::File::open(&**path)?);
                whole_page(file, url, list).map(Some)
            }
        }
    }

    /// Asks, following redirects on the same server.
    async fn ask(&mut self, url: &Url) -> Result<Response, Failure> {
        let mut at = url.clone();
        for _ in 0..5 {
            let response = self.client.get(at.clone()).send().await.map_err(|error| self.network(&at, error))?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            if !status.is_redirection() {
                return Err(refusal(&at, response).await);
            }
            let place = response.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
            let place = place.ok_or_else(|| not_odata(&at, "a redirect to nowhere".to_owned()))?;
            at = follow(&self.base, &at, place)?;
        }
        Err(Failure::Final(not_odata(url, "more than five redirects".to_owned())))
    }

    /// Writes the body as it comes in.
    async fn receive<W: Write>(
        &mut self,
        mut response: Response,
        list: &str,
        url: &Url,
        writer: Limited<W>,
    ) -> Result<W, Failure> {
        let encoding = response.headers().get(header::CONTENT_ENCODING).map(|value| value.as_bytes().to_vec());
        let mut body = match encoding.as_deref() {
            None | Some(b"" | b"identity") => Body::Plain(writer),
            Some(b"gzip" | b"x-gzip") => Body::Gzip(Box::new(GzDecoder::new(writer))),
            Some(other) => {
                let other = shorten(&String::from_utf8_lossy(other));
                return Err(Failure::Final(not_odata(url, format!("it is packed as `{other}`"))));
            }
        };
        while let Some(piece) = response.chunk().await.map_err(|error| self.network(url, error))? {
            self.bytes += piece.len() as u64;
            body.write(&piece, list, url)?;
            self.tell(list, None)?;
        }
        body.finish(list, url)
    }

    fn network(&self, url: &Url, error: reqwest::Error) -> Failure {
        let host = url.host_str().unwrap_or_default().to_owned();
        let (is_unreachable, is_silent) = (error.is_connect(), error.is_timeout());
        let reason = reason(error);
        if is_unreachable {
            Failure::Unreachable(OdataError::NoNetwork { host, reason })
        } else if is_silent {
            Failure::Passing(OdataError::NoNetwork { host, reason }, None)
        } else {
            Failure::Passing(not_odata(url, format!("the connection broke: {reason}")), None)
        }
    }
}

/// Where a link leads, if that is on the same server. CBS writes `http` in links of pages it sent over `https`: those are
/// followed over `https`.
fn follow(base: &Url, from: &Url, link: &str) -> Result<Url, OdataError> {
    let foreign = |to: String| OdataError::ForeignLink { from: origin(base), to };
    let mut to = from.join(link).map_err(|_| foreign(shorten(link)))?;
    if base.scheme() == "https" && to.scheme() == "http" && to.port().is_none() {
        to.set_scheme("https").map_err(|()| foreign(shorten(link)))?;
    }
    let is_same = to.scheme() == base.scheme()
        && to.host() == base.host()
        && to.port_or_known_default() == base.port_or_known_default()
        && to.username().is_empty()
        && to.password().is_none();
    if is_same { Ok(to) } else { Err(foreign(origin(&to))) }
}

/// Where an answer goes.
enum Room<'p> {
    Memory(&'p mut Vec<u8>),
    File(&'p Path),
}

/// A body that comes in, packed or not.
enum Body<W: Write> {
    Plain(Limited<W>),
    Gzip(Box<GzDecoder<Limited<W>>>),
}

impl<W: Write> Body<W> {
    fn write(&mut self, piece: &[u8], list: &str, url: &Url) -> Result<(), Failure> {
        let result = match self {
            Self::Plain(writer) => writer.write_all(piece),
            Self::Gzip(writer) => writer.write_all(piece),
        };
        let limited = match self {
            Self::Plain(writer) => &*writer,
            Self::Gzip(writer) => writer.get_ref(),
        };
        result.map_err(|error| limited.failure(error, list, url))
    }

    fn finish(self, list: &str, url: &Url) -> Result<W, Failure> {
        let mut limited = match self {
            Self::Plain(writer) => writer,
            Self::Gzip(mut writer) => {
                if let Err(error) = writer.try_finish() {
                    return Err(writer.get_ref().failure(error, list, url));
                }
                writer.finish().map_err(|_| Failure::Passing(not_odata(url, "it ends too early".to_owned()), None))?
            }
        };
        limited.flush()?;
        Ok(limited.writer)
    }
}

/// A writer that takes so many bytes and no more.
struct Limited<W> {
    writer: W,
    limit: u64,
    left: u64,
    is_full: bool,
    is_broken: bool,
}

impl<W> Limited<W> {
    fn new(writer: W, limit: u64) -> Self {
        Self { writer, limit, left: limit, is_full: false, is_broken: false }
    }

    /// What a fault in writing means: too much, a disk that fails, or else a body that can't be unpacked.
    fn failure(&self, error: std::io::Error, list: &str, url: &Url) -> Failure {
        if self.is_full {
            Failure::Final(OdataError::TooLarge { what: list.to_owned(), limit: self.limit, unit: "bytes" })
        } else if self.is_broken {
            Failure::Final(error.into())
        } else {
            Failure::Passing(not_odata(url, "it can't be unpacked".to_owned()), None)
        }
    }
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            self.is_full = true;
            return Err(std::io::Error::other("too large"));
        };
        let written = self.writer.write(bytes).inspect_err(|_| self.is_broken = true)?;
        self.left = left + (bytes.len() - written) as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// Sees to it that a page is whole before it gets its name.
fn whole_page(file: impl std::io::Read, url: &Url, list: &str) -> Result<(u64, page::PageEnd), Failure> {
    match page::count(file) {
        // `Properties` of OData 4 is one thing and no list.
        Ok((rows, end)) if end.has_rows || list == "Properties" => Ok((rows, end)),
        Ok(_) => Err(Failure::Final(not_odata(url, "there is no list of rows in it".to_owned()))),
        Err(error) if error.is_eof() => Err(Failure::Passing(not_odata(url, "it ends too early".to_owned()), None)),
        Err(error) => Err(Failure::Passing(not_odata(url, format!("it is no JSON: {error}")), None)),
    }
}

/// Statuses after which it may go better.
fn may_pass(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

async fn refusal(url: &Url, mut response: Response) -> Failure {
    let status = response.status();
    let wait = retry_after(response.headers());
    let mut body = Vec::new();
    while body.len() < 8192 {
        match response.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece[..piece.len().min(8192)]),
            Ok(None) | Err(_) => break,
        }
    }
    let message = message(&body).map(|text| format!(": {}", shorten(&text))).unwrap_or_default();
    let error = OdataError::Refused { url: without_query(url), status: status.as_u16(), message };
    if may_pass(status) { Failure::Passing(error, wait) } else { Failure::Final(error) }
}

/// `Retry-After` as seconds, or as a moment compared with the server's own clock.
fn retry_after(headers: &header::HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let after: &str = text(header::RETRY_AFTER)?;
    if let Ok(seconds) = after.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp());
    let wait = moment(after)?.duration_since(moment(text(header::DATE)?)?);
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

/// What an error of OData says: `{"odata.error": {"message": {"value": …}}}` of 3, `{"error": {"message": …}}` of 4.
fn message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Told {
        message: Message,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Message {
        Text(String),
        Value { value: String },
    }
    let told: BTreeMap<String, Told> = serde_json::from_slice(body).ok()?;
    match told.into_values().next()?.message {
        Message::Text(text) | Message::Value { value: text } => Some(text),
    }
}

fn not_odata(url: &Url, reason: String) -> OdataError {
    OdataError::NotOdata { url: without_query(url), reason }
}

/// The innermost reason, without the address: that stands beside it.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    shorten(&innermost.to_string())
}

fn without_query(url: &Url) -> String {
    format!("{}{}", origin(url), shorten(url.path()))
}

fn origin(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default())
        + &url.port().map(|port| format!(":{port}")).unwrap_or_default()
}

fn selection_text(selection: &Selection) -> String {
    format!("{}={}", selection.dimensie, selection.keys.join(","))
}

/// What others sent, fit for one line.
fn shorten(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
    use url::Url;

    use super::{follow, message, retry_after};

    #[track_caller]
    fn check(base: &str, link: &str, expected: Option<&str>) {
        let base = Url::parse(base).expect("an address");
        let from = base.join("odata/T/TypedDataSet?$format=json").expect("an address");
        assert_eq!(follow(&base, &from, link).ok().as_ref().map(Url::as_str), expected, "{link}");
    }

    #[test]
    fn links_stay_where_they_are() {
        let https = "https://opendata.cbs.nl/";
        let next = Some("https://opendata.cbs.nl/odata/T/TypedDataSet?$skip=1");
        check(https, "https://opendata.cbs.nl/odata/T/TypedDataSet?$skip=1", next);
        // As CBS writes them in answers that were asked for over https.
        check(https, "http://opendata.cbs.nl/odata/T/TypedDataSet?$skip=1", next);
        check(https, "HTTPS://OpenData.cbs.nl:443/odata/T/TypedDataSet?$skip=1", next);
        check(https, "TypedDataSet?$skip=1", next);
        check(https, "?$skip=1", next);
        for link in [
            "http://opendata.cbs.nl:8080/x",
            "https://opendata.cbs.nl:8443/x",
            "https://opendata.cbs.nl@example.org/x",
            "https://user@opendata.cbs.nl/x",
            "https://opendata.cbs.nl.example.org/x",
            "//example.org/x",
            "http://127.0.0.1/x",
            "ftp://opendata.cbs.nl/x",
            "data:application/json,[]",
            "https://",
        ] {
            check(https, link, None);
        }
        check("http://localhost:8080/", "https://localhost:8080/x", None);
    }

    #[test]
    fn how_long_a_server_asks_to_wait() {
        let wait = |after: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(after));
            headers.insert(DATE, HeaderValue::from_static("Sun, 22 Nov 2026 18:00:00 GMT"));
            retry_after(&headers)
        };
        assert_eq!(wait("17"), Some(Duration::from_secs(17)));
        assert_eq!(wait("Sun, 22 Nov 2026 18:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(wait("Sun, 22 Nov 2026 17:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("straks"), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn what_servers_say_of_an_error() {
        let told = |body: &str| message(body.as_bytes());
        assert_eq!(told(r#"{"odata.error":{"message":{"lang":"nl","value":"nee"}}}"#).as_deref(), Some("nee"));
        assert_eq!(told(r#"{"error":{"code":"1","message":"nee"}}"#).as_deref(), Some("nee"));
        assert_eq!(told("<html>"), None);
    }
}
