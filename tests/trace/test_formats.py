# SPDX-License-Identifier: BSD-3-Clause
"""Pipeline traces of whole runs against the formats' own descriptions, on every core that has time."""
import json

import pytest
from trace_checks import Kanata, as_konata_reads, read_o3

# Branches that miss, loads and stores that meet, divisions, a system call at the end: much is squashed and replayed.
BUSY = r"""
unsigned a[64];
int main(void) {
    unsigned x = 12345, sum = 0;
    for (int i = 0; i < 300; ++i) {
        x = x * 1103515245u + 12345u;
        a[(x >> 16) & 63] += i;
        if (x & 0x10000) sum += a[(x >> 20) & 63] / (1 + (x & 7));
        else sum ^= a[i & 63];
    }
    return sum == 1;
}
"""
CORES = ("inorder", "ooo", "cgooo")


@pytest.fixture(scope="module")
def traced(guest, tmp_path_factory):
    """(text of the trace, record of the run) of BUSY; every run is made once."""
    from conftest import ROOT, run
    made = {}

    def trace(core, ending):
        if (core, ending) not in made:
            folder = tmp_path_factory.mktemp("trace")
            done = run(ROOT / "configs/run.py", f"--core={core}", f"--bench={guest(BUSY)}", "--quiet",
                       f"--pipeline-trace={folder}/run.{ending}", f"--json={folder}/list.json", f"--out={folder}/out")
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
            stats = json.loads((folder / "out/guest/stats.json").read_text())["core"]
            record, = json.loads((folder / "list.json").read_text())
            made[core, ending] = (folder / f"run.{ending}").read_text(), record, stats
        return made[core, ending]
    return trace


@pytest.mark.parametrize("core", CORES)
def test_a_kanata_log_keeps_every_rule_of_its_format(traced, core):
    text, record, stats = traced(core, "kanata")
    log = Kanata(text)
    retired = [one for one in log.instructions if not one.is_flushed]
    assert len(retired) == record["instructions"] == stats["committed_instructions"]
    assert log.last <= record["cycles"]
    assert 0 < len(log.instructions) - len(retired), "a program whose branches miss has squashed instructions"


def test_instructions_of_a_block_that_runs_precisely_are_in_the_trace(sim, guest, root, tmp_path):
    precise = 0
    for last in range(5001, 5005):   # some of them end within a block
        done = sim(root / "configs/cgooo.py", f"--bench={guest(BUSY)}", "--quiet", f"--max-insts={last}",
                   f"--pipeline-trace={tmp_path}/run.kanata", f"--out={tmp_path}")
        assert done.returncode == 0, done.stderr
        log = Kanata((tmp_path / "run.kanata").read_text())
        assert sum(not one.is_flushed for one in log.instructions) == last
        precise += json.loads((tmp_path / "guest/stats.json").read_text())["core"]["precise_blocks"]
    assert precise > 0


@pytest.mark.parametrize("core", CORES)
def test_instructions_begin_and_retire_in_order(traced, core):
    log = Kanata(traced(core, "kanata")[0])
    ids = [one.id for one in log.instructions]
    assert ids == sorted(set(ids))
    retired = sorted((one for one in log.instructions if not one.is_flushed), key=lambda one: one.retire_id)
    assert [one.id for one in retired] == sorted(one.id for one in retired)
    assert [one.end for one in retired] == sorted(one.end for one in retired)


@pytest.mark.parametrize("core", CORES)
def test_stages_follow_each_other_without_gaps_from_begin_to_end(traced, core):
    whole = 0
    for one in Kanata(traced(core, "kanata")[0]).instructions:
        assert one.stages[0][:2] == ("fetch", one.begin) and one.stages[-1][2] == one.end
        assert all(before[2] == after[1] for before, after in zip(one.stages, one.stages[1:])), one
        names = [name for name, _, _ in one.stages]
        assert one.is_flushed == ("commit" not in names), one
        whole += names[-4:] == ["issue", "execute", "complete", "commit"]
    assert whole > 0.9 * traced(core, "kanata")[1]["instructions"], "few instructions wait for commit to do their work"


@pytest.mark.parametrize("core", CORES)
def test_the_first_retired_instructions_are_the_programs_first(traced, core, guest):
    log = Kanata(traced(core, "kanata")[0])
    first = min((one for one in log.instructions if not one.is_flushed), key=lambda one: one.retire_id)
    with open(guest(BUSY), "rb") as elf:
        entry = int.from_bytes(elf.read(32)[24:], "little")   # e_entry
    assert first.label.startswith(f"{entry:x}: ")


@pytest.mark.parametrize("core", CORES)
def test_o3pipeview_text_keeps_every_rule_of_its_format(traced, core):
    text, record, _ = traced(core, "o3")
    found = read_o3(text)
    assert sum(not one.is_flushed for one in found) == record["instructions"]


@pytest.mark.parametrize("core", CORES)
def test_konata_shows_what_retired_in_o3pipeview_as_retired(traced, core):
    for one in read_o3(traced(core, "o3")[0]):
        assert one.is_flushed == as_konata_reads(one), one


@pytest.mark.parametrize("core", CORES)
def test_both_formats_tell_of_the_same_instructions_and_times(traced, core):
    kanata = {one.id: one for one in Kanata(traced(core, "kanata")[0]).instructions}
    for one in read_o3(traced(core, "o3")[0]):
        other = kanata.pop(one.number)
        assert one.begin == (other.begin + 1) * 1000 and one.is_flushed == other.is_flushed
        assert one.is_flushed or one.end == (other.end + 1) * 1000
    assert not kanata


@pytest.mark.parametrize("lines, what", [
    (["S\t0\t0\tfetch"], "no C= before it"),
    (["C=\t5", "S\t0\t0\tfetch"], "0 has not begun"),
    (["C=\t5", "I\t1\t7\t0"], "numbered from 0"),
    (["C=\t5", "I\t0\t7\t0", "S\t0\t0\tfetch", "R\t0\t0\t0"], "still in"),
    (["C=\t5", "I\t0\t7\t0", "S\t0\t0\tfetch", "E\t0\t0\tdecode"], "is not in decode"),
    (["C=\t5", "I\t0\t7\t0", "R\t0\t0\t0", "L\t0\t0\tlate"], "0 has ended"),
    (["C=\t5", "I\t0\t7\t0", "R\t0\t1\t0"], "what retires is numbered"),
    (["C=\t5", "C\t0"], "time stands still"),
    (["C=\t5", "I\t0\t7\t0"], "never ends"),
    (["C=\t5", "I\t0\t7\t0", "L\t0\t0\ta\tb"], "L has 4 arguments"),
    (["C=\t5", "X\t0"], "no command"),
    (["C=\t5", "I\t0\t7\t0", "W\t0\t1\t0"], "1 has not begun"),
])
def test_the_reader_of_kanata_logs_refuses_what_breaks_the_format(lines, what):
    with pytest.raises(ValueError, match=what):
        Kanata("\n".join(["Kanata\t0004", *lines]) + "\n")
