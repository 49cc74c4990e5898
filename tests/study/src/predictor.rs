//! What may tell beforehand who will open more positions.

use std::fmt;

use intent::{Kind, Profile, Score, Signal, Strength, score_with};
use jiff::civil::Date;
use jiff::tz::Offset;
use types::{Domain, Timestamp};

use crate::cases::{Case, days_after};
use crate::companies::Posting;

/// A number for a case, from what was known by its date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Predictor {
    /// The score, with every posting a signal of one strength.
    Score(Setting),
    /// The score's change against its baseline; 0 without one.
    Momentum(Setting),
    /// Positions opened in so many days before.
    Opened(i64),
    /// Positions seen on the last day or later.
    Open,
    /// The directory's head count.
    HeadCount,
}

/// What the study varies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Of `hiring`, in days.
    pub half_life_days: f64,
    /// Of one posting.
    pub strength: f64,
    /// The day of a posting's signal.
    pub dated: Dated,
}

/// The day on which a posting is observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// It was opened.
    Opened,
    /// It was last seen, by the day of the case.
    LastSeen,
}

impl Predictor {
    /// None where nothing is known to make it of.
    pub fn of(&self, case: &Case<'_>) -> Option<f64> {
        match self {
            Self::Score(setting) => setting.score(case).map(|score| f64::from(score.score)),
            Self::Momentum(setting) => setting
                .score(case)
                .map(|score| f64::from(score.momentum.change.unwrap_or(0))),
            Self::Opened(days) => {
                let since = days_after(case.at, -days);
                let opened = case
                    .known
                    .iter()
                    .map(|posting| u32::from(posting.opened > since));
                Some(f64::from(opened.sum::<u32>()))
            }
            Self::Open => {
                let open = case
                    .known
                    .iter()
                    .map(|posting| u32::from(posting.last_seen >= case.at));
                Some(f64::from(open.sum::<u32>()))
            }
            Self::HeadCount => case.head_count.map(f64::from),
        }
    }
}

impl Setting {
    /// The product's own score at the end of the case's day.
    pub fn score(&self, case: &Case<'_>) -> Option<Score> {
        let domain = Domain::parse("example.com").ok()?;
        let strength = Strength::new(self.strength).ok()?;
        let signal = |posting: &Posting| {
            let day = match self.dated {
                Dated::Opened => posting.opened,
                Dated::LastSeen => posting.last_seen.min(case.at),
            };
            Some(Signal {
                kind: Kind::Hiring,
                strength,
                observed_at: start_of(day)?,
                source: String::new(),
                external_id: String::new(),
                evidence: String::new(),
                url: None,
            })
        };
        let signals: Option<Vec<_>> = case.known.iter().map(signal).collect();
        let half_lives = [(Kind::Hiring, self.half_life_days)].into();
        let profile = Profile::new([].into(), half_lives).ok()?;
        let now = start_of(days_after(case.at, 1))?;
        Some(score_with(&profile, &domain, &signals?, now))
    }
}

fn start_of(day: Date) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

impl fmt::Display for Predictor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Score(setting) => write!(f, "score, {setting}"),
            Self::Momentum(setting) => write!(f, "momentum, {setting}"),
            Self::Opened(days) => write!(f, "positions opened in {days} days"),
            Self::Open => f.write_str("positions open"),
            Self::HeadCount => f.write_str("head count"),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            half_life_days,
            strength,
            dated,
        } = self;
        write!(f, "half-life {half_life_days}, strength {strength}")?;
        match dated {
            Dated::Opened => Ok(()),
            Dated::LastSeen => f.write_str(", dated by last sighting"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_case_is_scored_from_what_was_known() {
        let at = date(2024, 6, 1);
        let posting = |days| Posting {
            opened: days_after(at, days),
            last_seen: days_after(at, 30),
        };
        let known = [posting(-59), posting(0)];
        let case = Case {
            company: 0,
            date: 0,
            at,
            known: &known,
            head_count: Some(7),
            opened: 3,
            more: true,
            more_than_before: true,
        };
        let setting = |dated| Setting {
            half_life_days: 60.0,
            strength: 1.0,
            dated,
        };
        let score = setting(Dated::Opened).score(&case).unwrap();
        let ages: Vec<f64> = score.signals.iter().map(|signal| signal.age_days).collect();
        assert_eq!(ages, [1.0, 60.0]);
        let score = setting(Dated::LastSeen).score(&case).unwrap();
        assert!(
            score
                .signals
                .iter()
                .all(|signal| signal.age_days.to_bits() == 1_f64.to_bits())
        );
        let of = |predictor: Predictor| predictor.of(&case);
        assert_eq!(of(Predictor::Opened(30)), Some(1.0));
        assert_eq!(of(Predictor::Open), Some(2.0));
        assert_eq!(of(Predictor::HeadCount), Some(7.0));
    }
}
