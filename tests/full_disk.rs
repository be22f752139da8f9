//! A disk that is full, for real: a small file system, where one may be mounted (as root), else skipped aloud.
#![cfg(all(feature = "app", target_os = "linux"))]
#![allow(clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;

use greenroom::audio::{Capture, CaptureEvent, CaptureSettings, EndedBy, FileInput, Pace, decode};
use greenroom::remedy::Remedy;

/// A file system with room for so many kilobytes; unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(kilobytes: u32) -> Option<SmallDisk> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "greenroom-test"]).arg(dir.path());
        if mount.output().is_ok_and(|done| done.status.success()) {
            return Some(SmallDisk(dir));
        }
        eprintln!("SKIPPED: no file system may be mounted here, a full disk was not tried");
        None
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

fn capture() -> (Capture, std::sync::mpsc::Receiver<CaptureEvent>) {
    // 10 s: 320 kB.
    let input = FileInput::of_samples(vec![0.25; 160_000], 16_000, Pace::Fast);
    let (sender, events) = channel();
    let on_event = move |event| drop(sender.send(event));
    (Capture::start(Box::new(input), CaptureSettings::default(), on_event).unwrap(), events)
}

#[test]
fn a_full_disk_ends_the_take_and_keeps_what_fits_as_a_whole_file() {
    let Some(disk) = SmallDisk::mount(200) else { return };
    let (capture, events) = capture();
    capture.begin(&disk.path("take.wav")).unwrap();
    let ended = events.iter().find(|event| matches!(event, CaptureEvent::Ended { .. }));
    assert!(matches!(ended, Some(CaptureEvent::Ended { by: EndedBy::DiskFull, .. })), "{ended:?}");
    let take = capture.end().unwrap();
    assert_eq!(take.path, disk.path("take.wav"));
    // 200 kB hold 6.4 s.
    let kept_s = decode(&take.path).unwrap().duration().0;
    assert!((5.5..6.5).contains(&kept_s), "{kept_s} s");
}

#[test]
fn a_disk_that_is_full_before_the_take_is_an_error_and_leaves_nothing() {
    let Some(disk) = SmallDisk::mount(200) else { return };
    let _ = std::fs::write(disk.path("filler"), vec![1; 300_000]);
    let (capture, _events) = capture();
    let refused = capture.begin(&disk.path("take.wav")).unwrap_err();
    assert!(refused.hint().contains("df -h"), "{refused}: {}", refused.hint());
    let left: Vec<_> = std::fs::read_dir(Path::new(&disk.path(""))).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["filler"]);
}
