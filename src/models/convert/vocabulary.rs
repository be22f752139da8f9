//! The words of a model: from the files in which other programs keep them to the bytes that ggml has.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::problem::{ConvertError, ConvertProblem};

/// Tokens that stand in a model file; those after them are known to whisper.cpp by their numbers.
const SPELLED_OUT: u32 = 50_257;
/// Most bytes of a vocabulary file; `tokenizer.json` of large-v3 has about 2.5 million.
pub(super) const MOST_BYTES: u64 = 64 << 20;

/// Tokens by their numbers, as GPT-2 writes them: every byte as one printable character.
#[derive(Debug, Default, PartialEq)]
pub struct Vocabulary {
    tokens: HashMap<u32, String>,
}

/// The files that are looked for, the best first.
const FILES: &str = "tokenizer.json, vocab.json, vocabulary.json or vocabulary.txt";

impl Vocabulary {
    /// Reads the vocabulary in a folder of CTranslate2 or Hugging Face.
    pub(super) fn of_folder(folder: &Path) -> Result<Vocabulary, ConvertError> {
        let read = |name: &str, parse: fn(&[u8]) -> Result<Vocabulary, ConvertProblem>| {
            let path = folder.join(name);
            let read = read_small(&path).and_then(|bytes| bytes.as_deref().map(parse).transpose());
            read.map_err(|problem| ConvertError { path, problem })
        };
        if let Some(found) = read("tokenizer.json", Vocabulary::of_tokenizer_json)? {
            return Ok(found);
        }
        if let Some(mut found) = read("vocab.json", Vocabulary::of_map)? {
            if let Some(added) = read("added_tokens.json", Vocabulary::of_map)? {
                found.tokens.extend(added.tokens);
            }
            return Ok(found);
        }
        for (name, parse) in [
            ("vocabulary.json", Vocabulary::of_list as fn(&[u8]) -> Result<Vocabulary, ConvertProblem>),
            ("vocabulary.txt", Vocabulary::of_lines),
        ] {
            if let Some(found) = read(name, parse)? {
                return Ok(found);
            }
        }
        Err(ConvertError { path: folder.to_owned(), problem: ConvertProblem::NoFile { what: FILES } })
    }

    /// `tokenizer.json` of Hugging Face's `tokenizers`.
    pub(crate) fn of_tokenizer_json(json: &[u8]) -> Result<Vocabulary, ConvertProblem> {
        #[derive(Deserialize)]
        struct Tokenizer {
            model: Model,
            #[serde(default)]
            added_tokens: Vec<Added>,
        }
        #[derive(Deserialize)]
        struct Model {
            vocab: HashMap<String, u32>,
        }
        #[derive(Deserialize)]
        struct Added {
            id: u32,
            content: String,
        }
        let read: Tokenizer = serde_json::from_slice(json).map_err(|error| ConvertProblem::of_json(&error))?;
        let mut tokens: HashMap<_, _> = read.model.vocab.into_iter().map(|(token, id)| (id, token)).collect();
        for added in read.added_tokens {
            tokens.entry(added.id).or_insert(added.content);
        }
        Ok(Vocabulary { tokens })
    }

    /// `vocab.json`: tokens with their numbers.
    fn of_map(json: &[u8]) -> Result<Vocabulary, ConvertProblem> {
        let map: HashMap<String, u32> =
            serde_json::from_slice(json).map_err(|error| ConvertProblem::of_json(&error))?;
        Ok(Vocabulary { tokens: map.into_iter().map(|(token, id)| (id, token)).collect() })
    }

    /// `vocabulary.json` of CTranslate2: tokens in their order.
    fn of_list(json: &[u8]) -> Result<Vocabulary, ConvertProblem> {
        let list: Vec<String> = serde_json::from_slice(json).map_err(|error| ConvertProblem::of_json(&error))?;
        Ok(Vocabulary { tokens: (0..).zip(list).collect() })
    }

    /// `vocabulary.txt` of CTranslate2: a token a line.
    fn of_lines(text: &[u8]) -> Result<Vocabulary, ConvertProblem> {
        let text = std::str::from_utf8(text).map_err(|error| ConvertProblem::Text {
            reason: format!("no UTF-8 from byte {} on", error.valid_up_to()),
        })?;
        Ok(Vocabulary { tokens: (0..).zip(text.split('\n').map(str::to_owned)).collect() })
    }

