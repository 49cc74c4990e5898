//! Links to the files of a job that has ended.

use bulk::Attempt;
use tests::{Customer, TestApp, client};
use types::{Clock, JobId};

use super::path;

async fn ended_job(app: &TestApp) -> (Customer, JobId) {
    let customer = app.customer(10).await;
    let file = "company_name,domain\nStripe,stripe.com\nNone,none\n";
    let job = app.submit(&customer, file).await;
    app.deliver(&customer, job, Attempt::Score).await;
    (customer, job)
}

#[tokio::test]
async fn expire_after_an_hour_and_are_new_at_each_poll() {
    let app = TestApp::new().await;
    let (customer, job) = ended_job(&app).await;
    for (date, expires) in [
        ("20261115T120010Z", "2026-11-15T13:00:10Z"),
        ("20261115T123010Z", "2026-11-15T13:30:10Z"),
    ] {
        let answer = app.get(&path(job)).key(&customer).send().await.expect(200);
        assert_eq!(answer.json["expires_at"], expires);
        for link in ["download_url", "errors_url"] {
            let url = answer.json[link].as_str().unwrap();
            assert!(url.contains("X-Amz-Expires=3600"), "{url}");
            assert!(url.contains(&format!("X-Amz-Date={date}")), "{url}");
        }
        app.clock.advance(1800);
    }
}

#[tokio::test]
async fn download_the_files_without_a_key() {
    let app = TestApp::new().await;
    // Whoever serves the file reads the true clock.
    let ahead = Clock::system().now().as_second() - app.clock.now().as_second();
    app.clock.advance(ahead);
    let (customer, job) = ended_job(&app).await;
    let row = app.job(&customer, job).await;
    let answer = app.get(&path(job)).key(&customer).send().await.expect(200);
    for (link, name, key) in [
        ("download_url", "scores", row.work.files.result_key),
        ("errors_url", "errors", row.work.files.errors_key),
    ] {
        let url = answer.json[link].as_str().unwrap();
        let file = client().get(url).send().await.unwrap();
        assert_eq!(file.status(), 200);
        let saved_as = format!("attachment; filename=\"{job}-{name}.csv\"");
        assert_eq!(file.headers()["content-disposition"], saved_as);
        assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
        let text = file.text().await.unwrap().replace("\r\n", "\n");
        assert_eq!(text, app.object(&key.unwrap()).await);

        let other_key = url.replace(&format!("/{name}.csv"), "/other.csv");
        let forged = client().get(&other_key).send().await.unwrap();
        assert!(forged.status().is_client_error());
    }
}

#[tokio::test]
async fn work_no_longer_than_they_say() {
    let app = TestApp::new().await;
    let ago = app.clock.now().as_second() - Clock::system().now().as_second();
    app.clock.advance(-ago - 3700);
    let (customer, job) = ended_job(&app).await;
    let answer = app.get(&path(job)).key(&customer).send().await.expect(200);
    let url = answer.json["download_url"].as_str().unwrap();
    assert_eq!(client().get(url).send().await.unwrap().status(), 403);
}
