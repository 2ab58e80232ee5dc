//! What an API key may do: a few words that its owner picks from.

crate::named! {
    /// What an API key may be given.
    #[repr(u8)]
    pub enum Scope {
        /// Reading the profile.
        ProfileRead = "profile:read",
        /// Reading orders.
        OrdersRead = "orders:read",
        /// Filling carts, checking out, cancelling.
        OrdersWrite = "orders:write",
        /// Reading one's own products.
        ProductsRead = "products:read",
        /// Making and changing one's own products.
        ProductsWrite = "products:write",
        /// Reading what one has sold.
        SalesRead = "sales:read",
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u32);

impl Scopes {
    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes one by one.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | 1 << scope as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        let set: Scopes = [Scope::SalesRead, Scope::ProfileRead, Scope::SalesRead].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Scope::ProfileRead, Scope::SalesRead]);
        assert!(Scopes::default().is_empty() && !set.is_empty());
    }

    #[test]
    fn every_scope_is_known_by_its_name() {
        assert!(Scope::ALL.iter().all(|scope| Scope::parse(scope.name()) == Some(*scope)));
        assert_eq!(Scope::parse("everything"), None);
    }
}
