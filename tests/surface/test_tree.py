# SPDX-License-Identifier: BSD-3-Clause
"""The source tree itself: dependencies point downward, files keep to their limits, documents tell the truth."""
import re

import pytest
from conftest import ROOT

# Folders by rank, lowest first; a folder may include its own files and those of lower ranks only.
RANKS = [{"sim"}, {"energy", "trace"}, {"isa", "program"}, {"predictor"}, {"memory"}, {"cache"}, {"device"}, {"accel"},
         {"core"}, {"inorder", "ooo", "block"}, {"python"}]
RANK = {folder: rank for rank, folders in enumerate(RANKS) for folder in folders}
# The environment's interface holds a hart's registers; decoding and programs depend on each other's headers nowhere else.
SAME_RANK = {("program", "isa")}


def sources(*patterns):
    return sorted(path for pattern in patterns for path in (ROOT / "src").glob(pattern))


def test_includes_point_only_downward():
    wrong = []
    for path in sources("*/**/*.cc", "*/**/*.hh"):
        folder = path.relative_to(ROOT / "src").parts[0]
        for included in re.findall(r'^#include "([a-z]+)/', path.read_text(), re.M):
            below = included == folder or RANK[included] < RANK[folder] or (folder, included) in SAME_RANK
            if not below:
                wrong.append(f"{path.relative_to(ROOT)} includes {included}/")
    assert not wrong


def test_only_the_binding_knows_python():
    wrong = [path.name for path in sources("**/*.cc", "**/*.hh")
             if re.search(r"#include <(pybind11|Python\.h)", path.read_text()) and path.parent.name != "python"]
    assert not wrong


def test_every_source_file_says_its_licence_and_every_header_what_it_is():
    wrong = []
    for path in sources("**/*.cc", "**/*.hh"):
        lines = path.read_text().splitlines()
        says_what = path.suffix != ".hh" or re.match(r"// \S.{15,}", lines[1])
        if lines[0] != "// SPDX-License-Identifier: BSD-3-Clause" or not says_what:
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


def test_no_source_file_is_longer_than_500_lines():
    assert not [path.name for path in sources("**/*.cc", "**/*.hh") if path.read_text().count("\n") > 500]


def test_the_reference_page_is_current(sim, root):
    done = sim(root / "util/reference.py")
    assert done.returncode == 0, done.stderr
    assert (root / "configs/REFERENCE.md").read_text() == done.stdout, "run `scons docs`"


def readme_commands():
    text = (ROOT / "README.md").read_text()
    return sorted(set(re.findall(r"(?:util|\.ci|configs|src|tests|ext)/[\w./-]*\w", text)))


@pytest.mark.parametrize("name", readme_commands())
def test_what_the_readme_names_exists(name):
    assert (ROOT / name).exists()


def test_the_readmes_machine_runs(sim, root, tmp_path):
    code = re.search(r"```python\n(.*?)```", (root / "README.md").read_text(), re.S).group(1)
    (tmp_path / "machine.py").write_text(code)
    done = sim(tmp_path / "machine.py", cwd=root)
    assert done.returncode == 0, done.stderr
    assert 0 < float(done.stdout.splitlines()[-1]) < 4


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "configs").glob("*.py")
                                          if re.search(r"\bcommand_line\.(main|guarded)\(", path.read_text())))
def test_every_script_explains_its_options(sim, root, script):
    done = sim(root / "configs" / script, "--help")
    assert done.returncode == 0 and f"usage: {script}" in done.stdout
