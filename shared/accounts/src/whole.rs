use std::collections::BTreeMap;

use store::item::PrimaryKey;
use store::keys::{AccountsKey, METERS};
use store::{Shard, StoreError};
use types::{AccountId, Product};

use crate::shards::Shape;
use crate::spread::changing;
use crate::{Accounts, Meter};

/// Looks at a meter whose shards are opened and folded at the same moment.
const LOOKS: usize = 8;

impl Accounts {
    /// The meter as it is now, if the account has the product, with what its shards have counted.
    pub async fn meter(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Option<Meter>, StoreError> {
        for _ in 0..LOOKS {
            let Some(own) = self.own_meter(account, product).await? else {
                return Ok(None);
            };
            // The meter first: if its shards are all there afterwards, none of them was in it.
            if let Some(shards) = self.shards_of(account, product, own.shape).await? {
                return Ok(Some(own.with(&shards)));
            }
        }
        Err(changing())
    }

    /// The meters of every product that an account has, with what their shards have counted.
    pub async fn meters(&self, account: AccountId) -> Result<BTreeMap<Product, Meter>, StoreError> {
        let mut meters = self.own_meters(account).await?;
        for (product, meter) in &mut meters {
            if meter.is_part()
                && let Some(whole) = self.meter(account, *product).await?
            {
                *meter = whole;
            }
        }
        Ok(meters)
    }

    /// The item of a meter itself, as it is now: all of limits, keys and credits, and what none of its shards has counted.
    pub async fn own_meter(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Option<Meter>, StoreError> {
        let key = AccountsKey::Meter(account, product).into();
        let item = self.0.get(key, true).await?;
        item.as_ref().map(Meter::from_item).transpose()
    }

    pub(crate) async fn own_meters(
        &self,
        account: AccountId,
    ) -> Result<BTreeMap<Product, Meter>, StoreError> {
        let partition = AccountsKey::partition(account);
        let mut meters = BTreeMap::new();
        for item in self.0.query(&partition, METERS).await? {
            let product = PrimaryKey::of(&item).and_then(|key| key.product_of_meter());
            let product = product.ok_or_else(|| StoreError::malformed("meter", "no product"))?;
            meters.insert(product, Meter::from_item(&item)?);
        }
        Ok(meters)
    }

    /// The shards of a meter of this shape; none if they were folded since it was read.
    pub(crate) async fn shards_of(
        &self,
        account: AccountId,
        product: Product,
        shape: Shape,
    ) -> Result<Option<Vec<Meter>>, StoreError> {
        let keys: Vec<PrimaryKey> = Shard::all(shape.count())
            .map(|shard| AccountsKey::Shard(account, product, shard).into())
            .collect();
        let items = self.0.batch_get(&keys).await?;
        let shards: Vec<Meter> = items
            .values()
            .map(Meter::from_item)
            .collect::<Result<_, _>>()?;
        let same = shards.iter().filter(|shard| shard.shape.rev == shape.rev);
        Ok((same.count() == usize::from(shape.count())).then_some(shards))
    }
}

impl Meter {
    /// The same with what its shards have counted.
    pub(crate) fn with(mut self, shards: &[Self]) -> Self {
        for shard in shards {
            for (month, calls) in &shard.months {
                *self.months.entry(month.clone()).or_default() += calls;
            }
            for (name, day) in &shard.days {
                self.days.entry(*name).or_default().add(day);
            }
            for window in &shard.windows {
                let same = |known: &&mut super::Window| known.attribute == window.attribute;
                match self.windows.iter_mut().find(same) {
                    Some(known) => known.calls += window.calls,
                    None => self.windows.push(window.clone()),
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::item::{Item, number};

    fn meter(counters: &[(&str, i64)]) -> Meter {
        let counters = counters.iter();
        let item: Item = counters
            .map(|(name, calls)| ((*name).to_owned(), number(*calls)))
            .collect();
        Meter::from_item(&item).unwrap()
    }

    #[test]
    fn what_shards_have_counted_is_added_by_name() {
        let own = meter(&[("credits", 995), ("m202611", 7), ("dkkkkkkg17", 7)]);
        let shards = [
            meter(&[("m202611", 2), ("dkkkkkkg17", 2), ("wkkkkkkh9kjk", 2)]),
            meter(&[
                ("m202611", 4),
                ("dkkkkkkg17", 1),
                ("doooooog18", 3),
                ("wkkkkkkh9kjk", 3),
            ]),
        ];
        let expected = meter(&[
            ("credits", 995),
            ("m202611", 13),
            ("dkkkkkkg17", 10),
            ("doooooog18", 3),
            ("wkkkkkkh9kjk", 5),
        ]);
        assert_eq!(own.with(&shards), expected);
    }
}
