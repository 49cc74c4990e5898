use types::{Domain, ProtocolSlug};

use crate::Owner;
use crate::item::PrimaryKey;

/// What the sort key of every signal begins with.
pub const SIGNALS: &str = "SIGNAL#";

/// What the sort key of every version of the past begins with.
pub const PAST: &str = "PAST#";
/// What the sort key of every page of briefs begins with.
pub const BRIEFS: &str = "BRIEFS#";
/// What the sort key of every page of briefs of the past begins with.
pub const PAST_BRIEFS: &str = "PASTBRIEFS#";
/// What the sort key of every point of a company's history begins with.
const POINTS: &str = "POINT#";
/// What the sort key of every source begins with.
pub const SOURCES: &str = "SOURCE#";
/// What the sort key of everything that has happened to a protocol begins with.
pub const PROTOCOL_EVENTS: &str = "EVENT#";

/// The entities of the `intel` table: what is known of the world, for everyone or for one account.
pub enum IntelKey<'a> {
    /// The revision of a company's signals, and the score computed from them.
    Score(&'a Domain, Owner),
    /// One signal, by the hash of its source and external id.
    Signal(&'a Domain, Owner, &'a str),
    /// A content that a signal had, by the Unix second at which it was written.
    Past(&'a Domain, Owner, &'a str, i64),
    /// A page of briefs of signals, by the first three hex digits of their hashes.
    Briefs(&'a Domain, Owner, &'a str),
    /// A page of briefs of contents that signals had, by three hex digits as well.
    PastBriefs(&'a Domain, Owner, &'a str),
    /// The score of a UTC day, `yyyymmdd`.
    Point(&'a Domain, Owner, &'a str),
    /// What is remembered of a public source, by its name.
    Source(&'a Domain, &'a str),
    /// Who collects of the company now.
    Collection(&'a Domain),
    /// A protocol. All are in one partition, since most answers are about all of them.
    Protocol(&'a ProtocolSlug),
    /// How many protocols there are.
    ProtocolCount,
    /// What was known of a protocol from this Unix second on.
    ProtocolPast(&'a ProtocolSlug, i64),
    /// The scores of a protocol in a month, `yyyymm`.
    ProtocolMonth(&'a ProtocolSlug, &'a str),
    /// What happened to a protocol in this Unix second, by the version that was written with it and its place in that write.
    ProtocolEvent(&'a ProtocolSlug, i64, u64, usize),
    /// What is remembered of a public source of protocols, by its name.
    ProtocolSource(&'a str),
}

impl IntelKey<'_> {
    /// The partition of all protocols.
    pub const PROTOCOLS: &'static str = "PROTOCOLS";

    /// The partition of what was known of a protocol, and of what happened to it.
    pub fn protocol_partition(slug: &ProtocolSlug) -> String {
        format!("PROTOCOL#{slug}")
    }

    /// The partition of a month, `yyyymm`, of all protocols.
    pub fn protocol_month(month: &str) -> String {
        format!("PROTOCOLS#{month}")
    }

    /// The partition of a company: the public one, or an account's own.
    pub fn partition(domain: &Domain, owner: Owner) -> String {
        match owner {
            Owner::Public => format!("COMPANY#{domain}"),
            Owner::Account(account) => format!("COMPANY#{domain}#{account}"),
        }
    }
}

impl From<IntelKey<'_>> for PrimaryKey {
    fn from(key: IntelKey<'_>) -> Self {
        match key {
            IntelKey::Score(domain, owner) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: "SCORE".to_owned(),
            },
            IntelKey::Signal(domain, owner, id) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: format!("{SIGNALS}{id}"),
            },
            IntelKey::Past(domain, owner, id, second) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: format!("{PAST}{id}#{second}"),
            },
            IntelKey::Briefs(domain, owner, page) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: format!("{BRIEFS}{page}"),
            },
            IntelKey::PastBriefs(domain, owner, page) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: format!("{PAST_BRIEFS}{page}"),
            },
            IntelKey::Point(domain, owner, day) => Self {
                pk: IntelKey::partition(domain, owner),
                sk: format!("{POINTS}{day}"),
            },
            IntelKey::Source(domain, source) => Self {
                pk: IntelKey::partition(domain, Owner::Public),
                sk: format!("{SOURCES}{source}"),
            },
            IntelKey::Collection(domain) => Self {
                pk: IntelKey::partition(domain, Owner::Public),
                sk: "COLLECTION".to_owned(),
            },
            IntelKey::Protocol(slug) => Self {
                pk: IntelKey::PROTOCOLS.to_owned(),
                sk: slug.to_string(),
            },
            IntelKey::ProtocolCount => Self {
                pk: "PROTOCOLCOUNT".to_owned(),
                sk: "PROTOCOLCOUNT".to_owned(),
            },
            IntelKey::ProtocolSource(source) => Self {
                pk: "PROTOCOLSOURCES".to_owned(),
                sk: source.to_owned(),
            },
            IntelKey::ProtocolPast(slug, second) => Self {
                pk: IntelKey::protocol_partition(slug),
                sk: format!("{PAST}{second:010}"),
            },
            IntelKey::ProtocolMonth(slug, month) => Self {
                pk: IntelKey::protocol_month(month),
                sk: slug.to_string(),
            },
            IntelKey::ProtocolEvent(slug, second, version, place) => Self {
                pk: IntelKey::protocol_partition(slug),
                sk: format!("{PROTOCOL_EVENTS}{second:010}#{version:08}#{place:02}"),
            },
        }
    }
}

