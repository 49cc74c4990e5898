use liquidity::ScoringProfile;
use types::Product;
use workspace::{Profiles, Workspace};

/// A scoring profile of an account.
pub type ProfileRow = workspace::ProfileRow<ScoringProfile>;
/// What became of a change of a scoring profile.
pub type ProfileChange = workspace::ProfileChange<ScoringProfile>;
/// The scoring profiles of accounts. The one to score by is read by [`Profiles::find`] or [`Profiles::find_default`].
pub type ScoringProfiles = Profiles<ScoringProfile>;

/// The scoring profiles in a workspace.
pub fn scoring_profiles(workspace: &Workspace) -> ScoringProfiles {
    Profiles::new(workspace, Product::Liquidity)
}
