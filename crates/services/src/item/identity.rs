//! What an item is, who handles it and whom it serves: the first three groups of an implementation list.
//! Its closed sets of values are those of `codes`.
use codes::{BodyNature, ExerciseLevel, ItemState, ItemType, PowerSource, ServiceObject};
use platform::i18n::Text;
use serde::{Deserialize, Serialize};
use time::Date;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    pub state: ItemState,
    pub name: Text,
    /// What people call it.
    #[serde(default)]
    pub everyday_name: Option<Text>,
    /// One sentence on the home page and in search results.
    pub summary: Text,
    /// 12 digits: region 2, item type 2, main item 5, sub-item 3. The implementation code is made of the body's credit
    /// code, `who.exercise_level` and this, when the document is loaded.
    pub basic_code: String,
    #[serde(default)]
    pub local_basic_code: Option<String>,
    #[serde(default)]
    pub local_implementation_code: Option<String>,
    /// Two digits that follow the implementation code when the item is split into handling items.
    #[serde(default)]
    pub handling_item: Option<String>,
    #[serde(rename = "type")]
    pub kind: ItemType,
    pub legal_basis: Vec<Citation>,
    #[serde(with = "platform::iso")]
    pub effective_on: Date,
    #[serde(default, with = "platform::iso::option")]
    pub cancelled_on: Option<Date>,
    /// Key of the item above this one.
    #[serde(default)]
    pub parent: Option<String>,
    pub leaf: bool,
}

/// A provision that something rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    pub law: Text,
    /// Number of the document, such as 国令第663号.
    #[serde(default)]
    pub number: Option<Text>,
    #[serde(default)]
    pub article: Option<Text>,
    pub issued_by: Text,
    #[serde(default, with = "platform::iso::option")]
    pub issued_on: Option<Date>,
    /// The words of the provision.
    #[serde(default)]
    pub text: Option<Text>,
    pub standing: Standing,
    /// Required when the provision is recalled: says so.
    #[serde(default)]
    pub note: Option<Text>,
}

/// How far a citation was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Read in the published text.
    Verified,
    /// Named from memory; to be compared with the published text before real use.
    Recalled,
    /// A rule of the fictional city.
    Fictional,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// The organisation in whose name the item is published and whose credit code opens the implementation code.
    pub body: String,
    pub body_nature: BodyNature,
    #[serde(default)]
    pub entrusted: Option<String>,
    /// 联办机构: keys of the organisations that handle it together.
    #[serde(default)]
    pub joint: Vec<String>,
    pub exercise_level: ExerciseLevel,
    pub power_source: PowerSource,
    pub division_of_authority: Text,
    pub exercised_content: Text,
    pub responsible_office: Text,
    /// Codes of the divisions that it is offered in; the whole area of the body when empty.
    #[serde(default)]
    pub divisions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    pub served: Vec<ServiceObject>,
    /// Keys of [`PERSONAL_TOPICS`].
    #[serde(default)]
    pub personal_topics: Vec<String>,
    /// Keys of [`CORPORATE_TOPICS`].
    #[serde(default)]
    pub corporate_topics: Vec<String>,
    /// Keys of [`LIFE_EVENTS`].
    #[serde(default)]
    pub life_events: Vec<String>,
}

impl Object {
    #[must_use]
    pub fn serves_persons(&self) -> bool {
        self.served.contains(&ServiceObject::NaturalPerson)
    }

    #[must_use]
    pub fn serves_corporations(&self) -> bool {
        self.served.iter().any(|object| *object != ServiceObject::NaturalPerson)
    }
}

/// Topic classes for persons; each has a text `item-topic-<key>`.
pub const PERSONAL_TOPICS: &[&str] = &[
    "birth",
    "household",
    "education",
    "work",
    "business-start",
    "marriage",
    "housing",
    "social-insurance",
    "social-assistance",
    "disability",
    "elderly",
    "health",
    "documents",
    "transport",
    "retirement",
    "culture",
];

/// Topic classes for corporations; each has a text `item-topic-<key>`.
pub const CORPORATE_TOPICS: &[&str] = &[
    "establishment",
    "change",
    "permits",
    "staff",
    "finance-tax",
    "funding",
    "quality",
    "construction",
    "environment",
    "advertising",
    "closure",
];

/// Life and business events that the home page groups items by; each has a text `item-event-<key>`.
pub const LIFE_EVENTS: &[&str] = &[
    "having-a-child",
    "going-to-school",
    "finding-work",
    "losing-work",
    "getting-married",
    "moving-here",
    "buying-a-home",
    "falling-ill",
    "living-with-disability",
    "growing-old",
    "starting-a-business",
    "opening-a-restaurant",
    "changing-a-business",
];
