//! One function per command.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use grip_pipeline::{
    Assumptions, Bron, Download, Grip, ImportKind, IntakeReport, Key, LedgerColumn, Limits, Mapping, Publicatie,
    ReceivedOn, Selection, WatchEvent, check_declaratie as check_file, download, import as import_file, import_mapped,
    import_open_data, import_publicatie, ingest as ingest_files, mapping_template, open_lake, table_of_year, template,
    watch as watch_folder, write_rows,
};
use grip_register::Register;
use grip_synth::GEMEENTE_NAAM;
use grip_types::{Date, GemeenteCode, Maand};

use crate::{
    Ending,
    args::{
        Backtest, Check, CheckDeclaratie, CheckWhat, Demo, Forecast, Generate, Import, Ingest, Kind, Ledger,
        OpenDataAction, OpenDataDownload, OpenDataImport, Place, Received, Reconcile, Serve, Shape, Signals, Sql,
        Watch,
    },
    backtest_screen, change_screen, check as quality_screen,
    error::CliError,
    log, register, screen, signals_screen, years_screen,
};

/// The day of the sample that the demonstration looks from: half a year known, half a year to forecast, and the outcome in
/// the same data for who wants to compare.
const DEMO_PEILDATUM: Date = Date::constant(2025, 6, 30);

/// A code that CBS has given to no municipality.
const SAMPLE_GEMEENTE: GemeenteCode = GemeenteCode::constant(9998);

pub(crate) fn today() -> Date {
    jiff::Zoned::now().date()
}

/// Names of the files with keys, in the user's configuration.
pub(crate) const PSEUDONYM_KEY: &str = "pseudonym.key";
pub(crate) const ACCESS_KEY: &str = "access.key";

pub(crate) fn key(place: &Place) -> Result<Key, CliError> {
    Ok(Key::load_or_make(&key_file(place.key.as_ref(), PSEUDONYM_KEY)?, &place.data)?)
}

/// The key of the pseudonyms where there is one that may be read. A server of pages need not have it.
fn known_key(place: &Place) -> Result<Option<Key>, CliError> {
    let Ok(file) = key_file(place.key.as_ref(), PSEUDONYM_KEY) else { return Ok(None) };
    if fs_err::File::open(&file).is_err() {
        return Ok(None);
    }
    Ok(Some(Key::load(&file, &place.data)?))
}

/// The key of second factors and of the log of deeds. It is not that of the pseudonyms, which a server of pages need not have.
pub(crate) fn access_key(place: &Place) -> Result<grip_access::Key, CliError> {
    let file = key_file(place.access_key.as_ref(), ACCESS_KEY)?;
    Ok(grip_access::Key::from_bytes(grip_pipeline::secret(&file, &place.data)?))
}

/// Where a key lies: where it is said, or in the user's configuration.
pub(crate) fn key_file(named: Option<&PathBuf>, usual: &str) -> Result<PathBuf, CliError> {
    let config = || dirs("XDG_CONFIG_HOME").or_else(|| dirs("HOME").map(|home| home.join(".config")));
    let path = named.cloned().or_else(|| config().map(|config| config.join("grip").join(usual)));
    path.ok_or(CliError::NoKeyPlace)
}

