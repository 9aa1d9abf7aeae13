//! Pages of the holder, of anyone who verifies, and of the issuing office.
pub mod desk;
pub mod holder;
pub mod offline;
pub mod qr;
pub mod verify;
pub mod view;
