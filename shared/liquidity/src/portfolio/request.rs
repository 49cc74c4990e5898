use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::ProtocolSlug;

/// A portfolio as a customer gives it, not yet checked.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortfolioRequest {
    /// The positions, 1 to 200, each protocol once.
    pub positions: Vec<Position>,
    /// The share of a protocol's volume that may be sold in a day, above 0 and up to 1.
    #[serde(default = "default_rate")]
    pub participation_rate: f64,
}

/// A position.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "PortfolioPosition")]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The protocol.
    pub slug: ProtocolSlug,
    /// What it is worth, US dollars, above 0 and up to a million billions.
    pub value_usd: f64,
}

/// A tenth of the volume: orders of that size are in the range that models of market impact are fitted on (Almgren, Thum, Hauptmann and Li,
/// *Direct Estimation of Equity Market Impact*, Risk, 2005).
const DEFAULT_RATE: f64 = 0.1;

const fn default_rate() -> f64 {
    DEFAULT_RATE
}

/// Positions and rate that are valid.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidPortfolio {
    /// By slug.
    pub(crate) positions: BTreeMap<ProtocolSlug, f64>,
    pub(crate) participation_rate: f64,
}

/// Why a request is not valid. The message is fit for the caller.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PortfolioError {
    /// No position, or too many.
    #[error(
        "a portfolio has 1 to {} positions, not {given}",
        ValidPortfolio::MAX_POSITIONS
    )]
    PositionCount {
        /// How many were given.
        given: usize,
    },
    /// Not above 0, too large, or not a number.
    #[error("the value of {slug} is {given}; give US dollars above 0, such as 250000")]
    ValueOutOfRange {
        /// Which position, from 0.
        index: usize,
        /// Its protocol.
        slug: ProtocolSlug,
        /// What was given.
        given: f64,
    },
    /// A protocol is there twice.
    #[error("{slug} is there twice; give one position for each protocol")]
    Repeated {
        /// Which position, from 0: the second.
        index: usize,
        /// Its protocol.
        slug: ProtocolSlug,
    },
    /// Not above 0 and up to 1, or not a number.
    #[error("participation_rate is {given}; give a share above 0 and up to 1, such as 0.1")]
    RateOutOfRange {
        /// What was given.
        given: f64,
    },
}

impl PortfolioError {
    /// A stable word for programs: the rule that is broken.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::PositionCount { .. } => "position_count",
            Self::ValueOutOfRange { .. } => "value_out_of_range",
            Self::Repeated { .. } => "position_repeated",
            Self::RateOutOfRange { .. } => "participation_rate_out_of_range",
        }
    }

    /// The field that is not valid, such as `positions[3].value_usd`.
    pub fn field(&self) -> String {
        match self {
            Self::PositionCount { .. } => "positions".to_owned(),
            Self::ValueOutOfRange { index, .. } => format!("positions[{index}].value_usd"),
            Self::Repeated { index, .. } => format!("positions[{index}].slug"),
            Self::RateOutOfRange { .. } => "participation_rate".to_owned(),
        }
    }
}

impl ValidPortfolio {
    /// The most positions.
    pub const MAX_POSITIONS: usize = 200;
    /// The most that a position may be worth, US dollars: sums of as many stay exact enough.
    const MAX_VALUE: f64 = 1e15;
    /// The smallest rate: less would take longer than anybody waits.
    const MIN_RATE: f64 = 1e-6;

    /// Whether it has a position of this protocol.
    pub fn holds(&self, slug: &ProtocolSlug) -> bool {
        self.positions.contains_key(slug)
    }

    /// A portfolio of a request, or all that is wrong with it.
    pub fn new(request: &PortfolioRequest) -> Result<Self, Vec<PortfolioError>> {
        let mut errors = Vec::new();
        let count = request.positions.len();
        if !(1..=Self::MAX_POSITIONS).contains(&count) {
            errors.push(PortfolioError::PositionCount { given: count });
        }
        let mut positions = BTreeMap::new();
        for (index, Position { slug, value_usd }) in request.positions.iter().enumerate() {
            if !(value_usd.is_finite() && (0.01..=Self::MAX_VALUE).contains(value_usd)) {
                let (slug, given) = (slug.clone(), *value_usd);
                errors.push(PortfolioError::ValueOutOfRange { index, slug, given });
            }
            if positions.insert(slug.clone(), *value_usd).is_some() {
                errors.push(PortfolioError::Repeated {
                    index,
                    slug: slug.clone(),
                });
            }
        }
        let rate = request.participation_rate;
        if !(Self::MIN_RATE..=1.0).contains(&rate) {
            errors.push(PortfolioError::RateOutOfRange { given: rate });
        }
        if errors.is_empty() {
            Ok(Self {
                positions,
                participation_rate: rate,
            })
        } else {
            Err(errors)
        }
    }
}
