use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::ProtocolSlug;

use crate::number::{amount, count, whole};
use crate::{Category, PerTier, Tier};

/// A protocol as the market overview needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// What it is called in paths.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// What it makes tradable.
    pub category: Category,
    /// Its AUM in US dollars, if known.
    pub aum_usd: Option<f64>,
    /// Its score, 0 to 100, if it has one.
    pub score: Option<u8>,
}

/// The whole market. The first five fields are those of the published API.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarketOverview {
    /// Known AUM of all protocols, US dollars.
    pub total_aum_usd: f64,
    /// The mean score of those that have one, rounded.
    pub average_liquidity_score: Option<u8>,
    /// How many protocols there are.
    pub total_protocols: usize,
    /// How many are in each tier. Those without a score are in none.
    pub tiers: PerTier<usize>,
    /// How many are of each category.
    pub categories: PerCategory<usize>,
    /// Known AUM by tier, US dollars.
    pub aum_by_tier: PerTier<f64>,
    /// Known AUM by category, US dollars.
    pub aum_by_category: PerCategory<f64>,
    /// How many have no score.
    pub without_score: usize,
    /// How many have no known AUM.
    pub without_aum: usize,
    /// Those of the highest scores, highest first, at most [`MarketOverview::RANKED`]; of equal scores the larger first.
    pub top: Vec<Ranked>,
    /// Those of the lowest scores, lowest first, as many; of equal scores the smaller first.
    pub bottom: Vec<Ranked>,
}

/// A protocol with its score.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "RankedProtocol")]
pub struct Ranked {
    /// What it is called in paths.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// US dollars, if known.
    pub aum_usd: Option<f64>,
    /// Points, 0 to 100.
    pub liquidity_score: u8,
    /// The tier of that score.
    pub liquidity_tier: Tier,
}

/// One value for each category. In JSON an object with their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct PerCategory<T> {
    /// Of [`Category::Treasury`].
    pub treasury: T,
    /// Of [`Category::PrivateCredit`].
    pub private_credit: T,
    /// Of [`Category::RealEstate`].
    pub real_estate: T,
    /// Of [`Category::Commodity`].
    pub commodity: T,
    /// Of [`Category::Infrastructure`].
    pub infrastructure: T,
}

impl<T> PerCategory<T> {
    /// The value of a category, to be changed.
    pub const fn get_mut(&mut self, category: Category) -> &mut T {
        match category {
            Category::Treasury => &mut self.treasury,
            Category::PrivateCredit => &mut self.private_credit,
            Category::RealEstate => &mut self.real_estate,
            Category::Commodity => &mut self.commodity,
            Category::Infrastructure => &mut self.infrastructure,
        }
    }
}

impl MarketOverview {
    /// The most protocols that `top` and `bottom` list each.
    pub const RANKED: usize = 10;

    /// Of these protocols, in any order.
    pub fn of(protocols: &[Listed]) -> Self {
        let mut ordered: Vec<&Listed> = protocols.iter().collect();
        // By score, then size, then name: nothing depends on the order given, not even the last bit of a sum.
        ordered.sort_by(|a, b| {
            let size = |of: &Listed| amount(of.aum_usd).unwrap_or(0.0);
            let by_size = size(b).total_cmp(&size(a));
            b.score
                .cmp(&a.score)
                .then(by_size)
                .then_with(|| a.slug.cmp(&b.slug))
        });
        let (mut tiers, mut aum_by_tier) = (PerTier::default(), PerTier::default());
        let (mut categories, mut aum_by_category) =
            (PerCategory::default(), PerCategory::default());
        let mut total = 0.0;
        for protocol in &ordered {
            let usd = amount(protocol.aum_usd).unwrap_or(0.0);
            total = add(total, usd);
            *categories.get_mut(protocol.category) += 1_usize;
            let by_category = aum_by_category.get_mut(protocol.category);
            *by_category = add(*by_category, usd);
            if let Some(tier) = protocol.score.map(Tier::of) {
                *tiers.get_mut(tier) += 1_usize;
                let by_tier = aum_by_tier.get_mut(tier);
                *by_tier = add(*by_tier, usd);
            }
        }
        let scored: Vec<Ranked> = ordered.iter().filter_map(|of| ranked(of)).collect();
        let sum: f64 = scored.iter().map(|of| f64::from(of.liquidity_score)).sum();
        Self {
            total_aum_usd: total,
            average_liquidity_score: (!scored.is_empty()).then(|| whole(sum / count(scored.len()))),
            total_protocols: protocols.len(),
            tiers,
            categories,
            aum_by_tier,
            aum_by_category,
            without_score: protocols.len() - scored.len(),
            without_aum: protocols
                .iter()
                .filter(|of| amount(of.aum_usd).is_none())
                .count(),
            top: scored.iter().take(Self::RANKED).cloned().collect(),
            bottom: scored.iter().rev().take(Self::RANKED).cloned().collect(),
        }
    }
}

/// The sum of two amounts, which stays a number however large they are.
fn add(a: f64, b: f64) -> f64 {
    (a + b).min(f64::MAX)
}

