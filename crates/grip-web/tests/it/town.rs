//! A small town in a real lake, and the server over it. Made once per run.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
};

use grip_pipeline::{Grip, ImportKind, Key, ReceivedOn, answer::YearEnd, import, ingest, open_lake};
use grip_register::Register;
use grip_synth::{Settings, simulate, write};
use grip_types::{Date, GemeenteCode, Wet, parse_date};
use grip_web::{Incident, Writing};

pub(crate) struct Town {
    grip: Grip,
    gemeente: GemeenteCode,
    peildatum: Date,
    key: Key,
}

impl Town {
    pub(crate) fn grip(&self) -> &Grip {
        &self.grip
    }

    pub(crate) fn gemeente(&self) -> GemeenteCode {
        self.gemeente
    }

    /// What the pipeline answers to what the pages ask by default.
    pub(crate) fn year_end(&self) -> Arc<YearEnd> {
        self.grip.year_end(self.gemeente, self.peildatum.year(), self.peildatum).expect("an answer")
    }

    /// The same of another year, as known on another day.
    pub(crate) fn year_end_of(&self, jaar: i16, peildatum: Date) -> Arc<YearEnd> {
        self.grip.year_end(self.gemeente, jaar, peildatum).expect("an answer")
    }

    /// The provider with most invoice lines in a segment: the path of its page, and how many there are.
    pub(crate) fn longest_list(&self) -> (String, usize) {
        let (gemeente, jaar, peildatum) = (self.gemeente, self.peildatum.year(), self.peildatum);
        let mut longest = (String::new(), 0);
        for segment in &self.year_end().segments {
            let wet: Wet = segment.wet.and_then(|wet| wet.parse().ok()).expect("a law");
            let categorie = segment.productcategorie.as_deref().expect("a category");
            for provider in self.grip.providers(gemeente, jaar, peildatum, wet, categorie).expect("providers") {
                let agb = provider.aanbieder.parse().expect("a code");
                let lines = self.grip.source_lines(gemeente, jaar, peildatum, wet, categorie, agb, 0, 1);
                let (count, _) = lines.expect("lines");
                if count > longest.1 {
                    longest = (format!("/prognose/{wet}/{categorie}/{agb}"), count);
                }
            }
        }
        longest
    }
}

/// A folder of this run, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("grip-web").join(name);
    if folder.exists() {
        fs_err::remove_dir_all(&folder).expect("the folder of an earlier run");
    }
    fs_err::create_dir_all(&folder).expect("a folder");
    folder
}

pub(crate) fn town() -> &'static Town {
    static TOWN: OnceLock<Town> = OnceLock::new();
    TOWN.get_or_init(|| {
        let root = folder("town");
        let (files, data) = (root.join("files"), root.join("data"));
        let settings = Settings {
            gemeente: "9998".parse().expect("a code"),
            inhabitants: 3_000,
            from: parse_date("2022-01-01").expect("a day"),
            to: parse_date("2025-06-30").expect("a day"),
            seed: 11,
            scenario: grip_synth::Scenario::Default,
        };
        write(&simulate(&settings).expect("a town"), &files, |_| {}).expect("written");
        break_a_message(&files.join("berichten"));
        let key = Key::load_or_make(&root.join("key"), &data).expect("a key");
        let lake = open_lake(&data).expect("a lake");
        ingest(&lake, &key, &files.join("berichten"), ReceivedOn::FromFolder, None, |_| {}).expect("taken in");
        let when = ("2022-01-03T09:00:00Z", parse_date("2022-01-03").expect("a day"));
        let budget = files.join("begroting.csv");
        budget_for_what_nobody_gets(&budget);
        import(&lake, &key, ImportKind::Begroting, &budget, settings.gemeente, when).expect("imported");
        let contracts = files.join("contract.csv");
        import(&lake, &key, ImportKind::Contract, &contracts, settings.gemeente, when).expect("imported");
        let grip = Grip::open(&data).expect("the lake");
        let peildatum = grip.last_received().expect("tables").expect("messages");
        Town { grip, gemeente: settings.gemeente, peildatum, key }
    })
}

/// Another town, of which only messages are taken in.
pub(crate) fn other_town(inhabitants: u32, seed: u64) -> Grip {
    let root = folder(&format!("town-{inhabitants}-{seed}"));
    let settings = Settings {
        gemeente: "9998".parse().expect("a code"),
        inhabitants,
        from: parse_date("2023-01-01").expect("a day"),
        to: parse_date("2024-12-31").expect("a day"),
        seed,
        scenario: grip_synth::Scenario::Default,
    };
    let (files, data) = (root.join("files"), root.join("data"));
    write(&simulate(&settings).expect("a town"), &files, |_| {}).expect("written");
    let key = Key::load_or_make(&root.join("key"), &data).expect("a key");
    let lake = open_lake(&data).expect("a lake");
    ingest(&lake, &key, &files.join("berichten"), ReceivedOn::FromFolder, None, |_| {}).expect("taken in");
    Grip::open(&data).expect("the lake")
}

