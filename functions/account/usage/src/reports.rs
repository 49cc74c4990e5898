use api::ApiError;
use types::{AccountId, Date, Product, UtcDay};

use crate::App;

impl App {
    /// The reports that an account had made on each day of the UTC months of these dates. Only liquidity has reports.
    pub(crate) async fn reports_made(
        &self,
        account: AccountId,
        product: Product,
        dates: &[Date],
    ) -> Result<Vec<(UtcDay, u64)>, ApiError> {
        if product != Product::Liquidity {
            return Ok(Vec::new());
        }
        let months = dates.iter().map(|date| date.strftime("%Y%m").to_string());
        let mut months: Vec<String> = months.collect();
        months.dedup();
        Ok(self.reports.made(account, &months).await?)
    }
}
