"""Counts test cases from Bazel's build event files and prints the closing line `N passed, N failed`.

A case is what a test's XML report calls one (a GoogleTest case, a pytest function); skipped and disabled ones are not
counted. A target without cases counts as one. A target that fails without a failing case of its own (a crash, a
time-out, a build error) counts as one failure, and so does a build that fails for another reason (a BUILD file with an
error). Bazel's event protocol is used, and not its folder of reports, because reports of deleted tests stay behind
there.
"""

import json
import sys
import xml.etree.ElementTree as xml
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote, urlparse

# Exit codes of Bazel after which its events tell everything: all well, some tests failed, no test matched.
COMPLETE = (0, 3, 4)


def read_events(path):
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, json.JSONDecodeError):
        return []


def report_of(result):
    """The path of a test result's XML report, or None."""
    uris = [output["uri"] for output in result.get("testActionOutput", []) if output["name"] == "test.xml"]
    return unquote(urlparse(uris[0]).path) if uris else None


def count_report(path):
    """(passed, failed, skipped) cases of one XML report; nothing if it is missing or cut short."""
    try:
        cases = list(xml.parse(path).iter("testcase"))
    except (OSError, TypeError, xml.ParseError):
        cases = []
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None or case.get("status") == "notrun" for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def count_target(reports, succeeded):
    """(passed, failed) cases of one target."""
    passed, failed, skipped = (sum(column) for column in zip((0, 0, 0), *map(count_report, reports)))
    if succeeded:
        return (passed if passed or skipped else 1), failed
    return passed, max(failed, 1)


def count_run(events):
    """(passed, failed, names of what failed) of one run of Bazel."""
    reports, succeeded, finished = defaultdict(list), {}, None
    for event in events:
        identity = event["id"]
        if "testResult" in event:
            reports[identity["testResult"]["label"]].append(report_of(event["testResult"]))
        elif "testSummary" in event:
            succeeded[identity["testSummary"]["label"]] = event["testSummary"]["overallStatus"] == "PASSED"
        elif "targetCompleted" in identity and not event.get("completed", {}).get("success"):
            succeeded[identity["targetCompleted"]["label"]] = False
        elif "finished" in event:
            finished = event["finished"]["exitCode"].get("code", 0)
    if finished not in COMPLETE and all(succeeded.values()):
        succeeded["the build"] = False
    counts = [count_target(reports[label], well) for label, well in succeeded.items()]
    lost = sorted(label for label, well in succeeded.items() if not well)
    return sum(passed for passed, _ in counts), sum(failed for _, failed in counts), lost


def main(paths):
    passed = failed = 0
    for path in map(Path, paths):
        run_passed, run_failed, lost = count_run(read_events(path))
        passed, failed = passed + run_passed, failed + run_failed
        for label in lost:
            print(f"failed: {label} ({path.stem})")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
