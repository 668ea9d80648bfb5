# SPDX-License-Identifier: BSD-3-Clause
"""What a run leaves behind: records, tables, files and the progress line."""
import argparse
import json
import os
import subprocess
import sys
import time


def replace_file(path, write):
    """All of a file or nothing: write(PATH) makes it under another name first. What is no file, such as /dev/null, stays."""
    target = os.path.realpath(path)
    is_device = os.path.exists(target) and not os.path.isfile(target)
    temporary = target if is_device else target + ".partial"
    try:
        write(temporary)
        if not is_device:
            os.replace(temporary, target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    finally:
        if not is_device and os.path.exists(temporary):
            os.remove(temporary)


def write_file(path, text):
    def write(temporary):
        with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    replace_file(path, write)


def output_file(text):
    """An option's type: a file that can be written when the work is done, as far as that can be said before."""
    folder = os.path.dirname(text) or "."
    if not os.path.isdir(folder):
        raise argparse.ArgumentTypeError(f"cannot be '{text}': there is no folder '{folder}'; make it or name another")
    if not text or os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"cannot be '{text}': that is a folder; name a file")
    if not os.access(text if os.path.exists(text) else folder, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot be '{text}': it may not be written; name another file")
    return text


def revision(root):
    """The checkout's git revision, with -dirty where files differ; "unknown" outside a checkout."""
    if not root:
        return "unknown"
    command = ["git", "-C", root, "describe", "--always", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()


def output_folder(text):
    """The same for a folder, which is made where it is missing."""
    place = os.path.abspath(text)
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    if not text or not os.path.isdir(place):
        raise argparse.ArgumentTypeError(f"cannot be '{text}': '{place}' is no folder; name one, or where to make one")
    if not os.access(place, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot be '{text}': '{place}' may not be written; name another folder")
    return text


RUN_FILES = ("provenance.txt", "stats.txt", "stats.json", "machine.json", "energy.csv", "energy.json")


def remove_files(folder, names):
    """An earlier run's, so that nobody takes them for this one's where this one fails."""
    for name in names:
        if os.path.exists(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))


def write_run(folder, machine, stats, record, energy):
    """stats.txt, stats.json, machine.json and energies, equal in every run; last provenance.txt, which is not."""
    write_file(os.path.join(folder, "stats.txt"), stats.text())
    write_file(os.path.join(folder, "stats.json"), stats.json() + "\n")
    write_file(os.path.join(folder, "machine.json"), json.dumps(machine.describe(), indent=2) + "\n")
    if energy:
        write_energy(folder, energy)
    write_file(os.path.join(folder, "provenance.txt"),
               f"skipahead {record['revision']}; {' '.join(sys.argv)}; program {record['program_hash']}; "
               f"{time.strftime('%Y-%m-%d %H:%M:%S %z')}; {record['host_seconds']:.2f} s, "
               f"{record['host_mips'] or 0:.2f} MIPS\n")


# Columns of energy.csv behind the price list.
ENERGY_COLUMNS = ("component", "structure", "action", "stage", "count", "squashed", "pj_each", "pj", "share", "pj_per_instruction",
                  "squashed_pj", "is_leakage", "is_cache", "is_published", "is_scaled")


def write_energy(folder, energy):
    """energy.csv, a row an action; energy.json, which also has the structures with their area and leakage."""
    lines = [",".join(("prices",) + ENERGY_COLUMNS)]
    for prices, found in energy.items():
        lines += [",".join([prices] + [str(row[column]) for column in ENERGY_COLUMNS]) for row in found["rows"]]
    write_file(os.path.join(folder, "energy.csv"), "\n".join(lines) + "\n")
    write_file(os.path.join(folder, "energy.json"), json.dumps(energy, indent=2) + "\n")


def write_json(path, records):
    write_file(path, json.dumps(records, indent=2) + "\n")


# ---- tables
# --------------------------------------------------------------------------------------------------------

def spaced(number):
    return f"{number:,}".replace(",", " ")


def shown(value, digits=2):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.{digits}f}"
    return spaced(value) if isinstance(value, int) else str(value)


def table(heads, rows):
    """Columns wide enough; the first to the left, the others to the right."""
    cells = [heads] + [[cell if isinstance(cell, str) else shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    lines = []
    for row in cells:
        padded = [row[0].ljust(widths[0])] + [cell.rjust(w) for cell, w in zip(row[1:], widths[1:])]
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)


# Record key and column head; a column is shown where some record has a value.
COLUMNS = (("branch_misses_per_1000", "br.miss/k"), ("l1i_misses_per_1000", "L1I miss/k"),
           ("l1d_misses_per_1000", "L1D miss/k"), ("block_size", "instr/block"),
           ("local_read_share", "local reads"), ("local_write_share", "local writes"),
           ("paper_pj_per_instruction", "pJ/i paper"), ("analytic_pj_per_instruction", "pJ/i analytic"))


def verdict(record):
    if record["outcome"] == "failed":
        return "failed"
    if record["output_ok"] is not None:
        return "output ok" if record["output_ok"] else "WRONG OUTPUT"
    if record["outcome"] == "exited":
        return f"exit {record['exit_status']}"
    return "stopped" if record["outcome"] == "limit" else record["outcome"]


def suite_table(records):
    columns = [(key, head) for key, head in COLUMNS if any(r.get(key) is not None for r in records)]
    heads = ["program", "instructions", "cycles", "IPC"] + [head for _, head in columns] + ["host MIPS", ""]
    rows = [[r["program"], r["instructions"], r["cycles"], r["ipc"]] + [r.get(key) for key, _ in columns] +
            [r["host_mips"], verdict(r)] for r in records]
    means = [r["ipc"] for r in records if r["ipc"]]
    if len(means) > 1:
        rows.append(["harmonic mean", "", "", harmonic_mean(means)] + [""] * len(columns) + ["", ""])
    return table(heads, rows)


def harmonic_mean(values):
    return len(values) / sum(1 / value for value in values)


def one_line(record):
    """The short report of a program that was run by its path."""
    cycles = f"{spaced(record['cycles'])} cycles, IPC {record['ipc']:.2f}, " if record["ipc"] else ""
    end = {"limit": ", stopped at the limit", "interrupted": ", interrupted"}.get(record["outcome"], "")
    start = f"{record['program']} on {record['core']}: {spaced(record['instructions'])} instructions"
    return (f"{start}, {cycles}{record['host_seconds']:.2f} s, {record['host_mips'] or 0:.2f} MIPS{end}")


# ---- progress
# ------------------------------------------------------------------------------------------------------

class Progress:
    """One line on a terminal, rewritten in place; nothing where standard error is not one."""

    def __init__(self, programs, may_show=True):
        self.programs = programs
        self.done = 0
        self.shown_at = 0.0
        self.start = time.monotonic()
        self.is_on = may_show and sys.stderr.isatty()

    def update(self, program, instructions, seconds):
        now = time.monotonic()
        if not self.is_on or now - self.shown_at < 0.2:
            return
        self.shown_at = now
        speed = instructions / max(seconds, 1e-9) / 1e6
        place = f"{self.done + 1} of {self.programs}"
        self.write(f"{program} ({place}): {instructions / 1e6:.1f} M instructions, {speed:.2f} MIPS{self.time_left()}")

    def share_left(self):
        """Of what is to run over what has run."""
        return (self.programs - self.done) / self.done if self.done else 0

    def time_left(self):
        """", about 12 s left", or nothing."""
        left = (time.monotonic() - self.start) * self.share_left()
        return f", about {left:.0f} s left" if left >= 1 else ""

    def write(self, text):
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    def program_done(self, _record=None):
        self.done += 1
        if self.is_on:
            self.write("")
