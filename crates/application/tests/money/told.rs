//! What is said to a step, and what can be seen after it: the words in which the model and the shop are held against each other.

use std::collections::BTreeMap;

/// What is said to a step. Things are named by their places: the first order is order 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Done,
    Redeemed { value: i64, balance: i64 },
    Placed { order: usize, state: &'static str, by_card: i64 },
    Paying { top_up: usize, standing: &'static str },
    Stands { standing: &'static str, amount: i64 },
    Given { refund: usize, amount: i64, standing: &'static str },
    Sent { payout: usize, amount: i64 },
    Refused(Why),
}

/// Why something is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    // Gift cards.
    NoValue,
    UnknownCode,
    Twice,
    Spent,
    Over,
    Disabled,
    // Checkout: which of the cards, and why.
    TooFew,
    Card(usize, Box<Why>),
    CheckedOut(usize),
    Ended(&'static str),
    // Payments that wait.
    OtherAmount(i64),
    TooLow(i64),
    Held,
    NotHeld(&'static str),
    Decided(&'static str),
    // The gateway has not answered.
    Silence,
    // Top-ups.
    OutOfLimits,
    Twin(usize),
    KeyReused,
    // Refunds.
    NotFound,
    NotPaid(&'static str),
    Disputed,
    GiftCards,
    NothingLeft,
    TooMuch(i64),
    UnknownLine(usize),
    TooManyPieces(usize, u32),
    // Payouts.
    NothingToSend,
    MoreThanOwed(i64),
}

/// What can be seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub balances: Vec<i64>,
    pub stock: Vec<u32>,
    /// What is left on each, and how it stands.
    pub cards: Vec<(i64, &'static str)>,
    /// How each stands, what of it has gone back, and how its payment stands.
    pub orders: Vec<(&'static str, i64, &'static str)>,
    pub top_ups: Vec<&'static str>,
    pub refunds: Vec<&'static str>,
    /// What each is owed, and was sent.
    pub sellers: Vec<(i64, i64)>,
    /// The sum of the ledger's accounts of each kind.
    pub accounts: BTreeMap<String, i64>,
    /// What the bank took, gave back, and took back.
    pub bank: [i64; 3],
}
