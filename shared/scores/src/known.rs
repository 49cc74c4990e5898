use std::collections::{BTreeSet, HashMap};

use futures::future::{OptionFuture, join};
use intent::{Numbers, Outline, Score, Signal};
use intent_store::{Brief, Known, ScoreRow, ScoreRows};
use store::{Owner, StoreError};
use tokio::sync::OwnedSemaphorePermit;
use types::{AccountId, Domain, Timestamp};

use crate::Scores;

/// Companies whose signals are in memory at once, over all that is computed at the same time. A packed one counts as all of
/// them.
pub(crate) const AT_ONCE: usize = 8;

/// What an account sees of a company: its public signals and the account's own. As long as it exists, it counts against
/// [`AT_ONCE`].
#[derive(Debug)]
pub(crate) struct Seen {
    /// Sorted by their texts.
    whole: Vec<Signal>,
    briefs: Vec<(Owner, Brief)>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Seen {
    /// The numbers of all of its signals.
    pub(crate) fn numbers(&self) -> Vec<Numbers> {
        let whole = self.whole.iter().map(Numbers::from);
        let briefs = self.briefs.iter().map(|(_, brief)| brief.numbers);
        whole.chain(briefs).collect()
    }

    fn add(&mut self, owner: Owner, known: Option<Known>) {
        match known {
            None => {}
            Some(Known::Whole(signals)) => self.whole.extend(signals),
            Some(Known::Briefs(briefs)) => {
                let briefs = briefs.into_iter();
                self.briefs.extend(briefs.map(|brief| (owner, brief)));
            }
        }
    }
}

impl Scores {
    /// What an account sees of a company that counts at `now`.
    pub(crate) async fn seen(
        &self,
        account: AccountId,
        domain: &Domain,
        rows: &ScoreRows,
        now: Timestamp,
    ) -> Result<Seen, StoreError> {
        let read = |owner, row| self.intel.known(domain, owner, row, now);
        self.seen_by(account, rows, read).await
    }

    /// What an account saw of a company at `at`.
    pub(crate) async fn seen_at(
        &self,
        account: AccountId,
        domain: &Domain,
        rows: &ScoreRows,
        at: Timestamp,
    ) -> Result<Seen, StoreError> {
        let read = |owner, row| self.intel.known_at(domain, owner, row, at);
        self.seen_by(account, rows, read).await
    }

    /// The public and the own signals, each read only if its row shows that there are some.
    async fn seen_by<'a, F>(
        &self,
        account: AccountId,
        rows: &'a ScoreRows,
        read: impl Fn(Owner, &'a ScoreRow) -> F,
    ) -> Result<Seen, StoreError>
    where
        F: Future<Output = Result<Known, StoreError>>,
    {
        let own_owner = Owner::Account(account);
        let (public, own) = (rows.public.as_ref(), rows.own.as_ref());
        let is_packed = public.into_iter().chain(own).any(ScoreRow::is_packed);
        let permits = if is_packed { AT_ONCE } else { 1 };
        let permits = u32::try_from(permits).unwrap_or(1);
        // It is never closed.
        let permit = self.loads.clone().acquire_many_owned(permits).await.ok();
        let public = OptionFuture::from(public.map(|row| read(Owner::Public, row)));
        let own = OptionFuture::from(own.map(|row| read(own_owner, row)));
        let (public, own) = join(public, own).await;
        let mut seen = Seen {
            whole: Vec::new(),
            briefs: Vec::new(),
            _permit: permit,
        };
        seen.add(Owner::Public, public.transpose()?);
        seen.add(own_owner, own.transpose()?);
        intent::sort(&mut seen.whole);
        Ok(seen)
    }

    /// The standard score at `now` of what is seen.
    pub(crate) async fn score_of(
        &self,
        domain: &Domain,
        seen: &Seen,
        now: Timestamp,
    ) -> Result<Score, StoreError> {
        let outline = Outline::of(&seen.numbers(), now);
        let [score] = self.with_texts(domain, seen, [outline]).await?;
        Ok(score)
    }

    /// Outlines of what is seen with the texts that they show. Reads those of packed companies: about 50 signals for each
    /// outline.
    pub(crate) async fn with_texts<const N: usize>(
        &self,
        domain: &Domain,
        seen: &Seen,
        outlines: [Outline; N],
    ) -> Result<[Score; N], StoreError> {
        let whole = &seen.whole;
        let shown: BTreeSet<usize> = outlines.iter().flat_map(Outline::shown).collect();
        let in_brief = shown
            .into_iter()
            .filter_map(|index| Some((index, *seen.briefs.get(index.checked_sub(whole.len())?)?)));
        let (indexes, briefs): (Vec<usize>, Vec<(Owner, Brief)>) = in_brief.unzip();
        let found = self.intel.signals_of(domain, &briefs).await?.into_iter();
        let found: HashMap<usize, Signal> = found
            .filter_map(|(place, signal)| Some((*indexes.get(place)?, signal)))
            .collect();
        let signal = |index: usize| whole.get(index).or_else(|| found.get(&index));
        Ok(outlines.map(|outline| outline.score(domain, signal)))
    }
}
