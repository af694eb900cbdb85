//! Changes in simulated towns are signalled when they can be seen, and what is not yet declared never is.

use std::sync::OnceLock;

use grip_prognose::{Facts, SignalLine, Signals, signals};
use grip_synth::{Scenario, Settings, simulate};
use grip_types::{Date, Maand};
use jiff::civil::date;

use crate::synthetic::facts;

fn town(scenario: Scenario, seed: u64) -> Facts {
    let settings = Settings {
        gemeente: "9998".parse().expect("a code"),
        inhabitants: 40_000,
        from: date(2021, 1, 1),
        to: date(2025, 12, 31),
        seed,
        scenario,
    };
    facts(&simulate(&settings).expect("a town"))
}

fn tariff_jump() -> &'static Facts {
    static TOWN: OnceLock<Facts> = OnceLock::new();
    TOWN.get_or_init(|| town(Scenario::TariffJump, 1))
}

fn maand(text: &str) -> Maand {
    text.parse().expect("a month")
}

fn tell(found: &Signals) {
    println!("{} {} series {}", found.peildatum, found.series, found.signals.len());
    for line in &found.signals {
        let d = &line.deviation;
        println!(
            "{} seen {} {:.3} {:.0}->{:.0} year {:?} todate {} also {:?}",
            d.id, d.seen_at, d.confidence, d.before, d.after, d.per_year.map(|c| c / 100), d.to_date / 100,
            line.also.iter().map(|a| format!("{}@{}", a.id, a.seen_at)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn try_it() {
    for scenario in [Scenario::Steady, Scenario::TariffJump, Scenario::InflowJump, Scenario::SlowProvider, Scenario::Backlog] {
        let facts = town(scenario, 1);
        println!("== {scenario:?} {}", facts.prestaties.len());
        for day in [date(2025, 6, 30), date(2025, 10, 31)] {
            let begun = std::time::Instant::now();
            let found = signals(&facts, day);
            println!("{:?}", begun.elapsed());
            tell(&found);
        }
    }
}
