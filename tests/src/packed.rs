use std::collections::BTreeMap;
use std::fmt::Write;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures::{StreamExt, stream};
use intent::{Kind, Signal, Strength};
use ring::digest::{SHA256, digest};
use store::item::{number, text};
use types::Timestamp;

use crate::{Customer, Item, TestApp};

/// Signals of a company with very many that are stored as they are: a score shows some of these.
const STRONG: usize = 200;
/// The most signals that are read whole.
const MAX_WHOLE: usize = 500;
const COUNTS_SECONDS: i64 = 730 * 86_400;

/// Very many signals: the first 200 strong and of the last two days, of the others each as weak as may be.
pub fn crowd(count: usize, now: Timestamp) -> Vec<Signal> {
    let before = |seconds: i64| Timestamp::from_second(now.as_second() - seconds).unwrap();
    let kinds = Kind::ALL.into_iter().cycle();
    let signals = (0_i32..).zip(kinds).take(count);
    let one = |(id, kind): (i32, Kind)| {
        let is_strong = usize::try_from(id).unwrap() < STRONG;
        let (strength, observed_at) = if is_strong {
            (
                f64::from(300 + id) / 1_000.0,
                before(60 + 600 * i64::from(id)),
            )
        } else {
            (0.001, before(10 * 86_400 + 60 * i64::from(id)))
        };
        Signal {
            kind,
            strength: Strength::new(strength).unwrap(),
            observed_at,
            source: "test".to_owned(),
            external_id: id.to_string(),
            evidence: format!("Seen in {kind}, {id}"),
            url: None,
        }
    };
    signals.map(one).collect()
}

/// A signal's id: half of the hash of its source and external id.
fn id(signal: &Signal) -> Vec<u8> {
    let hashed = format!("{}\0{}", signal.source, signal.external_id);
    digest(&SHA256, hashed.as_bytes()).as_ref()[..16].to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// A brief as docs/design/scores.md describes it, of a signal whose strength is a number of thousandths.
fn brief(signal: &Signal, recorded_at: i64) -> AttributeValue {
    let kind = Kind::ALL.iter().position(|kind| *kind == signal.kind);
    let mut brief = vec![u8::try_from(kind.unwrap()).unwrap()];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 1,000"
    )]
    let thousandths = (signal.strength.get() * 1_000.0).round() as u16;
    brief.extend(thousandths.to_be_bytes());
    for second in [signal.observed_at.as_second(), recorded_at] {
        brief.extend(&(second + (1 << 39)).to_be_bytes()[3..]);
    }
    AttributeValue::B(Blob::new(brief))
}

impl TestApp {
    /// The partition of a company's public signals, or of a customer's own.
    fn company(domain: &str, owner: Option<&Customer>) -> String {
        match owner {
            None => format!("COMPANY#{domain}"),
            Some(customer) => format!("COMPANY#{domain}#{}", customer.account),
        }
    }

    /// Gives a company a [`crowd`] of signals, written now, and returns them. Beyond 500 they are packed, and of the weak ones
    /// there are the briefs only, straight in the table: no score shows them.
    pub async fn crowd(&self, domain: &str, owner: Option<&Customer>, count: usize) -> Vec<Signal> {
        let now = self.clock.now();
        let signals = crowd(count, now);
        let pk = Self::company(domain, owner);
        if count <= MAX_WHOLE {
            let domain = types::Domain::parse(domain).unwrap();
            let owner = owner.map_or(store::Owner::Public, |customer| {
                store::Owner::Account(customer.account)
            });
            let added = self.intel.add_signals(&domain, owner, &signals, now);
            added.await.unwrap();
            return signals;
        }
        let recorded_at = now.as_second();
        let mut pages: BTreeMap<String, Item> = BTreeMap::new();
        for signal in &signals {
            let id = id(signal);
            let page = pages.entry(hex(&id)[..3].to_owned()).or_default();
            let name = BASE64_URL_SAFE_NO_PAD.encode(&id[1..]);
            page.insert(name, brief(signal, recorded_at));
        }
        let keyed = |sk: String, mut item: Item| {
            item.insert("pk".to_owned(), text(&pk));
            item.insert("sk".to_owned(), text(sk));
            item
        };
        let pages = pages
            .into_iter()
            .map(|(page, item)| keyed(format!("BRIEFS#{page}"), item));
        let whole = signals.iter().take(STRONG).map(|signal| {
            let mut item: Item = serde_dynamo::to_item(signal).unwrap();
            let ends = recorded_at + COUNTS_SECONDS;
            item.insert("digest".to_owned(), text("of a test"));
            item.insert("recorded_at".to_owned(), number(recorded_at));
            item.insert("ends".to_owned(), number(ends));
            item.insert("expires".to_owned(), number(ends + COUNTS_SECONDS));
            keyed(format!("SIGNAL#{}", hex(&id(signal))), item)
        });
        let counted = owner.map_or("public_signals", |_| "own_signals");
        let row = Item::from([
            ("revision".to_owned(), number(1)),
            (counted.to_owned(), number(count)),
            ("packed".to_owned(), text("all")),
        ]);
        let row = keyed("SCORE".to_owned(), row);
        self.write_all(pages.chain(whole).chain([row])).await;
        signals
    }

    /// Sets a number of the score row of a company's public signals, bypassing the crates under test.
    pub async fn tamper_company(&self, domain: &str, attribute: &str, value: i64) {
        self.set(domain, "SCORE".to_owned(), attribute, number(value))
            .await;
    }

    /// Gives a public signal another strength, without anything that goes with a change.
    pub async fn age_signal(&self, domain: &str, signal: &Signal) {
        let sk = format!("SIGNAL#{}", hex(&id(signal)));
        self.set(domain, sk, "strength", number(0.999)).await;
    }

    /// Says of a company's public signals that they are being packed.
    pub async fn begin_packing(&self, domain: &str) {
        self.set(domain, "SCORE".to_owned(), "packed", text("begun"))
            .await;
    }

    async fn set(&self, domain: &str, sk: String, attribute: &str, value: AttributeValue) {
        let update = aws_sdk_dynamodb::Client::new(&self.aws).update_item();
        let changed = update
            .table_name(self.env.required("INTEL_TABLE").unwrap())
            .key("pk", text(Self::company(domain, None)))
            .key("sk", text(sk))
            .update_expression("SET #attribute = :value")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", value)
            .send();
        changed.await.unwrap();
    }

    async fn write_all(&self, items: impl Iterator<Item = Item>) {
        let table = self.env.required("INTEL_TABLE").unwrap();
        let client = aws_sdk_dynamodb::Client::new(&self.aws);
        let put = |item| {
            let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let puts: Vec<WriteRequest> = items.map(put).collect();
        stream::iter(puts.chunks(25))
            .for_each_concurrent(8, |puts| {
                let batch = client.batch_write_item();
                let batch = batch.request_items(&table, puts.to_vec());
                async move {
                    let written = batch.send().await.unwrap();
                    assert!(written.unprocessed_items.unwrap_or_default().is_empty());
                }
            })
            .await;
    }
}
