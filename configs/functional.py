# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs on the functional core: fast, without time."""
import command_line

command_line.main(core="functional", about=__doc__)
