//! Walking through the accounts that have a floor, entry by entry: each says what was there after it, and at the end stands
//! the running balance.

use super::Broken;
use super::ports::StoredEntry;

/// Where the walk is.
#[derive(Debug, Default)]
pub struct AccountWalk(Option<Account>);

#[derive(Debug)]
struct Account {
    last: StoredEntry,
    sum: i128,
    entries: i64,
}

impl AccountWalk {
    /// The next entry.
    pub fn step(&mut self, entry: StoredEntry, broken: &mut Broken) {
        let same = self.0.as_ref().is_some_and(|account| account.has(&entry));
        if !same {
            self.leave(broken);
        }
        let (before, entries) = self.0.as_ref().map_or((0, 0), |account| (account.sum, account.entries));
        let (sum, entries) = (before + i128::from(entry.amount), entries + 1);
        if entry.account_position != entries {
            broken.note(14, || format!("{}: entry {} is not there", name(&entry), entries));
        }
        if entry.balance_after.map(i128::from) != Some(sum) {
            let says = entry.balance_after.map_or_else(|| "nothing".to_owned(), |says| says.to_string());
            broken.note(14, || format!("{}: after entry {entries} there is {sum}, but it says {says}", name(&entry)));
        }
        self.0 = Some(Account { last: entry, sum, entries });
    }

    /// After the last one.
    pub fn end(mut self, broken: &mut Broken) {
        self.leave(broken);
    }

    fn leave(&mut self, broken: &mut Broken) {
        let Some(Account { last, sum, entries }) = self.0.take() else { return };
        match last.running {
            Some((amount, counted)) if i128::from(amount) == sum && counted == entries => {}
            Some((amount, counted)) => broken.note(14, || {
                format!(
                    "{}: {entries} entries make {sum}, but the running balance is {amount} of {counted}",
                    name(&last)
                )
            }),
            None => broken.note(14, || format!("{}: entries make {sum}, but there is no running balance", name(&last))),
        }
    }
}

impl Account {
    fn has(&self, entry: &StoredEntry) -> bool {
        let last = &self.last;
        (last.owner, &last.account, &last.currency) == (entry.owner, &entry.account, &entry.currency)
    }
}

fn name(entry: &StoredEntry) -> String {
    format!("{}:{} in {}", entry.account, entry.owner, entry.currency)
}
