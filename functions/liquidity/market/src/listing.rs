//! All protocols, kept for a short time: most answers are about all of them, and they change once a day.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use api::ApiError;
use jiff::Span;
use liquidity::{Category, Snapshot, Tier, Track};
use liquidity_store::{Histories, Protocols, StoredPoint};
use tokio::sync::Mutex;
use types::{Date, ProtocolSlug, Timestamp, date_of};

use crate::answer::Scored;

/// For how long an instance serves what it has read of all protocols.
const LISTING_KEPT: Duration = Duration::from_secs(30);
/// The same of histories, which are many times as large.
const SNAPSHOTS_KEPT: Duration = Duration::from_mins(10);
/// Days of histories that are kept: the longest backtest, and the month before it.
const SNAPSHOT_DAYS: i32 = 365 + 31;

/// What an instance keeps of the table. Clones share it. Whoever finds it too old reads it, while others wait.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    protocols: Protocols,
    all: Kept<Vec<Scored>>,
    snapshots: Kept<Snapshots>,
}

/// What is known of each protocol, day by day.
pub(crate) type Snapshots = BTreeMap<ProtocolSlug, Vec<Snapshot>>;

type Kept<T> = Arc<Mutex<Option<(Timestamp, Arc<T>)>>>;

impl Listing {
    pub(crate) fn new(protocols: Protocols) -> Self {
        Self {
            protocols,
            all: Kept::default(),
            snapshots: Kept::default(),
        }
    }

    /// All protocols, the highest score first; of equal scores the larger AUM, then by slug.
    pub(crate) async fn all(&self, now: Timestamp) -> Result<Arc<Vec<Scored>>, ApiError> {
        kept(&self.all, (now, LISTING_KEPT), async || {
            let mut all: Vec<Scored> = self
                .protocols
                .all()
                .await?
                .into_iter()
                .map(Scored::of)
                .collect();
            all.sort_by(|a, b| {
                let usd = |of: &Scored| of.aum_usd().unwrap_or(0.0);
                b.points()
                    .cmp(&a.points())
                    .then_with(|| usd(b).total_cmp(&usd(a)))
                    .then_with(|| a.protocol.slug.cmp(&b.protocol.slug))
            });
            Ok(all)
        })
        .await
    }

    /// The history of every protocol, for the longest backtest that ends today.
    pub(crate) async fn snapshots(&self, now: Timestamp) -> Result<Arc<Snapshots>, ApiError> {
        kept(&self.snapshots, (now, SNAPSHOTS_KEPT), async || {
            let histories = self
                .protocols
                .histories(days_back(now, SNAPSHOT_DAYS))
                .await?;
            Ok(snapshots(histories))
        })
        .await
    }

    /// The same, with the protocols' names.
    pub(crate) async fn tracks(&self, now: Timestamp) -> Result<Vec<Track>, ApiError> {
        let all = self.all(now).await?;
        let snapshots = self.snapshots(now).await?;
        let tracks = all.iter().map(|Scored { protocol, .. }| Track {
            slug: protocol.slug.clone(),
            name: protocol.name.clone(),
            snapshots: snapshots.get(&protocol.slug).cloned().unwrap_or_default(),
        });
        Ok(tracks.collect())
    }
}

/// What is kept, if it is not too old; else what `read` reads.
async fn kept<T>(
    kept: &Kept<T>,
    (now, age): (Timestamp, Duration),
    read: impl AsyncFnOnce() -> Result<T, ApiError>,
) -> Result<Arc<T>, ApiError> {
    let mut kept = kept.lock().await;
    if let Some((at, value)) = &*kept
        && *at <= now
        && now < *at + age
    {
        return Ok(Arc::clone(value));
    }
    let value = Arc::new(read().await?);
    *kept = Some((now, Arc::clone(&value)));
    Ok(value)
}

/// The UTC days up to `now`.
fn days_back(now: Timestamp, days: i32) -> (Date, Date) {
    let last = date_of(now);
    let first = last.checked_sub(Span::new().days(days)).unwrap_or(last);
    (first, last)
}

fn snapshots(histories: Histories) -> Snapshots {
    let tracks = histories.into_iter().map(|(slug, points)| {
        let snapshots = points.iter().map(snapshot).collect();
        (slug, snapshots)
    });
    tracks.collect()
}

fn snapshot(stored: &StoredPoint) -> Snapshot {
    let point = &stored.point;
    Snapshot {
        date: point.date(),
        computed_at: point.at,
        score: point.score,
        aum_usd: point.aum_usd,
        redemption_delayed: None,
    }
}

/// Which protocols are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) category: Option<Category>,
    pub(crate) tier: Option<Tier>,
    /// 0 is any, also none.
    pub(crate) min_score: usize,
    /// US dollars; 0 is any, also one that is not known.
    pub(crate) min_aum: usize,
}

impl Filter {
    pub(crate) fn takes(&self, scored: &Scored) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "up to 10^15")]
        let min_aum = self.min_aum as f64;
        self.category
            .is_none_or(|category| scored.protocol.category == category)
            && self.tier.is_none_or(|tier| scored.tier() == Some(tier))
            && (self.min_score == 0
                || scored
                    .points()
                    .is_some_and(|points| usize::from(points) >= self.min_score))
            && (self.min_aum == 0 || scored.aum_usd().is_some_and(|usd| usd >= min_aum))
    }
}