#[expect(clippy::disallowed_methods, reason = "the binary is where the environment is read")]
pub(crate) fn dirs(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

pub(crate) fn demo(place: &Place, demo: &Demo) -> Result<Ending, CliError> {
    let started = Instant::now();
    let settings = Generate {
        inhabitants: demo.inhabitants,
        from: Date::constant(2021, 1, 1),
        to: Date::constant(2025, 12, 31),
        seed: 1,
        scenario: grip_synth::Scenario::Default,
        out: demo.out.clone(),
    };
    let gemeente = place.gemeente.unwrap_or(SAMPLE_GEMEENTE);
    eprintln!("{GEMEENTE_NAAM}: a fictional municipality of {} inhabitants, 2021 to 2025", demo.inhabitants);
    generate(place, &settings)?;
    let key = key(place)?;
    let lake = open_lake(&place.data)?;
    take_in(&lake, &key, &demo.out.join("berichten"), ReceivedOn::FromFolder, Some(gemeente), false)?;
    let stamp = jiff::Timestamp::now().to_string();
    for (kind, file) in [
        (ImportKind::Begroting, "begroting.csv"),
        (ImportKind::Contract, "contract.csv"),
        (ImportKind::Client, "client.csv"),
    ] {
        import_file(&lake, &key, kind, &demo.out.join(file), gemeente, (&stamp, settings.from))?;
    }
    drop(lake);
    let grip = Grip::open(&place.data)?;
    register::fill(&grip, gemeente)?;
    let answer = grip.year_end(gemeente, DEMO_PEILDATUM.year(), DEMO_PEILDATUM)?;
    println!("{}", screen::year_end(&answer));
    eprintln!("ready in {:.0} s", started.elapsed().as_secs_f64());
    if demo.no_serve {
        return Ok(Ending::Whole);
    }
    let path = format!("/prognose?gemeente={}&jaar={}&peildatum={DEMO_PEILDATUM}", gemeente, DEMO_PEILDATUM.year());
    serve_pages(place, grip, &demo.serve, &path, !demo.no_open)
}

pub(crate) fn generate(place: &Place, generate: &Generate) -> Result<Ending, CliError> {
    refuse_foreign_folder(&generate.out)?;
    let settings = grip_synth::Settings {
        gemeente: place.gemeente.unwrap_or(SAMPLE_GEMEENTE),
        inhabitants: generate.inhabitants,
        from: generate.from,
        to: generate.to,
        seed: generate.seed,
        scenario: generate.scenario,
    };
    let municipality = grip_synth::simulate(&settings)?;
    let bar = screen::bar("writing messages", 0);
    let summary = grip_synth::write(&municipality, &generate.out, |progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
    })?;
    bar.finish_and_clear();
    let messages: usize = summary.berichten.values().sum();
    eprintln!("wrote {messages} messages ({}) to {}", screen::megabytes(summary.bytes), generate.out.display());
    Ok(Ending::Whole)
}

/// A sample may be written over, somebody's own files may not.
fn refuse_foreign_folder(folder: &Path) -> Result<(), CliError> {
    let mut entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if entries.next().is_none() || folder.join("waarheid.csv").exists() {
        return Ok(());
    }
    Err(CliError::NotEmpty(folder.to_owned()))
}

pub(crate) fn ingest(place: &Place, ingest: &Ingest) -> Result<Ending, CliError> {
    let key = key(place)?;
    let lake = open_lake(&place.data)?;
    let received = match ingest.received_on {
        Some(Received::Day(day)) => ReceivedOn::Day(day),
        Some(Received::FromFolder) => ReceivedOn::FromFolder,
        None => ReceivedOn::Day(today()),
    };
    let report = take_in(&lake, &key, &ingest.path, received, place.gemeente, ingest.json)?;
    Ok(if report.refused + report.partial > 0 { Ending::SomeRefused } else { Ending::Whole })
}

pub(crate) fn watch(place: &Place, watch: &Watch) -> Result<Ending, CliError> {
    let key = key(place)?;
    let lake = open_lake(&place.data)?;
    if !watch.json {
        eprintln!("watching {} (stop with Ctrl-C, at any moment)", watch.folder.display());
    }
    let mut failed = None;
    let tell = |event: WatchEvent<'_>| {
        let line = if watch.json { screen::watch_json(&event) } else { screen::watch(&event) };
        // Who reads this may have gone; the work goes on.
        let mut out = std::io::stdout().lock();
        failed = writeln!(out, "{line}").and_then(|()| out.flush()).err().or(failed.take());
    };
    watch_folder(&lake, &key, &watch.folder, today, place.gemeente, tell, || true)?;
    failed.map_or(Ok(Ending::Whole), |error| Err(error.into()))
}

