//! The doors of GovStack's interfaces in the demo: open, with tokens that are made anew at each start.
use platform::chance;
use platform::config::Govstack;

use super::grants::QUERY_BASIS;

/// Every scope of the configuration API.
const SCOPES: &str = "read:conf write:conf create:conf read:rights write:rights";

/// What a caller sends; told to whoever started the demo.
pub struct Keys {
    pub registries: String,
    pub mediator: String,
}

impl Keys {
    /// Opens what the settings leave closed, on loopback and any free port.
    pub fn of(settings: &mut Govstack) -> Self {
        for listen in [&mut settings.listen, &mut settings.mediator.listen] {
            if listen.is_empty() {
                *listen = "127.0.0.1:0".into();
            }
        }
        if settings.token.is_empty() {
            settings.token = chance::token();
        }
        if settings.basis.is_empty() {
            settings.basis = QUERY_BASIS.into();
        }
        let mediator = chance::token();
        settings.mediator.tokens.insert(chance::sha256_hex(mediator.as_bytes()), SCOPES.into());
        Self { registries: settings.token.clone(), mediator }
    }
}
