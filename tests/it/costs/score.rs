use intent::Kind;
use tests::{Call, Counted, Customer, TestApp, known, signal};

use super::{Measured, cost};

const PATH: &str = "/api/v1/score?domain=stripe.com";

fn call(app: &TestApp, customer: &Customer) -> Call {
    app.get(PATH).key(customer)
}

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let app = &measured.counted;
    let customer = measured.app.customer(100).await;
    let of = async |app: &TestApp| cost(&measured, call(app, &customer), 200).await;
    // Remembers the key.
    of(app).await;
    let unknown = of(app).await;
    let public = (1..=5).map(|day| known(Kind::Hiring, day, &day.to_string()));
    for signal in public {
        measured.app.publish("stripe.com", signal).await;
    }
    let computed = of(app).await;
    let kept = of(app).await;
    let first = of(&app.restarted()).await;

    let own = [signal("stripe.com", "funding", 14, "own")];
    measured.app.learn(&customer, &own).await;
    let computed_own = of(app).await;
    let kept_own = of(app).await;

    measured.app.clock.advance(86_400);
    let next_day = of(app).await;

    assert!(kept.round_trips <= 2, "{kept:?}");
    assert!(kept.write_units <= 1.0, "{kept:?}");
    assert_eq!(kept.calls["DynamoDB UpdateItem"], 1, "the admission");
    vec![
        ("score: kept", kept),
        ("score: kept, own signals", kept_own),
        ("score: computed from 5 signals", computed),
        (
            "score: computed from 5 signals and one of its own",
            computed_own,
        ),
        ("score: company without signals", unknown),
        ("score: kept, first call of an instance", first),
        ("score: computed, first call of a day", next_day),
    ]
}
