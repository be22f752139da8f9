//! The ways in which a ggml file stores numbers.

/// One way of storing numbers: in blocks of `block_items` numbers that take `block_bytes`.
///
/// Sizes and codes are those of ggml's `ggml.h` and `ggml-common.h` (whisper.cpp 1.8.3).
#[derive(Debug, PartialEq, Eq)]
pub struct NumberType {
    /// Its name in ggml, such as `Q8_0`.
    pub name: &'static str,
    /// Its number in a model's header (`ftype`).
    pub(super) in_header: i32,
    /// Its number in a tensor's header.
    pub(super) in_tensor: i32,
    pub(super) block_items: u64,
    pub(super) block_bytes: u64,
    /// Where in a block 16-bit floats stand (numbers themselves, or scales of the others).
    halves_at: &'static [usize],
}

const fn number_type(
    name: &'static str,
    (in_header, in_tensor): (i32, i32),
    (block_items, block_bytes): (u64, u64),
    halves_at: &'static [usize],
) -> NumberType {
    NumberType { name, in_header, in_tensor, block_items, block_bytes, halves_at }
}

/// 32-bit floats.
pub static F32: NumberType = number_type("F32", (0, 0), (1, 4), &[]);
/// 16-bit floats.
pub static F16: NumberType = number_type("F16", (1, 1), (1, 2), &[0]);
static Q4_0: NumberType = number_type("Q4_0", (2, 2), (32, 18), &[0]);
static Q4_1: NumberType = number_type("Q4_1", (3, 3), (32, 20), &[0, 2]);
static Q5_0: NumberType = number_type("Q5_0", (8, 6), (32, 22), &[0]);
/// Blocks of 32 numbers of five bits, with a scale and a least value.
pub static Q5_1: NumberType = number_type("Q5_1", (9, 7), (32, 24), &[0, 2]);
/// Blocks of 32 numbers of eight bits, with a scale.
pub static Q8_0: NumberType = number_type("Q8_0", (7, 8), (32, 34), &[0]);
static Q2_K: NumberType = number_type("Q2_K", (10, 10), (256, 84), &[80, 82]);
static Q3_K: NumberType = number_type("Q3_K", (11, 11), (256, 110), &[108]);
static Q4_K: NumberType = number_type("Q4_K", (12, 12), (256, 144), &[0, 2]);
static Q5_K: NumberType = number_type("Q5_K", (13, 13), (256, 176), &[0, 2]);
static Q6_K: NumberType = number_type("Q6_K", (14, 14), (256, 210), &[208]);

/// Every way in which whisper.cpp's own tools write models.
static ALL: [&NumberType; 12] = [&F32, &F16, &Q4_0, &Q4_1, &Q5_0, &Q5_1, &Q8_0, &Q2_K, &Q3_K, &Q4_K, &Q5_K, &Q6_K];

impl NumberType {
    /// The type with this number in a model's header, the quantisation version already taken off.
    pub(super) fn of_header(number: i32) -> Option<&'static NumberType> {
        ALL.into_iter().find(|t| t.in_header == number)
    }

    /// The type with this number in a tensor's header.
    pub(super) fn of_tensor(number: i32) -> Option<&'static NumberType> {
        ALL.into_iter().find(|t| t.in_tensor == number)
    }

    /// The type of the convolutions in a model of this type: they are never quantised.
    pub(super) fn of_convolutions(&self) -> &'static NumberType {
        if *self == F32 { &F32 } else { &F16 }
    }

    /// Bytes that `items` numbers take; `items` must be whole blocks.
    pub(super) fn bytes(&self, items: u64) -> u64 {
        items / self.block_items * self.block_bytes
    }

    /// Whether every float in `blocks` is a number, neither infinite nor NaN; `blocks` must be whole blocks.
    pub(super) fn all_finite(&self, blocks: &[u8]) -> bool {
        blocks.chunks_exact(self.block_bytes as usize).all(|block| {
            if *self == F32 {
                f32::from_le_bytes([block[0], block[1], block[2], block[3]]).is_finite()
            } else {
                self.halves_at.iter().all(|&at| half_is_finite(u16::from_le_bytes([block[at], block[at + 1]])))
            }
        })
    }
}

/// Whether a 16-bit float is a number: its five exponent bits are not all ones.
fn half_is_finite(bits: u16) -> bool {
    bits & 0x7c00 != 0x7c00
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_that_is_no_number_is_found_wherever_it_stands() {
        let nan = [0x00, 0x7e];
        for number_type in ALL.into_iter().filter(|t| **t != F32) {
            let block = vec![0_u8; number_type.block_bytes as usize];
            assert!(number_type.all_finite(&block), "{}", number_type.name);
            for &at in number_type.halves_at {
                let mut bad = block.clone();
                bad[at..at + 2].copy_from_slice(&nan);
                assert!(!number_type.all_finite(&bad), "{} at {at}", number_type.name);
            }
        }
        assert!(!F32.all_finite(&f32::INFINITY.to_le_bytes()));
        assert!(F32.all_finite(&1.0_f32.to_le_bytes()));
    }
}
