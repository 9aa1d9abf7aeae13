//! The roster's rights and callers: read in their one form, refused with the place where they are wrong.
#![allow(clippy::unwrap_used)] // helpers of tests
use gateway::Roster;
use gateway::tls::Outbound;

fn roster(callers: &str, access: &str) -> String {
    format!(
        "instance: NP
server: {{class: GOV, member: '1', code: a}}
relaxed_identifiers: true
groups: [{{code: city, members: ['NP/GOV/1/h%61ll']}}]
subsystems:
  - id: GOV/1/hall
    name: Hall
    member_name: City
    {callers}
  - id: GOV/1/云岭
    name: Yunling
    member_name: City
  - id: GOV/1/registers
    name: Registers
    member_name: City
    services:
      - code: persons
        url: application:register
        access:
          - {access}
"
    )
}

fn read(callers: &str, access: &str) -> Result<Roster, String> {
    Roster::parse("pack/roster.yaml", &roster(callers, access), &Outbound::default())
}

fn allows(access: &str, client: &str) -> bool {
    let roster = read("callers: anyone", access).unwrap();
    let service = roster.service("NP/GOV/1/registers/persons").unwrap();
    roster.allows(service, client, "GET", "/x")
}

#[test]
fn however_an_identifier_is_encoded_it_is_the_same() {
    let chinese = "NP/GOV/1/%E4%BA%91%E5%B2%AD";
    for to in ["NP/GOV/1/云岭", chinese, "NP/GOV/1/%e4%ba%91%e5%b2%ad", "N%50/GOV/1/云%E5%B2%AD"] {
        assert!(allows(&format!("{{to: '{to}'}}"), chinese), "{to}");
        assert!(!allows(&format!("{{to: '{to}'}}"), "NP/GOV/1/hall"), "{to}");
    }
    assert!(allows("{to: NP/GOV/1/h%61ll}", "NP/GOV/1/hall"));
    assert!(allows("{group: city}", "NP/GOV/1/hall"), "members of groups too");
    assert!(allows("{to: NP/GOV/1/hall, method: get}", "NP/GOV/1/hall"), "methods have one form as well");
}

#[test]
fn a_right_that_can_never_hold_is_refused_with_its_line() {
    for (access, words) in [
        ("{to: NP/GOV/1/Hall}", "there is only NP/GOV/1/hall"),
        ("{to: NP/GOV/1/nobody}", "there is none of this name"),
        ("{group: nobody}", "there is none of this name"),
        ("{to: NP/GOV/1}", "INSTANCE/CLASS/MEMBER/SUBSYSTEM"),
        ("{to: GOV/1/hall}", "INSTANCE/CLASS/MEMBER/SUBSYSTEM"),
        ("{to: NP/GOV/1/hall/persons}", "5 segments"),
        ("{to: NP/GOV/1/h%zz}", "percent-encoded"),
        ("{to: NP/GOV/1/hall, method: FETCH}", "`method: FETCH`"),
        ("{to: NP/GOV/1/hall, path: persons}", "begins with /"),
        ("{to: NP/GOV/1/hall, path: /a%20b}", "without %XX"),
    ] {
        let why = read("callers: anyone", access).err().unwrap_or_else(|| panic!("{access} was taken"));
        assert!(
            why.starts_with("pack/roster.yaml:20: NP/GOV/1/registers/persons: access right 1: "),
            "{access}: {why}"
        );
        assert!(why.contains(words), "{access}: {why}");
    }
    let both = read("callers: anyone", "{to: NP/GOV/1/hall, group: city}").err().unwrap();
    assert!(both.contains("persons: access right 1: it names either"), "{both}");
}

#[test]
fn who_may_call_is_said_and_anyone_is_warned_of() {
    assert_eq!(read("", "{group: city}").unwrap().warnings(), Vec::<String>::new());
    assert_eq!(read("callers: {networks: [10.0.0.0/8]}", "{group: city}").unwrap().warnings(), Vec::<String>::new());
    let open = read("callers: anyone", "{group: city}").unwrap().warnings();
    assert!(open.len() == 1 && open[0].contains("NP/GOV/1/hall"), "{open:?}");
    for (callers, words) in
        [("callers: {}", "names nothing"), ("callers: all", "anyone"), ("callers: {tokens: [plain]}", "callers.tokens")]
    {
        let why = read(callers, "{group: city}").err().unwrap();
        assert!(why.starts_with("pack/roster.yaml:") && why.contains(words), "{callers}: {why}");
    }
}
