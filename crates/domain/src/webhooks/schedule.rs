//! When an event that did not arrive is sent again: soon at first, then ever later, for three days.

use chrono::TimeDelta;

/// After each try that failed, how long until the next one. The last one is 65 hours and 35 minutes after the first.
const PAUSES: [TimeDelta; 10] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(12),
    TimeDelta::hours(12),
    TimeDelta::hours(12),
    TimeDelta::hours(12),
];

/// How much of a pause is left out, drawn at random, so that what failed at one moment does not come back at one moment: up to
/// a tenth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter(pub u8);

/// How long to wait after so many tries that failed; `None` when there were enough.
pub(super) fn pause(failed: u32, jitter: Jitter) -> Option<TimeDelta> {
    let index = usize::try_from(failed.checked_sub(1)?).ok()?;
    let pause = *PAUSES.get(index)?;
    Some(pause - pause * i32::from(jitter.0) / 2_550)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(jitter: u8) -> Vec<TimeDelta> {
        (1..).map_while(|failed| pause(failed, Jitter(jitter))).collect()
    }

    #[test]
    fn it_is_tried_at_once_then_after_five_seconds_and_then_ever_later() {
        let seconds: Vec<i64> = pauses(0).iter().map(TimeDelta::num_seconds).collect();
        let hours = 60 * 60;
        let long = [12 * hours; 4];
        assert_eq!(seconds[..6], [5, 300, 1_800, 2 * hours, 5 * hours, 10 * hours]);
        assert_eq!(seconds[6..], long);
    }

    #[test]
    fn the_last_try_is_within_three_days_and_one_more_would_not_be() {
        let all: TimeDelta = pauses(0).into_iter().sum();
        assert!(all <= TimeDelta::days(3) && all + TimeDelta::hours(12) > TimeDelta::days(3), "{all}");
    }

    #[test]
    fn at_random_up_to_a_tenth_is_left_out_and_nothing_is_ever_added() {
        for (whole, (most, some)) in pauses(0).into_iter().zip(pauses(255).into_iter().zip(pauses(100))) {
            assert_eq!(most, whole * 9 / 10);
            assert!(most < some && some < whole);
        }
    }

    #[test]
    fn nothing_follows_no_try_at_all() {
        assert_eq!(pause(0, Jitter(0)), None);
    }
}
