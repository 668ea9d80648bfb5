# SPDX-License-Identifier: BSD-3-Clause
"""Runs a program that drives accelerators, on any core: --core=cgooo --device=eie --run=PROGRAM -- ARGUMENTS."""
import sys

import command_line
import devices


def run():
    parser = command_line.parser("cgooo", __doc__)
    parser.add_argument("--run", dest="bench", metavar="PROGRAM", help="the program's path; the same as --bench")
    parser.program = "--run=PROGRAM"
    devices.add_options(parser)
    options, arguments = command_line.parse(parser)
    status, records = command_line.run_parsed(options, arguments)
    for record in records:
        if record.get("devices") and not options.quiet:
            print("\n".join(devices.described(record["devices"])), file=sys.stderr)
    return status


command_line.guarded(run)
