//! Numbers on their way from one way of storing them to another; the only file that names `half`.

use std::sync::Arc;

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};

use crate::models::number_type::{F16, F32, NumberType, Q5_1, Q8_0};

/// How the numbers of a tensor are stored where they come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum StoredAs {
    F32,
    F16,
    Bf16,
    /// Bytes with a scale for each row: a number is the byte divided by its row's scale.
    I8 {
        scales: Arc<[f32]>,
    },
    /// 16-bit integers with one scale for all.
    I16 {
        scale: f32,
    },
}

impl StoredAs {
    /// Bytes that one number takes.
    pub fn item_bytes(&self) -> u64 {
        match self {
            StoredAs::F32 => 4,
            StoredAs::F16 | StoredAs::Bf16 | StoredAs::I16 { .. } => 2,
            StoredAs::I8 { .. } => 1,
        }
    }

    /// The same for some of the rows.
    pub fn of_rows(&self, first: u64, count: u64) -> StoredAs {
        match self {
            StoredAs::I8 { scales } => {
                let rows = first as usize..(first + count) as usize;
                StoredAs::I8 { scales: scales[rows].into() }
            }
            other => other.clone(),
        }
    }

    /// Whether its bytes are those of `numbers`, so that they can be copied.
    pub fn is(&self, numbers: &NumberType) -> bool {
        match self {
            StoredAs::F32 => *numbers == F32,
            StoredAs::F16 => *numbers == F16,
            _ => false,
        }
    }

    /// The numbers in `bytes`, of which the first is number `item` of a tensor with rows of `row_items`.
    pub fn widened(&self, bytes: &[u8], item: u64, row_items: u64) -> Vec<f32> {
        let pairs = || bytes.as_chunks::<2>().0.iter();
        match self {
            StoredAs::F32 => bytes.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number)).collect(),
            StoredAs::F16 => pairs().map(|number| f16::from_le_bytes(*number)).collect::<Vec<_>>().to_f32_vec(),
            StoredAs::Bf16 => pairs().map(|number| bf16::from_le_bytes(*number)).collect::<Vec<_>>().to_f32_vec(),
            // As CTranslate2 does it: times the reciprocal.
            StoredAs::I8 { scales } => {
                let scale_of = |number: usize| scales[((item + number as u64) / row_items) as usize];
                bytes.iter().enumerate().map(|(n, byte)| f32::from(byte.cast_signed()) * (1.0 / scale_of(n))).collect()
            }
            StoredAs::I16 { scale } => {
                pairs().map(|number| f32::from(i16::from_le_bytes(*number)) * (1.0 / scale)).collect()
            }
        }
    }
}

