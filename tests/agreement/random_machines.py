# SPDX-License-Identifier: BSD-3-Clause
"""Draws legal machines at random: `random_machine(core, seed)` is Python that builds `core`, extremes first of all.

  /usr/bin/python3 random_machines.py cgooo 7     prints the machine of that seed
"""
import random
import sys

CORES = ("functional", "blockfunctional", "inorder", "ooo", "cgooo")

WIDTHS = (1, 1, 2, 3, 4, 5, 6, 8, 12)
STAGES = (1, 1, 2, 3, 5, 9)   # cycles of a pipeline stage
FRONT = {"fetch_width": WIDTHS, "dispatch_width": WIDTHS, "fetch_to_decode": STAGES, "decode_to_schedule": STAGES,
         "schedule_to_execute": STAGES, "fetch_queue_entries": (1, 2, 8, 33),
         "load_ports": (1, 1, 2, 4), "store_ports": (1, 1, 2), "forward_latency": (1, 2, 4, 11)}
QUEUES = {"load_queue_entries": (1, 2, 5, 16, 64), "store_queue_entries": (1, 1, 2, 7, 32)}
BLOCKS = {"max_block_instructions": (1, 2, 3, 7, 20, 50, 250), "local_registers": (0, 1, 2, 5, 20, 64),
          "use_locals": (True, True, True, False), "schedule": (True, True, True, False), "poison": (True,)}
PARAMETERS = {
    "functional": {},
    "blockfunctional": BLOCKS | QUEUES | {"global_writes": (1, 2, 9, 188)},
    "inorder": FRONT | {
        "issue_width": WIDTHS, "commit_width": WIDTHS, "taken_per_cycle": (1, 1, 2), "issue_queue_entries": (1, 2, 8, 40),
        "in_flight_entries": (1, 2, 9, 32), "store_buffer_entries": (1, 1, 3, 20)},
    "ooo": FRONT | QUEUES | {
        "issue_width": WIDTHS, "commit_width": WIDTHS, "taken_per_cycle": (1, 1, 2), "rob_entries": (1, 2, 7, 32, 180),
        "scheduler_entries": (1, 2, 9, 120), "memory_scheduler_entries": (0, 1, 16),
        "float_scheduler_entries": (0, 0, 1, 16), "physical_registers": (65, 65, 66, 80, 252), "hit_latency": (1, 2, 4, 9),
        "speculate_memory": (True, True, False), "ideal_wakeup": (False, False, True)},
    "cgooo": FRONT | QUEUES | BLOCKS | {
        "blocks_per_cycle": (1, 1, 2, 3), "commit_blocks": (1, 1, 4), "local_schedule_to_execute": STAGES,
        "skipahead": (1, 1, 2, 4, 9, 64), "skip": (True, True, True, False), "brob_entries": (1, 1, 2, 5, 16, 100),
        "physical_registers": (65, 65, 66, 80, 252, 600), "far_register_delay": (0, 0, 1, 5), "near_segments": (1, 3),
        "hit_latency": (1, 2, 4, 9), "rollback_blocks": (1, 1, 4), "head_fixed_bytes": (0, 4, 9),
        "speculate_memory": (True, True, False), "ideal_wakeup": (False, False, True),
        "predict_blocks": (True, True, False), "free_heads": (False, False, True), "ideal_icache": (False, False, True)},
}


def call(name, **values):
    return f"{name}({', '.join(f'{key}={value}' for key, value in values.items())})"


