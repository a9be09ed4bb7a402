"""Counting cases: what passes, fails, is skipped, crashes, or never gets built."""

import json

from count_cases import count_run, main

GOOGLE_TEST = """<testsuites><testsuite>
  <testcase name="a" status="run" result="completed"/>
  <testcase name="b" status="run" result="completed"><failure message="no"/></testcase>
  <testcase name="c" status="run" result="skipped"><skipped/></testcase>
  <testcase name="DISABLED_d" status="notrun" result="suppressed"/>
</testsuite></testsuites>"""
PASSING = '<testsuites><testsuite><testcase name="a"/><testcase name="b"/></testsuite></testsuites>'
SKIPPED = '<testsuites><testsuite><testcase name="a"><skipped/></testcase></testsuite></testsuites>'


def result(label, report):
    output = [{"name": "test.xml", "uri": report.as_uri()}] if report else []
    return {"id": {"testResult": {"label": label}}, "testResult": {"testActionOutput": output}}


def summary(label, status):
    return {"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": status}}


def finished(code):
    return {"id": {"buildFinished": {}}, "finished": {"exitCode": {"code": code} if code else {}}}


def write(folder, name, text):
    path = folder / name
    path.write_text(text)
    return path


def test_counts_cases_of_reports(tmp_path):
    events = [
        result("//:good", write(tmp_path, "good.xml", PASSING)),
        result("//:mixed", write(tmp_path, "mixed.xml", GOOGLE_TEST)),
        summary("//:good", "PASSED"),
        summary("//:mixed", "FAILED"),
        finished(3),
    ]
    assert count_run(events) == (3, 1, ["//:mixed"])


def test_counts_every_shard(tmp_path):
    shards = [result("//:a", write(tmp_path, f"{shard}.xml", PASSING)) for shard in range(3)]
    assert count_run([*shards, summary("//:a", "PASSED"), finished(0)]) == (6, 0, [])


def test_target_without_report_is_one_case():
    assert count_run([result("//:a", None), summary("//:a", "PASSED"), finished(0)]) == (1, 0, [])


def test_skipped_cases_do_not_count(tmp_path):
    events = [result("//:a", write(tmp_path, "a.xml", SKIPPED)), summary("//:a", "PASSED"), finished(0)]
    assert count_run(events) == (0, 0, [])


def test_crash_is_a_failure_whatever_the_report_says(tmp_path):
    events = [
        result("//:cut", write(tmp_path, "cut.xml", "<testsuites><testsu")),
        summary("//:cut", "FAILED"),
        result("//:late", write(tmp_path, "late.xml", PASSING)),
        summary("//:late", "TIMEOUT"),
        finished(3),
    ]
    assert count_run(events) == (2, 2, ["//:cut", "//:late"])


def test_target_that_is_not_built_is_a_failure():
    broken = {"id": {"targetCompleted": {"label": "//:broken"}}, "completed": {}}
    assert count_run([broken, finished(1)]) == (0, 1, ["//:broken"])


def test_build_that_fails_elsewhere_is_a_failure():
    assert count_run([result("//:a", None), summary("//:a", "PASSED"), finished(1)]) == (1, 1, ["the build"])
    assert count_run([]) == (0, 1, ["the build"])


def test_no_matching_test_is_no_failure():
    assert count_run([finished(4)]) == (0, 0, [])


def test_adds_up_runs_and_ends_with_one_line(tmp_path, capsys):
    run = "\n".join(json.dumps(event) for event in [result("//:a", None), summary("//:a", "PASSED"), finished(0)])
    good, gone = write(tmp_path, "default.json", run), tmp_path / "asan.json"
    assert main([good]) == 0
    assert main([good, good, gone]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1 passed, 0 failed",
        "failed: the build (asan)",
        "2 passed, 1 failed",
    ]
