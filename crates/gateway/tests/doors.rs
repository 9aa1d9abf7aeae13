//! What one caller can take of a gateway: its places, its time, its disk. Whoever takes too much is cut off, and the others
//! go on.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::time::{Duration, Instant};

use common::world::Authority;
use common::{CLIENT, Doors, Node, Pair, SERVICE, read_answer, request};
use gateway::Limits;
use gateway::body::Room;
use gateway::pool::Origin;
use gateway::tls::Outbound;
use gateway::wire;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

async fn limited(change: impl FnOnce(&mut Limits)) -> Pair {
    Pair::start_limited(tempfile::tempdir().unwrap(), change).await
}

async fn becomes(what: &str, is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_of_its_answer_is_cut_off_and_its_file_is_gone() {
    let pair = limited(|limits| limits.doors.write_within = Duration::from_millis(500)).await;
    let room = pair.consumer.gateway.limits().spool.room.clone();
    let body = vec![7; 24 << 20];
    let client = format!("X-Road-Client: {CLIENT}");
    let mut stream = TcpStream::connect(pair.consumer.systems).await.unwrap();
    stream.write_all(&request(&format!("PUT {SERVICE}/large"), &[&client], &body)).await.unwrap();
    becomes("the answer lies ready", || pair.application.count() == 1 && room.used() == body.len() as u64).await;
    becomes("the answer is given up", || room.used() == 0).await;
    let mut rest = Vec::new();
    drop(stream.read_to_end(&mut rest).await);
    assert!(rest.len() < body.len(), "the whole answer was sent to somebody who did not read");
    assert_eq!(pair.get("/after").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_cut_off_when_its_time_is_over() {
    let pair = limited(|limits| limits.spool.within = Duration::from_secs(1)).await;
    let mut stream = TcpStream::connect(pair.consumer.systems).await.unwrap();
    let head =
        format!("POST {SERVICE}/x HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nContent-Length: 1000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let dripping = tokio::spawn(async move {
        // Always sooner than the patience of two seconds.
        while to.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let begun = Instant::now();
    let mut answer = Vec::new();
    from.read_to_end(&mut answer).await.ok();
    let (answer, took) = (String::from_utf8_lossy(&answer), begun.elapsed());
    assert!(answer.contains("client.bad_request") && answer.contains("within 1 s"), "{answer}");
    assert!((Duration::from_millis(900)..Duration::from_secs(5)).contains(&took), "{took:?}");
    drop(from);
    dripping.await.unwrap();
    assert_eq!(pair.application.count(), 0);
}

async fn from(address: &str, to: std::net::SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Whether a connection is answered.
async fn is_heard(mut stream: TcpStream) -> bool {
    let bytes = request("GET /listClients", &[], b"");
    let mut answer = [0; 12];
    stream.write_all(&bytes).await.is_ok() && stream.read_exact(&mut answer).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_take_all_places() {
    let pair = limited(|limits| limits.doors.per_address = 3).await;
    let door = pair.consumer.systems;
    let mut idle = Vec::new();
    for _ in 0..3 {
        let mut stream = from("127.0.0.1", door).await;
        stream.write_all(&request("GET /listClients", &[], b"")).await.unwrap();
        assert_eq!(read_answer(&mut stream).await.status, 200);
        idle.push(stream);
    }
    assert!(!is_heard(from("127.0.0.1", door).await).await, "the fourth of one address");
    assert!(is_heard(from("127.0.0.2", door).await).await, "the first of another");
    drop(idle.pop());
    let begun = Instant::now();
    while !is_heard(from("127.0.0.1", door).await).await {
        assert!(begun.elapsed() < Duration::from_secs(5), "a place that was left is not given again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_of_the_whole_door_are_waited_for() {
    let pair = limited(|limits| limits.doors.connections = 1).await;
    let door = pair.consumer.systems;
    let first = TcpStream::connect(door).await.unwrap();
    let mut second = TcpStream::connect(door).await.unwrap();
    second.write_all(&request("GET /listClients", &[], b"")).await.unwrap();
    let waited = tokio::time::timeout(Duration::from_millis(300), second.readable()).await;
    assert!(waited.is_err(), "there is one place, and it is taken");
    drop(first);
    assert_eq!(read_answer(&mut second).await.status, 200);
}

/// A line as another gateway opens it; None: it was not let in.
async fn line(to: &Node, with: &Outbound) -> Option<impl Sized + use<>> {
    let address = to.gateways.to_string();
    let origin = Origin::new(&address, with.to_peer(&address, &[]), Duration::from_secs(2));
    origin.upgrade(wire::PATH, wire::PROTOCOL).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_has_its_place_until_it_is_closed() {
    let authority = Authority::new("Nanping");
    let (tls, _) = authority.issue("near", &authority.roots());
    for outbound in [Outbound::default(), tls] {
        let limits: [fn(&mut Limits); 2] = [|l| l.doors.per_address = 3, |l| l.doors.connections = 3];
        for limit in limits {
            let mut doors = Doors::bind(1).await;
            doors.outbound = outbound.clone();
            let address = doors.address();
            let node = Pair::consumer(doors, (&Doors::bind(2).await, address), limit).await;
            let mut open = Vec::new();
            for n in 0..3 {
                open.push(line(&node, &outbound).await.unwrap_or_else(|| panic!("line {n} of 3 is not let in")));
            }
            assert!(line(&node, &outbound).await.is_none(), "there are three places, and three lines are open");
            drop(open.pop());
            let begun = Instant::now();
            let again = loop {
                match line(&node, &outbound).await {
                    Some(line) => break line,
                    None => assert!(begun.elapsed() < Duration::from_secs(10), "the place of a closed line is lost"),
                }
            };
            assert!(line(&node, &outbound).await.is_none(), "one was closed, and one took its place");
            drop((open, again));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_has_no_place_more_until_its_call_has_ended() {
    let pair = limited(|limits| limits.doors.per_address = 2).await;
    let door = pair.consumer.systems;
    let call = request(&format!("POST {SERVICE}/never"), &[&format!("X-Road-Client: {CLIENT}")], b"x");
    for n in 1..=2 {
        let mut stream = from("127.0.0.1", door).await;
        stream.write_all(&call).await.unwrap();
        becomes("the application is asked", || pair.application.count() == n).await;
    }
    assert!(!is_heard(from("127.0.0.1", door).await).await, "both places are those of calls");
    assert!(is_heard(from("127.0.0.2", door).await).await);
    // The application's time is over after a second.
    let begun = Instant::now();
    while !is_heard(from("127.0.0.1", door).await).await {
        assert!(begun.elapsed() < Duration::from_secs(10), "the calls have ended, their places are lost");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(pair.application.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_share_the_room_on_disk_and_give_it_back() {
    let pair = limited(|limits| limits.spool.room = Room::of(4 << 20)).await;
    let room = pair.consumer.gateway.limits().spool.room.clone();
    let put = format!("PUT {SERVICE}/large");
    let refused = pair.call(&put, &[], &vec![7; 6 << 20]).await;
    assert_eq!((refused.status, refused.error()), (500, "server.clientproxy.io_error"));
    becomes("what was refused takes no room", || room.used() == 0).await;
    assert_eq!(pair.application.count(), 0);
    let answer = pair.call(&put, &[], &vec![7; 1 << 20]).await;
    assert_eq!((answer.status, answer.body.len()), (200, 1 << 20));
    becomes("room is given back", || room.used() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_body_never_touches_the_disk() {
    // There is no disk: whoever needs it fails.
    let pair = limited(|limits| limits.spool.dir = "/nowhere/at/all".into()).await;
    let put = format!("PUT {SERVICE}/x");
    for size in [1, 1 << 10, 200 << 10] {
        let answer = pair.call(&put, &[], &vec![7; size]).await;
        assert_eq!((answer.status, answer.body.len()), (200, size), "{}", answer.error());
    }
    assert_eq!(pair.call(&put, &[], &vec![7; 300 << 10]).await.error(), "server.clientproxy.io_error");
}
