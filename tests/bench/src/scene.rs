//! What a section on functions measures: its programs, with DynamoDB running and seeded.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::artefacts::Artefacts;
use crate::dynoxide::Dynoxide;
use crate::function::Function;
use crate::needs::{SCORE, Subject};
use crate::{peers, seed};

/// Functions and the DynamoDB that they share.
#[derive(Debug)]
pub struct Scene {
    /// Where logs and other files of a run go.
    pub folder: PathBuf,
    /// DynamoDB.
    pub dynamo: Dynoxide,
    /// In the order in which the section names them.
    pub functions: Vec<Function>,
}

impl Scene {
    /// Seeds DynamoDB and sets these programs up. `root` is the repository, `folder` the one for logs.
    pub fn new(
        root: &Path,
        folder: &Path,
        artefacts: &Artefacts,
        subjects: &[Subject],
    ) -> Result<Self> {
        let dynamo = Dynoxide::start(folder)?;
        let event = seed::event(root, &seed::ours(&dynamo)?)?;
        let mut variables = seed::variables();
        variables.push((
            "AWS_ENDPOINT_URL".to_owned(),
            format!("http://{}", dynamo.address()),
        ));
        let mut functions = Vec::new();
        for subject in subjects {
            let path = artefacts.path(*subject)?;
            functions.push(match *subject {
                Subject::Peer(language) => peers::function(root, language, path, &dynamo, folder)?,
                Subject::Ours { .. } | Subject::Baseline(_) => {
                    let takes_event = *subject == SCORE || matches!(subject, Subject::Baseline(_));
                    Function {
                        event: takes_event.then(|| event.clone()),
                        ..Function::new(subject.name(), path, &variables, folder)?
                    }
                }
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            dynamo,
            functions,
        })
    }
}
