use intent::Band;
use types::Product;
use workspace::{Event, EventPayload, ScoreChange};

use crate::WatchEntry;

impl WatchEntry {
    /// The event that this entry's score is in another band than the score before, which is given.
    pub fn band_changed(&self, previous_score: u8) -> Event {
        self.event(EventPayload::IntentBandChange, previous_score)
    }

    /// The event that this entry's score is far enough from the one last reported, which is given.
    pub fn score_changed(&self, previous_score: u8) -> Event {
        self.event(EventPayload::IntentScoreChange, previous_score)
    }

    fn event(&self, kind: fn(ScoreChange) -> EventPayload, previous_score: u8) -> Event {
        let change = ScoreChange {
            watch_id: self.watch,
            subject: self.domain.to_string(),
            company_name: self.company_name.clone(),
            score: self.score,
            band: self.band().as_str().to_owned(),
            previous_score,
            previous_band: Band::of(previous_score).as_str().to_owned(),
        };
        Event::new(Product::Intent, self.scored_at, kind(change))
    }
}
