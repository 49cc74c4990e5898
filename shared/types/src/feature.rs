use std::fmt;

/// A feature that a plan may include, up to a number or without a limit. What each plan includes is in `quota::Plan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Entries of a watchlist.
    Watchlist,
    /// Scoring profiles.
    ScoringProfiles,
    /// Usage over time (`GET /api/v1/usage/stats`).
    UsageStats,
    /// Past scores, and backtests on them.
    History,
    /// Export of all rows.
    Export,
    /// Webhook endpoints.
    Webhooks,
    /// Deliveries to webhooks per UTC month, of plans that limit them.
    Deliveries,
    /// Generated reports per UTC month.
    Reports,
    /// Clients of a portal.
    Clients,
    /// Own signals that are written per UTC day.
    Signals,
    /// Their bytes per UTC day.
    SignalBytes,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 11] = [
        Self::Watchlist,
        Self::ScoringProfiles,
        Self::UsageStats,
        Self::History,
        Self::Export,
        Self::Webhooks,
        Self::Deliveries,
        Self::Reports,
        Self::Clients,
        Self::Signals,
        Self::SignalBytes,
    ];

    /// The name in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Watchlist => "watchlists",
            Self::ScoringProfiles => "scoring profiles",
            Self::UsageStats => "usage statistics",
            Self::History => "score history",
            Self::Export => "export",
            Self::Webhooks => "webhooks",
            Self::Deliveries => "deliveries to webhooks",
            Self::Reports => "reports",
            Self::Clients => "clients",
            Self::Signals => "signals",
            Self::SignalBytes => "bytes of signals",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
