use std::collections::BTreeSet;

use types::{Domain, Timestamp};

use crate::contributions::{Listed, listed};
use crate::observed::observed_by;
use crate::reasoning::Facts;
use crate::trend::Trend;
use crate::{
    Band, Confidence, MODEL, MODEL_VERSION, Model, Momentum, Numbers, Profile, Score, Signal,
    TextSource,
};

/// A score but for the texts of the signals that it shows, so that these alone are needed whole.
///
/// Everything in it depends on the numbers of all signals only. Signals that have the same numbers are interchangeable: the
/// one that was given first is shown first.
#[derive(Clone, Debug)]
pub struct Outline {
    now: Timestamp,
    model_version: String,
    trend: Trend,
    confidence: Confidence,
    listed: Listed,
    facts: Facts,
}

impl Outline {
    /// The outline of the score at `now`. Signals dated after `now` are ignored.
    pub fn of(signals: &[Numbers], now: Timestamp) -> Self {
        Self::by(&MODEL, MODEL_VERSION.to_owned(), signals, now)
    }

    /// The same with a profile's weights and half-lives. The model version marks it as not the standard score.
    pub fn with(profile: &Profile, signals: &[Numbers], now: Timestamp) -> Self {
        let version = format!("{MODEL_VERSION}+profile");
        Self::by(&profile.model(), version, signals, now)
    }

    fn by(model: &Model, model_version: String, signals: &[Numbers], now: Timestamp) -> Self {
        let observed = observed_by(model, now, signals);
        let trend = Trend::of(model, &observed);
        Self {
            now,
            model_version,
            confidence: Confidence::of(&observed),
            listed: listed(&observed, &trend.raw, trend.score),
            facts: Facts::of(&observed, &trend.raw),
            trend,
        }
    }

    /// The signals whose texts the score shows, as indexes of what was given: 52 at the most.
    pub fn shown(&self) -> BTreeSet<usize> {
        let listed = self.listed.signals.iter().map(|(known, _)| known.index);
        listed.chain(self.facts.quoted()).collect()
    }

    /// The score. `signal` returns each of the [`shown`](Self::shown) ones by its index; the texts of one that it does not
    /// return are empty.
    pub fn score<'a>(
        &self,
        domain: &Domain,
        signal: impl Fn(usize) -> Option<&'a Signal>,
    ) -> Score {
        Score {
            domain: domain.clone(),
            score: self.trend.score,
            band: Band::of(self.trend.score),
            confidence: self.confidence,
            coverage: None,
            signals: self.listed.contributions(&signal),
            more_signals: self.listed.more,
            reasoning: self.facts.reasoning(domain, &signal),
            reasoning_source: TextSource::Template,
            talk_track: None,
            email_subject: None,
            momentum: Momentum::new(self.trend.score, self.trend.baseline),
            scored_at: types::whole_second(self.now),
            model_version: self.model_version.clone(),
        }
    }
}
