//! Who lives together: shapes of households with the ages, sexes and relations of their members.
//!
//! The shares follow the outline of the 2020 census: 2.6 persons a household, a quarter of one, a fifth over 60.

use codes::Sex;
use codes::Sex::{Female, Male};

use super::chance::Chance;
use super::model::{Marital, Relation};

#[derive(Clone, Copy)]
enum Shape {
    Alone { from: i32, to: i32 },
    OldAlone,
    Couple { from: i32, to: i32 },
    OldCouple,
    Family { children: i32, youngest: i32, oldest: i32 },
    ThreeGenerations,
    OneParent,
    Grandparents,
    Student,
}

/// Households of those who are registered in the city, with weights.
const SETTLED: [(Shape, u32); 14] = [
    (Shape::Alone { from: 22, to: 35 }, 60),
    (Shape::Alone { from: 36, to: 59 }, 50),
    (Shape::OldAlone, 128),
    (Shape::Couple { from: 24, to: 38 }, 70),
    (Shape::Couple { from: 46, to: 61 }, 185),
    (Shape::OldCouple, 212),
    (Shape::Family { children: 1, youngest: 0, oldest: 17 }, 178),
    (Shape::Family { children: 2, youngest: 0, oldest: 17 }, 88),
    (Shape::Family { children: 3, youngest: 2, oldest: 17 }, 8),
    (Shape::Family { children: 1, youngest: 18, oldest: 27 }, 115),
    (Shape::ThreeGenerations, 85),
    (Shape::OneParent, 30),
    (Shape::Grandparents, 20),
    (Shape::Student, 4),
];

/// Households of those who came from elsewhere: younger, smaller.
const MIGRANT: [(Shape, u32); 8] = [
    (Shape::Alone { from: 19, to: 34 }, 360),
    (Shape::Alone { from: 35, to: 57 }, 160),
    (Shape::Couple { from: 23, to: 50 }, 150),
    (Shape::Family { children: 1, youngest: 0, oldest: 14 }, 130),
    (Shape::Family { children: 2, youngest: 0, oldest: 14 }, 50),
    (Shape::ThreeGenerations, 30),
    (Shape::OldCouple, 30),
    (Shape::Student, 90),
];

/// Where a household comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Roots {
    /// Registered in the city.
    Settled,
    /// Registered elsewhere in the country.
    Migrant,
}

/// Whose surname a member bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Family,
    Wife,
    Grandmother,
}

pub(super) struct Member {
    /// Completed years.
    pub age: i32,
    pub sex: Sex,
    pub relation: Relation,
    pub marital: Marital,
    pub line: Line,
}

/// The members of one household.
pub(super) fn draw(roots: Roots, chance: &mut Chance) -> Vec<Member> {
    match roots {
        Roots::Settled => drawn(&SETTLED, chance),
        Roots::Migrant => drawn(&MIGRANT, chance),
    }
}

fn sex(males_per_mille: u32, chance: &mut Chance) -> Sex {
    if chance.per_mille(males_per_mille) { Male } else { Female }
}

fn drawn<const N: usize>(shapes: &[(Shape, u32); N], chance: &mut Chance) -> Vec<Member> {
    let index = chance.weighted(&shapes.map(|(_, weight)| weight));
    members(shapes[index].0, chance)
}

fn members(shape: Shape, chance: &mut Chance) -> Vec<Member> {
    match shape {
        Shape::Alone { from, to } => {
            let age = chance.between(from, to);
            vec![alone(age, alone_status(age, chance), sex(540, chance))]
        }
        Shape::OldAlone => {
            let age = old_age(chance);
            vec![alone(age, Marital::Widowed, sex(280, chance))]
        }
        Shape::Couple { from, to } => {
            let age = chance.between(from, to);
            couple(age, chance).into()
        }
        Shape::OldCouple => {
            let age = old_age(chance);
            couple(age, chance).into()
        }
        Shape::Family { children, youngest, oldest } => {
            // Births have fallen: older children are more likely.
            let first = chance.between(youngest, oldest).max(chance.between(youngest, oldest) - 7);
            family(first, children, chance)
        }
        Shape::ThreeGenerations => three_generations(chance),
        Shape::OneParent => one_parent(chance),
        Shape::Grandparents => grandparents(chance),
        Shape::Student => vec![alone(chance.between(18, 21), Marital::Single, sex(480, chance))],
    }
}

