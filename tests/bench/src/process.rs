//! A child process: started with nothing inherited, looked at from outside, ended with its owner or with this program.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// A command line with its variables.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// All of its environment.
    pub variables: Vec<(String, String)>,
    /// Where it runs.
    pub folder: PathBuf,
}

/// A running program, killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    started: Instant,
}

impl Program {
    /// Starts it; what it prints goes to the log file.
    pub fn start(&self, log: &Path) -> Result<Process> {
        let mut command = self.prepared(&self.command, log)?;
        let started = Instant::now();
        let child = command.spawn().with_context(|| self.command.join(" "))?;
        Ok(Process { child, started })
    }

    /// Starts it held back by a shell until `ready` has seen to it, so that none of its time is spent before that.
    pub fn start_held(
        &self,
        log: &Path,
        ready: impl FnOnce(&Process) -> Result<()>,
    ) -> Result<Process> {
        let shell = ["/bin/sh", "-c", "read _; exec \"$@\" </dev/null", "sh"].map(str::to_owned);
        let mut command = self.prepared(&[&shell, self.command.as_slice()].concat(), log)?;
        let child = command.stdin(Stdio::piped()).spawn()?;
        let mut process = Process {
            child,
            started: Instant::now(),
        };
        ready(&process)?;
        let mut input = process.child.stdin.take().context("no standard input")?;
        process.started = Instant::now();
        input.write_all(b"\n")?;
        Ok(process)
    }

    fn prepared(&self, words: &[String], log: &Path) -> Result<Command> {
        let (program, arguments) = words.split_first().context("no program")?;
        let log = File::create(log)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .process_group(group()?)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }
}

/// The process group of everything that is started here. A shell leads it and ends it all when its input ends: when this
/// program has ended, in whatever way.
fn group() -> Result<i32> {
    static LEADER: Mutex<Option<Child>> = Mutex::new(None);
    let mut leader = LEADER.lock().unwrap_or_else(PoisonError::into_inner);
    let leader = match &mut *leader {
        Some(leader) => leader,
        none => {
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", "read _; kill -KILL 0"]).process_group(0);
            none.insert(shell.stdin(Stdio::piped()).spawn()?)
        }
    };
    Ok(i32::try_from(leader.id())?)
}

impl Process {
    /// When it was let go.
    pub const fn started(&self) -> Instant {
        self.started
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What its threads have run on a CPU, together.
    pub fn cpu(&self) -> Result<Duration> {
        let mut sum = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            sum += nanoseconds(&text).context("schedstat")?;
        }
        Ok(Duration::from_nanos(sum))
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()));
        stat.map_or(true, |stat| stat.contains(") Z "))
    }

    /// Its resident memory, in bytes: now, and at its highest.
    pub fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let of = |field| kilobytes(&status, field).with_context(|| format!("no {field}"));
        Ok((1_024.0 * of("VmRSS")?, 1_024.0 * of("VmHWM")?))
    }

    /// Asks it to end, and waits until it has.
    pub fn terminate(mut self) -> Result<()> {
        let id = i32::try_from(self.id())?;
        let id = Pid::from_raw(id).context("no process id")?;
        kill_process(id, Signal::TERM)?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command prints.
pub fn output(command: &mut Command) -> Result<String> {
    let done = command
        .process_group(group()?)
        .output()
        .with_context(|| command.get_program().display().to_string())?;
    ensure!(
        done.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(String::from_utf8(done.stdout)?)
}

/// Time on a CPU from a thread's `schedstat`.
fn nanoseconds(schedstat: &str) -> Option<u64> {
    schedstat.split(' ').next()?.parse().ok()
}

fn kilobytes(status: &str, field: &str) -> Option<f64> {
    let rest = status.lines().find_map(|line| line.strip_prefix(field))?;
    let number = rest.strip_prefix(':')?.trim().strip_suffix("kB")?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_s_files_are_read() {
        assert_eq!(nanoseconds("678053387 363472566 117\n"), Some(678_053_387));
        let status = "VmHWM:\t    5140 kB\nVmRSS:\t    5136 kB\n";
        assert_eq!(kilobytes(status, "VmRSS"), Some(5136.0));
        assert_eq!(kilobytes(status, "VmSwap"), None);
    }
}
