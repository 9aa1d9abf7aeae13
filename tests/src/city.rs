//! People of the tests: the demo city's, and officials with exactly one role each in two offices of their own.
use app::demo::sign_ins::{PASSWORD, SIGN_INS};
use directory::seed::{self, insert_accounts, insert_officials, insert_posts};
use directory::{Account, Holder, Official, OfficialId, OfficialPost};
use platform::audit::Entry;
use platform::policy::{Action, On, Post, Role};
use platform::{Ctx, Platform};

/// The offices that the resident's permit lies with: the branch handles the case, the city's office issues the permit.
pub const OWN: [&str; 2] = ["public-security@990102", "public-security"];
/// The same department in another county: it has nothing to do with the resident.
pub const FOREIGN: [&str; 1] = ["public-security@990104"];

/// Key, login, role, offices. Officials of the demo city often have two roles; here each has one.
const OFFICIALS: [(&str, &str, Role, &[&str]); 6] = [
    ("own-clerk", "own.clerk.test", Role::Clerk, &OWN),
    ("own-reviewer", "own.reviewer.test", Role::Reviewer, &OWN),
    ("own-decider", "own.decider.test", Role::Decider, &OWN),
    ("foreign-clerk", "foreign.clerk.test", Role::Clerk, &FOREIGN),
    ("foreign-reviewer", "foreign.reviewer.test", Role::Reviewer, &FOREIGN),
    ("foreign-decider", "foreign.decider.test", Role::Decider, &FOREIGN),
];

/// The login of a key.
#[must_use]
pub fn login(key: &str) -> &'static str {
    let demo = SIGN_INS.iter().map(|(key, login, ..)| (*key, *login));
    let mut all = demo.chain(OFFICIALS.iter().map(|(key, login, ..)| (*key, *login)));
    all.find(|(known, _)| *known == key).unwrap_or_else(|| panic!("nobody is called {key}")).1
}

/// Appoints the officials of the tests.
pub(crate) async fn appoint(platform: &Platform) {
    let ctx = Ctx::system(platform, "tests.appoint");
    let settings = &platform.config().sign_in;
    let password = seed::password_hash(PASSWORD, &platform::chance::bytes::<16>(), settings).unwrap();
    let (mut officials, mut posts, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
    for (key, login, role, offices) in OFFICIALS {
        let id: OfficialId = platform.ids().make(ctx.now());
        let post = |office: &&str| Post { role, office: (*office).to_owned() };
        posts.extend(offices.iter().map(|office| OfficialPost { official: id.clone(), post: post(office) }));
        let holder = Holder::Official(id.clone());
        accounts.push(Account { login: login.to_owned(), holder, password: password.clone() });
        officials.push(Official { id, name: format!("测试{key}"), active: true });
    }
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let write = move |tx: &mut platform::db::Tx<'_>| {
        insert_officials(tx, &officials)?;
        insert_posts(tx, &posts)?;
        insert_accounts(tx, &accounts)?;
        tx.audited(Entry { event: "tests.officials-appointed", ..Entry::default() }, ())
    };
    platform.db().write(grant, write).await.unwrap();
}
