//! `kill -9` under load, again and again: nothing that was acknowledged is lost or doubled.
use tests as _;
#[test]
fn tongban() {
    tests::cli::run_if_asked();
}