/// From 60 on, each older year less likely.
fn old_age(chance: &mut Chance) -> i32 {
    60 + chance.between(0, 34).min(chance.between(0, 34))
}

fn alone_status(age: i32, chance: &mut Chance) -> Marital {
    let married_once = if age < 30 {
        60
    } else if age < 40 {
        450
    } else {
        800
    };
    if chance.per_mille(1000 - married_once) {
        Marital::Single
    } else if chance.per_mille(800) {
        Marital::Divorced
    } else {
        Marital::Widowed
    }
}

fn alone(age: i32, marital: Marital, sex: Sex) -> Member {
    Member { age, sex, relation: Relation::Head, marital, line: Line::Family }
}

/// Husband and wife; either heads the household.
fn couple(husband: i32, chance: &mut Chance) -> [Member; 2] {
    let wife = (husband - chance.between(-2, 5)).max(21);
    let roles =
        if chance.per_mille(720) { (Relation::Head, Relation::Spouse) } else { (Relation::Spouse, Relation::Head) };
    let married = Marital::Married;
    [
        Member { age: husband, sex: Male, relation: roles.0, marital: married, line: Line::Family },
        Member { age: wife, sex: Female, relation: roles.1, marital: married, line: Line::Wife },
    ]
}

fn child(age: i32, relation: Relation, chance: &mut Chance) -> Member {
    Member { age, sex: sex(525, chance), relation, marital: Marital::Single, line: Line::Family }
}

fn family(first: i32, children: i32, chance: &mut Chance) -> Vec<Member> {
    let mut all: Vec<Member> = couple(first + chance.between(23, 34), chance).into();
    let mut age = first;
    for _ in 0..children {
        all.push(child(age, Relation::Child, chance));
        age -= chance.between(1, 5);
        if age < 0 {
            break;
        }
    }
    all
}

fn three_generations(chance: &mut Chance) -> Vec<Member> {
    let first = chance.between(0, 16);
    let children = chance.between(1, 2);
    let mut all = family(first, children, chance);
    let father = all[0].age;
    let grandfather = father + chance.between(23, 30);
    let grandmother = grandfather - chance.between(-1, 4);
    match chance.weighted(&[520, 140, 340]) {
        0 => {
            all.push(grandparent(grandfather, Male, Marital::Married));
            all.push(grandparent(grandmother, Female, Marital::Married));
        }
        1 => all.push(grandparent(grandfather, Male, Marital::Widowed)),
        _ => all.push(grandparent(grandmother, Female, Marital::Widowed)),
    }
    all
}

fn grandparent(age: i32, sex: Sex, marital: Marital) -> Member {
    let line = if sex == Male { Line::Family } else { Line::Grandmother };
    Member { age, sex, relation: Relation::Parent, marital, line }
}

fn one_parent(chance: &mut Chance) -> Vec<Member> {
    let first = chance.between(1, 17);
    let sex = sex(250, chance);
    let line = if sex == Male { Line::Family } else { Line::Wife };
    let marital = if chance.per_mille(850) { Marital::Divorced } else { Marital::Widowed };
    let parent = Member { age: first + chance.between(22, 33), sex, relation: Relation::Head, marital, line };
    vec![parent, child(first, Relation::Child, chance)]
}

fn grandparents(chance: &mut Chance) -> Vec<Member> {
    let age = chance.between(54, 69);
    let mut all: Vec<Member> = couple(age, chance).into();
    all.push(child(chance.between(3, 14), Relation::Grandchild, chance));
    all
}
