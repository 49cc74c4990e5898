//! A part of one CPU, as Lambda gives it by memory: a vCPU at 1,769 MB, and less in proportion
//! (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::Process;

const WHOLE: u64 = 1_769;
/// Microseconds. Seen in Lambda: 20 ms; a function of 128 MB runs for 1.4 ms of each.
const PERIOD: u64 = 20_000;

/// A control group with a quota, gone when dropped.
#[derive(Debug)]
pub struct CpuShare(PathBuf);

impl CpuShare {
    /// The share of this much memory, in MB. Fails where control groups cannot be made.
    pub fn of(megabytes: u64) -> Result<Self> {
        let (v1, v2) = (Path::new("/sys/fs/cgroup/cpu"), Path::new("/sys/fs/cgroup"));
        let is_v1 = v1.join("cpu.cfs_quota_us").exists() || v1.join("cpu.shares").exists();
        let parent = if is_v1 { v1 } else { v2 };
        let name = format!("bench-{}-{megabytes}", std::process::id());
        let share = Self(parent.join(name));
        fs::create_dir(&share.0).with_context(|| share.0.display().to_string())?;
        let quota = quota(megabytes);
        if is_v1 {
            share.write("cpu.cfs_period_us", &PERIOD.to_string())?;
            share.write("cpu.cfs_quota_us", &quota.to_string())?;
        } else {
            share.write("cpu.max", &format!("{quota} {PERIOD}"))?;
        }
        Ok(share)
    }

    /// Limits a process to it, from now on.
    pub fn limit(&self, process: &Process) -> Result<()> {
        self.write("cgroup.procs", &process.id().to_string())
    }

    fn write(&self, file: &str, text: &str) -> Result<()> {
        let path = self.0.join(file);
        fs::write(&path, text).with_context(|| path.display().to_string())
    }
}

impl Drop for CpuShare {
    fn drop(&mut self) {
        // Fails while a process is in it; the next boot removes it then.
        let _ = fs::remove_dir(&self.0);
    }
}

/// Microseconds of each period.
const fn quota(megabytes: u64) -> u64 {
    PERIOD * megabytes / WHOLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_in_proportion() {
        assert_eq!(quota(128), 1_447);
        assert_eq!(quota(1_769), PERIOD);
    }
}
