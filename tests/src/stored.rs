use crate::{Item, TestApp};

/// All that an app has stored.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The items of its tables, by the table's role.
    pub items: Vec<(&'static str, Item)>,
    /// The keys and contents of the objects in its bucket.
    pub objects: Vec<(String, Vec<u8>)>,
    /// The messages in its queues that nobody has taken yet.
    pub messages: Vec<String>,
}

const TABLES: [(&str, &str); 3] = [
    ("accounts", "ACCOUNTS_TABLE"),
    ("workspace", "WORKSPACE_TABLE"),
    ("intel", "INTEL_TABLE"),
];

impl TestApp {
    /// All that is stored now. Takes the messages of its queues.
    pub async fn everything(&self) -> Stored {
        let tables = futures::future::join_all(TABLES.map(async |(role, variable)| {
            let items = self.scan(variable).await.into_iter();
            items.map(move |item| (role, item)).collect::<Vec<_>>()
        }));
        let objects = async {
            let mut objects = Vec::new();
            for key in self.objects("").await {
                let object = self.bucket().get(&key, u64::MAX).await.unwrap();
                objects.push((key, object.body.to_vec()));
            }
            objects
        };
        let (tables, objects, messages) = futures::join!(tables, objects, self.take_messages());
        Stored {
            items: tables.into_iter().flatten().collect(),
            objects,
            messages,
        }
    }

    async fn scan(&self, variable: &'static str) -> Vec<Item> {
        let scan = aws_sdk_dynamodb::Client::new(&self.aws)
            .scan()
            .table_name(self.env.required(variable).unwrap());
        let items = scan.into_paginator().items().send().try_collect();
        items.await.unwrap()
    }
}
