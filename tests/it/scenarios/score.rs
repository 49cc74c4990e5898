use intent::Kind;
use tests::{Customer, known, signal};

use super::{Act, Scenario, Stage};

const PATH: &str = "/api/v1/score?domain=stripe.com";

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("score: kept", async |stage| {
            let customer = informed(&stage).await;
            of(&stage, &customer).once_before().await
        }),
        Scenario::new("score: kept, own signals", async |stage| {
            let customer = informed_by_itself(&stage).await;
            of(&stage, &customer).once_before().await
        }),
        Scenario::new("score: computed from 5 signals", async |stage| {
            let customer = informed(&stage).await;
            of(&stage, &customer)
        }),
        Scenario::new(
            "score: computed from 5 signals and one of its own",
            async |stage| {
                let customer = informed_by_itself(&stage).await;
                of(&stage, &customer)
            },
        ),
        Scenario::new("score: company without signals", async |stage| {
            let customer = stage.app.customer(100).await;
            of(&stage, &customer).once_before().await
        }),
        Scenario::new("score: kept, first call of an instance", async |stage| {
            let customer = informed(&stage).await;
            of(&stage, &customer).once_before().await;
            let restarted = stage.subject.restarted();
            Act::call(200, move || restarted.get(PATH).key(&customer))
        }),
        Scenario::new("score: computed, first call of a day", async |stage| {
            let customer = informed_by_itself(&stage).await;
            let act = of(&stage, &customer).once_before().await;
            stage.app.clock.advance(86_400);
            act
        }),
    ]
}

fn of(stage: &Stage, customer: &Customer) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || app.get(PATH).key(&customer))
}

/// A customer whose key the instance remembers, and five signals of the company, whose score nobody has asked for since.
async fn informed(stage: &Stage) -> Customer {
    let customer = stage.app.customer(100).await;
    of(stage, &customer).once_before().await;
    for day in 1..=5 {
        let signal = known(Kind::Hiring, day, &day.to_string());
        stage.app.publish("stripe.com", signal).await;
    }
    customer
}

/// The same with a signal of the customer's own.
async fn informed_by_itself(stage: &Stage) -> Customer {
    let customer = informed(stage).await;
    of(stage, &customer).once_before().await;
    let own = [signal("stripe.com", "funding", 14, "own")];
    stage.app.learn(&customer, &own).await;
    customer
}
