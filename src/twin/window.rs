//! The request budget that a vendor's rate headers speak of.

const DAY: u64 = 86_400_000;

/// Counts requests in fixed windows. HubSpot's and HighLevel's own windows may roll; no source says how they count.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    pub(super) interval: u64,
    pub(super) max: u64,
    pub(super) daily: u64,
    /// Off unless a test switches it on, so that a clock that stands still starves nobody.
    pub(super) enforced: bool,
    window: u64,
    used: u64,
    day: u64,
    used_today: u64,
}

impl Budget {
    pub(super) const fn new(interval: u64, max: u64, daily: u64) -> Self {
        Self {
            interval,
            max,
            daily,
            enforced: false,
            window: 0,
            used: 0,
            day: 0,
            used_today: 0,
        }
    }

    /// Counts one request.
    pub(super) fn spend(&mut self, now: u64) {
        if now / self.interval != self.window {
            self.window = now / self.interval;
            self.used = 0;
        }
        if now / DAY != self.day {
            self.day = now / DAY;
            self.used_today = 0;
        }
        self.used += 1;
        self.used_today += 1;
    }

    /// Whether the request just counted is one too many, where that matters.
    pub(super) const fn exceeded(&self) -> bool {
        self.enforced && (self.used > self.max || self.used_today > self.daily)
    }

    pub(super) const fn remaining(&self) -> u64 {
        self.max.saturating_sub(self.used)
    }

    pub(super) const fn remaining_today(&self) -> u64 {
        self.daily.saturating_sub(self.used_today)
    }

    pub(super) const fn used_today(&self) -> u64 {
        self.used_today
    }

    /// Milliseconds to the next day.
    pub(super) const fn daily_reset(now: u64) -> u64 {
        DAY - now % DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_fills_and_ends() {
        let mut budget = Budget::new(10_000, 2, 100);
        budget.enforced = true;
        for _ in 0..3 {
            budget.spend(20_000);
        }
        assert!(budget.exceeded());
        budget.spend(30_000);
        assert!(!budget.exceeded());
        assert_eq!((budget.remaining(), budget.remaining_today()), (1, 96));
        budget.spend(DAY);
        assert_eq!(budget.remaining_today(), 99);
    }
}
