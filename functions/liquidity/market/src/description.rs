use api::Code;
use endpoints::liquidity::{
    BACKTEST, EXPORT, MARKET, METHODOLOGY, PORTFOLIO, PROTOCOL_EVENTS, PROTOCOL_LIST,
    PROTOCOL_READ, SCORE_EXPLAIN, SCORE_HISTORY, SCORE_LIST, SCORE_READ,
};
use liquidity::{Backtest, MarketOverview, PortfolioReport, PortfolioRequest};
use openapi::Operation;

use crate::answer::ProtocolAnswer;
use crate::export::ExportAnswer;
use crate::methodology::MethodologyList;
use crate::protocol::{EventPage, ProtocolPage};
use crate::score::{HistoryAnswer, ScoreAnswer, ScoreList};

/// What is wrong with a portfolio.
const PORTFOLIO_ERRORS: &[&str] = &[
    "position_count",
    "value_out_of_range",
    "position_repeated",
    "participation_rate_out_of_range",
];

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&PROTOCOL_LIST)
            .about("What is not known is null. A change shows within a minute.")
            .returns::<ProtocolPage>(200, "A page of protocols."),
        Operation::of(&PROTOCOL_READ)
            .about("What is not known is null.")
            .returns::<ProtocolAnswer>(200, "The protocol."),
        Operation::of(&PROTOCOL_EVENTS)
            .about("Changes of score, tier, AUM, jurisdiction and status; data that are overdue; pauses of scoring and their ends.")
            .returns::<EventPage>(200, "A page of events."),
        Operation::of(&SCORE_LIST)
            .about("There are at most 1,000 protocols, so there are no pages. A change shows within a minute.")
            .returns::<ScoreList>(200, "The scores."),
        Operation::of(&SCORE_READ)
            .about("The components that are known, less the penalties, are the score exactly: `contributions`. `missing` has what is not known, and what would be needed.")
            .returns::<ScoreAnswer>(200, "The score."),
        Operation::of(&SCORE_HISTORY).returns::<HistoryAnswer>(200, "The scores, the newest first."),
        Operation::of(&SCORE_EXPLAIN)
            .about("The same score as was served then, with all that it consisted of.")
            .refuses(Code::BadRequest, &["time_invalid", "time_in_future", "time_too_old"])
            .returns::<ScoreAnswer>(200, "The score then."),
        Operation::of(&MARKET)
            .about("A change shows within a minute.")
            .returns::<MarketOverview>(200, "The market."),
        Operation::of(&METHODOLOGY).returns::<MethodologyList>(200, "The methodology, with every version."),
        Operation::of(&EXPORT)
            .returns::<ExportAnswer>(200, "All protocols.")
            .or_text("text/csv"),
        Operation::of(&BACKTEST)
            .about("Scores are as they were, and nothing after the period is looked at. Beside the score are two figures that need no methodology.")
            .returns::<Backtest>(200, "The backtest."),
        Operation::of(&PORTFOLIO)
            .about("Up to 200 positions. What is not known of one is in `unknown`.")
            .takes::<PortfolioRequest>()
            .refuses(Code::BadRequest, PORTFOLIO_ERRORS)
            .returns::<PortfolioReport>(200, "The report."),
    ]
}
