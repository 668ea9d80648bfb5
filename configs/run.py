# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs on the core that --core names."""
import command_line

command_line.main(core="cgooo", about=__doc__)
