# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs on the out-of-order core."""
import command_line

command_line.main(core="ooo", about=__doc__)