fn ranked(protocol: &Listed) -> Option<Ranked> {
    let liquidity_score = protocol.score?;
    Some(Ranked {
        slug: protocol.slug.clone(),
        name: protocol.name.clone(),
        aum_usd: amount(protocol.aum_usd),
        liquidity_score,
        liquidity_tier: Tier::of(liquidity_score),
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    fn listed(slug: &str, category: Category, aum_usd: Option<f64>, score: Option<u8>) -> Listed {
        Listed {
            slug: slug.parse().unwrap(),
            name: slug.to_uppercase(),
            category,
            aum_usd,
            score,
        }
    }

    #[test]
    fn the_overview_has_the_printed_fields_first() {
        let overview = MarketOverview::of(&[
            listed("arca-arcoin", Category::Treasury, Some(451_904.0), Some(20)),
            listed(
                "ondo-usdy",
                Category::Treasury,
                Some(450_200_000.0),
                Some(82),
            ),
            listed("lofty", Category::RealEstate, None, Some(24)),
            listed("prime", Category::PrivateCredit, Some(f64::NAN), None),
        ]);
        expect![[r#"
            {
              "totalAumUsd": 450651904.0,
              "averageLiquidityScore": 42,
              "totalProtocols": 4,
              "tiers": {
                "L1": 1,
                "L2": 0,
                "L3": 0,
                "ILLIQUID": 2
              },
              "categories": {
                "treasury": 2,
                "private_credit": 1,
                "real_estate": 1,
                "commodity": 0,
                "infrastructure": 0
              },
              "aumByTier": {
                "L1": 450200000.0,
                "L2": 0.0,
                "L3": 0.0,
                "ILLIQUID": 451904.0
              },
              "aumByCategory": {
                "treasury": 450651904.0,
                "private_credit": 0.0,
                "real_estate": 0.0,
                "commodity": 0.0,
                "infrastructure": 0.0
              },
              "withoutScore": 1,
              "withoutAum": 2,
              "top": [
                {
                  "slug": "ondo-usdy",
                  "name": "ONDO-USDY",
                  "aum_usd": 450200000.0,
                  "liquidity_score": 82,
                  "liquidity_tier": "L1"
                },
                {
                  "slug": "lofty",
                  "name": "LOFTY",
                  "aum_usd": null,
                  "liquidity_score": 24,
                  "liquidity_tier": "ILLIQUID"
                },
                {
                  "slug": "arca-arcoin",
                  "name": "ARCA-ARCOIN",
                  "aum_usd": 451904.0,
                  "liquidity_score": 20,
                  "liquidity_tier": "ILLIQUID"
                }
              ],
              "bottom": [
                {
                  "slug": "arca-arcoin",
                  "name": "ARCA-ARCOIN",
                  "aum_usd": 451904.0,
                  "liquidity_score": 20,
                  "liquidity_tier": "ILLIQUID"
                },
                {
                  "slug": "lofty",
                  "name": "LOFTY",
                  "aum_usd": null,
                  "liquidity_score": 24,
                  "liquidity_tier": "ILLIQUID"
                },
                {
                  "slug": "ondo-usdy",
                  "name": "ONDO-USDY",
                  "aum_usd": 450200000.0,
                  "liquidity_score": 82,
                  "liquidity_tier": "L1"
                }
              ]
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&overview).unwrap());
    }

    #[test]
    fn sums_of_whatever_sources_say_are_numbers() {
        let huge = listed("a", Category::Treasury, Some(f64::MAX), Some(1));
        let overview = MarketOverview::of(&[huge.clone(), huge]);
        let sums = [
            overview.total_aum_usd,
            overview.aum_by_tier.illiquid,
            overview.aum_by_category.treasury,
        ];
        assert!(sums.iter().all(|sum| sum.is_finite()), "{sums:?}");
    }

    #[test]
    fn nothing_has_no_average() {
        let overview = MarketOverview::of(&[]);
        assert_eq!(
            (overview.average_liquidity_score, overview.total_protocols),
            (None, 0)
        );
    }

    fn any_listed() -> impl Strategy<Value = Listed> {
        let category = prop::sample::select(Category::ALL.to_vec());
        let usd = prop::option::of(prop_oneof![2 => 0.0..1e11, 1 => any::<f64>()]);
        ("[a-z]{1,6}", category, usd, prop::option::of(0u8..=100))
            .prop_map(|(slug, category, usd, score)| listed(&slug, category, usd, score))
    }

    proptest! {
        #[test]
        fn counts_add_up_sums_are_numbers_and_order_does_not_matter(
            (all, shuffled) in prop::collection::vec(any_listed(), 0..40)
                .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        ) {
            let overview = MarketOverview::of(&all);
            let tiers: usize = Tier::ALL.iter().map(|tier| overview.tiers.get(*tier)).sum();
            prop_assert_eq!(tiers + overview.without_score, all.len());
            let mut categories = overview.categories;
            let of_category: usize = Category::ALL.iter().map(|of| *categories.get_mut(*of)).sum();
            prop_assert_eq!(of_category, all.len());
            prop_assert!(overview.total_aum_usd.is_finite() && overview.total_aum_usd >= 0.0);
            prop_assert!(overview.top.is_sorted_by(|a, b| a.liquidity_score >= b.liquidity_score));
            prop_assert!(overview.bottom.is_sorted_by(|a, b| a.liquidity_score <= b.liquidity_score));
            let other = MarketOverview::of(&shuffled);
            prop_assert_eq!(other.total_aum_usd.to_bits(), overview.total_aum_usd.to_bits());
            prop_assert_eq!((other.tiers, other.categories, other.top.len()), (overview.tiers, overview.categories, overview.top.len()));
        }
    }
}
