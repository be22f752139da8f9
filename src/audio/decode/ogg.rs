//! Whether an Ogg file is all there.

use std::fs::File;
use std::io;

use super::container::read_at;

/// The longest page: a head of 27 bytes, 255 lengths, and 255 pieces of 255 bytes.
const LONGEST_PAGE: u64 = 27 + 255 + 255 * 255;

/// Whether the file ends where a page ends.
///
/// Recorders that are stopped and programs that stream do not always mark their last page as the last one.
pub fn ends_with_a_page(file: &mut File, length: u64) -> io::Result<bool> {
    let tail = read_at(file, length.saturating_sub(LONGEST_PAGE), length.min(LONGEST_PAGE) as usize)?;
    let pages = tail.windows(4).enumerate().filter(|(_, bytes)| bytes == b"OggS").map(|(at, _)| at);
    Ok(pages.filter_map(|at| page_length(&tail[at..]).map(|page| at + page)).any(|end| end == tail.len()))
}

/// The length of the page that begins here, where its head is there.
fn page_length(page: &[u8]) -> Option<usize> {
    let pieces = usize::from(*page.get(26)?);
    let lengths = page.get(27..27 + pieces)?;
    Some(27 + pieces + lengths.iter().map(|length| usize::from(*length)).sum::<usize>())
}

#[cfg(test)]
mod tests {
    use super::super::patched::file_of;
    use super::*;

    #[test]
    fn a_page_that_is_cut_is_no_end() {
        let mut page = b"OggS".to_vec();
        page.extend([0; 22]);
        page.extend([2, 200, 100]);
        page.extend([7; 300]);
        let ends = |bytes: &[u8]| ends_with_a_page(&mut file_of(bytes), bytes.len() as u64).unwrap();
        assert!(ends(&page));
        assert!(ends(&page.repeat(3)));
        assert!(!ends(&page[..page.len() - 1]));
        assert!(!ends(&page.repeat(2)[..page.len() + 20]));
    }
}
