//! What can be found out of everything that is hidden in years of a lake, how long it takes, and what hiding costs.

use std::{path::Path, time::Instant};

use grip_pipeline::{Audited, Grip};

use crate::{Failure, cargo, run as run_command};

/// Years before the last that is known, which is looked at too.
const YEARS: i16 = 3;

/// Decides and attacks everything that can be asked about persons in some years, a figure at a time, and then compares hiding with the
/// optimum on small tables.
pub(crate) fn run(data: &Path) -> Result<(), Failure> {
    let grip = Grip::open(data)?;
    let peildatum = grip.last_received()?.ok_or("nothing was taken in")?;
    println!("gemeente jaar   cells   small  besides   zeros  value shifted narrowed exact  decide  attack");
    let mut worst = 0;
    for gemeente in grip.gemeenten()? {
        for jaar in peildatum.year() - YEARS..=peildatum.year() {
            let begin = Instant::now();
            let shown = grip.shown_tables(gemeente, jaar, peildatum, |_| true, &[], |_, _| {})?;
            let decided = begin.elapsed();
            let begin = Instant::now();
            let mut all = Audited::default();
            for tables in &shown {
                for (found, narrowed) in tables.audit()?.into_iter().flatten() {
                    all.add(&found);
                    for it in narrowed {
                        eprintln!("{jaar} {:?} {}: {:?}", tables.indicators, it.place, it.between);
                    }
                }
            }
            println!(
                "GM{gemeente}   {jaar} {:>7} {:>7} {:>8} {:>7} {:>5.1}% {:>7} {:>8} {:>5} {:>6.1}s {:>6.1}s",
                all.cells,
                all.sensitive,
                all.secondary,
                all.zeros,
                share(all.secondary_value, all.value),
                all.shifted,
                all.narrowed,
                all.exact,
                decided.as_secs_f64(),
                begin.elapsed().as_secs_f64()
            );
            worst += all.narrowed;
        }
    }
    if worst > 0 {
        return Err(format!("{worst} figures are known nearer than may be").into());
    }
    println!("\nAgainst the optimum on small tables:");
    run_command(cargo().args(["test", "--test", "it", "little_more_is_hidden_than_has_to_be", "--", "--nocapture"]))
}

#[expect(clippy::cast_precision_loss, reason = "a percentage")]
fn share(part: u128, all: u128) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 * 100.0 }
}
