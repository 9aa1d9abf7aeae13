//! The provider's gateway dies between request and answer: the caller is told that the call may have been carried out, and
//! the same message opens nothing when the gateway is back.
use std::thread;
use std::time::{Duration, Instant};

use gateway::log::entry::Part;

use crate::application::Application;
use crate::callers::{PATIENCE, Told, post};
use crate::messages::entries;
use crate::node::{Place, loopback, pair};

/// A gateway that is gone is noticed at once: its machine says so.
const SOON: Duration = Duration::from_secs(10);

#[test]
fn a_gateway_that_dies_before_the_answer_leaves_a_caller_who_knows_that_and_a_log_that_says_so() {
    let folder = tempfile::Builder::new().prefix("tongban-killed-").tempdir().unwrap();
    let (application, address) = Application::start(&loopback());
    let (near, far) = (Place::on_loopback(folder.path(), "near"), Place::on_loopback(folder.path(), "far"));
    pair(&near, &far, (&address, ""));
    let (consumer, provider) = (near.start(None, &[]), far.start(None, &[]));
    let door = near.systems.parse().unwrap();
    assert_eq!(post(door, ("before", "m-before"), PATIENCE), Told::Done);

    application.hold();
    let begun = Instant::now();
    let calling = thread::spawn(move || post(door, ("cut", "m-cut"), PATIENCE));
    application.wait_for("cut");
    provider.kill();
    let told = calling.join().unwrap();
    assert_eq!(told, Told::Fault("server.clientproxy.io_error".into()), "it may have been carried out");
    assert!(begun.elapsed() < SOON, "told after {:?}", begun.elapsed());
    application.release();
    // While it is away nothing is sent, and that is what is told.
    let away = post(door, ("away", "m-away"), PATIENCE);
    assert_eq!(away, Told::Fault("server.clientproxy.network_error".into()));

    let again = far.start(None, &[]);
    assert_eq!(post(door, ("after", "m-after"), PATIENCE), Told::Done);
    consumer.stop();
    again.stop();
    let delivered = application.delivered();
    assert_eq!(
        ["before", "cut", "after"].map(|number| delivered[number]),
        [1, 1, 1],
        "nothing by itself a second time"
    );
    assert!(!delivered.contains_key("away"));
    let lines = |place: &Place, message: &str| {
        let of = entries(&place.data()).into_iter().filter(|entry| entry.names.message_id == message);
        of.map(|entry| (entry.part == Part::Request, entry.status)).collect::<Vec<_>>()
    };
    assert_eq!(lines(&far, "m-cut"), [(true, None)], "it died before it could write more");
    let cut = lines(&near, "m-cut");
    assert!(matches!(cut[..], [(true, None), (false, end)] if end != Some(200)), "the log says how it ended: {cut:?}");
    // What never left has a line too, and its end.
    assert_eq!(lines(&near, "m-away"), [(true, None), (false, None)]);
}
