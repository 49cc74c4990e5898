"""Builds every function and the operator's command line, once, and packs the functions for upload.

A plain `cargo build` of the workspace in the dev profile: MiniStack runs the functions as processes of this machine,
and this way `cargo test` and `cargo lambda watch` find everything compiled. (`cargo lambda build` always names a target,
so that it shares no artefacts. For AWS, `sam build` calls it, function by function.)
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

from .layout import LOCAL, ROOT, read_json, target_dir, write_json
from .steps import need, run

PACKED = LOCAL / "functions"
PROFILE = "dev"
# A fixed time, so that the same binary gives the same zip.
EPOCH = (1980, 1, 1, 0, 0, 0)


def compile_all(logs: Path) -> None:
    """Compile the workspace's binaries."""
    cargo = need("cargo", "install Rust from https://rustup.rs")
    need("cc", "install a C compiler (Debian: apt install build-essential)")
    run(
        [cargo, "build", "--workspace", "--bins", "--profile", PROFILE],
        logs / "build.log",
        cwd=ROOT,
        hint="The output above shows what does not compile.",
    )


def binary(name: str) -> Path:
    """A compiled program."""
    return target_dir() / "debug" / name


def pack(names: list[str]) -> dict[str, str]:
    """Zip the functions that changed since the last time; return the digest of each.

    Stripped and stored, not deflated: debug information is most of a dev binary, and compressing the rest
    costs more than it saves on the way to an emulator on the same machine.
    """
    known = read_json(PACKED / "packed.json")
    packed: dict[str, str] = {}
    for name in names:
        source = binary(name)
        stat = source.stat()
        stamp = f"{source} {stat.st_mtime_ns} {stat.st_size}"
        before = known.get(name, {})
        if before.get("stamp") != stamp or not archive(name).exists():
            before = known[name] = {"stamp": stamp, "digest": _zip(source, archive(name))}
            write_json(PACKED / "packed.json", known)
        packed[name] = before["digest"]
    return packed


def archive(name: str) -> Path:
    """The zip of a function."""
    return PACKED / f"{name}.zip"


def _zip(source: Path, archive_file: Path) -> str:
    archive_file.parent.mkdir(parents=True, exist_ok=True)
    draft = archive_file.with_suffix(".bootstrap")
    strip = shutil.which("strip")
    if strip is None or subprocess.run([strip, "-o", draft, source], check=False).returncode:
        shutil.copyfile(source, draft)
    content = draft.read_bytes()
    draft.unlink()
    entry = zipfile.ZipInfo("bootstrap", EPOCH)
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(archive_file, "w", zipfile.ZIP_STORED) as out:
        out.writestr(entry, content)
    return hashlib.sha256(content).hexdigest()
