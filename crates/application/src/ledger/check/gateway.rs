//! What only the gateway could tell.

use super::Verdict;

/// Payments that are open although the time to pay is over.
pub fn open_payments(overdue: u64) -> Verdict {
    Verdict::Untold(match overdue {
        0 => "no payment is open whose time is over".to_owned(),
        1 => "1 payment is open although its time is over: is the gateway away?".to_owned(),
        many => format!("{many} payments are open although their time is over: is the gateway away?"),
    })
}

/// Whether the gateway says the same.
pub fn captured_payments() -> Verdict {
    Verdict::Untold("only the gateway knows; it is asked about each payment until that has ended".to_owned())
}
