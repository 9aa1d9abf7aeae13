//! The line between two nodes is cut under load: both ways, then one way, then the other. `TONGBAN_PARTITION_SECONDS` says
//! for how long (10 by itself; 0 leaves it out).
use std::collections::{BTreeMap, HashMap};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::application::Application;
use crate::callers::{Attempt, Callers, Told};
use crate::events::{self, Publisher, Receiver};
use crate::lab::{self, Cut, Lab};
use crate::messages::{by_message, no_request_twice};
use crate::node::{Place, pair};

const CALLERS: usize = 16;
/// How long the load runs before and after each cut.
const CALM: Duration = Duration::from_secs(6);
/// So long after a cut calls go through as before.
const BACK_WITHIN: Duration = Duration::from_secs(10);
/// The line is called well again when a window of this length has half of what came through before.
const WINDOW: Duration = Duration::from_secs(2);
/// Events that waited arrive one after another; between two of them at most the longest delay of a repetition, and it.
const EVENTS_WITHIN: Duration = Duration::from_secs(75);
/// What a caller may be told while the line is away (docs/protocols/exchange.md): nothing was sent; it broke off.
const UNREACHED: &str = "server.clientproxy.network_error";
const BROKEN_OFF: &str = "server.clientproxy.io_error";

/// When a cut began and ended.
struct Phase {
    cut: Cut,
    begun: Instant,
    healed: Instant,
}

fn seconds() -> u64 {
    std::env::var("TONGBAN_PARTITION_SECONDS").map_or(10, |seconds| seconds.parse().unwrap())
}

#[test]
fn a_line_that_is_cut_under_load_loses_nothing_and_doubles_nothing() {
    if lab::is_within() {
        return within();
    }
    match seconds() {
        0 => println!("LEFT OUT: TONGBAN_PARTITION_SECONDS is 0"),
        _ => lab::run("partition::a_line_that_is_cut_under_load_loses_nothing_and_doubles_nothing"),
    }
}

fn within() {
    let lab = Lab::open();
    let folder = tempfile::Builder::new().prefix("tongban-partition-").tempdir().unwrap();
    let place = |name: &'static str, hall: &str, own: &str| Place {
        name,
        folder: folder.path().join(name),
        hall: format!("{hall}:8080"),
        systems: format!("{hall}:8081"),
        gateways: format!("{own}:8082"),
        tls: true,
    };
    let (near, far) = (place("near", lab::NEAR_DOOR, lab::NEAR), place("far", "10.2.0.2", lab::FAR));
    let (application, address) = Application::start(&format!("{}:9000", lab::APPLICATION));
    let (receiver, hook) = Receiver::start(&format!("{}:9001", lab::RECEIVER));
    std::fs::create_dir_all(near.data()).unwrap();
    events::seed(&near);
    pair(&near, &far, (&address, &events::settings(&hook)));
    let (provider, consumer) = (far.start(Some(&lab.far), &[]), near.start(Some(&lab.near), &[]));
    let key = events::arrange(&near.hall, &hook);

    let (callers, publisher) = (Callers::start(CALLERS, &near.systems), Publisher::start(&near.hall, key));
    let phases = cut_and_heal(&lab);
    let (attempts, published) = (callers.finish(), publisher.finish());
    let waited = receiver.wait_for(published.len(), EVENTS_WITHIN);
    // The last one is still being acknowledged.
    sleep(WINDOW);
    consumer.stop();
    provider.stop();
    tell(&attempts, &phases);
    events::left(&near).iter().for_each(|left| println!("not delivered: {left}"));
    check_calls(&attempts, &application.delivered());
    check_logs(&attempts, (&near, &far), &application.delivered());
    let repeated = events::check(&published, &receiver.arrived());
    let done = attempts.iter().filter(|attempt| attempt.told == Told::Done).count();
    println!(
        "{done} calls acknowledged, each carried out once and in both logs; {} events, each once in its order ({repeated} \
         repetitions known by their identifier), the last {:.1} s after the end of the load",
        published.len(),
        waited.as_secs_f64()
    );
    phases.iter().for_each(|phase| check_back(&attempts, phase));
}

/// Both ways for the whole time, then each way for half of it.
fn cut_and_heal(lab: &Lab) -> Vec<Phase> {
    let whole = Duration::from_secs(seconds());
    sleep(CALM);
    let cuts = [(Cut::Both, whole), (Cut::There, whole / 2), (Cut::Back, whole / 2)];
    let phase = |(cut, time): (Cut, Duration)| {
        let begun = Instant::now();
        lab.cut(cut);
        sleep(time);
        lab.heal(cut);
        let healed = Instant::now();
        sleep(BACK_WITHIN + CALM);
        Phase { cut, begun, healed }
    };
    cuts.into_iter().map(phase).collect()
}

