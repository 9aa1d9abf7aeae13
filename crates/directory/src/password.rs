//! Passwords: argon2id as PHC strings, checked on other threads, never more than two at once.
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use platform::config::SignIn;
use platform::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Each check takes tens of megabytes and milliseconds: two at once leave the processor to the others.
const AT_ONCE: usize = 2;
/// Who comes when so many wait is asked to try again, so that a flood of guesses cannot fill the memory.
const WAITING: usize = 64;

/// The PHC string of a password. `salt`: at least 8 random bytes, 16 are usual; cost as the settings say.
pub fn password_hash(password: &str, salt: &[u8], settings: &SignIn) -> Result<String> {
    let params = Params::new(settings.argon2_kib, settings.argon2_rounds, 1, None).map_err(wrong)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), salt).map_err(wrong)?;
    Ok(hash.to_string())
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("argon2: {error}"))
}

/// Whether the password fits. Without a stored string the same work is done for nothing, so that the time of an
/// answer does not tell which logins exist.
fn fits(password: &str, stored: Option<&str>, settings: &SignIn) -> Result<bool> {
    let Some(stored) = stored else {
        password_hash(password, b"no such account.", settings)?;
        return Ok(false);
    };
    let stored = PasswordHash::new(stored).map_err(wrong)?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
}

/// The queue in front of the checks.
#[derive(Clone)]
pub(crate) struct Turns {
    door: Arc<Semaphore>,
    checks: Arc<Semaphore>,
}

/// Leave to check one password; holds a place until dropped.
pub(crate) struct Turn {
    _door: OwnedSemaphorePermit,
    _check: OwnedSemaphorePermit,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self { door: Arc::new(Semaphore::new(WAITING)), checks: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Waits for a turn; `Unavailable` at once when too many wait already.
    pub(crate) async fn next(&self) -> Result<Turn> {
        let full = |_| Error::Unavailable("too many sign-ins wait for their turn".into());
        let door = Arc::clone(&self.door).try_acquire_owned().map_err(full)?;
        let check = Arc::clone(&self.checks).acquire_owned().await.map_err(Error::internal)?;
        Ok(Turn { _door: door, _check: check })
    }
}

impl Turn {
    /// Checks on a thread that may block. The turn goes along, so that it stays taken when the caller hangs up.
    pub(crate) async fn check(
        self,
        password: String,
        stored: Option<String>,
        settings: SignIn,
    ) -> Result<(bool, Self)> {
        let work = move || (fits(&password, stored.as_deref(), &settings), self);
        let (outcome, turn) = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
        Ok((outcome?, turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> SignIn {
        SignIn { argon2_kib: 64, argon2_rounds: 1, ..SignIn::default() }
    }

    #[test]
    fn a_hash_is_argon2id_with_the_costs_of_the_settings_and_fits_its_password_only() {
        let hash = password_hash("青溪-2026", &[7; 16], &cheap()).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(fits("青溪-2026", Some(&hash), &cheap()).unwrap());
        assert!(!fits("青溪-2027", Some(&hash), &cheap()).unwrap());
        assert!(!fits("青溪-2026", None, &cheap()).unwrap());
        assert!(fits("x", Some("not a hash"), &cheap()).is_err());
    }

    #[tokio::test]
    async fn a_flood_is_turned_away_and_a_turn_comes_free() {
        let turns = Turns::new();
        let held = [turns.next().await.unwrap(), turns.next().await.unwrap()];
        let waiting: Vec<_> = (2..WAITING)
            .map(|_| {
                tokio::spawn({
                    let turns = turns.clone();
                    async move { turns.next().await.is_ok() }
                })
            })
            .collect();
        while turns.door.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(turns.next().await, Err(Error::Unavailable(_))));
        drop(held);
        for one in waiting {
            assert!(one.await.unwrap());
        }
    }
}
