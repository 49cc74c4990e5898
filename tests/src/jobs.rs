use bulk::{Attempt, Worker};
use intent_store::ScoreJob;
use queue::{ScoreChunk, Task};
use types::JobId;
use workspace::Job;

use crate::{Customer, TestApp};

impl TestApp {
    /// Submits a CSV file as a bulk job.
    pub async fn submit(&self, customer: &Customer, file: &str) -> JobId {
        let call = self.post("/api/v1/score/bulk").key(customer).csv(file);
        let answer = call.send().await.expect(202);
        answer.json["job_id"].as_str().unwrap().parse().unwrap()
    }

    /// The stored row of a job.
    pub async fn job(&self, customer: &Customer, job: JobId) -> Job<ScoreJob> {
        let found = self.workspace.job(customer.account, job).await.unwrap();
        found.expect("the job is stored")
    }

    /// The number of stored jobs of all customers.
    pub async fn stored_jobs(&self) -> usize {
        let table = self.env.required("WORKSPACE_TABLE").unwrap();
        let scan = aws_sdk_dynamodb::Client::new(&self.aws)
            .scan()
            .table_name(table);
        scan.send().await.unwrap().items().len()
    }

    /// A worker of this app.
    pub fn worker(&self) -> Worker {
        Worker::from_env(&self.env, &self.aws, self.clock.clock()).unwrap()
    }

    /// A worker that can be killed.
    pub fn mortal_worker(&self) -> Worker {
        Worker::from_env(&self.env, &self.mortal, self.clock.clock()).unwrap()
    }

    /// The messages that the outbox sends for a job.
    pub async fn messages(&self, customer: &Customer, job: JobId) -> Vec<String> {
        let chunks = self.job(customer, job).await.chunks;
        (0..chunks)
            .map(|chunk| {
                let task = Task::ScoreChunk(ScoreChunk {
                    account: customer.account,
                    job,
                    chunk,
                });
                serde_json::to_string(&task).unwrap()
            })
            .collect()
    }

    /// Delivers every message of a job, one after the other. Returns the job afterwards.
    pub async fn deliver(
        &self,
        customer: &Customer,
        job: JobId,
        attempt: Attempt,
    ) -> Job<ScoreJob> {
        let worker = self.worker();
        for message in self.messages(customer, job).await {
            worker.handle(&message, attempt).await.unwrap();
        }
        self.job(customer, job).await
    }
}
