//! Writes a Whisper model of tiny.en's true size that has learned nothing: for measuring speed where no model can be
//! downloaded. Speed does not depend on the weights.
//!
//! `cargo run --release --example random_model -- target/ggml-tiny.en.bin`. One thing is arranged: a model with pure chance
//! in it would write until it is cut off, which takes longer than speech does. So the positions are made to lead to a fixed
//! text of 30 tokens, about what somebody says in ten seconds.
#![allow(clippy::print_stdout)]

use std::fs::File;
use std::io::{BufWriter, Write};

use greenroom::models::catalog::PRACTICE_FILE;

const WIDTH: usize = 384;
const LAYERS: usize = 4;
const MEL_BANDS: usize = 80;
const VOCABULARY: usize = 51_864;
const AUDIO_CONTEXT: usize = 1500;
const TEXT_CONTEXT: usize = 448;
/// Vocabulary, audio context, width, heads, layers; the same for text; mel bands; 16-bit floats.
const NUMBERS: [u32; 11] = [51_864, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1];
const END_OF_TEXT: usize = 50_256;
/// Start of transcript, no timestamps: what stands before the text.
const PROMPT_TOKENS: usize = 2;

/// Ten words only, or a short piece would be taken for babble and tried again.
const TEXT: [&str; 30] = [
    " engine", "er", "ing", " custom", "er", "ship", " manage", "ment", "wise", " stake", "hold", "ers", " pay",
    "ment", "less", " dead", "line", "ward", " lead", "er", "like", " work", "flow", "ish", " road", "map", "per",
    " plan", "ning", "ness",
];

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "target/ggml-tiny.en.bin".to_owned());
    let (filters, vocabulary, tokens) = tables();
    let mut out = Model { file: BufWriter::new(File::create(&path)?), random: fastrand::Rng::with_seed(1) };
    out.file.write_all(b"lmgg")?;
    out.numbers(&NUMBERS)?;
    out.file.write_all(filters)?;
    out.file.write_all(vocabulary)?;

    let embedding: Vec<f32> = (0..VOCABULARY * WIDTH).map(|_| out.any(0.1)).collect();
    let row = |token: usize| &embedding[token * WIDTH..(token + 1) * WIDTH];
    let text: Vec<usize> = TEXT
        .iter()
        .map(|piece| tokens.iter().position(|t| *t == piece.as_bytes()).expect("a token of GPT-2"))
        .collect();
    let leads_to = |position: usize| match position.checked_sub(PROMPT_TOKENS - 1) {
        Some(place) => text.get(place).copied().unwrap_or(END_OF_TEXT),
        None => END_OF_TEXT,
    };
    let positions: Vec<f32> = (0..TEXT_CONTEXT).flat_map(|p| row(leads_to(p)).iter().map(|x| 10.0 * x)).collect();

    out.tensor("encoder.positional_embedding", &[WIDTH, AUDIO_CONTEXT], None)?;
    out.half("encoder.conv1.weight", &[3, MEL_BANDS, WIDTH], None)?;
    out.tensor("encoder.conv1.bias", &[1, WIDTH], Some(0.0))?;
    out.half("encoder.conv2.weight", &[3, WIDTH, WIDTH], None)?;
    out.tensor("encoder.conv2.bias", &[1, WIDTH], Some(0.0))?;
    for layer in 0..LAYERS {
        let block = format!("encoder.blocks.{layer}");
        out.attention(&format!("{block}.attn"))?;
        out.mlp(&block)?;
    }
    out.norm("encoder.ln_post")?;
    out.values("decoder.positional_embedding", &[WIDTH, TEXT_CONTEXT], &positions)?;
    for layer in 0..LAYERS {
        let block = format!("decoder.blocks.{layer}");
        out.attention(&format!("{block}.attn"))?;
        out.attention(&format!("{block}.cross_attn"))?;
        out.mlp(&block)?;
    }
    out.norm("decoder.ln")?;
    out.half("decoder.token_embedding.weight", &[WIDTH, VOCABULARY], Some(&embedding))?;
    out.file.flush()?;
    println!("{path}: {} bytes", std::fs::metadata(&path)?.len());
    Ok(())
}

