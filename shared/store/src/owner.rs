use types::AccountId;

/// Whose knowledge it is. What an account posts is seen by that account alone: no customer can move another's scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Everyone sees it: imported by the operator, or collected.
    Public,
    /// Only this account sees it.
    Account(AccountId),
}
