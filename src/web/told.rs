//! What a person should know of what was put together for a page.

use std::sync::{Arc, Mutex, PoisonError};

/// Keeps what a [`Context`](crate::setup::Context) tells. Clones are the same.
#[derive(Clone, Default)]
pub struct Told {
    sentences: Arc<Mutex<Vec<String>>>,
}

impl Told {
    /// Who listens.
    pub fn listener(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let told = self.clone();
        move |sentence| told.sentences.lock().unwrap_or_else(PoisonError::into_inner).push(sentence.to_owned())
    }

    /// Everything that was told until now.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.sentences.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
