use crate::Triangle;

/// What an estimator says of one origin, in the triangle's unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct OriginEstimate {
    /// Known now.
    pub latest: f64,
    /// Incurred but not yet reported: what is still to become known. Negative where credits are expected.
    pub ibnr: f64,
    /// What will be known in the end: `latest + ibnr`.
    pub ultimate: f64,
}

/// What an estimator says of every origin, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// One per origin of the triangle, oldest first.
    pub origins: Vec<OriginEstimate>,
}

impl Estimate {
    /// The sum over all origins.
    #[must_use]
    pub fn total(&self) -> OriginEstimate {
        self.origins.iter().fold(OriginEstimate::default(), |sum, origin| OriginEstimate {
            latest: sum.latest + origin.latest,
            ibnr: sum.ibnr + origin.ibnr,
            ultimate: sum.ultimate + origin.ultimate,
        })
    }

    /// Adds to what is known of each origin what the function expects still to come.
    pub(crate) fn from_ibnr(triangle: &Triangle, ibnr: impl Fn(usize) -> f64) -> Self {
        let origins = (0..triangle.origins())
            .map(|origin| {
                let (latest, ibnr) = (triangle.latest(origin), ibnr(origin));
                OriginEstimate { latest, ibnr, ultimate: latest + ibnr }
            })
            .collect();
        Self { origins }
    }
}
