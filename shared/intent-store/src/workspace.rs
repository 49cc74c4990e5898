use store::table::Table;
use workspace::Workspace;

/// What accounts own in intent: watch entries and score profiles, in the `workspace` table.
#[derive(Clone, Debug)]
pub struct IntentWorkspace(pub(crate) Workspace);

impl IntentWorkspace {
    /// Intent's part of a workspace.
    pub const fn new(workspace: Workspace) -> Self {
        Self(workspace)
    }

    pub(crate) const fn table(&self) -> &Table {
        self.0.table()
    }
}
