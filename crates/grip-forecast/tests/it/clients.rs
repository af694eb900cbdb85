//! Clients who come, have what they have renewed, and go: the forecast follows them.

use grip_forecast::{FUTURE, Forecast, PAST, SegmentHistory, Window, forecast};

const MONTHS: usize = 48;

/// So many months an allocation lasts; it is renewed once, and that is only known when it begins.
const TERM: usize = 3;

const STAY: usize = 2 * TERM;

/// What a client has in a month, all of it declared a month later.
const VALUE: f64 = 100.0;

/// So many clients arrive in each month; what they have is known from the month in which it begins.
fn history(arrivals: impl Fn(usize) -> f64) -> SegmentHistory {
    let mut history = SegmentHistory::empty(MONTHS);
    for from in 0..MONTHS {
        let amount = arrivals(from) * VALUE;
        history.arrivals[from] = arrivals(from);
        history.arrival_value[from] = amount;
        for month in from..from + STAY {
            let renewed = (month - from) / TERM;
            let allocated = from + renewed * TERM;
            let known_until = if renewed == 1 { from + STAY } else { from + TERM };
            for cut in allocated..MONTHS.min(month + PAST + 1) {
                history.committed[cut][month + PAST - cut] += amount;
            }
            if month < MONTHS {
                // Whoever is there at this cut has it until the end of the allocation.
                for ahead in (known_until - month)..=FUTURE {
                    history.lapsing[month][ahead - 1] += amount;
                }
            }
            if month + 1 >= MONTHS {
                continue;
            }
            history.declared[month][1] += amount;
            history.arrived[from][month - from][1] += amount;
            for cut in from.max(month.saturating_sub(FUTURE))..month {
                let list = if cut >= allocated { &mut history.known_declared } else { &mut history.renewed };
                list[cut][month - cut - 1][1] += amount;
            }
        }
    }
    history
}

fn year_ahead(history: SegmentHistory) -> Forecast {
    let now = i64::try_from(MONTHS).unwrap() - 1;
    forecast(&[history], Window { first: now + 1, last: now + 12 }).unwrap()
}

#[test]
fn who_stands_still_is_forecast_exactly() {
    let total = year_ahead(history(|_| 10.0)).total;
    let month = 10.0 * VALUE * 6.0;
    assert!((total.p50 / (12.0 * month) - 1.0).abs() < 0.002, "{}", total.p50);
    // Of who is there now what is allocated goes on for 2 + 1 months each of both terms: 10 · 100 · 2 · (2 + 1).
    assert!((total.open_commitments - 6000.0).abs() < 12.0, "{}", total.open_commitments);
    assert!((total.inflow - (72_000.0 - 6000.0)).abs() < 140.0, "{}", total.inflow);
}

/// Three months ago twice as many clients began to arrive, and go on to.
#[test]
fn more_clients_are_seen_before_they_are_declared() {
    let jump = |month: usize| if month + 3 >= MONTHS { 200.0 } else { 100.0 };
    let truth: f64 = (MONTHS..MONTHS + 12)
        .map(|month| (month + 1 - STAY..=month).map(|from| jump(from.min(MONTHS)) * VALUE).sum::<f64>())
        .sum();
    let seen = year_ahead(history(jump)).total.p50;
    let blind = year_ahead(SegmentHistory {
        arrivals: vec![0.0; MONTHS],
        arrival_value: vec![0.0; MONTHS],
        arrived: SegmentHistory::empty(MONTHS).arrived,
        lapsing: vec![vec![0.0; FUTURE]; MONTHS],
        renewed: SegmentHistory::empty(MONTHS).renewed,
        ..history(jump)
    });
    let off = |p50: f64| (p50 / truth - 1.0).abs();
    assert!(off(seen) < 0.25, "{seen} is not {truth}");
    assert!(off(seen) < 0.6 * off(blind.total.p50), "{seen} and {} of {truth}", blind.total.p50);
}

/// Whoever was there is told at once, at the beginning or in the middle: that is no inflow.
#[test]
fn a_flood_of_clients_who_were_there_is_no_inflow() {
    let told_at = |at: usize| {
        let mut history = history(|_| 10.0);
        history.arrivals[at] += 300.0;
        history.arrival_value[at] += 300.0 * VALUE;
        history
    };
    let calm = year_ahead(history(|_| 10.0)).total.p50;
    for at in [2, 20, MONTHS - 14] {
        let flooded = year_ahead(told_at(at)).total.p50;
        assert!((flooded / calm - 1.0).abs() < 0.02, "{at}: {flooded} is not {calm}");
    }
}

/// A segment of which nothing is ever allocated is told by what is declared, also beside one that is allocated.
#[test]
fn a_segment_without_allocations_is_not_told_by_those_of_another() {
    let blank = SegmentHistory { declared: history(|_| 10.0).declared, ..SegmentHistory::empty(MONTHS) };
    let now = i64::try_from(MONTHS).unwrap() - 1;
    let window = Window { first: now - 5, last: now + 6 };
    let alone = forecast(std::slice::from_ref(&blank), window).unwrap().segments[0].p50;
    let beside = forecast(&[history(|_| 10.0), blank], window).unwrap().segments[1].p50;
    assert!((alone / 72_000.0 - 1.0).abs() < 0.01, "{alone}");
    assert!((beside / 72_000.0 - 1.0).abs() < 0.01, "{beside}");
}
