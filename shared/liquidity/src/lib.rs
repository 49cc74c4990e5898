#![doc = include_str!("../README.md")]

mod assessment;
mod backtest;
mod breaker;
mod cadence;
mod category;
mod component;
mod country;
mod curve;
mod engine;
mod error;
mod event;
mod facts;
mod frequency;
mod history;
mod jurisdiction;
mod market;
mod methodology;
mod missing;
mod monitor;
mod number;
mod penalty;
mod portfolio;
mod profile;
mod random;
mod reading;
mod robust;
mod score;
mod statement;
mod tier;
mod trajectory;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;

pub use backtest::{
    Backtest, Baseline, Correlation, DAYS_BACK, Period, ProtocolResult, Snapshot, TierCalibration,
    Track, backtest,
};
pub use breaker::{Anomaly, Breaker, Pause, Step};
pub use cadence::{Cadence, Observed};
pub use category::{Category, UnknownCategory};
pub use component::{Component, PerComponent};
pub use country::{CountryCode, CountryError};
pub use engine::{score, score_with};
pub use error::ProfileError;
pub use event::{Compliance, Event, State, Status, events};
pub use facts::{CheckFacts, Facts, IssuerFacts, RedemptionFacts, SecondaryFacts, Supervision};
pub use frequency::{Frequency, UnknownFrequency};
pub use history::{Interval, UnknownInterval, resample};
pub use market::{Listed, MarketOverview, PerCategory, Ranked};
pub use methodology::{Function, METHODOLOGY_VERSION, Methodology, methodology};
pub use missing::{Fact, Missing};
pub use monitor::{Advance, HistoryPoint, Monitor};
pub use penalty::Penalties;
pub use portfolio::{
    Concentration, Holding, Holdings, Ladder, PortfolioError, PortfolioReport, PortfolioRequest,
    Position, PositionReport, Route, Share, StressWindow, Unknown, ValidPortfolio, portfolio,
};
pub use profile::{CapsDraft, PenaltyCaps, ProfileDraft, ProfileErrors, ScoringProfile, Weights};
pub use reading::Reading;
pub use score::{Bounds, Contribution, Score};
pub use statement::Statement;
pub use tier::{PerTier, Tier, UnknownTier};
pub use trajectory::Trajectory;
