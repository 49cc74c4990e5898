//! What else moves credits, just before each write of a job's submission.

use intent::Kind;
use tests::known;

use super::*;
use crate::operator::text;
use crate::score_bulk::companies;

const SCORE: &str = "/api/v1/score?domain=stripe.com";
const BULK: &str = "/api/v1/score/bulk";

#[derive(Clone, Copy, Debug)]
enum Other {
    /// Ten calls of a credit each.
    Spends,
    /// Another job, which reserves as much.
    Reserves,
    Grants,
}

#[tokio::test]
async fn no_credit_is_reserved_twice_whatever_comes_between() {
    let app = TestApp::new().await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let held = app.on_mortal();
    for other in [Other::Spends, Other::Reserves, Other::Grants] {
        for number in 0.. {
            let customer = app.customer(0).await;
            give(&app, &customer, 15, None).await;
            let submit = |app: &TestApp| {
                let submit = app.post(BULK).key(&customer);
                submit.body("text/csv", companies(10)).send()
            };
            let meanwhile = async {
                match other {
                    Other::Spends => {
                        for _ in 0..10 {
                            app.get(SCORE).key(&customer).send().await.expect(200);
                        }
                    }
                    Other::Reserves => drop(submit(&app).await.expect(202)),
                    Other::Grants => give(&app, &customer, 1, Some(60)).await,
                }
            };
            let process = submit(&held);
            let (submitted, was_held) = app.deaths.meanwhile(number, process, meanwhile).await;
            let left = app.balance(&customer).await;
            assert!(
                left >= Credits::ZERO,
                "{other:?} before write {number}: {left}"
            );
            let has_reserved = submitted.status == 202;
            assert!(has_reserved || submitted.status == 402, "{submitted:?}");
            let account = customer.account.to_string();
            text(&app, &["ledger", "verify", &account, "intent"]).await;
            if !was_held {
                assert!(number > 1, "admission, reservation");
                break;
            }
        }
    }
}
