"""`cargo lambda watch` with the routes of template.yaml.

cargo-lambda reads its router from a configuration file (`--global`), which is written on every start. It matches
the path first and then the method, API Gateway both together: so each path also lists the unmatched methods.
"""

from __future__ import annotations

from pathlib import Path

import tomlkit

from . import template

Router = dict[str, list[dict[str, str]]]


def router(source: template.Template) -> Router:
    """The function (by binary) of each path and method, with paths in cargo-lambda's notation."""
    binaries = template.functions(source)
    paths: dict[str, dict[str, str]] = {}
    for method, path, function in template.routes(source):
        paths.setdefault(_pattern(path), {})[method] = binaries[function]
    unmatched = paths.get(_pattern(template.UNMATCHED), {})
    return {path: _rules(unmatched | own) for path, own in sorted(paths.items())}


def write(source: template.Template, path: Path) -> None:
    """Write the configuration file with the template's routes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tomlkit.dumps({"watch": {"router": router(source)}}))


def _pattern(path: str) -> str:
    """Translate API Gateway's greedy `{name+}` to cargo-lambda's `{*name}`."""
    return path.replace("{proxy+}", "{*proxy}")


def _rules(functions: dict[str, str]) -> list[dict[str, str]]:
    return [{"function": function, "method": method} for method, function in sorted(functions.items())]
