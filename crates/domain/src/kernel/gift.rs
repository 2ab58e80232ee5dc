//! To whom a gift goes, with what words, and when.

use super::EmailAddress;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// What somebody says with a gift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    /// Where it goes.
    pub recipient_email: EmailAddress,
    /// Who gets it.
    pub recipient_name: Option<String>,
    /// Who gives it.
    pub sender_name: Option<String>,
    /// What they want to say.
    pub message: Option<String>,
    /// On which day; at once without it.
    pub deliver_on: Option<NaiveDate>,
}

/// Why a gift can't come on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRefusal {
    /// It is over.
    Past,
    /// It is more than a year away.
    TooFar,
}

impl Gift {
    /// The hour (UTC) at which gifts of a day are sent: morning in Europe, and still that day in most of the world.
    const HOUR: u32 = 8;
    /// How far away the day may be.
    const LONGEST: TimeDelta = TimeDelta::days(366);

    /// Whether the day can still be kept. Somewhere it is yesterday still: a gift for that day goes at once.
    ///
    /// # Errors
    /// When it can't.
    pub fn check_day(&self, now: DateTime<Utc>) -> Result<(), DayRefusal> {
        match self.deliver_on {
            Some(day) if day < (now - TimeDelta::days(1)).date_naive() => Err(DayRefusal::Past),
            Some(day) if day > (now + Self::LONGEST).date_naive() => Err(DayRefusal::TooFar),
            _ => Ok(()),
        }
    }

    /// When it is sent.
    #[must_use]
    pub fn send_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let hour = NaiveTime::from_hms_opt(Self::HOUR, 0, 0).unwrap_or_default();
        self.deliver_on.map_or(now, |day| day.and_time(hour).and_utc().max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn on(day: &str) -> Gift {
        Gift {
            recipient_email: EmailAddress::parse("friend@example.com").unwrap(),
            recipient_name: None,
            sender_name: None,
            message: None,
            deliver_on: Some(day.parse().unwrap()),
        }
    }

    #[test]
    fn a_gift_comes_in_the_morning_of_its_day_or_at_once() {
        assert_eq!(on("2026-12-24").send_at(now()), "2026-12-24T08:00:00Z".parse::<DateTime<Utc>>().unwrap());
        for day in ["2026-11-21", "2026-11-20"] {
            assert_eq!(on(day).send_at(now()), now());
        }
        assert_eq!(Gift { deliver_on: None, ..on("2026-12-24") }.send_at(now()), now());
    }

    #[test]
    fn a_day_that_is_over_everywhere_is_refused_and_one_beyond_a_year() {
        assert_eq!(on("2026-11-20").check_day(now()), Ok(()));
        assert_eq!(on("2026-11-19").check_day(now()), Err(DayRefusal::Past));
        assert_eq!(on("2027-11-22").check_day(now()), Ok(()));
        assert_eq!(on("2027-11-23").check_day(now()), Err(DayRefusal::TooFar));
        assert_eq!(Gift { deliver_on: None, ..on("2020-01-01") }.check_day(now()), Ok(()));
    }
}
