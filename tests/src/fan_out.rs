use liquidity_watchlist::FanOut;

use crate::{Item, TestApp};

impl TestApp {
    /// The worker that tells those who watch a protocol what has happened to it.
    pub fn fan_out(&self) -> FanOut {
        FanOut::from_env(&self.env, &self.aws).unwrap()
    }

    /// One that can be killed.
    pub fn mortal_fan_out(&self) -> FanOut {
        FanOut::from_env(&self.env, &self.mortal).unwrap()
    }

    /// The events of protocols as the stream has them.
    pub async fn protocol_events(&self) -> Vec<Item> {
        let stored = self.everything().await.items.into_iter();
        let starts = |item: &Item, name: &str, with: &str| {
            let text = item.get(name).and_then(|value| value.as_s().ok());
            text.is_some_and(|text| text.starts_with(with))
        };
        let events = stored.filter(|(role, item)| {
            *role == "intel" && starts(item, "pk", "PROTOCOL#") && starts(item, "sk", "EVENT#")
        });
        events.map(|(_, item)| item).collect()
    }

    /// Brings every event of a protocol to the worker, and again what it changes, as the stream does. Returns the number of runs.
    pub async fn tell_watchers(&self) -> usize {
        let fan_out = self.fan_out();
        let mut known: Vec<Item> = Vec::new();
        let mut runs = 0;
        loop {
            let events = self.protocol_events().await;
            let changed: Vec<&Item> = events.iter().filter(|item| !known.contains(item)).collect();
            if changed.is_empty() {
                return runs;
            }
            for event in changed {
                fan_out.run(event.clone().into()).await.unwrap();
                runs += 1;
            }
            known = events;
        }
    }
}
