use aws_sdk_dynamodb::primitives::Blob;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use intent::{Kind, Numbers, Strength};
use sha2::{Digest, Sha256};
use types::Timestamp;

use crate::signal_row::{SignalRow, ends};

/// What of a stored signal, or of a content that it had, a score needs but for its texts. Packed it is 13 bytes, and a name of 20
/// characters, or of 28 for a content of the past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brief {
    /// The signal's id: the hash of its source and external id.
    pub(crate) id: Id,
    /// The numbers that its score is made of.
    pub numbers: Numbers,
    /// When it was written, in seconds since 1970; `i64::MIN` if that was not noted.
    pub(crate) recorded_at: i64,
    /// Until when it counts, in seconds since 1970.
    pub(crate) ends: i64,
}

/// A signal's id in bytes.
pub(crate) type Id = [u8; 16];

/// Beside the kind, in the first byte: that the strength is 8 bytes, since it is no number of thousandths; that the time of
/// observation has nanoseconds; that the end is not the one that follows from the other times.
const EXACT_STRENGTH: u8 = 0x80;
const NANOSECONDS: u8 = 0x40;
const OTHER_END: u8 = 0x20;
const KIND: u8 = 0x1f;

impl Brief {
    /// The brief of a row; none if its id is none.
    pub(crate) fn of(id: &str, row: &SignalRow) -> Option<Self> {
        Some(Self {
            id: parse_id(id)?,
            numbers: Numbers::from(&row.signal),
            recorded_at: row.recorded_at(),
            ends: row.ends(),
        })
    }

    pub(crate) fn counts_at(&self, now: Timestamp) -> bool {
        self.ends > now.as_second()
    }

    /// The signal's id as its key has it.
    pub(crate) fn hex_id(&self) -> String {
        hex::encode(self.id)
    }

    /// The name of the page that it is in.
    pub(crate) fn page(&self) -> String {
        self.hex_id().chars().take(3).collect()
    }

    /// Its name in its page: the rest of the id.
    pub(crate) fn name(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.id.split_at(1).1)
    }

    /// The name of the page that it is in as a content of the past: by its time as well, since one signal may have very many.
    pub(crate) fn past_page(&self) -> String {
        let hash = Sha256::new()
            .chain_update(self.id)
            .chain_update(self.recorded_at.to_be_bytes());
        hex::encode(hash.finalize()).chars().take(3).collect()
    }

    /// Its name there: the id and the second when it was written.
    pub(crate) fn past_name(&self) -> String {
        let name = [self.id.as_slice(), &packed_second(self.recorded_at)].concat();
        BASE64_URL_SAFE_NO_PAD.encode(name)
    }

    /// The value under its name.
    pub(crate) fn pack(&self) -> Blob {
        let strength = self.numbers.strength.get();
        let observed_at = self.numbers.observed_at;
        let mut head = kind_number(self.numbers.kind);
        let mut tail = Vec::new();
        let thousandths = thousandths(strength);
        if thousandths.is_none() {
            head |= EXACT_STRENGTH;
            tail.extend(strength.to_be_bytes());
        }
        if observed_at.subsec_nanosecond() != 0 {
            head |= NANOSECONDS;
            tail.extend(observed_at.subsec_nanosecond().to_be_bytes());
        }
        if self.ends != ends(self.recorded_at, observed_at) {
            head |= OTHER_END;
            tail.extend(packed_second(self.ends));
        }
        let mut packed = vec![head];
        packed.extend(thousandths.unwrap_or(0).to_be_bytes());
        packed.extend(packed_second(observed_at.as_second()));
        packed.extend(packed_second(self.recorded_at));
        packed.extend(tail);
        Blob::new(packed)
    }

    /// What was packed under this name of a page; none if it is nothing that was.
    pub(crate) fn unpack(page: &str, name: &str, packed: &[u8]) -> Option<Self> {
        let mut id = [0; 16];
        let (first, rest) = id.split_at_mut(1);
        hex::decode_to_slice(page.get(..2)?, first).ok()?;
        let rest_length = rest.len();
        let named = BASE64_URL_SAFE_NO_PAD.decode(name).ok()?;
        rest.copy_from_slice(named.get(..rest_length)?);
        Self::of_packed(id, packed)
    }

    /// The same of a page of the past.
    pub(crate) fn unpack_past(name: &str, packed: &[u8]) -> Option<Self> {
        let named = BASE64_URL_SAFE_NO_PAD.decode(name).ok()?;
        let (id, _) = named.split_first_chunk()?;
        Self::of_packed(*id, packed)
    }

    fn of_packed(id: Id, packed: &[u8]) -> Option<Self> {
        let mut packed = Bytes(packed);
        let [head] = packed.take()?;
        let thousandths = u16::from_be_bytes(packed.take()?);
        let observed_second = second(packed.take()?);
        let recorded_at = second(packed.take()?);
        let strength = if head & EXACT_STRENGTH == 0 {
            f64::from(thousandths) / 1000.0
        } else {
            f64::from_be_bytes(packed.take()?)
        };
        let nanosecond = if head & NANOSECONDS == 0 {
            0
        } else {
            i32::from_be_bytes(packed.take()?)
        };
        let observed_at = Timestamp::new(observed_second, nanosecond).ok()?;
        Some(Self {
            id,
            numbers: Numbers {
                kind: *Kind::ALL.get(usize::from(head & KIND))?,
                strength: Strength::new(strength).ok()?,
                observed_at,
            },
            recorded_at,
            ends: if head & OTHER_END == 0 {
                ends(recorded_at, observed_at)
            } else {
                second(packed.take()?)
            },
        })
    }
}

