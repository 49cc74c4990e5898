//! Repeated measurements of one figure.

/// What was measured, in no order.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Adds a measurement.
    pub fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The least measurement that so many hundredths of all do not exceed; none of nothing.
    pub fn percentile(&self, hundredths: usize) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * hundredths).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied()
    }

    /// The median.
    pub fn median(&self) -> Option<f64> {
        self.percentile(50)
    }
}

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(figures: I) -> Self {
        Self(figures.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measurements() {
        let mut sample = Sample::default();
        assert_eq!(sample.median(), None);
        (1..=50)
            .rev()
            .for_each(|figure| sample.push(f64::from(figure)));
        assert_eq!(sample.median(), Some(25.0));
        assert_eq!(sample.percentile(99), Some(50.0));
    }
}
