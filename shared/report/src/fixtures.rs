//! Reports to test with, and to look at.

use std::time::Duration;

use liquidity::{
    Anomaly, Bounds, Category, Component, Contribution, Fact, METHODOLOGY_VERSION, Missing, Pause,
    Penalties, Score, Tier,
};
use types::{Points, ProtocolSlug, Timestamp, date_of};

use crate::{HistoryPoint, Peer, Protocol, ReportData, SourceNote};

pub(crate) fn now() -> Timestamp {
    "2026-11-22T14:05:00Z".parse().unwrap()
}

pub(crate) fn days_ago(days: u64) -> Timestamp {
    now() - Duration::from_hours(24 * days)
}

pub(crate) fn slug(slug: &str) -> ProtocolSlug {
    slug.parse().unwrap()
}

fn missing(fact: Fact, data_confidence_gain: f64) -> Missing {
    let needed = fact.needed().to_owned();
    Missing {
        fact,
        needed,
        data_confidence_gain,
    }
}

fn contribution(component: Component, score: u8, weight: f64, tenths: u16) -> Contribution {
    let contribution = Points::from_tenths(tenths);
    Contribution {
        component,
        score,
        weight,
        contribution,
    }
}

/// A point; those of two weeks are missing, and one in them stands alone.
fn point(days: u64) -> Option<HistoryPoint> {
    let phase = f64::from(u32::try_from(days).unwrap());
    let is_gap = (40..54).contains(&days) && days != 47;
    (!is_gap).then(|| HistoryPoint {
        day: date_of(days_ago(days)),
        score: Some(
            if days < 40 { 79 } else { 75 } + u8::from(days % 9 < 4) + 2 * u8::from(days < 12),
        ),
        aum_usd: Some((450.2e6 - 0.9e6 * phase + 4e6 * (phase / 6.0).sin()).round()),
    })
}

/// All that a report can show.
pub(crate) fn full() -> ReportData {
    let peers = [
        (
            "blackrock-buidl",
            "BlackRock USD Institutional Digital Liquidity Fund",
            88,
        ),
        (
            "franklin-benji",
            "Franklin OnChain U.S. Government Money Fund",
            86,
        ),
        (
            "superstate-ustb",
            "Superstate Short Duration US Government Securities Fund",
            84,
        ),
        ("circle-usyc", "Circle USYC", 82),
        ("openeden-tbill", "OpenEden T-Bills", 74),
        ("spiko-eutbl", "Spiko EU T-Bills Money Market Fund", 71),
        (
            "matrixdock-stbt",
            "Matrixdock Short-term Treasury Bill Token",
            66,
        ),
        ("backed-ib01", "Backed IB01 $ Treasury Bond 0-1yr", 58),
        (
            "hashnote-usyc",
            "Hashnote International Short Duration Yield Fund",
            57,
        ),
        ("arca-tcoin", "Arca U.S. Treasury Fund", 41),
        ("tradeteq-ustm", "Tradeteq US Treasury", 23),
        ("kuma-usk", "KUMA Interest Bearing Token", 18),
    ];
    let peers = peers.map(|(slug_of, name, score)| Peer {
        slug: slug(slug_of),
        name: name.to_owned(),
        score,
    });
    let sources = [
        ("AUM and yield", "DefiLlama, protocol TVL", 1),
        ("Holders", "Etherscan, Solscan", 1),
        ("Redemption", "Issuer's terms of the fund", 40),
    ];
    let sources = sources.map(|(what, source, days)| SourceNote {
        what: what.to_owned(),
        source: source.to_owned(),
        as_of: Some(date_of(days_ago(days))),
    });
    ReportData {
        generated_at: now(),
        protocol: Protocol {
            slug: slug("ondo-usdy"),
            name: "Ondo US Dollar Yield".to_owned(),
            category: Category::Treasury,
            issuer: Some("Ondo Finance".to_owned()),
            blockchains: ["Ethereum", "Solana", "Mantle"].map(str::to_owned).into(),
            jurisdiction: Some("US".to_owned()),
            aum_usd: Some(450.2e6),
            yield_pct: Some(5.1),
            redemption_frequency: Some("daily".to_owned()),
            holder_count: Some(12_400),
        },
        score: Score {
            score: Some(82),
            tier: Some(Tier::L1),
            aum_score: Some(80),
            redemption_score: Some(94),
            secondary_volume_score: None,
            issuer_score: Some(76),
            jurisdiction_score: Some(100),
            penalties: Penalties {
                nav_divergence_penalty: Points::from_tenths(15),
                ..Penalties::default()
            },
            data_confidence: 0.714,
            bounds: Bounds { low: 71, high: 84 },
            contributions: vec![
                contribution(Component::Aum, 80, 0.2874, 230),
                contribution(Component::Redemption, 94, 0.2299, 216),
                contribution(Component::Issuer, 76, 0.3678, 274),
                contribution(Component::Jurisdiction, 100, 0.1149, 115),
            ],
            missing: vec![
                missing(Fact::Turnover, 0.055),
                missing(Fact::ActiveAddresses, 0.028),
                missing(Fact::HolderConcentration, 0.028),
                missing(Fact::LinkedAddresses, 0.05),
                missing(Fact::WashTrades, 0.05),
            ],
            methodology_version: METHODOLOGY_VERSION.to_owned(),
        },
        scored_at: "2026-11-22T12:00:00Z".parse().unwrap(),
        pause: None,
        history: (0..120).rev().filter_map(point).collect(),
        peers: peers.into(),
        sources: sources.into(),
    }
}

