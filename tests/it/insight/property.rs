//! Any interleaving of writing signals, scoring and waiting: every score that was answered can be explained as it was, and
//! the history has the last one of each day.

use std::collections::BTreeMap;

use intent::{Kind, Signal, Strength};
use proptest::prelude::*;
use serde_json::Value;
use store::Owner;
use tests::{Customer, TestApp, interleavings};
use types::{Domain, Product, Timestamp};

use super::get;

const CASES: u32 = 30;
const DAY: i64 = 86_400;

#[derive(Clone, Debug)]
enum Step {
    /// Two accounts, of which the first may have signals of its own.
    Score {
        own: bool,
    },
    Write {
        own: bool,
        signal: Signal,
        days_ago: i64,
    },
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop::sample::select(Kind::ALL.to_vec());
    let signal = (kind, 1..=10_u8, "[abc]").prop_map(|(kind, tenths, external_id)| Signal {
        kind,
        strength: Strength::new(f64::from(tenths) / 10.0).unwrap(),
        observed_at: Timestamp::UNIX_EPOCH,
        source: "test".to_owned(),
        external_id,
        evidence: String::new(),
        url: None,
    });
    prop_oneof![
        6 => any::<bool>().prop_map(|own| Step::Score { own }),
        // From before to tomorrow.
        6 => (any::<bool>(), signal, -1..90_i64)
            .prop_map(|(own, signal, days_ago)| Step::Write { own, signal, days_ago }),
        4 => (1..3 * DAY).prop_map(Step::Wait),
        1 => (DAY..400 * DAY).prop_map(Step::Wait),
    ]
}

struct World<'a> {
    app: &'a TestApp,
    domain: Domain,
    customers: [Customer; 2],
    has_own: bool,
    /// What each was answered, by the moment that it was for.
    answered: [BTreeMap<Timestamp, Value>; 2],
    /// The last score of each day: the public one and the first account's own.
    days: [BTreeMap<String, Value>; 2],
}

#[test]
fn any_interleaving() {
    interleavings(CASES, step(), &async |app, steps| {
        let mut world = World::new(app).await;
        for step in steps {
            app.clock.advance(1);
            world.take(step).await;
        }
        world.check().await;
    });
}

impl<'a> World<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let customer = || app.customer_on(Product::Intent, "scale", 10_000);
        let name = types::unique(app.clock.now());
        Self {
            app,
            domain: Domain::parse(&format!("{name}.com")).unwrap(),
            customers: [customer().await, customer().await],
            has_own: false,
            answered: Default::default(),
            days: Default::default(),
        }
    }

    async fn take(&mut self, step: Step) {
        let now = self.app.clock.now();
        match step {
            Step::Wait(seconds) => self.app.clock.advance(seconds),
            Step::Write {
                own,
                signal,
                days_ago,
            } => {
                let at = Timestamp::from_second(now.as_second() - days_ago * DAY).unwrap();
                let signals = [Signal {
                    observed_at: at,
                    ..signal
                }];
                let owner = if own {
                    Owner::Account(self.customers[0].account)
                } else {
                    Owner::Public
                };
                let added = self
                    .app
                    .intel
                    .add_signals(&self.domain, owner, &signals, now);
                added.await.unwrap();
                self.has_own |= own;
            }
            Step::Score { own } => {
                let who = usize::from(!own);
                let path = format!("?domain={}", self.domain);
                let answer = get(self.app, &self.customers[who], &path).await.expect(200);
                let mut answer = answer.json;
                let fields = answer.as_object_mut().unwrap();
                let is_new = fields.remove("cached").unwrap() == false;
                let is_known = fields.remove("expires_at").unwrap() != fields["scored_at"];
                if is_new && is_known {
                    let whose = usize::from(own && self.has_own);
                    self.days[whose].insert(types::day_of(now), answer.clone());
                }
                self.answered[who].insert(moment(&answer), answer);
            }
        }
    }

    async fn check(&self) {
        let oldest = self.app.clock.now().as_second() - intent_store::HISTORY_DAYS * DAY;
        for (customer, answered) in self.customers.iter().zip(&self.answered) {
            let askable = answered.iter().filter(|(at, _)| at.as_second() >= oldest);
            for (at, answer) in askable {
                let path = format!("/explain?domain={}&at={at}", self.domain);
                let explained = get(self.app, customer, &path).await.expect(200);
                assert_eq!(explained.json, *answer);
            }
        }
        let [public, own] = &self.days;
        let is_kept = |score: &&Value| moment(score).as_second() > oldest;
        let first_own = own.values().find(is_kept).map(moment).map(types::day_of);
        let is_before = |day: &String| first_own.as_ref().is_none_or(|first| day < first);
        let mut seen: Vec<&Value> = Vec::new();
        seen.extend(
            public
                .iter()
                .filter(|(day, _)| is_before(day))
                .map(|(_, score)| score),
        );
        seen.extend(own.values());
        self.check_history(&self.customers[0], seen).await;
        self.check_history(&self.customers[1], public.values().collect())
            .await;
    }

    async fn check_history(&self, customer: &Customer, mut expected: Vec<&Value>) {
        let path = format!("/history?domain={}&days=730", self.domain);
        let answer = get(self.app, customer, &path).await.expect(200);
        let points = answer.json["points"].as_array().unwrap().clone();
        let today = self.app.clock.now().as_second();
        let first = Timestamp::from_second(today - 729 * DAY).unwrap();
        expected.retain(|score| types::date_of(moment(score)) >= types::date_of(first));
        let shown = points
            .iter()
            .map(|point| (&point["at"], &point["score"], &point["band"]));
        let meant = expected
            .iter()
            .map(|score| (&score["scored_at"], &score["score"], &score["band"]));
        assert_eq!(shown.collect::<Vec<_>>(), meant.collect::<Vec<_>>());
    }
}

fn moment(score: &Value) -> Timestamp {
    score["scored_at"].as_str().unwrap().parse().unwrap()
}
