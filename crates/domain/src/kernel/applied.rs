//! The answer of a verb that may arrive twice.

/// Whether a verb changed something, or found that it had been done before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied<T = ()> {
    /// This call did it.
    Now(T),
    /// An earlier call did it; nothing changed.
    Already,
}