impl PrimaryKey {
    /// The protocol in whose partition it is.
    pub fn protocol(&self) -> Option<ProtocolSlug> {
        self.pk.strip_prefix("PROTOCOL#")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use types::{AccountId, Timestamp};

    #[test]
    fn every_key_as_stored() {
        let domain = Domain::parse("stripe.com").unwrap();
        let slug = "ondo-usdy".parse().unwrap();
        let own = Owner::Account(AccountId::from_parts(Timestamp::UNIX_EPOCH, 7));
        let keys = [
            IntelKey::Score(&domain, Owner::Public),
            IntelKey::Score(&domain, own),
            IntelKey::Signal(&domain, Owner::Public, "5f"),
            IntelKey::Signal(&domain, own, "5f"),
            IntelKey::Past(&domain, own, "5f", 1_795_310_940),
            IntelKey::Briefs(&domain, own, "5f0"),
            IntelKey::PastBriefs(&domain, own, "5f0"),
            IntelKey::Point(&domain, Owner::Public, "20261122"),
            IntelKey::Source(&domain, "hn"),
            IntelKey::Collection(&domain),
            IntelKey::Protocol(&slug),
            IntelKey::ProtocolCount,
            IntelKey::ProtocolPast(&slug, 1_795_310_940),
            IntelKey::ProtocolMonth(&slug, "202611"),
            IntelKey::ProtocolEvent(&slug, 1_795_310_940, 12, 0),
            IntelKey::ProtocolSource("defillama"),
        ];
        let shown: Vec<String> = keys
            .into_iter()
            .map(PrimaryKey::from)
            .map(|key| format!("{} | {}", key.pk, key.sk))
            .collect();
        expect![[r#"
            COMPANY#stripe.com | SCORE
            COMPANY#stripe.com#acct_00000000000000000000000007 | SCORE
            COMPANY#stripe.com | SIGNAL#5f
            COMPANY#stripe.com#acct_00000000000000000000000007 | SIGNAL#5f
            COMPANY#stripe.com#acct_00000000000000000000000007 | PAST#5f#1795310940
            COMPANY#stripe.com#acct_00000000000000000000000007 | BRIEFS#5f0
            COMPANY#stripe.com#acct_00000000000000000000000007 | PASTBRIEFS#5f0
            COMPANY#stripe.com | POINT#20261122
            COMPANY#stripe.com | SOURCE#hn
            COMPANY#stripe.com | COLLECTION
            PROTOCOLS | ondo-usdy
            PROTOCOLCOUNT | PROTOCOLCOUNT
            PROTOCOL#ondo-usdy | PAST#1795310940
            PROTOCOLS#202611 | ondo-usdy
            PROTOCOL#ondo-usdy | EVENT#1795310940#00000012#00
            PROTOCOLSOURCES | defillama"#]]
        .assert_eq(&shown.join("\n"));
    }
}
