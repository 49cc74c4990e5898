use std::cmp::Reverse;

use types::GrantId;

/// The credits of a product as the documentation tells them, a tenth at a time.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) lots: Vec<Lot>,
    /// Taken since the lots were last looked at; below zero if more came back.
    pub(super) taken: i64,
    /// When the next lot with something left ends, as it was known then.
    next_end: Option<i64>,
    /// Whether the lots were ever written: what was there before has no end.
    written: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Lot {
    /// None for what came back.
    pub(super) grant: Option<GrantId>,
    pub(super) priority: u8,
    pub(super) end: Option<i64>,
    pub(super) created: i64,
    pub(super) given: i64,
    pub(super) left: i64,
    /// Set aside for jobs.
    pub(super) reserved: i64,
}

/// A lot's grant, or when it came to be.
pub(super) type Name = (Option<GrantId>, i64);

impl Lot {
    fn name(&self) -> Name {
        (self.grant, self.created)
    }
}

impl Model {
    pub(super) fn balance(&self) -> i64 {
        self.lots.iter().map(|lot| lot.left).sum::<i64>() - self.taken
    }

    fn is_due(&self, now: i64) -> bool {
        self.next_end.is_some_and(|end| end <= now)
    }

    /// Takes from the balance, if it reaches without what has ended.
    pub(super) fn spend(&mut self, tenths: i64, now: i64) -> bool {
        if self.is_due(now) {
            self.settle(now);
        }
        let reaches = self.balance() >= tenths;
        if reaches {
            self.taken += tenths;
        }
        reaches
    }

    /// Sets credits aside, if the balance reaches without what has ended. Returns how much of which lots, by when they came to
    /// be; of two of one second the place tells them apart.
    pub(super) fn reserve(&mut self, tenths: i64, now: i64) -> Option<Vec<(Name, i64)>> {
        if self.is_due(now) {
            self.settle(now);
        }
        if self.balance() < tenths {
            return None;
        }
        self.settle(now);
        self.sort();
        let mut parts: Vec<(Name, i64)> = Vec::new();
        for _ in 0..tenths {
            let lot = self.lots.iter_mut().find(|lot| lot.left > 0).unwrap();
            lot.left -= 1;
            lot.reserved += 1;
            match parts.last_mut() {
                Some((name, taken)) if *name == lot.name() => *taken += 1,
                _ => parts.push((lot.name(), 1)),
            }
        }
        self.note_end();
        Some(parts)
    }

    /// A job ends: of what was set aside, the first is kept, and the rest is where it came from, if that has not ended.
    pub(super) fn end_job(&mut self, parts: &[(Name, i64)], mut kept: i64, now: i64) {
        for (name, taken) in parts {
            let lot = self.lots.iter_mut().find(|lot| lot.name() == *name);
            let lot = lot.unwrap();
            lot.reserved -= taken;
            let used = kept.min(*taken);
            kept -= used;
            if lot.end.is_none_or(|end| end > now) {
                lot.left += taken - used;
            }
        }
        self.note_end();
    }

    fn sort(&mut self) {
        self.lots.sort_by_key(|lot| {
            (
                lot.priority,
                lot.end.unwrap_or(i64::MAX),
                lot.created,
                lot.grant,
            )
        });
    }

    pub(super) fn come_back(&mut self, tenths: i64) {
        self.taken -= tenths;
    }

    pub(super) fn add(&mut self, lot: Lot, now: i64) {
        self.settle(now);
        self.lots.push(lot);
        self.note_end();
    }

    /// Looks at the lots; writes down what it sees only if something ended or has no lot to return to.
    pub(super) fn show(&mut self, now: i64) -> Vec<Lot> {
        let mut seen = self.clone();
        let lots = seen.lots.len();
        seen.settle(now);
        if self.is_due(now) || seen.lots.len() > lots {
            *self = seen.clone();
        }
        seen.lots
    }

    fn settle(&mut self, now: i64) {
        self.sort();
        let ended = |lot: &Lot| lot.end.is_some_and(|end| end <= now);
        while self.taken > 0 {
            self.lots.iter_mut().find(|lot| lot.left > 0).unwrap().left -= 1;
            self.taken -= 1;
        }
        let mut homeless = 0;
        while self.taken < 0 {
            let last = self
                .lots
                .iter_mut()
                .rev()
                .find(|lot| !ended(lot) && lot.left + lot.reserved < lot.given);
            match last {
                Some(lot) => lot.left += 1,
                None => homeless += 1,
            }
            self.taken += 1;
        }
        for lot in self.lots.iter_mut().filter(|lot| ended(lot)) {
            lot.left = 0;
        }
        if homeless > 0 {
            self.lots.push(Lot {
                grant: None,
                priority: 50,
                end: self.written.then_some(now + 30 * 86_400),
                created: now,
                given: homeless,
                left: homeless,
                reserved: 0,
            });
        }
        self.written = true;
        self.note_end();
    }

    fn note_end(&mut self) {
        let open = self.lots.iter().filter(|lot| lot.left > 0);
        self.next_end = open.filter_map(|lot| lot.end).min_by_key(|end| *end);
        // The order of the documentation is that of the next look.
        self.lots.sort_by_key(|lot| Reverse(lot.created));
    }
}
