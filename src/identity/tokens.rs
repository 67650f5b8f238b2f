//! Bearer tokens (RFC 6750): made once, shown once, kept as a digest.

use super::{Actor, Grant, Identity, IdentityError};
use crate::store::TokenRow;
use mingzhang_events::{ActorId, MemberId};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

/// Tokens in force, with when they were last compared with the database.
#[derive(Default)]
pub(super) struct TokenCache {
    actors: HashMap<[u8; 32], Arc<Actor>>,
    version: i64,
    compared_at_seconds: i64,
}

/// A token as its keeper sees it. The secret is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The first 8 hex digits of its digest: what it is revoked by.
    pub fingerprint: String,
    /// Who acts with it.
    pub actor: ActorId,
    /// The member that the actor is, if any.
    pub member: Option<MemberId>,
    /// What it may do, and where.
    pub grants: Vec<Grant>,
    /// When it was made, as an instant.
    pub created_at: String,
    /// When it was revoked, if it was.
    pub revoked_at: Option<String>,
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn fingerprint(digest: &[u8; 32]) -> String {
    digest[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(row: TokenRow) -> Result<([u8; 32], Token), IdentityError> {
    let damaged = |_| IdentityError::Damaged;
    let grants =
        row.grants.split_whitespace().map(str::parse).collect::<Result<_, _>>().map_err(|_| IdentityError::Damaged)?;
    let token = Token {
        fingerprint: fingerprint(&row.digest),
        actor: row.actor.parse().map_err(damaged)?,
        member: row.member.map(MemberId),
        grants,
        created_at: row.created_at,
        revoked_at: row.revoked_at,
    };
    Ok((row.digest, token))
}

impl Identity {
    /// Makes a token and gives its secret, which can't be had again.
    pub fn create_token(
        &self,
        actor: ActorId,
        member: Option<MemberId>,
        grants: &[Grant],
    ) -> Result<String, IdentityError> {
        let random = crate::keys::random().map_err(|_| IdentityError::NoRandomness)?;
        let secret: String =
            std::iter::once("mz_".to_owned()).chain(random.iter().map(|byte| format!("{byte:02x}"))).collect();
        let grants: Vec<String> = grants.iter().map(Grant::to_string).collect();
        self.store.put_token(&TokenRow {
            digest: digest(&secret),
            actor: actor.to_string(),
            member: member.map(|member| member.0),
            grants: grants.join(" "),
            created_at: self.clock.now().to_string(),
            revoked_at: None,
        })?;
        self.forget_cached_tokens();
        Ok(secret)
    }

    /// Every token, in order of making.
    pub fn tokens(&self) -> Result<Vec<Token>, IdentityError> {
        self.store.tokens()?.into_iter().map(|row| read(row).map(|(_, token)| token)).collect()
    }

    /// Revokes the token with this fingerprint; `false` if there is none in force.
    pub fn revoke_token(&self, wanted: &str) -> Result<bool, IdentityError> {
        let rows = self.store.tokens()?;
        let Some(row) = rows.iter().find(|row| row.revoked_at.is_none() && fingerprint(&row.digest) == wanted) else {
            return Ok(false);
        };
        let revoked = self.store.revoke_token(&row.digest, &self.clock.now().to_string())?;
        self.forget_cached_tokens();
        Ok(revoked)
    }

    /// Who holds this secret, or `None`. Looks at the database again at most once a second, so a token that is revoked
    /// elsewhere works for a second longer; one that was just made works at once.
    pub fn authenticate(&self, secret: &str) -> Result<Option<Arc<Actor>>, IdentityError> {
        let digest = digest(secret);
        let now = self.clock.now().unix_seconds();
        {
            let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
            // One that isn't known may have been made this very second.
            if let (true, Some(actor)) = (cache.compared_at_seconds == now, cache.actors.get(&digest)) {
                return Ok(Some(Arc::clone(actor)));
            }
        }
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        let version = self.store.version()?;
        if cache.compared_at_seconds == 0 || cache.version != version {
            cache.actors.clear();
            for row in self.store.tokens()? {
                let (digest, token) = read(row)?;
                if token.revoked_at.is_none() {
                    let actor = Actor { id: token.actor, member: token.member, grants: token.grants };
                    cache.actors.insert(digest, Arc::new(actor));
                }
            }
            cache.version = version;
        }
        cache.compared_at_seconds = now;
        Ok(cache.actors.get(&digest).cloned())
    }

    pub(super) fn forget_cached_tokens(&self) {
        *self.cache.write().unwrap_or_else(PoisonError::into_inner) = TokenCache::default();
    }
}
