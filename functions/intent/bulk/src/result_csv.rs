use tabular::Writer;
use tabular::companies::{Company, CompanyRow, Upload};

use crate::part::{RowResult, ScoredRow};

/// The files of a finished job.
pub(crate) struct Files {
    /// Every row of the upload in order, with its result.
    pub(crate) scores: Vec<u8>,
    /// The rows without a score, with the reason; `None` if there are none.
    pub(crate) errors: Option<Vec<u8>>,
}

/// The columns after the upload's own in the file of scores.
const SCORE_COLUMNS: [&str; 11] = [
    "scored_domain",
    "status",
    "score",
    "band",
    "confidence",
    "signals",
    "momentum",
    "reasoning",
    "scored_at",
    "cached",
    "credits_charged",
];

/// The outcome of a row, for both files.
enum Outcome<'a> {
    Scored(&'a ScoredRow),
    Missing { reason: &'a str, message: &'a str },
}

const FAILED: Outcome<'static> = Outcome::Missing {
    reason: "not_processed",
    message: "the row could not be processed after several attempts; it was refunded, send it again",
};
const CANCELLED: Outcome<'static> = Outcome::Missing {
    reason: "cancelled",
    message: "the job was cancelled before the row was processed; it was refunded",
};

/// Writes both files. `results` has one element per domain of the upload.
pub(crate) fn write(upload: &Upload, results: &[Option<RowResult>]) -> Files {
    let mut scores = Writer::new();
    scores.row(
        upload
            .columns
            .iter()
            .map(String::as_str)
            .chain(SCORE_COLUMNS),
    );
    let mut errors = Writer::new();
    errors.row(
        upload
            .columns
            .iter()
            .map(String::as_str)
            .chain(["line", "reason", "message"]),
    );
    let mut any_error = false;
    for (row, position) in upload.rows.iter().zip(positions(upload)) {
        let outcome = outcome(row, position.and_then(|position| results.get(position)));
        write_score(&mut scores, row, &outcome);
        if let Outcome::Missing { reason, message } = outcome {
            any_error = true;
            row.fields.iter().for_each(|field| errors.text(field));
            errors.number(row.line);
            errors.row([reason, message]);
        }
    }
    Files {
        scores: scores.finish(),
        errors: any_error.then(|| errors.finish()),
    }
}

/// The index of each row's company among the upload's domains; `None` for a row without a valid company.
fn positions(upload: &Upload) -> Vec<Option<usize>> {
    let mut next = 0;
    let mut positions: Vec<Option<usize>> = Vec::with_capacity(upload.rows.len());
    for row in &upload.rows {
        let position = match &row.company {
            Company::Valid { .. } => {
                next += 1;
                Some(next - 1)
            }
            Company::Duplicate { first, .. } => positions.get(*first).copied().flatten(),
            Company::Invalid { .. } => None,
        };
        positions.push(position);
    }
    positions
}

fn outcome<'a>(row: &'a CompanyRow, result: Option<&'a Option<RowResult>>) -> Outcome<'a> {
    match (&row.company, result) {
        (Company::Invalid { reason, message }, _) => Outcome::Missing { reason, message },
        (_, Some(Some(RowResult::Scored(scored)))) => Outcome::Scored(scored),
        (_, Some(Some(RowResult::Failed))) => FAILED,
        (_, Some(None) | None) => CANCELLED,
    }
}

fn write_score(file: &mut Writer, row: &CompanyRow, outcome: &Outcome<'_>) {
    row.fields.iter().for_each(|field| file.text(field));
    file.text(row.company.domain().map_or("", |domain| domain.as_str()));
    match outcome {
        Outcome::Scored(scored) => {
            let status = if scored.charged {
                "scored"
            } else {
                "no_signals"
            };
            let is_first = matches!(row.company, Company::Valid { .. });
            file.text(status);
            file.number(scored.score);
            file.text(scored.band.as_str());
            file.text(scored.confidence.as_str());
            file.number(scored.signals);
            match scored.momentum.change {
                Some(change) => file.number(change),
                None => file.text(""),
            }
            file.text(&scored.reasoning);
            file.text(&scored.scored_at.to_string());
            file.text(if scored.cached { "true" } else { "false" });
            file.number(u8::from(scored.charged && is_first));
        }
        Outcome::Missing { reason, .. } => {
            file.text(reason);
            (0..7).for_each(|_| file.text(""));
            file.text("false");
            file.number(0_u8);
        }
    }
    file.end_row();
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use intent::Momentum;
    use tabular::Limits;
    use types::{Domain, Timestamp};

    fn scored(domain: &str, charged: bool) -> RowResult {
        let score = intent::score(&Domain::parse(domain).unwrap(), &[], Timestamp::UNIX_EPOCH);
        RowResult::Scored(ScoredRow {
            score: 7,
            band: score.band,
            confidence: score.confidence,
            signals: 2,
            momentum: Momentum::new(7, charged.then_some(10)),
            reasoning: "=because".to_owned(),
            scored_at: score.scored_at,
            cached: false,
            charged,
        })
    }

    #[test]
    fn rows_keep_their_order_and_duplicates_share_a_result() {
        let file = "name,domain\n=A,a.com\nA again,www.a.com\nNone,not a domain\nB,b.com\nC,c.com\nD,d.com\n";
        let upload = Upload::read(
            file.as_bytes(),
            Limits {
                max_bytes: 1000,
                max_rows: 10,
            },
        )
        .unwrap();
        let results = [
            Some(scored("a.com", true)),
            Some(scored("b.com", false)),
            Some(RowResult::Failed),
            None,
        ];
        let files = write(&upload, &results);
        expect![[r#"
            name,domain,scored_domain,status,score,band,confidence,signals,momentum,reasoning,scored_at,cached,credits_charged
            '=A,a.com,a.com,scored,7,COLD,none,2,-3,'=because,1970-01-01T00:00:00Z,false,1
            A again,www.a.com,a.com,scored,7,COLD,none,2,-3,'=because,1970-01-01T00:00:00Z,false,0
            None,not a domain,,domain_malformed,,,,,,,,false,0
            B,b.com,b.com,no_signals,7,COLD,none,2,,'=because,1970-01-01T00:00:00Z,false,0
            C,c.com,c.com,not_processed,,,,,,,,false,0
            D,d.com,d.com,cancelled,,,,,,,,false,0
        "#]]
        .assert_eq(&String::from_utf8(files.scores).unwrap().replace("\r\n", "\n"));
        expect![[r#"
            name,domain,line,reason,message
            None,not a domain,4,domain_malformed,this is not a domain name; give a company domain such as stripe.com
            C,c.com,6,not_processed,"the row could not be processed after several attempts; it was refunded, send it again"
            D,d.com,7,cancelled,the job was cancelled before the row was processed; it was refunded
        "#]]
        .assert_eq(&String::from_utf8(files.errors.unwrap()).unwrap().replace("\r\n", "\n"));
    }
}
