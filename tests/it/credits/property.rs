//! Any interleaving of all that moves credits, beside a model that does it a tenth at a time.

use std::collections::BTreeSet;

use accounts::{Entry, EntryKind, GrantSource, NewGrant};
use auth::{Principal, Scope};
use intent_store::{ScoreFiles, ScoreJob};
use proptest::prelude::*;
use quota::{Charge, Denied, Quota};
use store::StoreError;
use tests::{Customer, TestApp, interleavings};
use types::{Credits, GrantId, JobId, Product, Timestamp, unique};
use workspace::{Finish, Job, JobState, NewJob, Submitted};

use super::model::{Lot, Model, Name};

const CASES: u32 = 40;

#[derive(Clone, Debug)]
enum Step {
    Grant {
        tenths: i64,
        priority: u8,
        hours: Option<i64>,
    },
    Spend(i64),
    /// A single call was not delivered: its credits come back.
    Release(prop::sample::Index),
    Reserve(i64),
    /// A job ends; this part of a hundred is kept.
    Finish(prop::sample::Index, i64),
    Refund(i64),
    Adjust(i64),
    Show,
    CloseDays,
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let hours = proptest::option::weighted(0.7, 1..60_i64);
    let priority = prop::sample::select(vec![10_u8, 50, 90]);
    prop_oneof![
        3 => (1..60_i64, priority, hours)
            .prop_map(|(tenths, priority, hours)| Step::Grant { tenths, priority, hours }),
        5 => (1..30_i64).prop_map(Step::Spend),
        2 => any::<prop::sample::Index>().prop_map(Step::Release),
        2 => (1..60_i64).prop_map(Step::Reserve),
        3 => (any::<prop::sample::Index>(), 0..=100_i64).prop_map(|(job, kept)| Step::Finish(job, kept)),
        1 => (1..20_i64).prop_map(Step::Refund),
        1 => (1..20_i64).prop_map(Step::Adjust),
        2 => Just(Step::Show),
        1 => Just(Step::CloseDays),
        4 => (1..30_i64).prop_map(Step::Wait),
    ]
}

struct World<'a> {
    app: &'a TestApp,
    quota: Quota,
    caller: Principal,
    customer: Customer,
    model: Model,
    calls: Vec<i64>,
    jobs: Vec<(JobId, Vec<(Name, i64)>)>,
}

#[test]
fn any_interleaving() {
    interleavings(CASES, step(), &async |app, steps| {
        let mut world = World::new(app).await;
        for step in steps {
            app.clock.advance(1);
            world.take(&step).await;
            world.check(&step).await;
        }
    });
}

