use std::fmt;

use crate::Product;

/// What a key may do with its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All calls that read.
    Read,
    /// All calls that read, change or start something.
    Write,
    /// Lists and shows clients.
    ClientsRead,
    /// Adds clients.
    ClientsWrite,
    /// Shows messages.
    MessagesRead,
    /// Sends messages.
    MessagesSend,
    /// Shows the webhook and its log.
    WebhooksRead,
    /// Changes the webhook.
    WebhooksWrite,
}

impl Scope {
    /// The scopes that a product's keys can have.
    pub const fn of(product: Product) -> &'static [Self] {
        match product {
            Product::Intent | Product::Leads | Product::Liquidity => &[Self::Read, Self::Write],
            Product::Portal => &[
                Self::ClientsRead,
                Self::ClientsWrite,
                Self::MessagesRead,
                Self::MessagesSend,
                Self::WebhooksRead,
                Self::WebhooksWrite,
            ],
        }
    }

    /// The scope as written in keys, responses and the documentation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::ClientsRead => "clients:read",
            Self::ClientsWrite => "clients:write",
            Self::MessagesRead => "messages:read",
            Self::MessagesSend => "messages:send",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
        }
    }

    /// The scope of this name that a product's keys can have.
    pub fn named(product: Product, name: &str) -> Option<Self> {
        let mut scopes = Self::of(product).iter();
        scopes.find(|scope| scope.as_str() == name).copied()
    }

    /// Whether a key with this scope may do what `needed` allows. `write` includes `read`; no other scope includes another.
    pub fn includes(self, needed: Self) -> bool {
        self == needed || (self, needed) == (Self::Write, Self::Read)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_write_includes_another() {
        let all: Vec<Scope> = Product::ALL
            .into_iter()
            .flat_map(Scope::of)
            .copied()
            .collect();
        for a in &all {
            for b in &all {
                let expected = a == b || (*a == Scope::Write && *b == Scope::Read);
                assert_eq!(a.includes(*b), expected, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_scope_of_another_product_has_no_name_here() {
        assert_eq!(Scope::named(Product::Portal, "read"), None);
        assert_eq!(Scope::named(Product::Intent, "clients:read"), None);
        assert_eq!(
            Scope::named(Product::Portal, "messages:send"),
            Some(Scope::MessagesSend)
        );
    }
}
