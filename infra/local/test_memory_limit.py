"""A function cannot use more memory than template.yaml gives it."""

from __future__ import annotations

import subprocess
import sys
import unittest

from local.memory_limit import MEMORY_SIZE, LimitedPopen


@unittest.skipUnless(sys.platform == "linux", "the limit is one of Linux")
class MemoryLimit(unittest.TestCase):
    def allocate(self, megabytes: int, env: dict[str, str]) -> int:
        """The exit code of a process that allocates so much, once the limit is set."""
        program = f"input(); bytearray({megabytes} << 20)"
        process = LimitedPopen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
        process.communicate(b"\n")
        return process.returncode

    def test_a_function_has_its_memory_size_and_no_more(self) -> None:
        function = {MEMORY_SIZE: "256"}
        self.assertEqual(self.allocate(128, function), 0)
        self.assertNotEqual(self.allocate(256, function), 0)

    def test_other_processes_have_no_limit(self) -> None:
        self.assertEqual(self.allocate(256, {}), 0)
