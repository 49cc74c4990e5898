use serde_json::Value;
use tests::{Deployed, answer};

#[tokio::test]
async fn a_file_in_the_bucket_moves_scores() {
    let stack = Deployed::running();
    // What is imported is seen by all.
    let domain = stack.unknown_domain();
    let day = stack.now().strftime("%Y-%m-%d");
    let file = format!(
        "domain,kind,observed_at,source,external_id,evidence\n\
         {domain},funding,{day},e2e,1,Series A\n\
         {domain},dancing,{day},e2e,2,\n"
    );
    let key = format!("import/e2e {domain}.csv");
    let put = stack.bucket.put(&key, "text/csv", file.into());
    put.await.unwrap();

    let report = format!("{key}.report.json");
    let report = async || stack.bucket.get(&report, 1_000_000).await.ok();
    let report = stack.wait_for("the report", 60, report).await;
    let report: Value = serde_json::from_slice(&report.body).unwrap();
    assert_eq!(
        (&report["stored"], &report["failed"]),
        (&1.into(), &1.into()),
        "{report}"
    );
    assert_eq!(report["object"], key);
    assert_eq!(report["errors"][0]["line"], 3);

    let customer = stack.customer(10).await;
    let score = stack.get(&format!("/api/v1/score?domain={domain}"));
    let score = answer(score.bearer_auth(&customer.raw)).await.expect(200);
    assert_eq!(score.json["signals"][0]["evidence"], "Series A");
}