/// A signal's id as its key has it, in bytes.
pub(crate) fn parse_id(id: &str) -> Option<Id> {
    let mut bytes = [0; 16];
    hex::decode_to_slice(id, &mut bytes).ok()?;
    Some(bytes)
}

/// Where the kind is in [`Kind::ALL`], which grows at its end only.
fn kind_number(kind: Kind) -> u8 {
    let position = Kind::ALL.iter().position(|known| *known == kind);
    position
        .and_then(|position| u8::try_from(position).ok())
        .unwrap_or(KIND)
}

/// The strength in thousandths, if it is a number of them exactly.
fn thousandths(strength: f64) -> Option<u16> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a strength is at most 1"
    )]
    let thousandths = (strength * 1000.0).round() as u16;
    let same = f64::from(thousandths) / 1000.0;
    (same.to_bits() == strength.to_bits()).then_some(thousandths)
}

/// A second since 1970 in 40 bits, which reach 17,000 years either way. Zero is `i64::MIN`.
fn packed_second(second: i64) -> [u8; 5] {
    let packed = if second == i64::MIN {
        0
    } else {
        second + (1 << 39)
    };
    let [_, _, _, rest @ ..] = packed.to_be_bytes();
    rest
}

fn second(packed: [u8; 5]) -> i64 {
    let second = packed
        .into_iter()
        .fold(0, |second, byte| second << 8 | i64::from(byte));
    match second {
        0 => i64::MIN,
        packed => packed - (1 << 39),
    }
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use proptest::prelude::*;

    fn brief(strength: f64) -> Brief {
        let observed_at = "2026-11-15T12:00:00Z".parse().unwrap();
        Brief {
            id: parse_id("5f0123456789abcdef0123456789abcd").unwrap(),
            numbers: Numbers {
                kind: Kind::Hiring,
                strength: Strength::new(strength).unwrap(),
                observed_at,
            },
            recorded_at: 1_795_310_940,
            ends: ends(1_795_310_940, observed_at),
        }
    }

    #[test]
    fn a_brief_as_stored() {
        let brief = brief(0.5);
        let stored = [
            brief.page(),
            brief.name(),
            brief.past_page(),
            brief.past_name(),
            hex::encode(brief.pack()),
        ];
        expect![[r#"
            5f0
            ASNFZ4mrze8BI0VniavN
            582
            XwEjRWeJq83vASNFZ4mrzYBrAkVc
            0201f4806af99ec0806b02455c"#]]
        .assert_eq(&stored.join("\n"));
    }

    /// An item has 400 kB at the most.
    #[test]
    fn the_versions_of_one_signal_are_in_many_pages() {
        for interval in [1, 60, 4_096, 86_400] {
            let mut pages = std::collections::BTreeMap::new();
            for version in 0..20_000 {
                let recorded_at = version * interval;
                let page = Brief {
                    recorded_at,
                    ..brief(0.5)
                }
                .past_page();
                *pages.entry(page).or_insert(0) += 1;
            }
            assert!(pages.values().all(|count| *count < 25), "{interval}");
        }
    }

    #[test]
    fn the_numbers_of_kinds_stay_as_they_are() {
        let numbers = Kind::ALL.map(|kind| format!("{} {kind}", kind_number(kind)));
        expect!["0 engagement, 1 funding, 2 hiring, 3 leadership, 4 technology, 5 expansion, 6 product, 7 news, 8 filing, 9 engineering, 10 web"]
            .assert_eq(&numbers.join(", "));
    }

    #[test]
    fn what_is_cut_or_foreign_is_no_brief() {
        let good = brief(0.123_456_789).pack().into_inner();
        assert_eq!(good.len(), 21);
        for length in 0..good.len() {
            assert!(Brief::unpack("5f0", &brief(0.5).name(), &good[..length]).is_none());
        }
        assert!(Brief::unpack("5f0", "short", &good).is_none());
        assert!(Brief::unpack("x", &brief(0.5).name(), &good).is_none());
        let mut foreign = good;
        foreign[0] |= KIND;
        assert!(Brief::unpack("5f0", &brief(0.5).name(), &foreign).is_none());
    }

    prop_compose! {
        fn any_brief()(
            id in any::<Id>(),
            kind in prop::sample::select(Kind::ALL.to_vec()),
            strength in prop_oneof![(1u16..=1000).prop_map(|n| f64::from(n) / 1000.0), 0.001..=1.0],
            second in prop_oneof![0_i64..4_000_000_000, -377_000_000_000_i64..253_000_000_000],
            nanosecond in prop_oneof![Just(0), 0..999_999_999],
            recorded_at in prop_oneof![Just(i64::MIN), 0_i64..4_000_000_000],
            end in prop::option::of(0_i64..9_000_000_000),
        ) -> Brief {
            let observed_at = Timestamp::new(second, if second < 0 { -nanosecond } else { nanosecond }).unwrap();
            let strength = Strength::new(strength).unwrap();
            Brief {
                id,
                numbers: Numbers { kind, strength, observed_at },
                recorded_at,
                ends: end.unwrap_or_else(|| ends(recorded_at, observed_at)),
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_unpacked_is_what_was_packed(brief in any_brief()) {
            let packed = brief.pack().into_inner();
            prop_assert_eq!(Brief::unpack(&brief.page(), &brief.name(), &packed), Some(brief));
            prop_assert_eq!(Brief::unpack_past(&brief.past_name(), &packed), Some(brief));
        }
    }
}
