use types::ProtocolSlug;
use uuid::{Uuid, uuid};

/// The namespace of protocols' ids. It must not change.
const NAMESPACE: Uuid = uuid!("6f0c1f2e-7d3b-5a49-9a52-1f6f9a4b7c31");

/// The id of a protocol: a UUID of version 5 (RFC 9562) of its slug, so that it is the same in every deployment and needs no
/// table.
pub fn protocol_id(slug: &ProtocolSlug) -> Uuid {
    Uuid::new_v5(&NAMESPACE, slug.as_str().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_changes() {
        let slug = "ondo-usdy".parse().unwrap();
        let id = protocol_id(&slug).to_string();
        expect_test::expect!["9dc9aad6-0323-5fb4-8c07-1edb45622157"].assert_eq(&id);
    }
}
