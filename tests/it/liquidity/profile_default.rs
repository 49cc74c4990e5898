//! The mark of the default profile: one at most, and never of a profile that is gone.

use futures::future::join_all;
use http::Method;
use liquidity_store::scoring_profiles;
use proptest::prelude::*;
use serde_json::{Value, json};
use tests::{Answer, Customer, Death, Fault, Faults, Plan, Reach, TestApp, interleavings};

use super::customer;
use super::profiles::{PROFILES, create, list, made, on, put, treasury};

async fn set(app: &TestApp, customer: &Customer, id: &str) -> Answer {
    on(app, customer, Method::PUT, &format!("{id}/default")).await
}

async fn clear(app: &TestApp, customer: &Customer) -> Answer {
    on(app, customer, Method::DELETE, "default").await
}

/// The ids of the profiles that are marked in the list.
async fn marked(app: &TestApp, customer: &Customer) -> Vec<String> {
    let rows = list(app, customer).await.into_iter();
    let marked = rows.filter(|row| row["is_default"] == true);
    marked
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The stored mark, whatever it names.
async fn stored(app: &TestApp, customer: &Customer) -> Option<String> {
    let partition = format!("ACCT#{}", customer.account);
    let item = app.workspace_item(&partition, "PROFILES#liquidity").await?;
    Some(item.get("default_profile")?.as_s().unwrap().clone())
}

/// A customer with so many profiles.
async fn with(app: &TestApp, number: usize) -> (Customer, Vec<String>) {
    let customer = customer(app, "institutional").await;
    let mut ids = Vec::new();
    for number in 0..number {
        ids.push(made(app, &customer, &format!("Number {number}")).await);
    }
    (customer, ids)
}

#[tokio::test]
async fn it_is_set_moved_and_removed() {
    let app = TestApp::new().await;
    let (customer, ids) = with(&app, 2).await;
    let profiles = scoring_profiles(&app.workspace);
    let read = async || {
        let found = profiles.find_default(customer.account).await.unwrap();
        found.map(|row| row.id.to_string())
    };
    assert_eq!(read().await, None);
    let one = on(&app, &customer, Method::GET, &ids[0]).await;
    let mut before = one.expect(200).json["profile"].clone();
    app.clock.advance(5);
    let answer = set(&app, &customer, &ids[0]).await.expect(200);
    // Nothing else of it has changed.
    before["is_default"] = true.into();
    assert_eq!(answer.json, json!({ "profile": before }));
    let one = on(&app, &customer, Method::GET, &ids[0]).await.expect(200);
    assert_eq!(one.json, answer.json);
    assert_eq!(read().await.as_ref(), Some(&ids[0]));
    set(&app, &customer, &ids[1]).await.expect(200);
    set(&app, &customer, &ids[1]).await.expect(200);
    assert_eq!(marked(&app, &customer).await, [ids[1].clone()]);
    assert_eq!(read().await.as_ref(), Some(&ids[1]));

    let replaced = put(&app, &customer, &ids[1], &treasury("Other")).await;
    assert_eq!(replaced.expect(200).json["profile"]["is_default"], true);
    let replaced = put(&app, &customer, &ids[0], &treasury("Another")).await;
    assert_eq!(replaced.expect(200).json["profile"]["is_default"], false);
    on(&app, &customer, Method::DELETE, &ids[0])
        .await
        .expect(200);
    assert_eq!(marked(&app, &customer).await, [ids[1].clone()]);

    let cleared = clear(&app, &customer).await.expect(200);
    assert_eq!(cleared.json, json!({ "success": true }));
    assert_eq!(marked(&app, &customer).await, [""; 0]);
    clear(&app, &customer).await.expect(200);
    assert_eq!((read().await, stored(&app, &customer).await), (None, None));

    set(&app, &customer, &ids[1]).await.expect(200);
    on(&app, &customer, Method::DELETE, &ids[1])
        .await
        .expect(200);
    assert_eq!((read().await, stored(&app, &customer).await), (None, None));
    set(&app, &customer, &ids[1]).await.expect(404);
    assert_eq!(stored(&app, &customer).await, None);
}

/// An account that never had a profile has nothing stored by a removal of the mark, or by a mark of what is not there.
#[tokio::test]
async fn nothing_is_stored_where_nothing_is() {
    let app = TestApp::new().await;
    let customer = customer(&app, "professional").await;
    clear(&app, &customer).await.expect(200);
    let none = "profile_01k9xw3tkbc2v6m8p4h0r5zqde";
    set(&app, &customer, none).await.expect(404);
    let partition = format!("ACCT#{}", customer.account);
    let item = app.workspace_item(&partition, "PROFILES#liquidity").await;
    assert_eq!(item, None);
    let get = app.get(&format!("{PROFILES}/default")).key(&customer);
    get.send().await.expect(405);
}

#[tokio::test]
async fn of_many_at_once_one_is_marked() {
    let app = TestApp::new().await;
    let (customer, ids) = with(&app, 4).await;
    let many = (0..12).map(|at| set(&app, &customer, &ids[at % 4]));
    for answer in join_all(many).await {
        let answer = answer.expect(200);
        assert_eq!(answer.json["profile"]["is_default"], true);
    }
    assert_eq!(marked(&app, &customer).await.len(), 1);
}

/// A call of a race.
#[derive(Clone, Copy, Debug)]
enum Act {
    Set(usize),
    Remove(usize),
    Replace(usize),
    Clear,
}

impl Act {
    async fn of(self, app: &TestApp, customer: &Customer, ids: &[String]) -> Answer {
        match self {
            Self::Set(at) => set(app, customer, &ids[at]).await,
            Self::Remove(at) => on(app, customer, Method::DELETE, &ids[at]).await,
            Self::Replace(at) => put(app, customer, &ids[at], &treasury("Replaced")).await,
            Self::Clear => clear(app, customer).await,
        }
    }
}

/// Runs `other` before each write of `one`, with the first of three profiles marked or not. Returns the response to `one` where `other` ran
/// just before its last write, and the profile that is marked in the end.
async fn race(
    app: &TestApp,
    is_first_marked: bool,
    one: Act,
    other: Act,
) -> (Answer, Option<usize>) {
    let mortal = app.on_mortal();
    let mut last = None;
    for number in 0.. {
        let (customer, ids) = with(app, 3).await;
        if is_first_marked {
            set(app, &customer, &ids[0]).await.expect(200);
        }
        let process = one.of(&mortal, &customer, &ids);
        let meanwhile = async {
            other.of(app, &customer, &ids).await.expect(200);
        };
        let (answer, was_held) = app.deaths.meanwhile(number, process, meanwhile).await;
        if !was_held {
            break;
        }
        let stored = stored(app, &customer).await;
        let marked = marked(app, &customer).await;
        let what = format!("{one:?}, and before its write {number} {other:?}");
        assert_eq!(
            stored.as_slice(),
            marked,
            "{what}: of a profile that is gone"
        );
        let at = stored.map(|id| ids.iter().position(|one| *one == id).unwrap());
        last = Some((answer, at));
    }
    last.unwrap()
}

#[tokio::test]
async fn a_profile_that_is_removed_meanwhile_is_not_marked() {
    let app = TestApp::new().await;
    let (answer, marked) = race(&app, false, Act::Set(0), Act::Remove(0)).await;
    assert_eq!((answer.status.as_u16(), marked), (404, None));
    let (answer, marked) = race(&app, true, Act::Set(1), Act::Remove(1)).await;
    assert_eq!((answer.status.as_u16(), marked), (404, Some(0)));
}

#[tokio::test]
async fn a_profile_that_is_marked_meanwhile_is_removed_with_its_mark() {
    let app = TestApp::new().await;
    let (answer, marked) = race(&app, false, Act::Remove(0), Act::Set(0)).await;
    assert_eq!((answer.status.as_u16(), marked), (200, None));
}

#[tokio::test]
async fn a_removal_leaves_the_mark_that_another_got_meanwhile() {
    let app = TestApp::new().await;
    let (answer, marked) = race(&app, true, Act::Remove(0), Act::Set(1)).await;
    assert_eq!((answer.status.as_u16(), marked), (200, Some(1)));
    let (answer, marked) = race(&app, true, Act::Remove(2), Act::Set(1)).await;
    assert_eq!((answer.status.as_u16(), marked), (200, Some(1)));
    let (answer, marked) = race(&app, true, Act::Remove(0), Act::Clear).await;
    assert_eq!((answer.status.as_u16(), marked), (200, None));
}

#[tokio::test]
async fn a_replacement_tells_the_mark_of_its_own_moment() {
    let app = TestApp::new().await;
    let (answer, marked) = race(&app, false, Act::Replace(0), Act::Set(0)).await;
    assert_eq!(answer.expect(200).json["profile"]["is_default"], true);
    assert_eq!(marked, Some(0));
    let (answer, marked) = race(&app, true, Act::Replace(0), Act::Set(1)).await;
    assert_eq!(answer.expect(200).json["profile"]["is_default"], false);
    assert_eq!(marked, Some(1));
}

/// Each call with each of its responses lost, and sent again by the client of the table: done once, and told as done.
#[tokio::test]
async fn a_lost_response_is_not_seen() {
    let app = TestApp::new().await;
    let faults = Faults::default();
    let failing = app.with_faults(&faults);
    for (act, marked_after) in [
        (Act::Set(1), Some(1)),
        (Act::Remove(0), None),
        (Act::Remove(1), Some(0)),
        // It gets another name.
        (Act::Replace(0), Some(0)),
        (Act::Clear, None),
    ] {
        let mut met = 0;
        for at in 0.. {
            let (customer, ids) = with(&app, 2).await;
            set(&app, &customer, &ids[0]).await.expect(200);
            let plan = Plan {
                at,
                fault: Fault::Reset,
                reach: Reach::Once,
            };
            let (answer, happened) = faults
                .run(Some(plan), act.of(&failing, &customer, &ids))
                .await;
            answer.expect(200);
            let expected = marked_after.map(|at: usize| ids[at].clone());
            assert_eq!(stored(&app, &customer).await, expected, "{act:?} {at}");
            let left = if matches!(act, Act::Remove(_)) { 1 } else { 2 };
            assert_eq!(list(&app, &customer).await.len(), left, "{act:?} {at}");
            if !happened.met {
                break;
            }
            met += happened.lost.len();
        }
        // The admission and the profile.
        assert_eq!(met, 2, "{act:?}");
    }
}

#[tokio::test]
async fn a_call_that_dies_at_any_write_is_done_or_not() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    for act in [Act::Set(1), Act::Remove(0), Act::Clear] {
        let deaths = (0..).flat_map(|write| [Death::Before(write), Death::After(write)]);
        let mut died = 0;
        for death in deaths {
            let (customer, ids) = with(&app, 2).await;
            set(&app, &customer, &ids[0]).await.expect(200);
            let run = app
                .deaths
                .run(Some(death), act.of(&mortal, &customer, &ids));
            if run.await.is_some() {
                break;
            }
            died += 1;
            let stored = stored(&app, &customer).await;
            let rows = list(&app, &customer).await.len();
            let is_done = match act {
                Act::Set(at) => stored.as_ref() == Some(&ids[at]),
                Act::Remove(_) => stored.is_none() && rows == 1,
                Act::Clear | Act::Replace(_) => stored.is_none() && rows == 2,
            };
            let is_as_before = stored.as_ref() == Some(&ids[0]) && rows == 2;
            assert_eq!(
                (is_done, is_as_before),
                (died == 4, died != 4),
                "{act:?} {death:?}"
            );
        }
        assert_eq!(died, 4, "{act:?}");
    }
}

