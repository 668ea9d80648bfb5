# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs on the in-order core."""
import command_line

command_line.main(core="inorder", about=__doc__)
