use types::{Id, IdKind, RequestId};

/// The source of the ids of what a run creates. Every run of one operation has the same seed, so that the next run finds what
/// an earlier one created and does not create it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    first: RequestId,
    sharing: Sharing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sharing {
    /// No other run can have it: the request has no idempotency key.
    Never,
    /// A later run may have it, if this one outlives its lease.
    Later,
    /// An earlier run had it, and may have created something.
    Earlier,
}

impl Seed {
    /// The seed of a request that has no idempotency key.
    pub const fn unshared(request: RequestId) -> Self {
        Self {
            first: request,
            sharing: Sharing::Never,
        }
    }

    pub(crate) const fn accepted(first: RequestId) -> Self {
        Self {
            first,
            sharing: Sharing::Later,
        }
    }

    pub(crate) const fn inherited(first: RequestId) -> Self {
        Self {
            first,
            sharing: Sharing::Earlier,
        }
    }

    /// The id of the one thing of its kind that the request creates.
    pub fn id<K: IdKind>(self) -> Id<K> {
        self.first.of_kind()
    }

    /// Whether an earlier run may have created what this one is to create.
    pub fn is_inherited(self) -> bool {
        self.sharing == Sharing::Earlier
    }

    /// Whether another run may be creating the same thing at this moment.
    pub fn is_shared(self) -> bool {
        self.sharing != Sharing::Never
    }

    pub(crate) const fn request(self) -> RequestId {
        self.first
    }
}