/// A step on one of four names.
#[derive(Clone, Debug)]
enum Step {
    Create(usize),
    Remove(usize),
    Set(usize),
    Replace(usize),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..4_usize).prop_map(Step::Create),
        2 => (0..4_usize).prop_map(Step::Remove),
        4 => (0..4_usize).prop_map(Step::Set),
        1 => (0..4_usize).prop_map(Step::Replace),
        1 => Just(Step::Clear),
    ]
}

/// Takes steps, and compares the list after each with what it should be: at most three profiles, at most one marked.
async fn take(app: &TestApp, steps: Vec<Step>) {
    let customer = customer(app, "professional").await;
    // By number: the id, and whether it is marked.
    let mut held: [Option<(String, bool)>; 4] = [None, None, None, None];
    let unmark = |held: &mut [Option<(String, bool)>; 4]| {
        for (_, is_marked) in held.iter_mut().flatten() {
            *is_marked = false;
        }
    };
    let none = || "profile_01k9xw3tkbc2v6m8p4h0r5zqde".to_owned();
    for step in steps {
        let id = |at: usize| held[at].clone().map_or_else(none, |(id, _)| id);
        let found = |at: usize| if held[at].is_some() { 200 } else { 404 };
        match step {
            Step::Create(at) => {
                let expected = match (&held[at], held.iter().flatten().count()) {
                    (Some(_), _) => 409,
                    (None, 3) => 429,
                    (None, _) => 201,
                };
                let form = treasury(&format!("Number {at}"));
                let answer = create(app, &customer, &form).await.expect(expected);
                if expected == 201 {
                    let id = answer.json["profile"]["id"].as_str().unwrap();
                    held[at] = Some((id.to_owned(), false));
                }
            }
            Step::Remove(at) => {
                let removed = on(app, &customer, Method::DELETE, &id(at)).await;
                removed.expect(found(at));
                held[at] = None;
            }
            Step::Set(at) => {
                set(app, &customer, &id(at)).await.expect(found(at));
                if held[at].is_some() {
                    unmark(&mut held);
                    held[at].as_mut().unwrap().1 = true;
                }
            }
            Step::Replace(at) => {
                let form = treasury(&format!("NUMBER {at}"));
                let replaced = put(app, &customer, &id(at), &form).await;
                replaced.expect(found(at));
            }
            Step::Clear => {
                clear(app, &customer).await.expect(200);
                unmark(&mut held);
            }
        }
        let mut expected: Vec<(String, bool)> = held.iter().flatten().cloned().collect();
        expected.sort();
        let rows = list(app, &customer).await;
        let shown = |row: &Value| {
            let id = row["id"].as_str().unwrap().to_owned();
            (id, row["is_default"].as_bool().unwrap())
        };
        let mut shown: Vec<(String, bool)> = rows.iter().map(shown).collect();
        shown.sort();
        assert_eq!(shown, expected);
    }
}

#[test]
fn any_steps_leave_one_mark_at_most() {
    interleavings(12, step(), &take);
}