/// Numbers as ggml stores them; whole blocks of 32 where the type has blocks.
///
/// `None` for a type that this program reads and does not write.
pub(super) fn stored(numbers: &[f32], as_type: &NumberType) -> Option<Vec<u8>> {
    if *as_type == F32 {
        Some(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
    } else if *as_type == F16 {
        let mut halves = vec![f16::ZERO; numbers.len()];
        halves.convert_from_f32_slice(numbers);
        Some(halves.iter().flat_map(|number| number.to_le_bytes()).collect())
    } else if *as_type == Q8_0 {
        Some(numbers.as_chunks::<BLOCK>().0.iter().flat_map(q8_0).collect())
    } else if *as_type == Q5_1 {
        Some(numbers.as_chunks::<BLOCK>().0.iter().flat_map(q5_1).collect())
    } else {
        None
    }
}

/// Numbers in a block of ggml's quantised types.
const BLOCK: usize = 32;

/// A block of Q8_0: the scale as a half, then a signed byte for each number.
fn q8_0(block: &[f32; BLOCK]) -> [u8; 34] {
    let largest = block.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    let scale = largest / 127.0;
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    let mut out = [0; 34];
    out[..2].copy_from_slice(&f16::from_f32(scale).to_le_bytes());
    for (byte, number) in out[2..].iter_mut().zip(block) {
        *byte = ((number * inverse).round() as i8).cast_unsigned();
    }
    out
}

/// A block of Q5_1: scale and least number as halves, the fifth bits of all, then the lower four bits of number `i`
/// and number `i + 16` together in a byte.
fn q5_1(block: &[f32; BLOCK]) -> [u8; 24] {
    let least = block.iter().copied().fold(f32::INFINITY, f32::min);
    let most = block.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = (most - least) / 31.0;
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    let step = |number: f32| ((number - least) * inverse + 0.5) as u8;
    let mut out = [0; 24];
    out[..2].copy_from_slice(&f16::from_f32(scale).to_le_bytes());
    out[2..4].copy_from_slice(&f16::from_f32(least).to_le_bytes());
    let mut fifth_bits = 0_u32;
    for i in 0..BLOCK / 2 {
        let (low, high) = (step(block[i]), step(block[i + BLOCK / 2]));
        out[8 + i] = (low & 15) | ((high & 15) << 4);
        fifth_bits |= u32::from(low >> 4 & 1) << i | u32::from(high >> 4 & 1) << (i + BLOCK / 2);
    }
    out[4..8].copy_from_slice(&fifth_bits.to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> [f32; BLOCK] {
        std::array::from_fn(|i| (i as f32 * 0.7).sin() * 3.0 - 0.4)
    }

    #[test]
    fn a_block_of_q8_0_is_right_to_half_a_step() {
        let (numbers, stored) = (block(), q8_0(&block()));
        let scale = f16::from_le_bytes([stored[0], stored[1]]).to_f32();
        for (number, byte) in numbers.iter().zip(&stored[2..]) {
            let back = f32::from(byte.cast_signed()) * scale;
            assert!((back - number).abs() <= scale * 0.57, "{number} became {back}");
        }
    }

    #[test]
    fn a_block_of_q5_1_is_right_to_half_a_step() {
        let (numbers, stored) = (block(), q5_1(&block()));
        let half = |at: usize| f16::from_le_bytes([stored[at], stored[at + 1]]).to_f32();
        let fifth_bits = u32::from_le_bytes([stored[4], stored[5], stored[6], stored[7]]);
        for (i, number) in numbers.iter().enumerate() {
            let four = if i < 16 { stored[8 + i] & 15 } else { stored[8 + i - 16] >> 4 };
            let step = u32::from(four) | (fifth_bits >> i & 1) << 4;
            let back = step as f32 * half(0) + half(2);
            assert!((back - number).abs() <= half(0) * 0.57, "{number} became {back}");
        }
    }

    /// whisper.cpp's own library makes the same blocks.
    #[cfg(feature = "app")]
    #[test]
    fn blocks_are_those_that_ggml_makes() {
        use whisper_rs::whisper_rs_sys::{
            ggml_quantize_chunk, ggml_type, ggml_type_GGML_TYPE_Q5_1, ggml_type_GGML_TYPE_Q8_0,
        };
        const ROWS: usize = 64;
        const ROW: usize = 384;
        let mut random = fastrand::Rng::with_seed(3);
        let numbers: Vec<f32> = (0..ROWS * ROW).map(|_| f16::from_f32((random.f32() - 0.5) * 0.3).to_f32()).collect();
        let theirs = |kind: ggml_type, bytes: usize| {
            let mut out = vec![0_u8; bytes];
            // SAFETY: the source has ROWS rows of ROW numbers, and `out` as many bytes as their blocks take.
            let written = unsafe {
                ggml_quantize_chunk(
                    kind,
                    numbers.as_ptr(),
                    out.as_mut_ptr().cast(),
                    0,
                    ROWS as i64,
                    ROW as i64,
                    std::ptr::null(),
                )
            };
            assert_eq!(written, bytes);
            out
        };
        for (ours, kind) in [(&Q8_0, ggml_type_GGML_TYPE_Q8_0), (&Q5_1, ggml_type_GGML_TYPE_Q5_1)] {
            let stored = stored(&numbers, ours).expect("it is written here");
            assert!(stored == theirs(kind, stored.len()), "{}", ours.name);
        }
    }

    #[test]
    fn a_block_of_zeros_stays_zeros() {
        assert_eq!(q8_0(&[0.0; BLOCK]), [0; 34]);
        assert_eq!(q5_1(&[0.0; BLOCK]), [0; 24]);
    }

    #[test]
    fn halves_go_through_single_precision_unchanged() {
        let every: Vec<u8> = (0..=u16::MAX).filter(|bits| bits & 0x7c00 != 0x7c00).flat_map(u16::to_le_bytes).collect();
        let wide = StoredAs::F16.widened(&every, 0, 1);
        assert_eq!(stored(&wide, &F16), Some(every));
    }

    #[test]
    fn bytes_are_divided_by_the_scale_of_their_row() {
        let numbers = StoredAs::I8 { scales: [2.0, 10.0, 4.0].into() };
        let bytes: Vec<u8> = [4_i8, -8, 50, -100].map(i8::cast_unsigned).into();
        // The last number of row 0, row 1, the first number of row 2 would be next.
        assert_eq!(numbers.widened(&bytes, 1, 2)[..3], [2.0, -0.8, 5.0]);
        assert_eq!(numbers.of_rows(1, 2), StoredAs::I8 { scales: [10.0, 4.0].into() });
    }

    #[test]
    fn brain_floats_and_16_bit_integers_are_read() {
        assert_eq!(StoredAs::Bf16.widened(&[0x80, 0x3f, 0x00, 0xc0], 0, 2), [1.0, -2.0]);
        assert_eq!(StoredAs::I16 { scale: 512.0 }.widened(&[0, 2, 0, 255], 0, 2), [1.0, -0.5]);
    }
}
