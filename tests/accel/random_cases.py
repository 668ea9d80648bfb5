# SPDX-License-Identifier: BSD-3-Clause
"""Command line of the scripts that run random cases in the simulator: KIND FIRST_SEED COUNT; prints how many held."""
import sys


def run_cases(kinds):
    """`kinds` has a function of a seed for each kind, which fails where the case does not hold."""
    kind, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for seed in range(first, first + count):
        kinds[kind](seed)
    print(count)
