//! What every command needs: where things are kept, and the settings in force.

use greenroom::store::{Config, Home};

use super::Failure;

/// Where things are kept, and the settings in force.
pub struct Context {
    /// Where things are kept.
    pub home: Home,
    /// The settings in force.
    pub config: Config,
}

impl Context {
    /// Reads the settings; touches nothing.
    pub fn load() -> Result<Context, Failure> {
        let home = Home::resolve(std::env::var_os(Home::VARIABLE))?;
        let config = Config::load(&home.config_file(), |name| std::env::var(name).ok())?;
        Ok(Context { home, config })
    }

    /// Lets what was typed win over the settings: `flags` are setting, flag and value.
    pub fn with_flags(mut self, flags: &[(&str, &str, Option<&str>)]) -> Result<Context, Failure> {
        for (key, flag, value) in flags {
            if let Some(value) = value {
                self.config.override_with(key, value, flag).map_err(|error| Failure::from(error).into_usage())?;
            }
        }
        Ok(self)
    }
}