/// What callers were told agrees with what the application was given.
fn check_calls(attempts: &[Attempt], delivered: &HashMap<String, u32>) {
    let mut tries: BTreeMap<&str, Vec<&Attempt>> = BTreeMap::new();
    attempts.iter().for_each(|attempt| tries.entry(&attempt.number).or_default().push(attempt));
    for (number, tries) in &tries {
        let times = delivered.get(*number).copied().unwrap_or(0) as usize;
        let of = |code: &str| tries.iter().filter(|a| a.told == Told::Fault(code.to_owned())).count();
        let done = tries.iter().filter(|attempt| attempt.told == Told::Done).count();
        for attempt in tries {
            let told = matches!(&attempt.told, Told::Done) || of(UNREACHED) + of(BROKEN_OFF) + done == tries.len();
            assert!(told, "{number}: a caller was told something else: {attempt:?}");
        }
        assert!(times >= done, "{number}: acknowledged and not carried out: {tries:?}");
        // Nothing is delivered by itself a second time: once for each attempt that broke off, never for one that was
        // told that the other gateway cannot be reached.
        assert!(times <= done + of(BROKEN_OFF), "{number}: delivered {times} times: {tries:?}");
        assert!(!tries[0].repeats || done == 1, "{number}: repeated, and never done: {tries:?}");
    }
}

/// Every acknowledged call stands in both logs with its answer; nothing was carried out that the provider's log lacks.
fn check_logs(attempts: &[Attempt], (near, far): (&Place, &Place), delivered: &HashMap<String, u32>) {
    no_request_twice(&near.data());
    no_request_twice(&far.data());
    let (at_near, at_far) = (by_message(&near.data()), by_message(&far.data()));
    let mut logged: HashMap<&str, u32> = HashMap::new();
    for attempt in attempts {
        let lines = |of: &HashMap<String, _>| of.get(&attempt.message).cloned().unwrap_or_default();
        let both: [crate::messages::Lines; 2] = [lines(&at_near), lines(&at_far)];
        *logged.entry(&attempt.number).or_default() += u32::try_from(both[1].requests).unwrap();
        if attempt.told == Told::Done {
            for lines in both {
                assert_eq!((lines.requests, lines.answers.as_slice()), (1, &[Some(200)][..]), "{attempt:?}");
            }
        } else if both[0].requests == 1 {
            assert_eq!(both[0].all, 2, "the consumer's log says how a failed call ended: {attempt:?} {:?}", both[0]);
        }
    }
    for (number, times) in delivered {
        let lines = logged.get(number.as_str()).copied().unwrap_or(0);
        assert!(*times <= lines, "{number}: carried out {times} times, logged {lines} times");
    }
}

fn done_between(attempts: &[Attempt], from: Instant, to: Instant) -> usize {
    attempts.iter().filter(|attempt| attempt.told == Told::Done && (from..to).contains(&attempt.ended)).count()
}

/// Calls in a window of before the cut.
fn before(attempts: &[Attempt], phase: &Phase) -> usize {
    done_between(attempts, phase.begun - WINDOW, phase.begun)
}

/// After the cut: until a window has half of what a window before it had.
fn back_after(attempts: &[Attempt], phase: &Phase) -> Option<Duration> {
    let step = Duration::from_millis(100);
    let usual = before(attempts, phase);
    let well =
        |after: &Duration| done_between(attempts, phase.healed + *after, phase.healed + *after + WINDOW) * 2 >= usual;
    (0..).map(|n| step * n).take_while(|after| *after <= BACK_WITHIN + CALM - WINDOW).find(well)
}

fn tell(attempts: &[Attempt], phases: &[Phase]) {
    for phase in phases {
        let (from, to) = (phase.begun, phase.healed + BACK_WITHIN);
        let touched: Vec<_> = attempts.iter().filter(|a| a.ended >= from && a.begun < phase.healed).collect();
        let faults = touched.iter().filter(|a| a.told != Told::Done && a.ended < to);
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        faults.for_each(|attempt| *codes.entry(format!("{:?}", attempt.told)).or_default() += 1);
        let longest = touched.iter().map(|a| a.ended - a.begun).max().unwrap_or_default();
        println!(
            "{:?} cut for {:.0} s: {:.0} calls/s before; {codes:?}; longest wait {:.1} s; as before after {:.1?} s",
            phase.cut,
            (phase.healed - phase.begun).as_secs_f64(),
            before(attempts, phase) as f64 / WINDOW.as_secs_f64(),
            longest.as_secs_f64(),
            back_after(attempts, phase).map(|after| after.as_secs_f64()),
        );
    }
}

fn check_back(attempts: &[Attempt], phase: &Phase) {
    assert!(before(attempts, phase) > 20, "{:?}: too little load to say anything", phase.cut);
    let back = back_after(attempts, phase);
    assert!(back.is_some_and(|after| after <= BACK_WITHIN), "{:?}: calls go on after {back:?}", phase.cut);
}
