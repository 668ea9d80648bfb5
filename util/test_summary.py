# SPDX-License-Identifier: BSD-3-Clause
"""Adds up JUnit reports: prints `N passed, N failed` and ends with 1 where anything failed.

usage: test_summary.py REPORT=STATUS...     the status of the program that wrote it, or should have
"""
import sys
import xml.etree.ElementTree as ElementTree


def tally(report):
    """(passed, failed, skipped) of one report; nothing where there is none."""
    try:
        cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return 0, 0, 0
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None or case.get("status") == "notrun")
    return len(cases) - failed - skipped, failed, skipped


def main():
    passed = failed = skipped = 0
    for word in sys.argv[1:]:
        report, _, status = word.rpartition("=")
        counts = tally(report)
        passed += counts[0]
        # A crash leaves no failed case behind.
        failed += counts[1] or int(status != "0")
        skipped += counts[2]
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed or not passed else 0)


main()