/// Mel filters and vocabulary as they stand in the practice model's file, which has the same; and the tokens.
fn tables() -> (&'static [u8], &'static [u8], Vec<&'static [u8]>) {
    let number = |at: usize| u32::from_le_bytes(PRACTICE_FILE[at..at + 4].try_into().expect("four bytes")) as usize;
    let filters = 4 + 11 * 4;
    let vocabulary = filters + 8 + number(filters) * number(filters + 4) * 4;
    let (mut at, mut tokens) = (vocabulary + 4, Vec::new());
    for _ in 0..number(vocabulary) {
        let length = number(at);
        tokens.push(&PRACTICE_FILE[at + 4..at + 4 + length]);
        at += 4 + length;
    }
    (&PRACTICE_FILE[filters..vocabulary], &PRACTICE_FILE[vocabulary..at], tokens)
}

struct Model {
    file: BufWriter<File>,
    random: fastrand::Rng,
}

impl Model {
    /// Any number of at most `size`.
    fn any(&mut self, size: f32) -> f32 {
        size * (2.0 * self.random.f32() - 1.0)
    }

    fn numbers(&mut self, numbers: &[u32]) -> std::io::Result<()> {
        numbers.iter().try_for_each(|number| self.file.write_all(&number.to_le_bytes()))
    }

    /// What stands before the numbers of a tensor; `kind` 0 is 32 bits, 1 is 16 bits.
    fn head(&mut self, name: &str, dims: &[usize], kind: u32) -> std::io::Result<()> {
        self.numbers(&[dims.len() as u32, name.len() as u32, kind])?;
        dims.iter().try_for_each(|dim| self.numbers(&[*dim as u32]))?;
        self.file.write_all(name.as_bytes())
    }

    fn values(&mut self, name: &str, dims: &[usize], values: &[f32]) -> std::io::Result<()> {
        self.head(name, dims, 0)?;
        values.iter().try_for_each(|value| self.file.write_all(&value.to_le_bytes()))
    }

    /// A tensor of 32 bits, all `value` or any small numbers.
    fn tensor(&mut self, name: &str, dims: &[usize], value: Option<f32>) -> std::io::Result<()> {
        let values: Vec<f32> = (0..dims.iter().product()).map(|_| value.unwrap_or_else(|| self.any(0.02))).collect();
        self.values(name, dims, &values)
    }

    /// A tensor of 16 bits, of `values` or any small numbers.
    fn half(&mut self, name: &str, dims: &[usize], values: Option<&[f32]>) -> std::io::Result<()> {
        self.head(name, dims, 1)?;
        for i in 0..dims.iter().product() {
            let value = values.map_or_else(|| self.any(0.02), |values| values[i]);
            self.file.write_all(&to_half(value).to_le_bytes())?;
        }
        Ok(())
    }

    fn norm(&mut self, name: &str) -> std::io::Result<()> {
        self.tensor(&format!("{name}.weight"), &[WIDTH], Some(1.0))?;
        self.tensor(&format!("{name}.bias"), &[WIDTH], Some(0.0))
    }

    fn attention(&mut self, name: &str) -> std::io::Result<()> {
        for part in ["query", "key", "value", "out"] {
            self.half(&format!("{name}.{part}.weight"), &[WIDTH, WIDTH], None)?;
            if part != "key" {
                self.tensor(&format!("{name}.{part}.bias"), &[WIDTH], Some(0.0))?;
            }
        }
        self.norm(&format!("{name}_ln"))
    }

    fn mlp(&mut self, block: &str) -> std::io::Result<()> {
        self.half(&format!("{block}.mlp.0.weight"), &[WIDTH, 4 * WIDTH], None)?;
        self.tensor(&format!("{block}.mlp.0.bias"), &[4 * WIDTH], Some(0.0))?;
        self.half(&format!("{block}.mlp.2.weight"), &[4 * WIDTH, WIDTH], None)?;
        self.tensor(&format!("{block}.mlp.2.bias"), &[WIDTH], Some(0.0))?;
        self.norm(&format!("{block}.mlp_ln"))
    }
}

/// A number below 65504 as an IEEE half; what is too small to be normal becomes 0.
fn to_half(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16) as u16 & 0x8000;
    let exponent = ((bits >> 23) & 0xff) as i32 - 127 + 15;
    if exponent <= 0 { sign } else { sign | (exponent as u16) << 10 | (bits >> 13) as u16 & 0x3ff }
}