class Draw:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []

    def one(self, *choices):
        return self.random.choice(choices)

    def all(self, table):
        return {name: self.random.choice(choices) for name, choices in table.items()}

    def cache(self, below, sets, inclusive=False):
        ways = self.one(1, 2, 4, 8)
        hit_latency = self.one(1, 2, 4, 7)
        replacement = self.one("None", "Lru()", "TreePlru()", "Nru()", "Srrip()", "RandomReplacement()")
        prefetcher = self.one("None", "None", "NextLinePrefetcher()", "StridePrefetcher()", "BestOffsetPrefetcher()")
        return call("Cache", size=64 * ways * self.random.choice(sets), ways=ways, hit_latency=hit_latency,
                    tag_latency=self.one(0, 1, hit_latency), ports=self.one(1, 1, 2, 4), banks=self.one(1, 1, 2, 8),
                    mshrs=self.one(1, 1, 2, 4, 16), mshr_targets=self.one(1, 1, 2, 8),
                    write_buffer_entries=self.one(1, 1, 2, 8), fills_per_cycle=self.one(1, 1, 2),
                    inclusive=inclusive and self.one(True, False), replacement=replacement, prefetcher=prefetcher,
                    next=below)

    def tlb(self):
        entries = self.one(1, 2, 4, 16, 64)
        last = call("Tlb", entries=entries, ways=self.one(*(w for w in (1, 2, 4) if w <= entries)),
                    walk_latency=self.one(1, 30), walkers=self.one(1, 2), walk_targets=self.one(1, 4),
                    **self.one({}, {"page_table_memory": "shared"}))
        return self.one("None", last, call("Tlb", entries=1, ways=1, next=last))

    def memory(self):
        """Lines that define `shared`, the level that both first-level caches ask."""
        far = self.one(call("FixedLatencyMemory", latency=self.one(1, 7, 100, 400)), "Dram()",
                       "Dram(read_queue_entries=1, write_queue_entries=2, write_high_watermark=1, write_low_watermark=0)")
        if self.one(True, False):
            far = call("Bus", bandwidth=self.one(1, 8, 32), latency=self.one(0, 2), queue_entries=self.one(1, 2, 32), next=far)
        self.lines.append(f"shared = {far}")
        for _ in range(self.one(0, 1, 1, 2)):
            self.lines.append(f"shared = {self.cache('shared', (16, 64, 512), inclusive=True)}")

    def predictor(self):
        direction = self.one("Bimodal(entries=1)", "Bimodal()", "Gshare()", "GskewDirection()", "Tage()", "TageScl()",
                             "StaticDirection(taken=True)", "StaticDirection(taken=False)")
        return call("BranchPredictor", direction=direction, indirect=self.one("None", "Ittage()"),
                    btb_entries=self.one(1, 16, 4096), return_stack_entries=self.one(1, 16))

    def units(self):
        if self.one(True, False):
            return call("ExecutionUnits", identical=self.one(1, 1, 2, 12))
        counts = {kind: self.one(1, 1, 2, 4) for kind in
                  ("integer", "multiply", "divide", "floating", "float_divide", "address")}
        return call("ExecutionUnits", **counts, integer_latency=self.one(1, 1, 2), multiply_latency=self.one(1, 3, 17),
                    divide_latency=self.one(1, 20, 60), float_add_latency=self.one(1, 3))


def random_machine(core, seed):
    """Python text that sets `core`; the same for the same arguments."""
    draw = Draw(f"{core} {seed}")
    values = draw.all(PARAMETERS[core])
    if core == "cgooo":
        values["windows"] = draw.one(1, 1, 2, 4, 9, 65, 130)
        values["clusters"] = draw.random.randint(1, min(values["windows"], 4))
        values["segments"] = draw.random.randint(1, min(values["windows"], 9))
    if core in ("inorder", "ooo", "cgooo"):
        draw.memory()
        values |= {"l1i": draw.cache("shared", (1, 2, 16, 64)), "l1d": draw.cache("shared", (1, 2, 16, 64)),
                   "itlb": draw.tlb(), "dtlb": draw.tlb(), "predictor": draw.predictor(), "units": draw.units()}
    if core == "ooo":
        values["memory_dependence"] = draw.one("None", "StoreSets()", "StoreSets(entries=1, sets=1)")
    name = {"functional": "FunctionalCore", "blockfunctional": "BlockFunctionalCore", "inorder": "InOrderCore",
            "ooo": "OutOfOrderCore", "cgooo": "CgOooCore"}[core]
    body = ",\n    ".join(f"{key}={value}" for key, value in values.items())
    return "\n".join(draw.lines + [f"core = {name}(\n    {body})" if body else f"core = {name}()", ""])


if __name__ == "__main__":
    print(random_machine(sys.argv[1], sys.argv[2]), end="")
