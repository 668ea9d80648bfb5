# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs on the CG-OoO core."""
import command_line

command_line.main(core="cgooo", about=__doc__)
