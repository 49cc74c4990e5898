//! Documents filed with the SEC: <https://www.sec.gov/search-filings/edgar-application-programming-interfaces>.

mod filings;
mod tickers;

#[cfg(test)]
pub(crate) use self::{filings::read as filings, tickers::read as tickers};

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use self::tickers::Tickers;
use crate::collector::{CollectContext, Collector};
use crate::found::Found;
use crate::source::Source;
use crate::source_error::SourceError;

/// Keeps the list of companies in memory for as long as the instance lives.
#[derive(Debug, Default)]
pub(crate) struct Sec {
    tickers: Tickers,
}

/// The number (CIK) at the SEC of the company with the name of the domain.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    cik: Option<u64>,
}

impl Collector for Sec {
    fn source(&self) -> Source {
        Source::Sec
    }

    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            let cik = match context.previous.recall::<Memory>().cik {
                Some(cik) => cik,
                None => match self.tickers.find(context).await? {
                    Some(cik) => cik,
                    None => return Ok(Found::nothing()),
                },
            };
            let url = format!("https://data.sec.gov/submissions/CIK{cik:010}.json");
            let read = |body: &[u8]| filings::read(body, cik, context.company, context.now);
            context.daily(&url, &Memory { cik: Some(cik) }, read).await
        })
    }
}
