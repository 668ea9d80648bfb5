# SPDX-License-Identifier: BSD-3-Clause
"""Components and machines as scripts see them: keywords, units, errors, help, statistics."""
import json

import pytest

HELLO = '#include <stdio.h>\nint main(int c, char **v) { for (int i = 1; i < c; ++i) puts(v[i]); return 7; }\n'


def message(script, expression):
    """The ConfigError that an expression raises."""
    done = script(f"try:\n    {expression}\nexcept ConfigError as error:\n    print(error)\n")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_sizes_are_written_with_units_or_as_numbers(script):
    done = script("m = FixedLatencyMemory()\nprint(Cache(size='64KiB', next=m).size, Cache(size=65536, next=m).size)")
    assert done.stdout.split() == ["65536", "65536"]


def test_children_are_readable_and_shared(script):
    done = script("l2 = FixedLatencyMemory()\na, b = Cache(next=l2), Cache(next=l2)\n"
                  "print(a.next is l2, a.next is b.next, a.prefetcher)")
    assert done.stdout.split() == ["True", "True", "None"]


def test_children_live_as_long_as_their_parents(script):
    done = script("import gc\nc = Cache(next=Cache(next=FixedLatencyMemory(latency=77)))\ngc.collect()\n"
                  "print(c.next.next.latency)")
    assert done.stdout.split() == ["77"]


@pytest.mark.parametrize("expression, text", [
    ("Cache(hitlatency=4)", "Cache has no parameter 'hitlatency'; did you mean 'hit_latency'?"),
    ("Cache()", "Cache needs 'next' (level that serves misses); it takes a Memory component ("),
    ("Cache(next=3)", "Cache.next: cannot be 3 (level that serves misses); it takes a Memory component ("),
    ("Cache(next=Gshare())", "Cache.next: cannot be a Gshare ("),
    ("Cache(next=None)", "Cache needs 'next'"),
    ("Cache(size='big')", "Cache.size: cannot be 'big' (data capacity, in bytes); it takes a whole number from 0 up"),
    ("Cache(ways=True)", "Cache.ways: cannot be True"),
    ("Cache(inclusive=1)", "Cache.inclusive: cannot be 1"),
    ("Cache(ways=2**70)", "Cache.ways: cannot be 1180591620717411303424"),
    ("Cache(ways={})", "Cache.ways: cannot be {}"),
    ("Cache(FixedLatencyMemory())", "Cache takes keywords only"),
    ("Machine(core=FunctionalCore())", "Machine: no program is given"),
    ("Machine(program='x')", "Machine needs 'core'"),
    ("Machine(core=FunctionalCore(), progam='x')", "Machine has no parameter 'progam'; did you mean 'program'?"),
    ("Machine(core=FunctionalCore(), program='x', arguments='a')", "Machine.arguments: cannot be 'a'"),
])
def test_mistakes_are_named_with_what_is_allowed(script, expression, text):
    assert message(script, expression).startswith(text)


def test_an_impossible_geometry_ends_with_one_line_and_125(script):
    done = script("Cache(size='32KiB', ways=6, next=FixedLatencyMemory())")
    assert done.returncode == 125
    assert done.stderr.count("\n") == 1 and "script.py:2: Cache" in done.stderr and "6" in done.stderr


def test_attributes_cannot_be_set(script):
    done = script("c = Cache(next=FixedLatencyMemory())\ntry:\n    c.sise = 3\nexcept AttributeError as e:\n    print(e)")
    assert done.stdout.strip() == "Cache.sise cannot be set once it is built; build another Cache"


def test_help_names_every_parameter_and_statistic(script):
    done = script("help(Cache)")
    assert "hit_latency = 4 cycles: from an access to its data on a hit" in done.stdout
    assert "hits (accesses): " in done.stdout
    assert "Cache(*, size=32768" in done.stdout


def machine_script(program, body, **keywords):
    given = "".join(f", {name}={value!r}" for name, value in keywords.items())
    return f"machine = Machine(core=FunctionalCore(), program={str(program)!r}{given})\n{body}"


def test_a_program_runs_with_its_arguments_and_status(script, guest):
    body = "print(machine.exit_status)\nprint(machine.run(), machine.exit_status)"
    done = script(machine_script(guest(HELLO), body, arguments=["a b", "ü"]))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "None\na b\nü\nexited 7\n"


def test_a_run_stops_after_exactly_so_many_instructions(script, guest):
    body = "print(machine.run(1000), machine.instructions, machine.run('1k'), machine.instructions)"
    done = script(machine_script(guest(HELLO), body))
    assert done.stdout.split() == ["limit", "1000", "limit", "2000"]


def test_a_phase_is_the_difference_of_two_copies(script, guest):
    body = ("machine.run(1000)\nbefore = machine.stats()\nmachine.run(500)\nphase = machine.stats() - before\n"
            "print(phase.core.committed_instructions, phase.core.ipc, before.core.committed_instructions)")
    done = script(machine_script(guest(HELLO), body))
    assert done.stdout.split() == ["500", "1.0", "1000"]


def test_statistics_are_json_and_dictionaries_alike(script, guest):
    body = "import json\nmachine.run(1000)\ns = machine.stats()\nprint(json.loads(s.json()) == s.as_dict())\nprint(s.json())"
    first, _, text = script(machine_script(guest(HELLO), body)).stdout.partition("\n")
    assert first == "True"
    assert json.loads(text)["core"]["committed_instructions"] == 1000


def test_a_misspelt_statistic_is_suggested(script, guest):
    body = "try:\n    machine.stats().core.ipcc\nexcept AttributeError as error:\n    print(error)"
    done = script(machine_script(guest(HELLO), body))
    assert done.stdout.strip() == "stats.core has no 'ipcc'; did you mean 'ipc'?"


def test_the_description_holds_every_parameter(script, guest):
    body = "import json\nprint(json.dumps(machine.describe()))"
    described = json.loads(script(machine_script(guest(HELLO), body, seed=5)).stdout)
    assert described["core"]["type"] == "FunctionalCore" and described["seed"] == 5
    assert described["strace"] is False and len(described["program_hash"]) == 16


def test_a_core_belongs_to_one_machine(script, guest):
    body = f"Machine(core=machine.core, program={str(guest(HELLO))!r})"
    done = script(machine_script(guest(HELLO), body))
    assert done.returncode == 125 and "belongs to another machine already" in done.stderr
