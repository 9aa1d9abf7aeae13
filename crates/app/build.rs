//! Rebuilds the program when an embedded folder changes.
fn main() {
    for folder in ["migrations", "locales", "static", "packs"] {
        println!("cargo:rerun-if-changed=../../{folder}");
    }
}