fn take_in(
    lake: &grip_pipeline::Lake,
    key: &Key,
    path: &Path,
    received: ReceivedOn,
    only: Option<GemeenteCode>,
    json: bool,
) -> Result<IntakeReport, CliError> {
    let started = Instant::now();
    let bar = screen::bar("taking in messages", 0);
    let report = ingest_files(lake, key, path, received, only, |progress| {
        bar.set_length(progress.files_total as u64);
        bar.set_position(progress.files as u64);
        bar.set_message(screen::megabytes(progress.bytes));
    })?;
    bar.finish_and_clear();
    if json {
        writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        eprintln!("{}", screen::intake(&report, started.elapsed()));
    }
    Ok(report)
}

pub(crate) fn import(place: &Place, import: &Import) -> Result<Ending, CliError> {
    let kind = ImportKind::from(import.kind);
    if import.template || import.mapping_template {
        let text = if import.template { template(kind) } else { mapping_template(kind) };
        write!(std::io::stdout().lock(), "{text}")?;
        return Ok(Ending::Whole);
    }
    let file = import.file.as_deref().ok_or(CliError::NoFile)?;
    let mapping = import.mapping.as_deref().map(read_mapping).transpose()?;
    let gemeente = match place.gemeente {
        Some(named) => named,
        None => Grip::open(&place.data)?.gemeente(None)?,
    };
    let stamp = jiff::Timestamp::now().to_string();
    let when = (stamp.as_str(), import.received_on.unwrap_or_else(today));
    let (lake, key) = (open_lake(&place.data)?, key(place)?);
    let report = match (import.kind, import.beschrijving.as_deref()) {
        (Kind::Publicatie, Some(path)) => {
            let publicatie = Publicatie::parse(&fs_err::read_to_string(path)?).map_err(pipeline)?;
            import_publicatie(&lake, &key, (&publicatie, mapping.as_ref()), file, gemeente, when)?
        }
        _ => import_mapped(&lake, &key, (kind, &mapping.unwrap_or_default()), file, gemeente, when)?,
    };
    if import.json {
        writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        eprintln!("{}", screen::import(file, &report));
    }
    Ok(if report.has_refused() { Ending::SomeRefused } else { Ending::Whole })
}

fn read_mapping(path: &Path) -> Result<Mapping, CliError> {
    Mapping::parse(&fs_err::read_to_string(path)?).map_err(pipeline)
}

fn pipeline(error: impl Into<grip_pipeline::PipelineError>) -> CliError {
    CliError::Pipeline(error.into())
}

pub(crate) fn open_data(place: &Place, action: &OpenDataAction) -> Result<Ending, CliError> {
    match action {
        OpenDataAction::Download(download) => download_open_data(download),
        OpenDataAction::Import(import) => import_folders(place, import),
    }
}

fn download_open_data(wanted: &OpenDataDownload) -> Result<Ending, CliError> {
    let bron = if wanted.jaar.is_some() { Bron::Iv3 } else { wanted.bron.into() };
    let tabel = match (&wanted.tabel, wanted.jaar) {
        (Some(tabel), _) => tabel.clone(),
        (None, jaar) => {
            let jaar = jaar.unwrap_or_else(|| today().year());
            table_of_year(jaar).ok_or(grip_pipeline::PipelineError::NoIv3(jaar))?.to_owned()
        }
    };
    let usual = if bron == Bron::Iv3 { "Gemeenten" } else { "RegioS" };
    let dimensie = wanted.dimensie.clone().unwrap_or_else(|| usual.to_owned());
    let selection = [Selection { dimensie, keys: wanted.regio.clone() }];
    let folder = wanted.out.clone().unwrap_or_else(|| Path::new("open-data").join(&tabel));
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs_err::create_dir_all(parent)?;
    }
    let what = Download {
        tabel: &tabel,
        bron,
        base: wanted.adres.as_deref().unwrap_or_else(|| bron.base()),
        folder: &folder,
        selection: if wanted.regio.is_empty() { &[] } else { &selection },
        limits: Limits::usual(),
    };
    let bar = screen::spinner("downloading");
    let done = download(&what, &mut |progress| {
        bar.set_message(screen::download_progress(progress));
        bar.tick();
        std::ops::ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    eprintln!("{}", screen::download(&folder, &done.map_err(pipeline)?));
    Ok(Ending::Whole)
}

fn import_folders(place: &Place, import: &OpenDataImport) -> Result<Ending, CliError> {
    let stamp = jiff::Timestamp::now().to_string();
    let received = import.received_on.unwrap_or_else(today);
    let lake = open_lake(&place.data)?;
    let (mut reports, mut ending) = (Vec::new(), Ending::Whole);
    for folder in &import.folders {
        let report = import_open_data(&lake, folder, (&stamp, received))?;
        if !report.is_complete {
            ending = Ending::SomeRefused;
        }
        if !import.json {
            eprintln!("{}", screen::open_data(folder, &report));
        }
        reports.push(report);
    }
    if import.json {
        writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&reports)?)?;
    }
    Ok(ending)
}

