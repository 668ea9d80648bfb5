# SPDX-License-Identifier: BSD-3-Clause
"""Finds what --bench names: a suite, a program of one, or a path. Suites are the files configs/suites/*.json.

A manifest has "suite", "aliases", "about", "missing" (what to do where its binaries are not there),
"sizes" (the first is the default) and "programs", each with "name", "binary", "arguments", "input",
"expected" and "copy". Texts may hold {size}, {root} (the checkout) and {spec} (--spec-root); "arguments"
may be {size: [...]}. "copy" lists folders whose files are laid into the folder in which the guest then
runs and may write. A binary with * in it is the first file that matches; an argument a|b is the first of these
names that is among the files of "copy", and the first where none is.
"""
import glob
import json
import os
from dataclasses import dataclass, field

import sim
from overrides import near


@dataclass
class Run:
    """One program with what it is given."""
    program: str                # its name in reports
    binary: str
    arguments: list = field(default_factory=list)
    suite: str = ""             # "" for a bare path
    size: str = ""
    input: str = ""             # file for standard input; "" in a suite means an empty one
    expected: str = ""          # file with the right output; "" where nobody knows it
    copy: list = field(default_factory=list)
    missing: str = ""           # why it cannot run


def manifests():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "suites")
    found = []
    for file in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(file, encoding="utf-8") as text:
            found.append(json.load(text))
    return found


def names_of(manifest):
    return [manifest["suite"]] + manifest.get("aliases", [])


def select(name):
    """(manifest, programs) that `name` means, or None where it must be a path."""
    for manifest in manifests():
        if name in names_of(manifest):
            return manifest, manifest["programs"]
    suite, slash, program = name.partition("/")
    for manifest in manifests():
        if slash and suite not in names_of(manifest):
            continue
        for entry in manifest["programs"]:
            if entry["name"] == (program if slash else name):
                return manifest, [entry]
    return None


def known_names():
    return [n for m in manifests() for n in names_of(m) + [p["name"] for p in m["programs"]]]


def described():
    """What there is, for --list."""
    lines = []
    for manifest in manifests():
        names, sizes = " or ".join(names_of(manifest)), ", ".join(manifest["sizes"])
        lines.append(f"{names}: {manifest['about']} ({sizes})")
        lines += [f"  {entry['name']}" for entry in manifest["programs"]]
    return "\n".join(lines)


def existing(argument, folders):
    """One name out of several, for inputs that releases of a suite name differently."""
    names = argument.split("|")
    return next((name for name in names for folder in folders if os.path.exists(os.path.join(folder, name))), names[0])


def resolve(manifest, entry, size, spec_root):
    """The run that a manifest's entry describes at a size."""
    def filled(text):
        return text.replace("{size}", size).replace("{root}", sim.root).replace("{spec}", spec_root)

    arguments = entry.get("arguments", [])
    if isinstance(arguments, dict):
        arguments = arguments[size]
    pattern = filled(entry["binary"])
    binary = next(iter(sorted(glob.glob(pattern))), "") if "*" in pattern else pattern
    expected = filled(entry.get("expected", ""))
    folders = [filled(folder) for folder in entry.get("copy", [])]
    run = Run(entry["name"], binary, [existing(filled(a), folders) for a in arguments], manifest["suite"], size,
              filled(entry.get("input", "")), expected, folders)
    needed = [binary or pattern, run.input, expected] + run.copy
    absent = [file for file in needed if file and not os.path.exists(file)]
    if absent:
        run.missing = f"no {absent[0]}; {manifest['missing']}"
    return run


def why_unknown(name):
    suite, slash, program = name.partition("/")
    manifest = next((m for m in manifests() if slash and suite in names_of(m)), None)
    if manifest:
        return f"{suite} has no program '{program}'{near(program, [entry['name'] for entry in manifest['programs']])}"
    if "," in name and not slash:
        return "takes one suite, program or path; run the script once for each"
    found = near(name, known_names())
    return "no suite, program or file of that name" + (found if "did you mean" in found else "; --list shows what there is")


def find(name, size=None, arguments=(), spec_root=""):
    """Every run that --bench=name means. Throws ConfigError with what exists where there is none."""
    chosen = select(name)
    if chosen is None:
        if not os.path.exists(name):
            raise sim.ConfigError(f"--bench={name}: {why_unknown(name)}")
        if size:
            raise sim.ConfigError(f"--size={size}: only programs of a suite have sizes; {name} is a path")
        return [Run(os.path.basename(name), name, list(arguments))]
    manifest, entries = chosen
    size = size or manifest["sizes"][0]
    if size not in manifest["sizes"]:
        raise sim.ConfigError(f"--size={size}: {manifest['suite']} has {', '.join(manifest['sizes'])}")
    if arguments:
        raise sim.ConfigError(f"--bench={name}: a suite has its own arguments; give a path instead")
    if "{spec}" in json.dumps(entries) and not spec_root:
        raise sim.ConfigError(f"--bench={name}: needs --spec-root=DIR; {manifest['missing']}")
    return [resolve(manifest, entry, size, spec_root) for entry in entries]
