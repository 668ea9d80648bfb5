# SPDX-License-Identifier: BSD-3-Clause
"""The command lines of the licensed SPEC CPU2006 integer programs, as LLVM's test-suite (External/SPEC/CINT2006) and
others run them."""
import json

import pytest

# Program: its executable, and for every reference input the arguments, then "<" and what standard input is.
REFERENCE = {
    "400.perlbench": ("perlbench", ["-I./lib checkspam.pl 2500 5 25 11 150 1 1 1 1", "-I./lib diffmail.pl 4 800 10 17 19 300",
                                    "-I./lib splitmail.pl 1600 12 26 16 4500"]),
    "401.bzip2": ("bzip2", ["input.source 280", "chicken.jpg 30", "liberty.jpg 30", "input.program 280", "text.html 280",
                            "input.combined 200"]),
    "403.gcc": ("gcc", ["166.i -o 166.s", "200.i -o 200.s", "c-typeck.i -o c-typeck.s", "cp-decl.i -o cp-decl.s",
                        "expr.i -o expr.s", "expr2.i -o expr2.s", "g23.i -o g23.s", "s04.i -o s04.s", "scilab.i -o scilab.s"]),
    "429.mcf": ("mcf", ["inp.in"]),
    "445.gobmk": ("gobmk", [f"--quiet --mode gtp < {name}.tst" for name in ("13x13", "nngs", "score2", "trevorc", "trevord")]),
    "456.hmmer": ("hmmer", ["nph3.hmm swiss41", "--fixed 0 --mean 500 --num 500000 --sd 350 --seed 0 retro.hmm"]),
    "458.sjeng": ("sjeng", ["ref.txt"]),
    "462.libquantum": ("libquantum", ["1397 8"]),
    "464.h264ref": ("h264ref", ["-d foreman_ref_encoder_baseline.cfg", "-d foreman_ref_encoder_main.cfg",
                                "-d sss_encoder_main.cfg"]),
    "471.omnetpp": ("omnetpp", ["omnetpp.ini"]),
    "473.astar": ("astar", ["BigLakes2048.cfg", "rivers.cfg"]),
    "483.xalancbmk": ("Xalan", ["-v t5.xml xalanc.xsl"]),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """What --spec-root expects, with empty files; the inputs of gcc are named as release 1.2 names them."""
    root = tmp_path_factory.mktemp("spec")
    for program, (name, lines) in REFERENCE.items():
        folder = root / "benchspec/CPU2006" / program
        for part in ("exe", "data/all/input", "data/ref/input"):
            (folder / part).mkdir(parents=True)
        (folder / "exe" / f"{name}_base.rv64").touch()
        for line in lines:
            for word in line.split():
                ending = ".in" if program == "403.gcc" else word[word.rfind("."):]
                if word.endswith((".i", ".tst")):
                    (folder / "data/ref/input" / (word[:word.rfind(".")] + ending)).touch()
    return root


@pytest.fixture
def command_lines(script, tree):
    """{name: (executable, line)} of every run of a suite."""
    def found(suite):
        done = script("import json\nimport sys\nimport suites\n"
                      "print(json.dumps([[r.program, r.binary, r.arguments, r.input, r.missing] for r in "
                      "suites.find(sys.argv[1], None, [], sys.argv[2])]))", suite, tree)
        assert done.returncode == 0, done.stderr
        made = {}
        for program, binary, arguments, given, missing in json.loads(done.stdout):
            assert not missing and program not in made, missing
            line = " ".join(arguments + (["<", given.rsplit("/", 1)[1]] if given else []))
            made[program] = binary.rsplit("/", 1)[1].partition("_base")[0], line
        return made
    return found


def published(program, line):
    return line.replace(".i ", ".in ") if program == "403.gcc" else line


def test_every_program_runs_its_first_reference_input(command_lines):
    assert command_lines("spec2006") == {program: (name, published(program, lines[0]))
                                         for program, (name, lines) in REFERENCE.items()}


def test_all_reference_inputs_are_a_suite_of_35_runs(command_lines):
    found = command_lines("spec2006-all")
    wanted = [(program, (name, published(program, line))) for program, (name, lines) in REFERENCE.items() for line in lines]
    assert [(name.rpartition(".")[0], run) for name, run in found.items()] == wanted and len(found) == 35


def test_an_input_of_one_program_runs_alone(command_lines):
    assert command_lines("401.bzip2.chicken") == {"401.bzip2.chicken": ("bzip2", "chicken.jpg 30")}
