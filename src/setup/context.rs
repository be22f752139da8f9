//! Where things are kept, the settings in force, and who is told what went differently than it should.

use std::fmt;
use std::sync::Arc;

use super::SetupError;
use crate::remedy::Remedy;
use crate::store::{Config, ConfigError, Home};

/// Where things are kept, and the settings in force.
#[derive(Clone)]
pub struct Context {
    /// Where things are kept.
    pub home: Home,
    /// The settings in force.
    pub config: Config,
    listener: Listener,
}

/// Is told, in a sentence, what a person should know and what stops nothing.
type Listener = Arc<dyn Fn(&str) + Send + Sync>;

impl Context {
    /// Reads the settings of this machine; touches nothing. Returns also what of them cannot be used and is left out.
    ///
    /// # Errors
    /// Where there is no place to keep anything.
    pub fn look(listener: impl Fn(&str) + Send + Sync + 'static) -> Result<(Context, Vec<ConfigError>), SetupError> {
        Ok(Context::of_home(Home::resolve(std::env::var_os(Home::VARIABLE))?, listener))
    }

    /// As [`Context::look`], of a home that is known.
    pub fn of_home(home: Home, listener: impl Fn(&str) + Send + Sync + 'static) -> (Context, Vec<ConfigError>) {
        let (config, left_out) = Config::load(&home.config_file(), |name| std::env::var(name).ok());
        (Context { home, config, listener: Arc::new(listener) }, left_out)
    }

    /// As [`Context::look`]; what cannot be used is told to the listener.
    pub fn load(listener: impl Fn(&str) + Send + Sync + 'static) -> Result<Context, SetupError> {
        let (context, left_out) = Context::look(listener)?;
        context.tell_left_out(&left_out);
        Ok(context)
    }

    /// Tells the listener what of the settings cannot be used.
    pub fn tell_left_out(&self, left_out: &[ConfigError]) {
        for error in left_out {
            self.tell(&format!("{error}: it is left out; {}", error.next_step()));
        }
    }

    /// Lets what was typed win over the settings: `flags` are setting, flag and value.
    ///
    /// # Errors
    /// Where a value is none for its setting.
    pub fn with_flags(mut self, flags: &[(&str, &str, Option<&str>)]) -> Result<Context, SetupError> {
        for (key, flag, value) in flags {
            if let Some(value) = value {
                self.config.override_with(key, value, flag).map_err(SetupError::Flag)?;
            }
        }
        Ok(self)
    }

    /// Tells the listener something.
    pub fn tell(&self, sentence: &str) {
        (self.listener)(sentence);
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Context").field("home", &self.home).field("config", &self.config).finish_non_exhaustive()
    }
}
