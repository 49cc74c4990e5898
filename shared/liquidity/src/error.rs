use crate::Component;

/// Why numbers are not a valid [`ScoringProfile`](crate::ScoringProfile). The message is fit for the caller.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// A component has no weight.
    #[error("the weight of {component} is missing; give a number from 0 to 1")]
    WeightMissing {
        /// Whose weight.
        component: Component,
    },
    /// Not from 0 to 1, or not a number.
    #[error("the weight of {component} is {given}; give a number from 0 to 1")]
    WeightOutOfRange {
        /// Whose weight.
        component: Component,
        /// What was given.
        given: f64,
    },
    /// The weights do not add up to 1.
    #[error("the weights add up to {given:.3}; they must add up to 1.0, within 0.01")]
    Sum {
        /// Their sum.
        given: f64,
    },
    /// Not from 0 to 100, or not a number.
    #[error("{field} is {given}; give points from 0 to 100")]
    CapOutOfRange {
        /// Which cap.
        field: &'static str,
        /// What was given.
        given: f64,
    },
}

impl ProfileError {
    /// A stable word for programs: the rule that is broken.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::WeightMissing { .. } => "weight_missing",
            Self::WeightOutOfRange { .. } => "weight_out_of_range",
            Self::Sum { .. } => "weights_sum",
            Self::CapOutOfRange { .. } => "cap_out_of_range",
        }
    }

    /// The field that is not valid, such as `weights.secondaryVolume`.
    pub fn field(&self) -> String {
        match self {
            Self::WeightMissing { component } | Self::WeightOutOfRange { component, .. } => {
                let name = match component {
                    Component::SecondaryVolume => "secondaryVolume",
                    other => other.as_str(),
                };
                format!("weights.{name}")
            }
            Self::Sum { .. } => "weights".to_owned(),
            Self::CapOutOfRange { field, .. } => format!("penaltyCaps.{field}"),
        }
    }
}
