use crate::kind::{Kind, PerKind};

/// The version of the formula and its table, stated in every score: it changes when either does.
pub const MODEL_VERSION: &str = "intent-2";

/// The constants of the formula.
#[derive(Debug)]
pub struct Model {
    kinds: PerKind<KindModel>,
    /// The raw intent at which the score is 100 · (1 − 1/e), about 63 points.
    pub tau: f64,
}

/// A row of the model's table.
#[derive(Clone, Copy, Debug)]
pub struct KindModel {
    /// The kind this row is about.
    pub kind: Kind,
    /// The raw intent that the kind gives at full intensity.
    pub weight: f64,
    /// Days after which half of a signal's strength remains.
    pub half_life_days: f64,
    /// What the kind covers, for people.
    pub covers: &'static str,
}

impl Model {
    /// The rows of the table, heaviest first.
    pub const fn kinds(&self) -> &[KindModel] {
        &self.kinds.0
    }

    /// The row of `kind`.
    pub fn of(&self, kind: Kind) -> &KindModel {
        &self.kinds[kind]
    }

    /// The same formula with other numbers.
    pub(crate) fn with_rows(&self, row: impl Fn(KindModel) -> KindModel) -> Self {
        Self {
            kinds: PerKind(self.kinds.0.map(row)),
            tau: self.tau,
        }
    }

    /// The score in points, 0 to 100 and not yet rounded, of a raw intent.
    pub(crate) fn points(&self, raw: f64) -> f64 {
        -100.0 * (-raw / self.tau).exp_m1()
    }
}

/// The model behind [`MODEL_VERSION`]. Weights are judgement and follow how close a kind is to a purchase (own behaviour,
/// then budget, then need). So are half-lives, which follow how long the cause lasts (a visit: two weeks; a round: a third
/// of a year), except that of `hiring`, which is chosen on real postings (docs/decisions/0019-calibration-by-job-postings.md).
pub static MODEL: Model = Model {
    tau: 45.0,
    kinds: PerKind([
        row(
            Kind::Engagement,
            40.0,
            14.0,
            "visits, replies, trials and demo requests",
        ),
        row(Kind::Funding, 35.0, 120.0, "rounds, grants and loans"),
        row(Kind::Hiring, 30.0, 120.0, "open positions"),
        row(Kind::Leadership, 20.0, 90.0, "executives who come or go"),
        row(Kind::Technology, 18.0, 90.0, "tools taken up or given up"),
        row(
            Kind::Expansion,
            18.0,
            120.0,
            "new offices, markets and acquisitions",
        ),
        row(Kind::Product, 12.0, 60.0, "launches and price changes"),
        row(Kind::News, 10.0, 30.0, "press and forum coverage"),
        row(Kind::Filing, 10.0, 90.0, "documents filed with a regulator"),
        row(
            Kind::Engineering,
            8.0,
            45.0,
            "releases and activity in public code",
        ),
        row(
            Kind::Web,
            6.0,
            30.0,
            "changes of the site and its DNS records",
        ),
    ]),
};

const fn row(kind: Kind, weight: f64, half_life_days: f64, covers: &'static str) -> KindModel {
    KindModel {
        kind,
        weight,
        half_life_days,
        covers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Band;

    #[test]
    fn the_table_of_the_readme_is_this_table() {
        let rows: Vec<String> = MODEL
            .kinds()
            .iter()
            .map(|row| {
                format!(
                    "| `{}` | {} | {} | {} |",
                    row.kind, row.weight, row.half_life_days, row.covers
                )
            })
            .collect();
        let readme = include_str!("../README.md");
        assert!(readme.contains(&rows.join("\n")), "{}", rows.join("\n"));
        assert_eq!(readme.matches("| `").count(), rows.len());
        assert!(readme.contains(&format!("τ = {}", MODEL.tau)));
    }

    #[test]
    fn every_row_is_at_its_kinds_index_and_heaviest_first() {
        for kind in Kind::ALL {
            assert_eq!(MODEL.of(kind).kind, kind);
        }
        assert!(MODEL.kinds().is_sorted_by(|a, b| a.weight >= b.weight));
    }

    #[test]
    fn one_kind_alone_is_never_hot_and_all_are_below_the_end_of_the_scale() {
        let heaviest = MODEL.points(MODEL.of(Kind::Engagement).weight);
        assert!((58.5..59.5).contains(&heaviest) && heaviest < f64::from(Band::HOT_FROM));
        let all: f64 = MODEL.kinds().iter().map(|row| row.weight).sum();
        assert!((98.5..99.5).contains(&MODEL.points(all)));
    }
}
