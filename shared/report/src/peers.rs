//! Where a protocol stands among those of its category.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::{Fitter, is_legible};
use crate::{Peer, ReportData};

/// Characters of a name in the table.
const NAME: usize = 56;

/// The table of peers.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Peers {
    rows: Vec<Row>,
    /// How many are ranked.
    ranked: usize,
    /// The protocol's own place, if it has one.
    own: Option<Place>,
}

/// A place in the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Place {
    /// 1 for the highest score; equal scores have equal ranks.
    rank: usize,
    /// The percent of the others that score lower, those of the same score counted by half. None if there are no others.
    percentile: Option<u8>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Row {
    #[serde(flatten)]
    place: Place,
    name: String,
    slug: String,
    score: u8,
    tier: &'static str,
    is_own: bool,
}

impl Peers {
    /// The ten highest, or nine and the protocol's own row. While it has no score, it has no row.
    pub(crate) fn of(data: &ReportData, fitter: &Fitter) -> Self {
        let own = &data.protocol.slug;
        // By slug, so that one that is given twice is ranked once, and the given order does not matter.
        let others = data.peers.iter().filter(|peer| peer.slug != *own);
        let mut peers: BTreeMap<_, Peer> = others.map(|peer| (&peer.slug, peer.clone())).collect();
        if let Some(score) = data.score.score {
            let (slug, name) = (own.clone(), data.protocol.name.clone());
            peers.insert(own, Peer { slug, name, score });
        }
        let mut peers: Vec<Peer> = peers.into_values().collect();
        for peer in &mut peers {
            peer.score = peer.score.min(100);
        }
        peers.sort_by_key(|peer| std::cmp::Reverse(peer.score));
        let places: Vec<Place> = peers.iter().map(|peer| place(peer.score, &peers)).collect();
        let at = peers.iter().position(|peer| peer.slug == *own);
        let shown = |index: usize| match at {
            Some(at) if at >= ReportData::PEERS => index < ReportData::PEERS - 1 || index == at,
            _ => index < ReportData::PEERS,
        };
        let rows = peers.iter().zip(&places).enumerate();
        let rows = rows.filter(|(index, _)| shown(*index));
        let rows = rows.map(|(_, (peer, place))| Row {
            place: *place,
            name: name(&peer.name, peer.slug.as_str(), NAME, fitter),
            slug: fitter.fit(peer.slug.as_str(), NAME),
            score: peer.score,
            tier: liquidity::Tier::of(peer.score).as_str(),
            is_own: peer.slug == *own,
        });
        Self {
            rows: rows.collect(),
            ranked: peers.len(),
            own: at.and_then(|at| places.get(at).copied()),
        }
    }
}

/// The name, or the slug where nothing of the name can be read.
pub(crate) fn name(name: &str, slug: &str, max: usize, fitter: &Fitter) -> String {
    let shown = fitter.fit(name, max);
    if is_legible(&shown) {
        shown
    } else {
        fitter.fit(slug, max)
    }
}

fn place(score: u8, among: &[Peer]) -> Place {
    let higher = among.iter().filter(|peer| peer.score > score).count();
    let lower = among.iter().filter(|peer| peer.score < score).count();
    let others = among.len().saturating_sub(1);
    let equal = others.saturating_sub(higher + lower);
    let percentile = (100 * lower + 50 * equal).checked_div(others);
    Place {
        rank: higher + 1,
        percentile: percentile.and_then(|percentile| u8::try_from(percentile).ok()),
    }
}
