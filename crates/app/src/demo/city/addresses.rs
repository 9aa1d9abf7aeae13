//! Addresses: road, number, building and room in communities; group and number in villages.

use super::chance::Chance;
use super::model::Dwelling;
use super::places::Places;
use super::words::Words;

/// A community's dwellings are numbered in this many steps before numbers grow; prime to the step.
const DWELLINGS: u32 = 43_200;
const STEP: u32 = 7_919;
/// Three roads a community, four buildings a number, 18 floors of two flats.
const ROADS: u32 = 3;
const FLATS: u32 = 36;
const BUILDINGS: u32 = 4;

/// The address of a dwelling; no two dwellings of a community share one.
pub(super) fn home(places: &Places, words: &Words, dwelling: Dwelling) -> String {
    let community = &places.communities[dwelling.community as usize];
    let word = &words.dwelling;
    if community.is_village {
        let (group, number) = (dwelling.ordinal % 12 + 1, dwelling.ordinal / 12 + 1);
        return format!("{}{group}{}{number}{}", community.prefix, word.group, word.number);
    }
    let round = dwelling.ordinal / DWELLINGS;
    let place = (u64::from(dwelling.ordinal % DWELLINGS) * u64::from(STEP) % u64::from(DWELLINGS)) as u32;
    let (flat, rest) = (place % FLATS, place / FLATS);
    let (building, rest) = (rest % BUILDINGS + 1, rest / BUILDINGS);
    let road = road(words, dwelling.community, rest % ROADS);
    let number = (rest / ROADS) * 2 + 1 + round * 200;
    let room = (flat / 2 + 1) * 100 + flat % 2 + 1;
    format!("{}{road}{number}{}{building}{}{room}{}", community.prefix, word.number, word.building, word.room)
}

/// An address of premises; several firms may share one.
pub(super) fn premises(places: &Places, words: &Words, community: usize, chance: &mut Chance) -> String {
    let at = &places.communities[community];
    if at.is_village {
        let (group, number) = (chance.between(1, 12), chance.between(1, 60));
        return format!("{}{group}{}{number}{}", at.prefix, words.dwelling.group, words.dwelling.number);
    }
    let road = road(words, community as u16, chance.below(ROADS));
    let (number, shop) = (chance.between(1, 100) * 2, chance.between(1, 24));
    format!("{}{road}{number}{}-{shop}", at.prefix, words.dwelling.number)
}

/// Roads of neighbouring communities overlap, as roads do.
fn road(words: &Words, community: u16, which: u32) -> &str {
    let index = (u32::from(community) * 2 + which) as usize % words.roads.len();
    &words.roads[index]
}