/// A budget of a category without a single allocation: its line has no months.
fn budget_for_what_nobody_gets(budget: &Path) {
    let mut text = fs_err::read_to_string(budget).expect("a file");
    text.push_str("2025;jw;53;primitief;1.000,00;2024-11-07\n");
    fs_err::write(budget, text).expect("written");
}

/// Half a message, as copying may leave it, beside the first whole one.
fn break_a_message(berichten: &Path) {
    let first = |folder: &Path| fs_err::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path()).min();
    let message = first(berichten).and_then(|day| first(&day)).expect("a message");
    let text = fs_err::read(&message).expect("a file");
    fs_err::write(message.with_file_name("kapot.xml"), &text[..text.len() / 2]).expect("written");
}

pub(crate) fn server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| start(town().grip.clone()))
}

/// A server over the same town on which can be written.
pub(crate) fn writing_server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| start_with(town().grip.clone(), Some(folder("register").join("register.db"))))
}

/// A server over an empty lake on which can be written.
pub(crate) fn empty_writing_server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| {
        let grip = Grip::open(&folder("empty-writing")).expect("a lake");
        start_with(grip, Some(folder("empty-register").join("register.db")))
    })
}

/// A server over the same town and a register that is there already.
pub(crate) fn server_over(register: PathBuf) -> SocketAddr {
    start_with(town().grip.clone(), Some(register))
}

/// A server over the same town and a register at an address.
pub(crate) fn server_at(register: String) -> SocketAddr {
    serve(town().grip.clone(), Some(register))
}

/// A server over a lake in which nothing is.
pub(crate) fn empty_server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| start(Grip::open(&folder("empty")).expect("a lake")))
}

/// A server over a lake that is damaged.
pub(crate) fn broken_server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| {
        let data = folder("broken");
        let log = data.join("tables/bericht/_delta_log");
        fs_err::create_dir_all(&log).expect("a folder");
        for version in 0..2 {
            fs_err::write(log.join(format!("{version:020}.json")), "geen JSON").expect("written");
        }
        start(Grip::open(&data).expect("a lake"))
    })
}

/// What servers reported.
pub(crate) static INCIDENTS: Mutex<Vec<Incident>> = Mutex::new(Vec::new());

fn settings() -> grip_web::Settings {
    grip_web::Settings {
        allowed_hosts: vec!["grip.voorbeeld.example".to_owned()],
        house_style: None,
        writing: None,
        sign_in: None,
        pseudonym_key: None,
        typeset: None,
        template: None,
        on_incident: |incident| INCIDENTS.lock().expect("no test panics with it").push(incident.clone()),
    }
}

/// Closes the pages where requests are answered, as happens when a server stops.
#[test]
fn pages_can_be_closed() {
    let router = grip_web::router(Grip::open(&folder("closed")).expect("a lake"), settings());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async move { drop(router) });
}

/// Serves on a free port of the loopback until the process ends.
pub(crate) fn start(grip: Grip) -> SocketAddr {
    start_with(grip, None)
}

/// The same, with a register in a file.
pub(crate) fn start_with(grip: Grip, register: Option<PathBuf>) -> SocketAddr {
    serve(grip, register.map(|path| format!("sqlite:{}", path.display())))
}

/// A server over the same town where people sign in, at the time of a clock, and perhaps at a provider too.
pub(crate) fn server_with_accounts(
    register: &Path,
    now: fn() -> jiff::Timestamp,
    sign_in: grip_web::SignIn,
) -> SocketAddr {
    serve_with(town().grip.clone(), Some(format!("sqlite:{}", register.display())), now, Some(sign_in))
}

fn serve(grip: Grip, register: Option<String>) -> SocketAddr {
    serve_with(grip, register, jiff::Timestamp::now, None)
}

fn serve_with(
    grip: Grip,
    register: Option<String>,
    now: fn() -> jiff::Timestamp,
    sign_in: Option<grip_web::SignIn>,
) -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut settings = settings();
            if let Some(address) = register {
                let register = Register::open(&address).await.expect("a register");
                settings.writing = Some(Writing { register, now });
                settings.sign_in = sign_in;
                settings.pseudonym_key = Some(town().key.clone());
            }
            let router = grip_web::router(grip, settings);
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("someone waits");
            grip_web::serve(listener, router).await.expect("serves");
        });
    });
    told.recv().expect("an address")
}
