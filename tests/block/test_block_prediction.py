# SPDX-License-Identifier: BSD-3-Clause
"""Block-level prediction: one lookup a block, and a head that tells decode of the transfer before it is fetched."""
import pytest
from block_rig import run_blocks

# A block of 40 instructions that ends in a jump, over which nothing else falls; entered through a fence each time.
LONG = "first: " + "\n".join(f"addi a{n % 6 + 2}, a{n % 6 + 2}, 1" for n in range(39)) + "\n j over\n nop\n nop\nover: addi a2, a2, 1"


@pytest.fixture
def blocks(sim, tmp_path):
    return lambda text, **changes: run_blocks(sim, tmp_path, text, fetch_width=4, blocks_per_cycle=1, **changes)


def test_a_block_is_looked_up_once_and_without_block_prediction_once_a_fetch_group(blocks):
    on, off = blocks(LONG).stats, blocks(LONG, predict_blocks=False).stats
    assert on["committed_instructions"] == off["committed_instructions"]
    # 12 rounds; the fence's block leaves 3 places in its group, so that the 40 take 1 head and 10 or 11 groups.
    assert 12 * 9 <= off["block_lookups"] - on["block_lookups"] <= 12 * 14
    assert on["block_lookups"] <= on["fetched_heads"] + 12
    assert [run["predictor"]["group_lookups"] for run in (on, off)] == [on["block_lookups"], off["block_lookups"]]


def test_an_unknown_jump_behind_a_long_block_is_found_by_its_head_long_before_it_is_fetched(blocks):
    def gap(run):
        """Cycles from the first round's jump to its target: a BTB that is empty knows nothing of it."""
        jump = run.of("first")[0].stages["fetch"][0]
        return run.of("over")[0].stages["fetch"][0] - jump
    on, off = blocks(LONG), blocks(LONG, predict_blocks=False)
    assert gap(off) >= gap(on) + 3
    assert on.stats["decode_redirects"] > 0 and off.stats["decode_redirects"] > 0


def test_once_the_btb_knows_a_jump_both_fetch_its_target_at_once(blocks):
    def gap(run):
        return run.of("over")[-1].stages["fetch"][0] - run.of("first")[-1].stages["fetch"][0]
    assert gap(blocks(LONG)) == gap(blocks(LONG, predict_blocks=False))
