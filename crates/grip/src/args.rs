//! The words of the command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use grip_access::Role;
use grip_pipeline::{Bron, Dimension, Format, ImportKind, LedgerColumn, Period, PurgeKind};
use grip_register::Account;
use grip_synth::Scenario;
use grip_types::{Date, GemeenteCode, Maand, Wet, parse_date};

use crate::log::LogForm;

const AFTER: &str = "\
Exit codes:
  0  everything was done
  1  failed; the error says why and what to do
  2  the command line is wrong
  3  some files or rows were refused, the rest was taken; or something wants attention
  4  grip doctor found a fault

Examples:
  grip demo
  grip ingest berichten --received-on from-folder
  grip import begroting begroting.csv --gemeente 0935
  grip forecast --jaar 2025 --peildatum 2025-06-30
  grip serve";

/// Grip: steering information for the social domain of Dutch municipalities.
#[derive(Debug, Parser)]
#[command(name = "grip", version, after_help = AFTER, max_term_width = 110)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the data is, which key made its pseudonyms, whose it is and as of when.
#[derive(Debug, ClapArgs)]
pub(crate) struct Place {
    /// Folder of the data.
    #[arg(long, global = true, env = "GRIP_DATA", default_value = "grip-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Key of the pseudonyms, outside the data folder; made when not there [default: grip/pseudonym.key in the user's configuration].
    #[arg(long, global = true, env = "GRIP_KEY", value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Key of second factors and of the log of deeds, outside the data folder; made when not there [default: grip/access.key in the
    /// user's configuration].
    #[arg(long, global = true, env = "GRIP_ACCESS_KEY", value_name = "FILE")]
    pub(crate) access_key: Option<PathBuf>,
    /// Municipality, as 0935 or GM0935: what to look at, and whose messages to take in [default: the only one in the data].
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) gemeente: Option<GemeenteCode>,
    /// Look at what was known at the end of this day [default: everything there is].
    #[arg(long, global = true, value_parser = day, value_name = "YYYY-MM-DD")]
    pub(crate) peildatum: Option<Date>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a sample municipality, take its messages in, forecast and serve the pages.
    #[command(after_help = "Example:\n  grip demo --inhabitants 10000")]
    Demo(Demo),
    /// Make the messages and reference data of a fictional municipality.
    #[command(
        after_help = "Example:\n  grip generate --inhabitants 40000 --from 2021-01-01 --to 2025-12-31 --seed 1 --out voorbeeld"
    )]
    Generate(Generate),
    /// Take in a folder of messages, or one message: each file once, all of it or nothing.
    #[command(
        after_help = "Examples:\n  grip ingest berichten\n  grip ingest archief --received-on from-folder --json"
    )]
    Ingest(Ingest),
    /// Take in whatever is put into a folder, as long as this runs, and move aside what is in.
    #[command(
        after_help = "A file is taken when it has not changed for two seconds, and moved to the folder `ingelezen` inside when\nall of it is in. What is refused stays where it is and is looked at again when it changes.\n\nExample:\n  grip watch postvak"
    )]
    Watch(Watch),
    /// Import budgets, contracts, grants, exports, the general ledger and published tables from CSV, XLSX or XAF.
    #[command(
        after_help = "Examples:\n  grip import begroting --template > begroting.csv\n  grip import begroting begroting.csv --gemeente 0935\n  grip import declaratie --mapping-template > koppeling.toml\n  grip import declaratie export.xlsx --mapping koppeling.toml\n  grip import grootboek auditfile.xaf\n  grip import publicatie tabel.csv --beschrijving tabel.toml"
    )]
    Import(Import),
    /// Download open data of CBS and Iv3, and import what was downloaded or copied.
    #[command(
        after_help = "Examples:\n  grip open-data download 85098NED --regio GM0935,NL01\n  grip open-data download --bron iv3 --jaar 2024 --regio GM0935\n  grip open-data import open-data/85098NED"
    )]
    OpenData(OpenData),
    /// What was declared beside what was booked in the general ledger, per month and taakveld, and why they differ.
    #[command(after_help = "Examples:\n  grip reconcile --jaar 2024\n  grip reconcile --jaar 2024 --format csv")]
    Reconcile(Reconcile),
    /// Run one query over the tables.
    #[command(
        after_help = "Examples:\n  grip sql \"SELECT status, COUNT(*) FROM bericht GROUP BY status\"\n  grip sql \"SELECT SUM(bedrag_cents) FROM prestatie\" --peildatum 2025-06-30 --format json\n  grip sql \"SHOW TABLES\""
    )]
    Sql(Sql),
    /// What stands out month by month: since when, how sure, how much money, and when it could first be seen.
    #[command(after_help = "Examples:\n  grip signals\n  grip signals --peildatum 2025-06-30 --format csv")]
    Signals(Signals),
    /// What was allocated, declared, refused and is open, as known on a day.
    #[command(
        after_help = "Examples:\n  grip ledger --peildatum 2025-06-30\n  grip ledger --by wet,maand --format csv"
    )]
    Ledger(Ledger),
    /// The expected result of a year, as known on a day.
    #[command(
        after_help = "Examples:\n  grip forecast\n  grip forecast --gemeente 0935 --jaar 2025 --peildatum 2025-06-30 --format json"
    )]
    Forecast(Forecast),
    /// The forecast as it would have been made at past month-ends, beside simple methods and what it became.
    #[command(
        after_help = "Examples:\n  grip backtest --from 2023-01 --to 2024-12\n  grip backtest --gemeente 0935 --from 2023-01 --to 2024-12 --format json"
    )]
    Backtest(Backtest),
    /// What an indicator of the catalogue says, or which indicators there are.
    #[command(
        after_help = "Examples:\n  grip indicator\n  grip indicator gedeclareerd --periode 2023,2024 --by wet\n  grip indicator clienten-met-zorg --periode 2024-K1 --only wet=jw --by wijk --format json\n  grip indicator gedeclareerd --periode 2024-03 --lines"
    )]
    Indicator(Indicator),
    /// Whether figures of persons give away what is hidden in them.
    #[command(
        after_help = "Ends with 3 when a figure that is hidden can be found out nearer than may be.\n\nExamples:\n  grip disclosure audit\n  grip disclosure audit --jaar 2024 --rol council --format json\n  grip disclosure audit --jaar 2024 --peildatum 2025-05-31 --en 2025-06-30"
    )]
    Disclosure(DisclosureArgs),
    /// Estimate what is still to become known, from a triangle in a CSV of one's own.
    #[command(
        after_help = "The columns are origin,development,value and, for some methods, exposure. An empty value is not known.\n\nExamples:\n  grip reserve --triangle driehoek.csv --method mack\n  grip reserve --triangle driehoek.csv --method cape-cod --format json"
    )]
    Reserve(Reserve),
    /// The quality of what came in, as known on a day: what was wrong with it, what was refused, what is missing.
    #[command(
        after_help = "Examples:\n  grip check\n  grip check --peildatum 2025-06-30 --json\n  grip check declaratie JW323.xml"
    )]
    Check(Check),
    /// Goals, measures, decisions and what else people write: from and to spreadsheets, and its backup.
    #[command(
        after_help = "Where it is kept: in the data folder, or in the database that GRIP_REGISTER names.\n\nExamples:\n  grip register import voorbeelden/maastricht/register --gemeente 0935 --by beleidsadviseur\n  grip register export --gemeente 0935 --out register.xlsx\n  grip register backup register.backup\n  grip register restore register.backup"
    )]
    Register(RegisterArgs),
    /// Everything that is kept of one citizen, for who asks. The number is read from standard input or a prompt, and forgotten.
    #[command(
        after_help = "The number never stands on the command line, where others can read it.\n\nExamples:\n  grip person\n  grip person --bsn-stdin --format json < nummer.txt"
    )]
    Person(PersonArgs),
    /// Remove rows of persons whose term is over, and show that they are gone.
    #[command(
        after_help = "Terms are whole years after the year a row is of: seven, unless `bewaartermijnen.toml` in the data folder says\notherwise, with lines such as `declaratie = 10`. The report is kept in the folder `vernietigd` of the data.\nBackups are yours to remove. Stop `grip serve` first.\n\nExamples:\n  grip purge --dry-run\n  grip purge --yes\n  grip purge --yes --kind declaratie --before 2020-01-01"
    )]
    Purge(PurgeArgs),
    /// The key of the pseudonyms.
    #[command(
        after_help = "Afterwards name the new file with --key or GRIP_KEY, and destroy the old one. Stop `grip serve` first; backups keep\nthe old pseudonyms.\n\nExample:\n  grip key rotate --new pseudonym-2.key"
    )]
    Key(KeyArgs),
    /// Make a report of a municipality as known on a day: on paper, for a spreadsheet, as numbers or as a page.
    #[command(
        after_help = "Example:\n  grip report monitor --gemeente 0935 --jaar 2025 --peildatum 2025-06-30 --out monitor.pdf"
    )]
    Report(ReportArgs),
    /// Who may use the pages, and in which role.
    #[command(
        after_help = "Examples:\n  grip account add controller-jeugd --role finance\n  grip account add griffie --role council --only 0935\n  grip account list"
    )]
    Account(AccountArgs),
    /// What people did: a log in which each line guards the one before.
    #[command(after_help = "Example:\n  grip audit verify")]
    Audit(AuditArgs),
    /// Look whether this installation is well: folders, tables, keys, register, clock and address, each with what to do.
    #[command(
        after_help = "Exit code 0: all is well; 3: something wants attention; 4: there is a fault.\nRun it as the user that serves the pages, and once more as the one that takes messages in.\n\nExamples:\n  grip doctor\n  grip doctor --listen 0.0.0.0:8080 --json"
    )]
    Doctor(Doctor),
    /// Keep tables and register, as they are at one moment, in one new file; others may go on meanwhile.
    #[command(
        after_help = "The file holds personal data, pseudonymised. The keys are not in it: who has the data must not have the key.\n\nExamples:\n  grip backup --out grip.tar\n  grip backup --out grip.tar --keys-out elders\n  grip backup --check grip.tar\n  grip backup --out - | age -r RECIPIENT > grip.tar.age"
    )]
    Backup(Backup),
    /// Bring a backup back into an empty folder, all of it or nothing. Nobody stays signed in.
    #[command(
        after_help = "The register goes into the same folder, or into the empty database that GRIP_REGISTER names.\n\nExamples:\n  grip restore grip.tar --data nieuw\n  age -d grip.tar.age | grip restore - --data nieuw"
    )]
    Restore(Restore),
    /// Serve the pages and the API.
    #[command(after_help = "Example:\n  grip serve --listen 127.0.0.1:8081")]
    Serve(Serve),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Demo {
    /// Size of the sample municipality.
    #[arg(long, default_value_t = 40_000)]
    pub(crate) inhabitants: u32,
    /// Folder for the sample's messages.
    #[arg(long, default_value = "grip-sample", value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) serve: Serve,
    /// Do not open a browser.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Stop after the table, without serving.
    #[arg(long)]
    pub(crate) no_serve: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Generate {
    /// How many people live there; everything else follows.
    #[arg(long, default_value_t = 40_000)]
    pub(crate) inhabitants: u32,
    /// First day, of a month.
    #[arg(long, default_value = "2021-01-01", value_parser = day, value_name = "YYYY-MM-DD")]
    pub(crate) from: Date,
    /// Last day, of a month.
    #[arg(long, default_value = "2025-12-31", value_parser = day, value_name = "YYYY-MM-DD")]
    pub(crate) to: Date,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// What happens in the last year that the years before do not foretell.
    #[arg(long, default_value_t, value_name = "NAME")]
    pub(crate) scenario: Scenario,
    /// Folder to write to.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Indicator {
    /// Its id; without one all there are.
    pub(crate) id: Option<String>,
    /// Years, quarters or months, as 2024, 2024-K1 or 2024-03 [default: the year of the peildatum].
    #[arg(long, value_delimiter = ',', value_name = "PERIOD")]
    pub(crate) periode: Vec<Period>,
    /// By what it is split, as wet or productcategorie.
    #[arg(long, value_delimiter = ',', value_parser = dimension, value_name = "DIMENSION")]
    pub(crate) by: Vec<Dimension>,
    /// To what it is narrowed, as wet=jw.
    #[arg(long, value_delimiter = ',', value_parser = narrowed, value_name = "DIMENSION=VALUE")]
    pub(crate) only: Vec<(Dimension, String)>,
    /// Show the lines above the line of the figure instead, the largest first.
    #[arg(long)]
    pub(crate) lines: bool,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DisclosureArgs {
    #[command(subcommand)]
    pub(crate) action: DisclosureAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DisclosureAction {
    /// Put together all figures of persons of a year that can be asked, and find out what is hidden in them.
    Audit(DisclosureAudit),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DisclosureAudit {
    /// Year [default: the year of the peildatum].
    #[arg(long, value_name = "YEAR")]
    pub(crate) jaar: Option<i16>,
    /// What this role sees, as council or policy [default: everything].
    #[arg(long, value_name = "ROLE")]
    pub(crate) rol: Option<Role>,
    /// A second day: how much of what is shown changed since the peildatum, and by how few persons.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) en: Option<Date>,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

fn dimension(text: &str) -> Result<Dimension, String> {
    Dimension::parse(text).ok_or_else(|| {
        let all: Vec<&str> = Dimension::ALL.iter().map(|dimension| dimension.column()).collect();
        format!("it is one of {}", all.join(", "))
    })
}

fn narrowed(text: &str) -> Result<(Dimension, String), String> {
    let (name, value) = text.split_once('=').ok_or("it is written as wet=jw")?;
    Ok((dimension(name)?, value.to_owned()))
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Ingest {
    /// Folder with messages, searched to the bottom, or one message.
    pub(crate) path: PathBuf,
    /// Day the municipality received them, or `from-folder` where folders have dates for names [default: today].
    #[arg(long, value_parser = received, value_name = "YYYY-MM-DD|from-folder")]
    pub(crate) received_on: Option<Received>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Watch {
    /// The drop folder.
    pub(crate) folder: PathBuf,
    /// Print what happens as one JSON object per line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Received {
    Day(Date),
    FromFolder,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// What the file holds.
    pub(crate) kind: Kind,
    /// CSV, XLSX or, of the general ledger, XAF.
    pub(crate) file: Option<PathBuf>,
    /// Which column of the supplier is which field [default: columns are called as the fields are].
    #[arg(long, value_name = "TOML")]
    pub(crate) mapping: Option<PathBuf>,
    /// Which columns a published table has and which arithmetic must hold in it.
    #[arg(long, value_name = "TOML", required_if_eq("kind", "publicatie"))]
    pub(crate) beschrijving: Option<PathBuf>,
    /// Print an empty file with its columns explained.
    #[arg(long)]
    pub(crate) template: bool,
    /// Print a mapping with every field explained.
    #[arg(long)]
    pub(crate) mapping_template: bool,
    /// Day it became known; what has a day of its own carries that [default: today].
    #[arg(long, value_parser = day, value_name = "YYYY-MM-DD")]
    pub(crate) received_on: Option<Date>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Begroting,
    Contract,
    Client,
    Subsidie,
    Toewijzing,
    Declaratie,
    Grootboek,
    Grootboekrekening,
    Ervaring,
    Uitkomst,
    Kerncijfer,
    /// A published table that is checked; what it holds is a Kerncijfer.
    Publicatie,
}

impl From<Kind> for ImportKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Begroting => Self::Begroting,
            Kind::Contract => Self::Contract,
            Kind::Client => Self::Client,
            Kind::Subsidie => Self::Subsidie,
            Kind::Toewijzing => Self::Toewijzing,
            Kind::Declaratie => Self::Declaratie,
            Kind::Grootboek => Self::Grootboek,
            Kind::Grootboekrekening => Self::Grootboekrekening,
            Kind::Ervaring => Self::Ervaring,
            Kind::Uitkomst => Self::Uitkomst,
            Kind::Kerncijfer | Kind::Publicatie => Self::Kerncijfer,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum CheckWhat {
    /// What is wrong with a declaratie (323), what bounds each line, and the 325 that would answer it. Nothing is written.
    #[command(
        after_help = "Examples:\n  grip check declaratie JW323.xml\n  grip check declaratie JW323.xml --antwoord > JW325.xml"
    )]
    Declaratie(CheckDeclaratie),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckDeclaratie {
    /// The message, alone or in an envelope.
    pub(crate) file: PathBuf,
    /// Print only the answer (325), as XML. It names clients as the declaratie does.
    #[arg(long, conflicts_with = "json")]
    pub(crate) antwoord: bool,
    /// Print everything as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OpenData {
    #[command(subcommand)]
    pub(crate) action: OpenDataAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OpenDataAction {
    /// Fetch a table into a folder; what was fetched before it was stopped is not fetched again.
    Download(OpenDataDownload),
    /// Import folders with tables, as they were downloaded here or elsewhere.
    Import(OpenDataImport),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OpenDataDownload {
    /// Number of the table, as 85098NED; of Iv3 the year is enough.
    #[arg(required_unless_present = "jaar")]
    pub(crate) tabel: Option<String>,
    /// Which service.
    #[arg(long, value_enum, default_value_t = Service::CbsV3)]
    pub(crate) bron: Service,
    /// Places to take [default: all].
    #[arg(long, value_delimiter = ',', value_name = "GM0935,…")]
    pub(crate) regio: Vec<String>,
    /// Dimension of the table that the places are in [default: RegioS, of Iv3 Gemeenten].
    #[arg(long, value_name = "NAME")]
    pub(crate) dimensie: Option<String>,
    /// Year of Iv3, in place of the number of its table.
    #[arg(long, conflicts_with = "tabel")]
    pub(crate) jaar: Option<i16>,
    /// Folder of the table [default: open-data/ and its number].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Address of the service, for a copy of it on one's own network [default: that of CBS].
    #[arg(long, value_name = "URL")]
    pub(crate) adres: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    CbsV3,
    CbsV4,
    Iv3,
}

impl From<Service> for Bron {
    fn from(service: Service) -> Self {
        match service {
            Service::CbsV3 => Self::CbsV3,
            Service::CbsV4 => Self::CbsV4,
            Service::Iv3 => Self::Iv3,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OpenDataImport {
    /// Folders of one table each.
    #[arg(required = true, value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,
    /// Day it became known [default: today].
    #[arg(long, value_parser = day, value_name = "YYYY-MM-DD")]
    pub(crate) received_on: Option<Date>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Reconcile {
    /// Year to compare [default: that of the peildatum].
    #[arg(long)]
    pub(crate) jaar: Option<i16>,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sql {
    /// One SELECT.
    pub(crate) query: String,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Ledger {
    /// What to sum by.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["wet", "categorie", "product", "aanbieder", "maand"])]
    pub(crate) by: Vec<By>,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum By {
    Wet,
    Categorie,
    Product,
    Aanbieder,
    Maand,
    /// Months since the first of the allocation.
    Leeftijd,
}

impl From<By> for LedgerColumn {
    fn from(by: By) -> Self {
        match by {
            By::Wet => Self::Wet,
            By::Categorie => Self::Categorie,
            By::Product => Self::Product,
            By::Aanbieder => Self::Aanbieder,
            By::Maand => Self::Maand,
            By::Leeftijd => Self::Leeftijd,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Forecast {
    /// Year to forecast [default: that of the peildatum].
    #[arg(long)]
    pub(crate) jaar: Option<i16>,
    /// Tell why the forecast is another one than on this day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Date>,
    /// The year of the peildatum and the four that follow.
    #[arg(long, conflicts_with_all = ["jaar", "since"])]
    pub(crate) years_ahead: bool,
    /// Rise of prices in years of which no tariffs are known, in percent [default: as in the last three years].
    #[arg(long, value_name = "PERCENT", requires = "years_ahead", allow_negative_numbers = true, value_parser = percent)]
    pub(crate) indexation: Option<f64>,
    /// Change per year of the residents who may need care by a law, in percent, beside how it changed before.
    #[arg(long, value_name = "LAW=PERCENT,..", requires = "years_ahead", value_delimiter = ',', value_parser = demography)]
    pub(crate) demography: Vec<(Wet, f64)>,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Signals {
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

/// A change in a year that can be meant.
fn percent(text: &str) -> Result<f64, String> {
    let found = text.parse().ok().filter(|percent: &f64| (-50.0..=50.0).contains(percent));
    found.ok_or_else(|| "expected a percentage from -50 to 50, such as 3.5".to_owned())
}

fn demography(text: &str) -> Result<(Wet, f64), String> {
    let parse = || {
        let (wet, percent) = text.split_once('=')?;
        Some((wet.parse().ok()?, self::percent(percent).ok()?))
    };
    parse().ok_or_else(|| "expected a law and a percentage, such as wmo=1.5".to_owned())
}

/// How a triangle is estimated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReserveMethod {
    ChainLadder,
    /// Chain ladder with Mack's standard error.
    Mack,
    /// Bornhuetter–Ferguson, with exposure × rate as expectation.
    Bf,
    Benktander,
    ExpectedLoss,
    CapeCod,
    /// What became known at each age per unit of exposure.
    Additive,
    ClarkLdf,
    ClarkCapeCod,
    /// How far Mack's estimate may move in one period.
    OneYear,
    /// Overdispersed Poisson.
    Bootstrap,
}

impl ReserveMethod {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ChainLadder => "chain-ladder",
            Self::Mack => "mack",
            Self::Bf => "bf",
            Self::Benktander => "benktander",
            Self::ExpectedLoss => "expected-loss",
            Self::CapeCod => "cape-cod",
            Self::Additive => "additive",
            Self::ClarkLdf => "clark-ldf",
            Self::ClarkCapeCod => "clark-cape-cod",
            Self::OneYear => "one-year",
            Self::Bootstrap => "bootstrap",
        }
    }
}

/// How sigma is found where one link ratio or none is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sigma {
    Mack,
    LogLinear,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Reserve {
    /// CSV with the columns origin,development,value[,exposure].
    #[arg(long, value_name = "FILE")]
    pub(crate) triangle: PathBuf,
    #[arg(long, value_enum, default_value = "mack")]
    pub(crate) method: ReserveMethod,
    /// Values are what became known in each period, not what was known by its end.
    #[arg(long)]
    pub(crate) incremental: bool,
    /// Development periods that an origin lasts: 4 for years that develop by quarter.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) steps_per_origin: usize,
    /// Learn from the latest so many origins only.
    #[arg(long, value_name = "N")]
    pub(crate) latest: Option<usize>,
    #[arg(long, value_enum, default_value = "mack")]
    pub(crate) sigma: Sigma,
    /// Expected ultimate per unit of exposure, for bf, benktander and expected-loss.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) rate: f64,
    /// Times the expectation is renewed, for benktander; 1 is bf.
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub(crate) iterations: usize,
    /// How much less an origin counts for each origin further away, for cape-cod.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) decay: f64,
    /// Rise of amounts per exposure in one development period, for cape-cod.
    #[arg(long, default_value_t = 0.0)]
    pub(crate) trend: f64,
    /// Triangles that are simulated, for bootstrap.
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    pub(crate) simulations: usize,
    /// Where chance begins, for bootstrap.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Backtest {
    /// First month-end [default: three years before the last].
    #[arg(long, value_parser = maand, value_name = "YYYY-MM")]
    pub(crate) from: Option<Maand>,
    /// Last month-end [default: that before the peildatum].
    #[arg(long, value_parser = maand, value_name = "YYYY-MM")]
    pub(crate) to: Option<Maand>,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Check {
    /// Print everything as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) what: Option<CheckWhat>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RegisterArgs {
    #[command(subcommand)]
    pub(crate) action: RegisterAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RegisterAction {
    /// Make and change what stands in sheets, each called after a kind of object; what is the same stays as it is.
    Import(RegisterImport),
    /// Write everything of a municipality to a spreadsheet with a sheet for each kind.
    Export(RegisterExport),
    /// Write every version of everything to one new file.
    Backup {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Bring a backup back into an empty register.
    Restore {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RegisterImport {
    /// CSV, XLSX, or a folder with such files.
    pub(crate) path: PathBuf,
    /// The function that does this, as it will stand in the history [default: opdrachtregel].
    #[arg(long, value_name = "FUNCTION")]
    pub(crate) by: Option<String>,
    /// Why, as it will stand in the history.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RegisterExport {
    /// The spreadsheet; what was there is written over.
    #[arg(long, value_name = "FILE.xlsx")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PersonArgs {
    /// Read the citizen service number from standard input instead of asking for it.
    #[arg(long)]
    pub(crate) bsn_stdin: bool,
    #[command(flatten)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PurgeArgs {
    /// Count what would be removed.
    #[arg(long, required_unless_present = "yes", conflicts_with = "yes")]
    pub(crate) dry_run: bool,
    /// Remove it.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Kinds of data [default: all].
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) kind: Vec<Kept>,
    /// First day that is kept, instead of what the terms give.
    #[arg(long, value_parser = day, value_name = "YYYY-MM-DD")]
    pub(crate) before: Option<Date>,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Kinds of data that have a term.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kept {
    /// Lines of invoices and their refusals.
    Declaratie,
    /// Allocations, starts, stops and requests.
    Zorg,
    /// What is known of a client of whom nothing else is left.
    Kenmerk,
    /// The record of processing.
    Logboek,
}

impl From<Kept> for PurgeKind {
    fn from(kind: Kept) -> Self {
        match kind {
            Kept::Declaratie => Self::Declaratie,
            Kept::Zorg => Self::Zorg,
            Kept::Kenmerk => Self::Kenmerk,
            Kept::Logboek => Self::Logboek,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) action: KeyAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// Make every pseudonym anew, all at once, so that who has the old key can do nothing with the data.
    Rotate {
        /// File of the new key, outside the data folder; made when not there.
        #[arg(long, value_name = "FILE")]
        new: PathBuf,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReportArgs {
    /// Which report.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(grip_web::report_names()))]
    pub(crate) name: String,
    /// Year it is about [default: that of the peildatum].
    #[arg(long, value_name = "YEAR")]
    pub(crate) jaar: Option<i16>,
    /// The file; its ending says in which form: pdf, xlsx, csv or html.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Folder with a template of your own for paper.
    #[arg(long, value_name = "DIR")]
    pub(crate) template: Option<PathBuf>,
    /// In English.
    #[arg(long)]
    pub(crate) english: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AccountArgs {
    #[command(subcommand)]
    pub(crate) action: AccountAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountAction {
    /// Make an account and print its first password, once.
    Add(AccountRights),
    /// Print who has an account and what they may.
    List,
    /// Give an account other rights.
    Rights(AccountRights),
    /// Give an account a new password, without a second factor until it is set up again; ends its sessions.
    Password {
        /// The account.
        account: Account,
    },
    /// Close an account and end its sessions; everything it wrote stays.
    Close {
        /// The account.
        account: Account,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AccountRights {
    /// The account: a short name without blanks; rather a function than a person.
    pub(crate) account: Account,
    /// Role; may be given more than once.
    #[arg(long, required = true, value_name = "ROLE")]
    pub(crate) role: Vec<Role>,
    /// Municipality the roles are for; may be given more than once [default: all].
    #[arg(long, value_name = "CODE")]
    pub(crate) only: Vec<GemeenteCode>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    pub(crate) action: AuditAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    /// Look whether anything in the log was changed, removed or put in.
    Verify {
        /// How far it went on an earlier day, as `grip audit head` printed; may be given more than once.
        #[arg(long, value_name = "RECORDS:MARK")]
        head: Vec<String>,
    },
    /// Print how far the log goes, to be kept elsewhere.
    Head,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) serve: Serve,
    /// Print everything as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Backup {
    /// The file; it must not be there yet. `-` writes to standard output.
    #[arg(long, value_name = "FILE.tar", required_unless_present = "check")]
    pub(crate) out: Option<PathBuf>,
    /// Copy the keys into this folder, which is not that of the backup.
    #[arg(long, value_name = "DIR", requires = "out")]
    pub(crate) keys_out: Option<PathBuf>,
    /// Look whether a backup is whole, and bring nothing back.
    #[arg(long, value_name = "FILE.tar", conflicts_with_all = ["out", "keys_out"])]
    pub(crate) check: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Restore {
    /// The backup; `-` reads from standard input.
    #[arg(value_name = "FILE.tar")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// Address to listen on. Anything but the loopback lets others on the network see the data.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,
    /// Name, besides those of the loopback, by which the server may be called.
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// Settings of an OpenID provider where people sign in; without accounts or this, only the loopback is served.
    #[arg(long, env = "GRIP_OIDC", value_name = "FILE.toml")]
    pub(crate) oidc: Option<PathBuf>,
    /// Folder with a template of your own for reports on paper.
    #[arg(long, env = "GRIP_TEMPLATE", value_name = "DIR")]
    pub(crate) template: Option<PathBuf>,
    /// Design tokens of the municipality's house style, as the theme.css of an NL Design System theme.
    #[arg(long, env = "GRIP_HOUSE_STYLE", value_name = "FILE.css")]
    pub(crate) house_style: Option<PathBuf>,
    /// Tell of every request on standard error: its number, method, page, status and time, and nothing of who asked.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) log: Option<LogForm>,
    /// Address of the counters for Prometheus, at /metrics; they hold nothing of persons.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) metrics: Option<SocketAddr>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OutputFormat {
    /// How to print.
    #[arg(long, value_enum, default_value_t = Shape::Table)]
    pub(crate) format: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Table,
    Csv,
    Json,
}

impl From<Shape> for Format {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Table => Self::Table,
            Shape::Csv => Self::Csv,
            Shape::Json => Self::Json,
        }
    }
}

fn day(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "expected a date as 2025-06-30".to_owned())
}

/// A month, or the month of a day.
fn maand(text: &str) -> Result<Maand, String> {
    let day = parse_date(text).or_else(|| parse_date(&format!("{text}-01")));
    day.map(Maand::of).ok_or_else(|| "expected a month as 2025-06".to_owned())
}

fn received(text: &str) -> Result<Received, String> {
    if text == "from-folder" {
        Ok(Received::FromFolder)
    } else {
        day(text).map(Received::Day).map_err(|error| format!("{error}, or from-folder"))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
