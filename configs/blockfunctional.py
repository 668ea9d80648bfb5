# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs as compiled blocks, without time."""
import command_line

command_line.main(core="blockfunctional", about=__doc__)