pub(crate) fn reconcile(place: &Place, reconcile: &Reconcile) -> Result<Ending, CliError> {
    let (grip, gemeente, peildatum) = known(place)?;
    let answer = grip.reconcile(gemeente, reconcile.jaar.unwrap_or_else(|| peildatum.year()), peildatum)?;
    let mut out = std::io::stdout().lock();
    match reconcile.format.format {
        Shape::Table => writeln!(out, "{}", screen::reconciliation(&answer))?,
        Shape::Json => writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?,
        Shape::Csv => out.write_all(screen::reconciliation_csv(&answer).as_bytes())?,
    }
    Ok(Ending::Whole)
}

fn check_declaratie(place: &Place, check: &CheckDeclaratie) -> Result<Ending, CliError> {
    let checked = check_file(&open_lake(&place.data)?, &key(place)?, &check.file, place.peildatum, today())?;
    let mut out = std::io::stdout().lock();
    if check.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&checked)?)?;
    } else if check.antwoord {
        match &checked.antwoord {
            Some(antwoord) => out.write_all(antwoord.as_bytes())?,
            None => {
                eprintln!("the message does not fit the schema: the network answers with a fault, and not with a 325")
            }
        }
    } else {
        writeln!(out, "{}", screen::checked(&checked))?;
    }
    Ok(if checked.volledig_toegekend { Ending::Whole } else { Ending::SomeRefused })
}

pub(crate) fn sql(place: &Place, sql: &Sql) -> Result<Ending, CliError> {
    let grip = existing(place)?;
    let rows = grip.sql(&sql.query, place.gemeente, place.peildatum, today())?;
    write_rows(&rows, sql.format.format.into(), std::io::stdout().lock())?;
    Ok(Ending::Whole)
}

pub(crate) fn ledger(place: &Place, ledger: &Ledger) -> Result<Ending, CliError> {
    let (grip, gemeente, peildatum) = known(place)?;
    let by: Vec<LedgerColumn> = ledger.by.iter().map(|by| (*by).into()).collect();
    let rows = grip.ledger(gemeente, peildatum, &by)?;
    write_rows(&rows, ledger.format.format.into(), std::io::stdout().lock())?;
    Ok(Ending::Whole)
}

pub(crate) fn forecast(place: &Place, forecast: &Forecast) -> Result<Ending, CliError> {
    let (grip, gemeente, peildatum) = known(place)?;
    let jaar = forecast.jaar.unwrap_or_else(|| peildatum.year());
    let shape = forecast.format.format;
    if forecast.years_ahead {
        let assumed = Assumptions {
            indexation: forecast.indexation.map(|percent| percent / 100.0),
            demography: forecast.demography.iter().map(|(wet, percent)| (*wet, percent / 100.0)).collect(),
        };
        let answer = grip.years_ahead(gemeente, peildatum, &assumed)?;
        return show(shape, &*answer, years_screen::table, years_screen::csv);
    }
    if let Some(since) = forecast.since {
        let answer = grip.change(gemeente, jaar, since, peildatum)?;
        return show(shape, &*answer, change_screen::table, change_screen::csv);
    }
    let answer = grip.year_end(gemeente, jaar, peildatum)?;
    show(shape, &*answer, |answer| format!("{}\n", screen::year_end(answer)), screen::year_end_csv)
}

pub(crate) fn signals(place: &Place, signals: &Signals) -> Result<Ending, CliError> {
    let (grip, gemeente, peildatum) = known(place)?;
    let answer = grip.signals(gemeente, peildatum)?;
    show(signals.format.format, &*answer, signals_screen::table, signals_screen::csv)
}

