//! Two processes of one provider's gateway on one PostgreSQL: a message that one of them has carried out is refused by the
//! other, also when both get it at the same moment. Runs when `TONGBAN_TEST_PG` is set.
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Barrier;
use std::thread;

use tests::postgres::{OwnDatabase, admin_url, blocking};

use crate::application::Application;
use crate::callers::{PATIENCE, Told, post, request};
use crate::line::Catcher;
use crate::node::{Node, Place, consumer_roster, loopback, provider_roster};

const REPLAYED: &str = "server.serverproxy.invalid_request.replayed";
/// Messages that both get at the same moment.
const RACES: usize = 20;

/// Two places that share keys, files and database; the second differs in its ports.
fn twins(folder: &std::path::Path, (near_key, application): (&str, (&str, &str))) -> [Place; 2] {
    let first = Place { tls: false, ..Place::on_loopback(folder, "far") };
    first.prepare(&provider_roster(near_key, application), "");
    let second = Place { folder: folder.join("twin"), ..Place { tls: false, ..Place::on_loopback(folder, "twin") } };
    std::fs::create_dir_all(&second.folder).unwrap();
    std::os::unix::fs::symlink(first.data(), second.data()).unwrap();
    second.prepare(&provider_roster(near_key, application), "");
    [first, second]
}

/// A caller of the near node, who is never answered.
fn calling(door: &str, number: &str) -> TcpStream {
    let mut caller = TcpStream::connect(door).unwrap();
    caller.write_all(request(number, &format!("m-{number}")).as_bytes()).unwrap();
    caller
}

#[test]
fn a_message_that_one_process_has_carried_out_is_refused_by_the_other() {
    let Some(admin) = admin_url() else {
        println!("LEFT OUT: TONGBAN_TEST_PG is not set");
        return;
    };
    let database = blocking(OwnDatabase::make(&admin, None));
    let folder = tempfile::Builder::new().prefix("tongban-twins-").tempdir().unwrap();
    let (application, address) = Application::start(&loopback());
    let line = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = Place { tls: false, ..Place::on_loopback(folder.path(), "near") };
    std::fs::create_dir_all(near.data()).unwrap();
    let [first, second] = twins(folder.path(), (&near.key(), (&near.gateways, &address)));
    near.prepare(&consumer_roster(&first.key(), &line.local_addr().unwrap().to_string()), "");
    let on = |place: &Place| -> Node { place.start(None, &["--database", &database.url]) };
    let (_consumer, _running) = (near.start(None, &[]), [on(&first), on(&second)]);
    let doors = [first.gateways.as_str(), second.gateways.as_str()];

    let mut callers = vec![calling(&near.systems, "once")];
    let mut catcher = Catcher::accept(&line);
    let caught = catcher.catch();
    assert_eq!(caught.send(doors[0]), "200");
    for door in [doors[1], doors[0], doors[1]] {
        assert_eq!(caught.send(door), REPLAYED, "{door}");
    }
    assert_eq!(application.delivered()["once"], 1);

    for race in 0..RACES {
        let number = format!("race-{race}");
        callers.push(calling(&near.systems, &number));
        let caught = catcher.catch();
        let together = Barrier::new(2);
        let mut told = thread::scope(|scope| {
            let sending = doors.map(|door| {
                let (caught, together) = (&caught, &together);
                scope.spawn(move || {
                    together.wait();
                    caught.send(door)
                })
            });
            sending.map(|sending| sending.join().unwrap())
        });
        told.sort();
        assert_eq!(told, ["200", REPLAYED], "{number}");
        assert_eq!(application.delivered()[&number], 1, "{number}");
    }
}

/// The same door serves calls of its own meanwhile: the twins refuse repetitions, nothing else.
#[test]
fn two_processes_share_the_calls_of_one_gateway() {
    let Some(admin) = admin_url() else {
        println!("LEFT OUT: TONGBAN_TEST_PG is not set");
        return;
    };
    let database = blocking(OwnDatabase::make(&admin, None));
    let folder = tempfile::Builder::new().prefix("tongban-twins-").tempdir().unwrap();
    let (application, address) = Application::start(&loopback());
    let near = Place { tls: false, ..Place::on_loopback(folder.path(), "near") };
    std::fs::create_dir_all(near.data()).unwrap();
    let places = twins(folder.path(), (&near.key(), (&near.gateways, &address)));
    let running = places.each_ref().map(|place| place.start(None, &["--database", &database.url]));
    for (at, place) in places.iter().enumerate() {
        near.prepare(&consumer_roster(&place.key(), &place.gateways), "");
        let consumer = near.start(None, &[]);
        for piece in 0..10 {
            let (number, message) = (format!("{at}-{piece}"), format!("m-{at}-{piece}"));
            assert_eq!(post(near.systems.parse().unwrap(), (&number, &message), PATIENCE), Told::Done);
        }
        consumer.stop();
    }
    assert!(application.delivered().values().all(|times| *times == 1) && application.delivered().len() == 20);
    running.into_iter().for_each(Node::stop);
}
