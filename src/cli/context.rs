//! What every command needs: where things are kept, and the settings in force.

use greenroom::store::{Config, ConfigError, Home};

use super::{Failure, output};

/// Where things are kept, and the settings in force.
pub struct Context {
    /// Where things are kept.
    pub home: Home,
    /// The settings in force.
    pub config: Config,
}

impl Context {
    /// Reads the settings; touches nothing. What of them cannot be used is said and left out.
    pub fn load() -> Result<Context, Failure> {
        let (context, left_out) = Context::look()?;
        for error in left_out {
            output::talk(&format!("{error}: it is left out; {}", error.hint()));
        }
        Ok(context)
    }

    /// As [`Context::load`], and says nothing: returns what cannot be used.
    pub fn look() -> Result<(Context, Vec<ConfigError>), Failure> {
        let home = Home::resolve(std::env::var_os(Home::VARIABLE))?;
        let (config, left_out) = Config::load(&home.config_file(), |name| std::env::var(name).ok());
        Ok((Context { home, config }, left_out))
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
