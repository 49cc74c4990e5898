use api::ApiError;
use jiff::Span;
use liquidity::{Component, Score};
use liquidity_store::{Protocol, StoredPoint, protocol_id};
use report::{HistoryPoint, Peer, ReportData, SourceNote};
use types::{Date, Timestamp, date_of};
use uuid::Uuid;

/// A protocol that a report is made of, and what it is compared with.
#[derive(Clone, Debug)]
pub(crate) struct Reported {
    pub(crate) protocol: Protocol,
    score: Score,
    scored_at: Timestamp,
    peers: Vec<Peer>,
}

/// The UTC days that a report at `now` shows.
pub(crate) fn history_days(now: Timestamp) -> (Date, Date) {
    let last = date_of(now);
    let back = Span::new().days(i64::from(ReportData::DAYS) - 1);
    (last.checked_sub(back).unwrap_or(last), last)
}

impl Reported {
    /// The protocol of this id, among all.
    ///
    /// # Errors
    /// 404 if there is none, and if nothing that is scored was ever stated of it.
    pub(crate) fn find(all: Vec<Protocol>, id: Uuid) -> Result<Self, ApiError> {
        let found = all.iter().find(|one| protocol_id(&one.slug) == id);
        let protocol = found
            .ok_or_else(|| ApiError::not_found("protocol"))?
            .clone();
        let scored = protocol.monitor.score().zip(protocol.monitor.scored_at());
        let (score, scored_at) = scored.ok_or_else(|| ApiError::not_found("score"))?;
        let peers = all.into_iter();
        let peers = peers
            .filter(|one| one.category == protocol.category)
            .filter_map(|one| {
                Some(Peer {
                    score: one.monitor.score()?.score?,
                    slug: one.slug,
                    name: one.name,
                })
            });
        Ok(Self {
            peers: peers.collect(),
            protocol,
            score,
            scored_at,
        })
    }

    /// What a report at `now` shows.
    pub(crate) fn data(&self, history: &[StoredPoint], now: Timestamp) -> ReportData {
        let history = history
            .iter()
            .map(|StoredPoint { point, .. }| HistoryPoint {
                day: point.date(),
                score: point.score,
                aum_usd: point.aum_usd,
            });
        ReportData {
            generated_at: now,
            protocol: self.facts(),
            score: self.score.clone(),
            scored_at: self.scored_at,
            pause: self.protocol.monitor.pause().cloned(),
            history: history.collect(),
            peers: self.peers.clone(),
            sources: self.sources(),
        }
    }

    fn facts(&self) -> report::Protocol {
        let protocol = &self.protocol;
        let facts = protocol.monitor.scored_facts();
        let frequency = facts.redemption.frequency;
        report::Protocol {
            slug: protocol.slug.clone(),
            name: protocol.name.clone(),
            category: protocol.category,
            issuer: protocol.issuer.clone(),
            blockchains: protocol.blockchains.clone(),
            jurisdiction: facts.jurisdiction.map(|code| code.to_string()),
            aum_usd: facts.aum_usd,
            yield_pct: protocol.yield_pct,
            redemption_frequency: frequency.map(|frequency| frequency.to_string()),
            holder_count: protocol.holder_count,
        }
    }

    /// The source of the last description, and the day that each component was last stated for.
    fn sources(&self) -> Vec<SourceNote> {
        let protocol = &self.protocol;
        let note = |what: &str, at: Timestamp| SourceNote {
            what: what.to_owned(),
            source: protocol.source.clone(),
            as_of: Some(date_of(at)),
        };
        let observed = protocol.monitor.scored_facts().observed.iter();
        let observed = observed.map(|(component, seen)| note(name_of(*component), seen.at));
        let description = note("Description", protocol.described_at);
        [description].into_iter().chain(observed).collect()
    }
}

const fn name_of(component: Component) -> &'static str {
    match component {
        Component::Aum => "Assets under management",
        Component::Redemption => "Redemption",
        Component::SecondaryVolume => "Secondary volume",
        Component::Issuer => "Issuer",
        Component::Jurisdiction => "Jurisdiction",
    }
}
