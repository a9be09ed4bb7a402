"""The progress line: what it says, and that it stays one line where there is no terminal."""

import io

from volley.progress import progress_bar


class terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_file_gets_the_last_line_only():
    text = io.StringIO()
    with progress_bar("building", text) as bar:
        for fraction in (0.0, 0.5, 1.0):
            bar.show(fraction, "E to E")
    assert text.getvalue() == f"building    [{'#' * 28}] 100 %  E to E\n"


def test_a_terminal_is_drawn_in_place():
    text = terminal()
    with progress_bar("building", text) as bar:
        bar.show(0.25)
        bar.show(1.0)
    drawn = text.getvalue()
    assert (
        drawn.startswith("\rbuilding")
        and " 25 %" in drawn
        and drawn.endswith("100 %\033[K\n")
        and drawn.count("\n") == 1
    )


def test_runs_tell_factor_and_remaining_time():
    text = io.StringIO()
    with progress_bar("simulating", text) as bar:
        bar.run(began_ms=100.0, now_ms=150.0, end_ms=300.0, wall_s=0.1)
    assert " 25 %  150 of 300 ms, real-time factor 2.00, ETA 0.3 s" in text.getvalue()
