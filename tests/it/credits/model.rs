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
        self.lots.sort_by_key(|lot| {
            (
                lot.priority,
                lot.end.unwrap_or(i64::MAX),
                lot.created,
                lot.grant,
            )
        });
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
                .find(|lot| !ended(lot) && lot.left < lot.given);
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
