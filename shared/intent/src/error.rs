/// Why a text or number is not valid in a signal. The message is fit for the caller.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IntentError {
    /// Not a word of [`Kind`](crate::Kind).
    #[error("{given:?} is not a kind of signal; use one of {}", kinds())]
    UnknownKind {
        /// What was given, at most 40 characters of it.
        given: String,
    },
    /// Not from 0.001 to 1, or not a number.
    #[error("strength must be from 0.001 to 1, not {given}")]
    StrengthOutOfRange {
        /// What was given.
        given: f64,
    },
}

impl IntentError {
    /// A stable word for programs: `reason` in responses and error files.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::UnknownKind { .. } => "kind_unknown",
            Self::StrengthOutOfRange { .. } => "strength_out_of_range",
        }
    }
}

fn kinds() -> String {
    crate::Kind::ALL.map(crate::Kind::as_str).join(", ")
}

/// Why numbers are not a valid [`Profile`](crate::Profile). The message is fit for the caller.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// Neither a weight nor a half-life.
    #[error(
        "weights is empty; name the kinds whose weight is yours, such as {{\"hiring\": 60, \"news\": 0}}"
    )]
    Empty,
    /// No kind has a weight above 0.
    #[error(
        "every weight is 0, which leaves nothing to score; give one of them more, such as \"hiring\": 60"
    )]
    NothingWeighs,
    /// Not from 0 to 100, or not a number.
    #[error("the weight of {kind} is {given}; give a number from 0 to 100, such as 60")]
    WeightOutOfRange {
        /// Whose weight.
        kind: crate::Kind,
        /// What was given.
        given: f64,
    },
    /// Not from 1 to 730 days, or not a number.
    #[error("the half-life of {kind} is {given}; give days from 1 to 730, such as 45")]
    HalfLifeOutOfRange {
        /// Whose half-life.
        kind: crate::Kind,
        /// What was given, in days.
        given: f64,
    },
}

impl ProfileError {
    /// A stable word for programs: `reason` in responses.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "profile_empty",
            Self::NothingWeighs => "weights_all_zero",
            Self::WeightOutOfRange { .. } => "weight_out_of_range",
            Self::HalfLifeOutOfRange { .. } => "half_life_out_of_range",
        }
    }

    /// The field that is not valid, such as `weights.hiring`.
    pub fn field(&self) -> String {
        match self {
            Self::Empty | Self::NothingWeighs => "weights".to_owned(),
            Self::WeightOutOfRange { kind, .. } => format!("weights.{kind}"),
            Self::HalfLifeOutOfRange { kind, .. } => format!("half_lives.{kind}"),
        }
    }
}