impl<'a> World<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let customer = app.customer_on(Product::Intent, "scale", 0).await;
        let Customer {
            account,
            product,
            key,
            ..
        } = customer;
        let scopes = vec![Scope::Read];
        Self {
            app,
            quota: Quota::new(
                app.accounts.clone(),
                app.workspace.clone(),
                app.clock.clock(),
            ),
            caller: Principal {
                account,
                product,
                key,
                lineage: key,
                scopes,
                expires_at: None,
            },
            customer,
            model: Model::default(),
            calls: Vec::new(),
            jobs: Vec::new(),
        }
    }

    async fn take(&mut self, step: &Step) {
        let (now, seconds) = (self.app.clock.now(), self.app.clock.now().as_second());
        let Principal {
            account, product, ..
        } = self.caller;
        match step {
            Step::Grant {
                tenths,
                priority,
                hours,
            } => {
                let end = hours.map(|hours| seconds + hours * 3_600);
                let new = NewGrant {
                    grant: GrantId::new(now),
                    amount: Credits::from_tenths(*tenths),
                    priority: *priority,
                    expires_at: end.map(|end| Timestamp::from_second(end).unwrap()),
                    source: GrantSource::Operator,
                    note: String::new(),
                    audit: None,
                };
                self.app
                    .accounts
                    .grant(account, product, &new, now)
                    .await
                    .unwrap();
                let (given, left) = (*tenths, *tenths);
                let lot = Lot {
                    grant: Some(new.grant),
                    priority: *priority,
                    end,
                    created: seconds,
                    given,
                    left,
                    reserved: 0,
                };
                self.model.add(lot, seconds);
            }
            Step::Spend(tenths) => {
                let price = Credits::from_tenths(*tenths);
                let charge = Charge::Call {
                    price,
                    route: 1,
                    may_be_free: false,
                };
                let admitted = match self.quota.admit(&self.caller, charge).await {
                    Ok(_) => true,
                    Err(Denied::Credits { .. }) => false,
                    Err(other) => panic!("{other:?}"),
                };
                assert_eq!(admitted, self.model.spend(*tenths, seconds));
                self.calls.extend(admitted.then_some(*tenths));
            }
            Step::Release(call) if !self.calls.is_empty() => {
                let tenths = self.calls.swap_remove(call.index(self.calls.len()));
                self.quota
                    .release(&self.caller, Credits::from_tenths(tenths))
                    .await
                    .unwrap();
                self.model.come_back(tenths);
            }
            Step::Reserve(tenths) => {
                let job = job(&self.caller, *tenths, now);
                let new = NewJob {
                    row: job.clone(),
                    max_active: 100,
                };
                let meter = self.app.meter(&self.customer).await;
                let submitted = self.app.workspace.submit_job(new, &meter).await.unwrap();
                let submitted = matches!(submitted, Submitted::Yes);
                let parts = self.model.reserve(*tenths, seconds);
                assert_eq!(submitted, parts.is_some());
                self.jobs.extend(parts.map(|parts| (job.job, parts)));
            }
            Step::Finish(job, kept) if !self.jobs.is_empty() => {
                let (job, parts) = self.jobs.swap_remove(job.index(self.jobs.len()));
                let reserved: i64 = parts.iter().map(|(_, taken)| taken).sum();
                let charged = reserved * kept / 100;
                self.finish(job, charged, now).await;
                self.model.end_job(&parts, charged, seconds);
            }
            Step::Refund(tenths) => {
                assert!(self.correct(EntryKind::Refund, *tenths, now).await);
                self.model.come_back(*tenths);
            }
            Step::Adjust(tenths) => {
                // By hand, the balance is what counts, ended or not.
                let reaches = self.model.balance() >= *tenths;
                assert_eq!(self.correct(EntryKind::Adjust, -tenths, now).await, reaches);
                self.model.taken += if reaches { *tenths } else { 0 };
            }
            Step::Show => self.show(now).await,
            Step::CloseDays => {
                let meter = self.app.meter(&self.customer).await;
                self.quota.close_days(&self.caller, &meter).await;
            }
            Step::Wait(hours) => self.app.clock.advance(hours * 3_600),
            Step::Release(_) | Step::Finish(..) => {}
        }
    }

    /// Whether the balance reaches for it.
    async fn correct(&self, kind: EntryKind, tenths: i64, at: Timestamp) -> bool {
        let note = String::new();
        let entry = Entry {
            reference: unique(at),
            kind,
            tenths,
            at,
            note,
        };
        let Principal {
            account, product, ..
        } = self.caller;
        let accounts = &self.app.accounts;
        match accounts.correct(account, product, &entry, None).await {
            Ok(()) => true,
            Err(StoreError::Conflict) => false,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn finish(&self, job: JobId, charged: i64, now: Timestamp) {
        let until = Timestamp::from_second(now.as_second() + 60).unwrap();
        let workspace = &self.app.workspace;
        let leased = workspace
            .lease_job::<ScoreJob>(self.caller.account, job, "lease", now, until)
            .await
            .unwrap();
        let finish = Finish {
            state: JobState::Done,
            units_done: 1,
            units_failed: 0,
            charged: Credits::from_tenths(charged),
            outcome: ScoreFiles::default(),
            expires: until,
        };
        workspace.finish_job(&leased, &finish, now).await.unwrap();
    }

    /// What is shown is what the model has, grant by grant.
    async fn show(&mut self, now: Timestamp) {
        let Principal {
            account, product, ..
        } = self.caller;
        let held = self
            .app
            .accounts
            .holdings(account, product, now)
            .await
            .unwrap();
        let known: BTreeSet<_> = self.model.lots.iter().filter_map(|lot| lot.grant).collect();
        let shown: BTreeSet<_> = held
            .grants
            .iter()
            .filter(|grant| grant.remaining > 0)
            .map(|grant| {
                let id = known.contains(&grant.grant).then_some(grant.grant);
                (
                    id,
                    grant.created_at.as_second(),
                    grant.expires_at.map(Timestamp::as_second),
                    grant.remaining,
                )
            })
            .collect();
        let lots = self.model.show(now.as_second());
        let lots = lots.iter().filter(|lot| lot.left > 0);
        let lots: BTreeSet<_> = lots
            .map(|lot| (lot.grant, lot.created, lot.end, lot.left))
            .collect();
        assert_eq!(shown, lots);
        let left: Credits = held.grants.iter().map(accounts::Grant::left).sum();
        assert_eq!(left, held.balance);
    }

    /// The ledger, less the days that are open, is the balance; it is the model's, and not negative.
    async fn check(&self, step: &Step) {
        let balance = self.app.balance(&self.customer).await;
        assert_eq!(balance.tenths(), self.model.balance(), "after {step:?}");
        assert!(balance >= Credits::ZERO);
    }
}

fn job(caller: &Principal, tenths: i64, now: Timestamp) -> Job<ScoreJob> {
    let work = ScoreJob {
        rows_total: 1,
        rows_valid: 1,
        rows_invalid: 0,
        rows_duplicate: 0,
        chunk_rows: 50,
        chunk_ends: Vec::new(),
        files: ScoreFiles::default(),
    };
    let ids = (caller.account, JobId::new(now));
    Job::queued(ids, 1, Credits::from_tenths(tenths), now, work)
}
