//! What the fuzzer kept is read again with every test run: nothing that broke the reader once may break it again.

use std::path::Path;

use greenroom::content::assert_invariants;

#[test]
fn everything_the_fuzzer_kept_is_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/bank");
    let files: Vec<_> = std::fs::read_dir(&folder).expect("the corpus is there").collect::<Result<_, _>>().unwrap();
    assert!(files.len() >= 180, "{} files are no corpus", files.len());
    for file in files {
        assert_invariants(&std::fs::read(file.path()).unwrap());
    }
}