    /// The tokens that stand in a model file of `size` tokens in all, as bytes.
    pub(super) fn spelled_out(&self, size: u32) -> Result<Vec<Vec<u8>>, ConvertProblem> {
        // English models end a text with token 50256, the others with 50257: what tells their vocabularies apart.
        let end = if size <= 51_864 { SPELLED_OUT - 1 } else { SPELLED_OUT };
        let found = self.tokens.iter().find(|(_, token)| *token == "<|endoftext|>").map(|(id, _)| *id);
        if let Some(found) = found.filter(|found| *found != end) {
            return Err(ConvertProblem::OtherVocabulary { found, wanted: end });
        }
        (0..SPELLED_OUT)
            .map(|id| {
                let token = self.tokens.get(&id).ok_or(ConvertProblem::Token { id })?;
                let bytes = token.chars().map(|c| BYTES.get(&c).copied()).collect::<Option<Vec<u8>>>();
                bytes.ok_or_else(|| ConvertProblem::Spelling { id, token: token.clone() })
            })
            .collect()
    }

    /// Whether it has the tokens with which CrisperWhisper 2 is told how to write.
    pub(super) fn is_crisper(&self) -> bool {
        self.tokens.values().any(|token| token == "[verbatim_1]")
    }
}

/// The byte that each character of GPT-2's spelling stands for.
static BYTES: LazyLock<HashMap<char, u8>> = LazyLock::new(|| printable().zip(0..=255).collect());

/// The character for every byte, in the order of bytes: itself where it is printable in Latin-1, else from 256 on.
pub(super) fn printable() -> impl Iterator<Item = char> {
    let is_printable = |byte: &u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let mut others = '\u{100}'..;
    (0..=255_u8).map(
        move |byte| {
            if is_printable(&byte) { char::from(byte) } else { others.next().expect("the range has no end") }
        },
    )
}

/// A file of a sane size, whole; `None` where there is none.
pub(super) fn read_small(path: &Path) -> Result<Option<Vec<u8>>, ConvertProblem> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ConvertProblem::Unreadable(error)),
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(ConvertProblem::of_io)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(ConvertProblem::Unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(ConvertProblem::Damaged { what: format!("it has more than {MOST_BYTES} bytes") });
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        assert_eq!(BYTES.len(), 256);
        assert_eq!((BYTES[&'a'], BYTES[&'Ġ'], BYTES[&'Ċ'], BYTES[&'Ł']), (b'a', b' ', b'\n', 159));
    }

    #[test]
    fn the_same_tokens_come_out_of_every_kind_of_file() {
        let wanted = Vocabulary { tokens: [(0, "a".to_owned()), (1, "Ġb".to_owned())].into() };
        let of =
            |parse: fn(&[u8]) -> Result<Vocabulary, ConvertProblem>, text: &str| parse(text.as_bytes()).expect("good");
        assert_eq!(of(Vocabulary::of_map, r#"{"Ġb": 1, "a": 0}"#), wanted);
        assert_eq!(of(Vocabulary::of_list, r#"["a", "Ġb"]"#), wanted);
        assert_eq!(of(Vocabulary::of_lines, "a\nĠb"), wanted);
        let json = r#"{"model": {"vocab": {"a": 0}}, "added_tokens": [{"id": 1, "content": "Ġb", "special": true}]}"#;
        assert_eq!(of(Vocabulary::of_tokenizer_json, json), wanted);
    }

    #[test]
    fn a_missing_token_and_one_of_another_alphabet_are_named() {
        let mut tokens: HashMap<u32, String> = (0..SPELLED_OUT).map(|id| (id, "x".to_owned())).collect();
        tokens.remove(&7);
        let problem = Vocabulary { tokens: tokens.clone() }.spelled_out(51_864).expect_err("7 is missing");
        assert!(matches!(problem, ConvertProblem::Token { id: 7 }), "{problem}");
        tokens.insert(7, "漢".to_owned());
        let problem = Vocabulary { tokens }.spelled_out(51_864).expect_err("that is no byte");
        assert!(matches!(problem, ConvertProblem::Spelling { id: 7, .. }), "{problem}");
    }

    #[test]
    fn the_vocabulary_of_many_languages_is_not_taken_for_the_english_one() {
        let mut tokens: HashMap<u32, String> = (0..SPELLED_OUT).map(|id| (id, "x".to_owned())).collect();
        tokens.insert(50_257, "<|endoftext|>".to_owned());
        let vocabulary = Vocabulary { tokens };
        let problem = vocabulary.spelled_out(51_864).expect_err("it is that of many languages");
        assert!(matches!(problem, ConvertProblem::OtherVocabulary { found: 50_257, wanted: 50_256 }), "{problem}");
        assert_eq!(vocabulary.spelled_out(51_865).expect("it is the right one").len(), 50_257);
    }
}
