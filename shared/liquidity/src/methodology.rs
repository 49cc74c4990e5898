use schemars::JsonSchema;
use serde::Serialize;

use crate::{Component, PenaltyCaps, PerTier, ScoringProfile, Weights};

/// The version of the formulas, their weights and caps, stated in every score: it changes when any of them does.
pub const METHODOLOGY_VERSION: &str = "v1.7-MMI";

/// How scores are made, for people and programs.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Methodology {
    /// [`METHODOLOGY_VERSION`].
    pub version: &'static str,
    /// The standard weights.
    pub weights: Weights,
    /// The standard caps.
    pub penalty_caps: PenaltyCaps,
    /// The least score of each tier.
    pub tiers: PerTier<u8>,
    /// The function of each component.
    pub functions: [Function; 5],
    /// The day of the lists of jurisdictions.
    pub jurisdictions_as_of: &'static str,
}

/// The function of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[schemars(rename = "MethodologyFunction")]
pub struct Function {
    /// The component.
    pub component: Component,
    /// What it calculates, in a sentence.
    pub formula: &'static str,
    /// Where it is from.
    pub source: &'static str,
}

/// The methodology of [`METHODOLOGY_VERSION`].
pub fn methodology() -> Methodology {
    let standard = ScoringProfile::standard();
    Methodology {
        version: METHODOLOGY_VERSION,
        weights: *standard.weights(),
        penalty_caps: *standard.penalty_caps(),
        tiers: PerTier {
            l1: 75,
            l2: 50,
            l3: 25,
            illiquid: 0,
        },
        functions: Component::ALL.map(function),
        jurisdictions_as_of: crate::jurisdiction::AS_OF,
    }
}

const fn function(component: Component) -> Function {
    let (formula, source) = match component {
        Component::Aum => (
            "100 · x / (1 + x) with x the cube root of AUM over USD 7.5 million: logistic in the logarithm of AUM",
            "Form: studies of fund closures, logit in log assets (Zhao, Journal of Business 78, 2005). Constants: both \
             published examples (USD 450.2 and 521 million) give 80",
        ),
        Component::Redemption => (
            "by the days until payment (interval and notice, or what is observed where that is more): 1 → 100, 7 → 80, 30 → \
             60, 90 → 40, 180 → 20, 365 → 0, straight in the logarithm",
            "Steps: investor liquidity profile of AIFMD, Delegated Regulation (EU) 231/2013, annex IV",
        ),
        Component::SecondaryVolume => (
            "mean of turnover (half; 0.1 % of AUM a month → 0, 100 % → 100), active addresses (a quarter; 1 → 0, 10,000 → \
             100) and 1/HHI of holders (a quarter; 1 → 0, 100 → 100), each straight in the logarithm",
            "Turnover: Datar, Naik and Radcliffe, Journal of Financial Markets 1, 1998. 1/HHI: Adelman, Review of Economics \
             and Statistics 51, 1969",
        ),
        Component::Issuer => (
            "mean of supervision (0.4; none 0, exempt 25, licensed 60, registered or prudential 100), years of business \
             (0.2; 10 → 100), age of the last attestation (0.2; 31 days → 100, 92 → 75, 183 → 50, 366 → 25, 731 → 0) and \
             assets kept apart (0.2)",
            "Steps of attestation: monthly (GENIUS Act, section 4), half-yearly (MiCA, article 36); assets kept apart: \
             IOSCO, Policy Recommendations for Crypto and Digital Asset Markets, 2023",
        ),
        Component::Jurisdiction => (
            "100 where securities law is applied to tokens, 80 with a law of its own for digital assets, 60 elsewhere; at \
             most 30 under increased monitoring by the FATF, 0 under its call for action",
            "FATF lists of 13 February 2026; laws as listed in the documentation",
        ),
    };
    Function {
        component,
        formula,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tier;

    #[test]
    fn tiers_are_those_of_scores() {
        for tier in Tier::ALL {
            let from = *methodology().tiers.get(tier);
            assert_eq!(Tier::of(from), tier);
            assert!(from == 0 || Tier::of(from - 1) != tier);
        }
    }

    #[test]
    fn the_readme_has_the_weights_and_caps() {
        let readme = include_str!("../README.md");
        let Methodology {
            weights,
            penalty_caps: caps,
            ..
        } = methodology();
        for component in Component::ALL {
            let row = format!("| `{component}` | {:.2} |", weights.get(component));
            assert!(readme.contains(&row), "{row}");
        }
        for cap in [
            caps.max_nav_penalty,
            caps.max_sybil_penalty,
            caps.max_staleness_penalty,
            caps.max_wash_trade_penalty,
        ] {
            assert!(readme.contains(&format!("| {cap} |")), "{cap}");
        }
        assert!(readme.contains(&format!("together {}", caps.max_total_penalty)));
        assert!(readme.contains(crate::jurisdiction::AS_OF));
    }
}