/// Prints an answer as it was asked for.
pub(crate) fn show<T: serde::Serialize>(
    shape: Shape,
    answer: &T,
    table: impl Fn(&T) -> String,
    csv: impl Fn(&T) -> String,
) -> Result<Ending, CliError> {
    let mut out = std::io::stdout().lock();
    match shape {
        Shape::Table => write!(out, "{}", table(answer))?,
        Shape::Json => writeln!(out, "{}", serde_json::to_string_pretty(answer)?)?,
        Shape::Csv => write!(out, "{}", csv(answer))?,
    }
    Ok(Ending::Whole)
}

/// Month-ends that are looked at when no period is named.
const BACKTEST_MONTHS: i32 = 36;

pub(crate) fn backtest(place: &Place, backtest: &Backtest) -> Result<Ending, CliError> {
    let (grip, gemeente, peildatum) = known(place)?;
    let month = Maand::of(peildatum);
    let to = backtest.to.unwrap_or_else(|| if month.last_day() == peildatum { month } else { month.plus(-1) });
    let from = backtest.from.unwrap_or_else(|| to.plus(1 - BACKTEST_MONTHS));
    let bar = screen::bar("looking back", 0);
    let answer = grip.backtest(gemeente, from, to, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    show(backtest.format.format, &answer, backtest_screen::table, backtest_screen::csv)
}

pub(crate) fn check(place: &Place, check: &Check) -> Result<Ending, CliError> {
    if let Some(CheckWhat::Declaratie(declaratie)) = &check.what {
        return check_declaratie(place, declaratie);
    }
    let (grip, gemeente, peildatum) = known(place)?;
    let answer = grip.quality(gemeente, peildatum)?;
    let mut out = std::io::stdout().lock();
    if check.json {
        writeln!(out, "{}", serde_json::to_string_pretty(answer.as_ref())?)?;
    } else {
        write!(out, "{}", quality_screen::quality(&answer))?;
    }
    Ok(Ending::Whole)
}

/// The data, whose it is and as of when: what is not said is the only municipality and the last day there is.
pub(crate) fn known(place: &Place) -> Result<(Grip, GemeenteCode, Date), CliError> {
    let grip = existing(place)?;
    let gemeente = grip.gemeente(place.gemeente)?;
    let peildatum = match place.peildatum {
        Some(day) => day,
        None => grip.last_received()?.unwrap_or_else(today),
    };
    Ok((grip, gemeente, peildatum))
}

pub(crate) fn existing(place: &Place) -> Result<Grip, CliError> {
    let grip = Grip::open(&place.data)?;
    if !place.data.exists() {
        return Err(grip_pipeline::PipelineError::Empty(place.data.clone()).into());
    }
    Ok(grip)
}

pub(crate) fn serve(place: &Place, serve: &Serve) -> Result<Ending, CliError> {
    let gemeente = place.gemeente.map(|code| format!("gemeente={code}"));
    let peildatum = place.peildatum.map(|day| format!("jaar={}&peildatum={day}", day.year()));
    let query: Vec<String> = gemeente.into_iter().chain(peildatum).collect();
    let path = if query.is_empty() { "/".to_owned() } else { format!("/prognose?{}", query.join("&")) };
    serve_pages(place, Grip::open(&place.data)?, serve, &path, false)
}

/// How often is looked whether anything was taken in, and how long nothing must have been before the answers are made anew.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(10);

/// Makes what is asked first before anybody asks: when the server starts, and after every intake.
fn keep_ready(grip: &Grip) {
    loop {
        if !grip.is_prepared() && grip.prepare().is_err() {
            // Whoever asks is told; here is nobody to tell.
            return;
        }
        while grip.is_prepared() {
            std::thread::sleep(LOOK_EVERY);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn serve_pages(place: &Place, grip: Grip, serve: &Serve, path: &str, open_browser: bool) -> Result<Ending, CliError> {
    let kept_ready = grip.clone();
    std::thread::spawn(move || keep_ready(&kept_ready));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let register = Register::open(&register_address(grip.data())).await?;
        let address = serve.listen;
        let sign_in = sign_in(place, serve, &register).await?;
        if sign_in.is_none() && !address.ip().is_loopback() {
            return Err(CliError::NoSignIn(address));
        }
        let settings = grip_web::Settings {
            sign_in,
            pseudonym_key: known_key(place)?,
            typeset: crate::report::typeset().ok(),
            template: serve.template.clone(),
            allowed_hosts: serve.host.clone(),
            house_style: house_style(serve.house_style.as_deref())?,
            on_incident: log::on_incident(serve.log),
            writing: Some(grip_web::Writing { register, now: jiff::Timestamp::now }),
        };
        let listener = listen(address).await?;
        let url = format!("http://{}{path}", listener.local_addr()?);
        let mut watch = grip_web::Watch { on_answer: log::on_answer(serve.log), metrics: None };
        let mut counting = None;
        if let Some(address) = serve.metrics {
            let metrics = std::sync::Arc::new(grip_web::Metrics::new());
            let listener = listen(address).await?;
            eprintln!("counters at http://{}/metrics", listener.local_addr()?);
            counting = Some(grip_web::serve(listener, grip_web::metrics_router(grip.clone(), metrics.clone())));
            watch.metrics = Some(metrics);
        }
        log::tell(serve.log, "start", listener.local_addr()?);
        println!("serving {url} (stop with Ctrl-C)");
        if open_browser && std::io::stdout().is_terminal() {
            // A machine without a browser is no reason to fail: the address has been printed.
            let _ = open::that_detached(&url);
        }
        let pages = grip_web::serve(listener, grip_web::watched_router(grip, settings, watch));
        match counting {
            Some(counting) => tokio::try_join!(pages, counting).map(drop)?,
            None => pages.await?,
        }
        log::tell(serve.log, "stop", address);
        Ok(Ending::Whole)
    })
}

/// The look of the municipality, when a file is named; what of it is hard to read is said.
fn house_style(file: Option<&Path>) -> Result<Option<grip_web::HouseStyle>, CliError> {
    let Some(file) = file else { return Ok(None) };
    let style = grip_web::HouseStyle::parse(&fs_err::read_to_string(file)?)?;
    for pair in style.low_contrasts() {
        eprintln!("warning: {}: {pair}", file.display());
    }
    Ok(Some(style))
}

async fn listen(address: std::net::SocketAddr) -> Result<tokio::net::TcpListener, CliError> {
    tokio::net::TcpListener::bind(address).await.map_err(|source| CliError::Listen { address, source })
}

/// What people sign in with: accounts, when there are any, and an OpenID provider, when one is named. Without either whoever starts
/// the server uses it alone.
async fn sign_in(place: &Place, serve: &Serve, register: &Register) -> Result<Option<grip_web::SignIn>, CliError> {
    let provider = match &serve.oidc {
        None => None,
        Some(file) => {
            let settings = grip_oidc::Settings::from_toml(&fs_err::read_to_string(file)?)?;
            let key = file.parent().unwrap_or(Path::new("")).join(&settings.key);
            let key = grip_oidc::ClientKey::from_pem(&fs_err::read_to_string(key)?, settings.key_id.clone())?;
            let time_out = std::time::Duration::from_secs(grip_oidc::TIME_OUT_SECONDS);
            Some(std::sync::Arc::new(grip_oidc::RelyingParty::new(settings, key, time_out)?))
        }
    };
    if provider.is_none() && register.accounts().await?.is_empty() {
        return Ok(None);
    }
    register.purge(jiff::Timestamp::now()).await?;
    Ok(Some(grip_web::SignIn { key: access_key(place)?, provider }))
}

/// Where what people write is kept: beside the data, unless the environment names a database.
pub(crate) fn register_address(data: &Path) -> String {
    named_register().unwrap_or_else(|| format!("sqlite:{}", data.join("register/register.db").display()))
}

/// The database of the register that the environment names.
pub(crate) fn named_register() -> Option<String> {
    dirs("GRIP_REGISTER").map(|address| address.to_string_lossy().into_owned())
}
