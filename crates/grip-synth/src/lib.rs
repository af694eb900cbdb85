#![doc = include_str!("../README.md")]

mod random;

pub mod contracts;

pub mod clients;

pub mod toewijzingen;

pub mod deliveries;

pub mod declaraties;

pub mod truth;

pub mod budgets;

pub mod scenario;

mod reallotment;

mod berichten;

mod files;

use std::collections::BTreeMap;

use grip_types::{CodeError, Date, GemeenteCode, Maand};

pub use files::{Progress, Summary, write};
pub use scenario::{Scenario, ScenarioError};

/// Name of the municipality that does not exist.
pub const GEMEENTE_NAAM: &str = "Voorbeeldstad";

/// What is simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Code of the municipality: not one that exists. Usually 9998.
    pub gemeente: GemeenteCode,
    /// How many people live there; everything else follows from it.
    pub inhabitants: u32,
    /// First day: of a month, not before 2021.
    pub from: Date,
    /// Last day: of a month. What the municipality receives later is not written.
    pub to: Date,
    /// Equal settings give equal files.
    pub seed: u64,
    /// What happens that the years before do not foretell.
    pub scenario: Scenario,
}

/// A municipality of which everything is known.
#[derive(Debug, Clone)]
pub struct Municipality {
    /// What it was simulated from.
    pub settings: Settings,
    /// Districts.
    pub districts: Vec<clients::District>,
    /// Households with a client.
    pub households: Vec<clients::Household>,
    /// Clients.
    pub clients: Vec<clients::Client>,
    /// Providers and contracts.
    pub market: contracts::Market,
    /// Toewijzingen with all their versions, also those that are decided after the last day.
    pub toewijzingen: Vec<toewijzingen::Toewijzing>,
    /// 301 messages.
    pub toewijzing_berichten: Vec<toewijzingen::ToewijzingBericht>,
    /// 305 and 307 messages.
    pub meldingen: Vec<deliveries::Melding>,
    /// What was delivered in each month.
    pub deliveries: Vec<deliveries::Delivery>,
    /// 323 messages with their answers, also those after the last day.
    pub declaraties: Vec<declaraties::Declaratie>,
    /// Per segment and month of delivery: eurocents delivered, and eurocents granted in the end.
    pub truth: BTreeMap<(truth::Segment, Maand), (i64, i64)>,
    /// Budgets.
    pub budgets: Vec<budgets::Budget>,
}

/// Why a municipality could not be simulated or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// The period is not one of whole months, or begins before the 323 existed.
    #[error("the period {from} to {to} is not one of whole months from 2021-01-01 on")]
    Period {
        /// First day asked for.
        from: Date,
        /// Last day asked for.
        to: Date,
    },
    /// Nobody lives there.
    #[error("a municipality needs at least 500 inhabitants, not {inhabitants}")]
    TooFewInhabitants {
        /// How many were asked for.
        inhabitants: u32,
    },
    /// There are more clients than numbers that are never issued to a citizen.
    #[error(
        "{clients} clients need more test numbers than exist; up to {inhabitants_max} inhabitants fit in this period"
    )]
    TooManyInhabitants {
        /// How many clients there would be.
        clients: usize,
        /// About how many inhabitants do fit.
        inhabitants_max: u32,
    },
    /// A code of a fictional provider is malformed.
    #[error("a provider's code could not be made")]
    Code(#[source] CodeError),
    /// A file could not be written.
    #[error("could not write the files")]
    Write(#[from] std::io::Error),
    /// A table could not be written.
    #[error("could not write a table")]
    Table(#[from] csv::Error),
}

/// Simulates a municipality: a pure function of its settings.
///
/// # Errors
/// [`SynthError::Period`], [`SynthError::TooFewInhabitants`] and [`SynthError::TooManyInhabitants`].
pub fn simulate(settings: &Settings) -> Result<Municipality, SynthError> {
    let whole = settings.from.day() == 1 && settings.to.tomorrow().is_ok_and(|day| day.day() == 1);
    if !whole || settings.from.year() < 2021 || settings.from > settings.to || settings.to.year() > 2100 {
        return Err(SynthError::Period { from: settings.from, to: settings.to });
    }
    if settings.inhabitants < 500 {
        return Err(SynthError::TooFewInhabitants { inhabitants: settings.inhabitants });
    }
    let districts = clients::districts(settings.gemeente);
    let mut market = contracts::draw(settings)?;
    let careers = clients::arrivals(settings);
    let (clients, households) = clients::settle(settings, &careers, &districts)?;
    let toewijzingen = toewijzingen::allot(settings, &market, &careers);
    scenario::replace_contracts(settings, &mut market);
    let deliveries = deliveries::deliver(settings, &market, &toewijzingen);
    let declaraties = declaraties::declare(settings, &market, &toewijzingen, &deliveries);
    let truth = truth::totals(&deliveries, &declaraties);
    Ok(Municipality {
        settings: settings.clone(),
        districts,
        households,
        clients,
        toewijzing_berichten: toewijzingen::messages(&toewijzingen),
        meldingen: deliveries::meldingen(settings, &toewijzingen),
        budgets: budgets::set(settings, &truth),
        market,
        toewijzingen,
        deliveries,
        declaraties,
        truth,
    })
}
