//! Numbers that look like chance and are the same every time.

/// Splitmix (Steele, Lea and Flood 2014, OOPSLA, fig. 17), made normal by Box and Muller (1958).
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    /// Between zero and one, neither of them.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let high = u32::try_from((mixed ^ (mixed >> 31)) >> 32).expect("half of 64 bits");
        (f64::from(high) + 0.5) / 4_294_967_296.0
    }

    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    /// Autoregression of first order with errors of size one, from its resting state.
    pub(crate) fn autoregressive(&mut self, tie: f64, months: usize) -> Vec<f64> {
        let mut last = self.normal() / (1.0 - tie * tie).sqrt();
        (0..months)
            .map(|_| {
                last = tie * last + self.normal();
                last
            })
            .collect()
    }
}
