//! The area under the ROC curve within dates.

/// A case with the value that shall tell its truth.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its place in the list of companies.
    pub company: usize,
    /// The place of its date.
    pub date: usize,
    /// What a predictor says of it.
    pub value: f64,
    /// What came.
    pub positive: bool,
}

/// Examples in order of date and value.
#[derive(Debug)]
pub struct Ranking(Vec<Example>);

impl Ranking {
    /// Orders examples.
    pub fn new(mut examples: Vec<Example>) -> Self {
        examples.sort_by(|a, b| a.date.cmp(&b.date).then(a.value.total_cmp(&b.value)));
        Self(examples)
    }

    /// Cases, and how many of them are positive.
    pub fn size(&self) -> (usize, usize) {
        let positive = self.0.iter().filter(|example| example.positive);
        (self.0.len(), positive.count())
    }

    /// How often the positive one of a pair has the higher value; a tie counts half. Pairs are of one date. A company
    /// counts as often as `times` says. NaN where there are no pairs.
    pub fn auc(&self, times: impl Fn(usize) -> f64) -> f64 {
        let (mut won, mut pairs) = (0.0, 0.0);
        for date in self.0.chunk_by(|a, b| a.date == b.date) {
            let (mut positives, mut negatives) = (0.0, 0.0);
            for tie in date.chunk_by(|a, b| a.value.total_cmp(&b.value).is_eq()) {
                let (mut positive, mut negative) = (0.0, 0.0);
                for example in tie {
                    let side = if example.positive {
                        &mut positive
                    } else {
                        &mut negative
                    };
                    *side += times(example.company);
                }
                won += positive * (negatives + negative / 2.0);
                positives += positive;
                negatives += negative;
            }
            pairs += positives * negatives;
        }
        won / pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(rows: &[(usize, usize, f64, bool)]) -> Ranking {
        let example = |&(company, date, value, positive)| Example {
            company,
            date,
            value,
            positive,
        };
        Ranking::new(rows.iter().map(example).collect())
    }

    #[track_caller]
    fn check(rows: &[(usize, usize, f64, bool)], times: &[f64], auc: f64) {
        let got = ranking(rows).auc(|company| times[company]);
        assert!((got - auc).abs() < 1e-12, "{got}");
    }

    #[test]
    fn areas_are_those_counted_by_hand() {
        let rows = [
            (0, 0, 1.0, false),
            (1, 0, 2.0, true),
            (2, 0, 2.0, false),
            (3, 0, 3.0, true),
        ];
        // Pairs: 1 over 0, 1 ties with 2, 3 over 0 and 2: 3.5 of 4.
        check(&rows, &[1.0; 4], 3.5 / 4.0);
        // Company 2 three times: 1 over 0, three ties, 3 over four: 1 + 1.5 + 4 of 8.
        check(&rows, &[1.0, 1.0, 3.0, 1.0], 6.5 / 8.0);
    }

    #[test]
    fn pairs_are_of_one_date() {
        // Across dates the order would be wrong; within each it is right.
        let rows = [
            (0, 0, 1.0, false),
            (1, 0, 2.0, true),
            (0, 1, 5.0, false),
            (1, 1, 6.0, true),
        ];
        check(&rows, &[1.0, 1.0], 1.0);
    }
}
