//! Paths in commands that a person is advised to type; the only file that names shlex.

use std::path::Path;

/// A path as it can be pasted into a shell: in quotes where it needs them, and after `./` where it would be taken for a flag.
///
/// Control characters, which would act on the terminal, are written as `?`.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let text: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    // It fails on a NUL alone, which is a control character.
    shlex::try_quote(&text).map_or_else(|_| text.clone(), |quoted| quoted.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_can_be_pasted_into_a_shell_whatever_is_in_its_name() {
        let cases = [
            ("in/a.wav", "in/a.wav"),
            ("my talk.wav", "'my talk.wav'"),
            ("$(id).wav", "'$(id).wav'"),
            ("it's.wav", "\"it's.wav\""),
            ("-n.wav", "./-n.wav"),
            ("x\u{1b}[2J.wav", "'x?[2J.wav'"),
        ];
        for (path, wanted) in cases {
            assert_eq!(quoted(Path::new(path)), wanted);
        }
    }
}