/// One of which hardly anything is known.
pub(crate) fn bare() -> ReportData {
    let full = full();
    ReportData {
        protocol: Protocol {
            slug: slug("x"),
            name: "Unknown Land Token".to_owned(),
            category: Category::RealEstate,
            issuer: None,
            blockchains: Vec::new(),
            jurisdiction: None,
            aum_usd: None,
            yield_pct: None,
            redemption_frequency: None,
            holder_count: None,
        },
        score: Score {
            score: None,
            tier: None,
            aum_score: None,
            redemption_score: None,
            secondary_volume_score: None,
            issuer_score: None,
            jurisdiction_score: Some(30),
            penalties: Penalties::default(),
            data_confidence: 0.043,
            bounds: Bounds { low: 3, high: 93 },
            contributions: Vec::new(),
            missing: Fact::ALL
                .into_iter()
                .filter(|fact| *fact != Fact::Jurisdiction)
                .map(|fact| missing(fact, 0.05))
                .collect(),
            methodology_version: METHODOLOGY_VERSION.to_owned(),
        },
        history: vec![HistoryPoint {
            day: date_of(days_ago(3)),
            score: None,
            aum_usd: Some(12_345.0),
        }],
        peers: Vec::new(),
        sources: Vec::new(),
        ..full
    }
}

/// One whose scoring is paused.
pub(crate) fn paused() -> ReportData {
    ReportData {
        scored_at: days_ago(8),
        pause: Some(Pause {
            reason: Anomaly::DropToZero,
            since: days_ago(8) + Duration::from_hours(1),
            held: Vec::new(),
        }),
        ..full()
    }
}

/// One with this text wherever a text can be.
pub(crate) fn with_text(text: &str) -> ReportData {
    let mut data = full();
    let protocol = &mut data.protocol;
    protocol.name = text.to_owned();
    protocol.issuer = Some(text.to_owned());
    protocol.blockchains = vec![text.to_owned(); 30];
    protocol.jurisdiction = Some(text.to_owned());
    protocol.redemption_frequency = Some(text.to_owned());
    for peer in &mut data.peers {
        peer.name = text.to_owned();
    }
    data.sources = vec![
        SourceNote {
            what: text.to_owned(),
            source: text.to_owned(),
            as_of: None
        };
        20
    ];
    data.score.methodology_version = text.to_owned();
    for missing in &mut data.score.missing {
        missing.needed = text.to_owned();
    }
    data
}

/// The longest names.
pub(crate) fn longest() -> ReportData {
    let mut data = with_text(&"Wm".repeat(100));
    data.protocol.slug = slug(&"w".repeat(100));
    for (index, peer) in data.peers.iter_mut().enumerate() {
        peer.slug = slug(&format!("{}{index:02}", "w".repeat(98)));
    }
    data.protocol.aum_usd = Some(f64::MAX);
    data.protocol.yield_pct = Some(-1e300);
    data.protocol.holder_count = Some(u64::MAX);
    data
}
