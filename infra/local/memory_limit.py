"""Limits the memory of functions to their MemorySize, which MiniStack only tells them.

RLIMIT_DATA counts what a process has allocated (its heap and private mappings), whether it has touched it or not; Lambda
counts what is resident. The limit needs no privileges, unlike a control group, and does not count address space that is
only reserved, unlike RLIMIT_AS. An allocation beyond it fails, and the process ends. Linux only.
"""

from __future__ import annotations

import contextlib
import resource
import subprocess
from typing import Any

MEMORY_SIZE = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"


class LimitedPopen(subprocess.Popen):
    """A process, which is limited if its environment is that of a function."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        megabytes = (options.get("env") or {}).get(MEMORY_SIZE)
        if megabytes and hasattr(resource, "prlimit"):
            limit = int(megabytes) * 1024 * 1024
            with contextlib.suppress(ProcessLookupError):  # it has ended already
                resource.prlimit(self.pid, resource.RLIMIT_DATA, (limit, limit))


def apply() -> None:
    """Limit every function that is started from here on."""
    subprocess.Popen = LimitedPopen  # type: ignore[misc]
