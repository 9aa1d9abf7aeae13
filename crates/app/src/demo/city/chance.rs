//! Chance that is the same on every machine: splitmix64, one stream for each purpose and subject.
//!
//! A stream of its own for each subject means that a new draw for one person changes nobody else.

/// What a stream is for; part of its seed, so that purposes never share draws.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Household = 1,
    Number,
    Company,
    Work,
    Person,
    Insurance,
    Disability,
    Schooling,
    Home,
    Residence,
    Health,
    Credit,
    Official,
    Case,
    AsOf,
    Submission,
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A splitmix64 generator (Steele, Lea, Flood 2014).
#[derive(Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut mixed = Self(seed ^ (purpose as u64).wrapping_mul(GOLDEN));
        let base = mixed.next();
        let mut chance = Self(base ^ index.wrapping_mul(0xd6e8_feb8_6659_fd93));
        chance.next();
        chance
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `n` - 1; 0 when `n` is 0. The bias of one in 2^32 is of no account here.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        (((self.next() >> 32) * u64::from(n)) >> 32) as u32
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).max(1) as u32) as i32
    }

    /// True in `n` of 1000 cases.
    pub(super) fn per_mille(&mut self, n: u32) -> bool {
        self.below(1000) < n
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u32) as usize]
    }

    /// An index, as likely as its weight.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len() - 1
    }
}

/// Weights as running sums, for draws from long lists.
#[derive(Default)]
pub(super) struct Lottery {
    sums: Vec<u32>,
}

impl Lottery {
    pub(super) fn new(weights: impl Iterator<Item = u32>) -> Self {
        let sums = weights.scan(0u32, |sum, weight| {
            *sum += weight;
            Some(*sum)
        });
        Self { sums: sums.collect() }
    }

    /// An index, as likely as its weight; `None` when all weights are 0.
    pub(super) fn draw(&self, chance: &mut Chance) -> Option<usize> {
        let total = *self.sums.last()?;
        let at = chance.below(total);
        (total > 0).then(|| self.sums.partition_point(|sum| *sum <= at))
    }
}
