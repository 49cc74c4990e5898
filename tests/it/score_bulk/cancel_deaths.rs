//! A cancellation that dies at any write leaves a job that the workers end exactly.

use bulk::Attempt;
use tests::{Death, TestApp};
use types::Credits;
use workspace::JobState;

use super::{assert_settled, companies, customer_who_knows_half, path};

#[tokio::test]
async fn is_finished_by_the_workers() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let customer = customer_who_knows_half(&app, 10_000, 120).await;
    let mut ends = Vec::new();
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let before = app.balance(&customer).await;
        let job = app.submit(&customer, &companies(120)).await;
        let messages = app.messages(&customer, job).await;
        app.worker()
            .handle(&messages[0], Attempt::Score)
            .await
            .unwrap();
        let cancel = mortal
            .post(&format!("{}/cancel", path(job)))
            .key(&customer)
            .send();
        let died = app.deaths.run(Some(death), cancel).await.is_none();

        // The dead function's lease runs out, and the queue delivers what was not handled.
        app.clock.advance(61);
        let row = app.deliver(&customer, job, Attempt::Score).await;
        assert_settled(&app, &customer, job, before).await;
        let charged = Credits::from_tenths(row.charged.unwrap());
        match row.state {
            JobState::Done => assert_eq!(charged, Credits::whole(60)),
            _ => assert_eq!(charged, Credits::whole(25)),
        }
        if !died {
            assert_eq!(row.state, JobState::Cancelled);
            break;
        }
        ends.push(row.state);
    }
    // Admission, the request to end, the lease, the result, the errors, the end. Until the request is written the job goes
    // on as if nobody had asked.
    let mut expected = vec![JobState::Done; 3];
    expected.extend([JobState::Cancelled; 9]);
    assert_eq!(ends, expected);
}
