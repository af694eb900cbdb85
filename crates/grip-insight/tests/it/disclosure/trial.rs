/// Tries every table: knows sums and bounds, and neither linear programs nor moves.
pub(super) struct Trial<'t> {
    /// Each total with its parts.
    sums: &'t [(usize, Vec<usize>)],
    /// The table that is there: others are sought near it first.
    values: &'t [i64],
    tries: usize,
}

type Bounds = Vec<(i64, i64)>;

impl<'t> Trial<'t> {
    const TRIES_MAX: usize = 20_000;

    pub(super) fn new(sums: &'t [(usize, Vec<usize>)], values: &'t [i64]) -> Self {
        Self { sums, values, tries: 0 }
    }

    /// Whether there is a table within bounds of each cell; nothing when it takes too long to know.
    pub(super) fn is_there(&mut self, bounds: &Bounds) -> Option<bool> {
        self.tries = 0;
        self.search(bounds.clone())
    }

    fn search(&mut self, mut bounds: Bounds) -> Option<bool> {
        self.tries += 1;
        if self.tries > Self::TRIES_MAX {
            return None;
        }
        while self.narrow(&mut bounds) {}
        if bounds.iter().any(|(low, high)| low > high) {
            return Some(false);
        }
        let width = |cell: &usize| bounds[*cell].1 - bounds[*cell].0;
        let Some(cell) = (0..bounds.len()).filter(|cell| width(cell) > 0).min_by_key(width) else {
            return Some(true);
        };
        let mut values: Vec<i64> = (bounds[cell].0..=bounds[cell].1).collect();
        values.sort_by_key(|value| (value - self.values[cell]).abs());
        for value in values {
            let mut tried = bounds.clone();
            tried[cell] = (value, value);
            match self.search(tried) {
                Some(false) => (),
                found => return found,
            }
        }
        Some(false)
    }

    /// What follows from each sum for its total and its parts.
    fn narrow(&self, bounds: &mut Bounds) -> bool {
        let mut has_changed = false;
        for (total, parts) in self.sums {
            let low: i64 = parts.iter().map(|part| bounds[*part].0).sum();
            let high: i64 = parts.iter().map(|part| bounds[*part].1).sum();
            let whole = bounds[*total];
            let mut set = |cell: usize, low: i64, high: i64| {
                let old = bounds[cell];
                bounds[cell] = (old.0.max(low), old.1.min(high));
                has_changed |= bounds[cell] != old && old.0 <= old.1;
                old
            };
            set(*total, low, high);
            for part in parts {
                let old = set(*part, i64::MIN, i64::MAX);
                set(*part, whole.0 - (high - old.1), whole.1 - (low - old.0));
            }
            if has_changed {
                return bounds.iter().all(|(low, high)| low <= high);
            }
        }
        false
    }
}
