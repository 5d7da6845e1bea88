"""The processes that draw a rehearsal's pictures."""

import os
import select
import signal
import subprocess
import sys

PATIENCE_MS = 30_000
DRAWING = """
import multiprocessing, random, sys
from fieldkit.clock import SystemClock
from fieldkit.rehearsal.pictures import Pictures
from fieldkit.rehearsal.play import first_minute
from fieldkit.rehearsal.school import make_school
from fieldkit.rehearsal.script import write_script

if __name__ == "__main__":
    rng = random.Random(1)
    script = write_script(make_school(5, rng), first_minute(SystemClock().now()), rng)
    with Pictures(script, seed=1, workers=1):
        print(multiprocessing.active_children()[0].pid, flush=True)
        sys.stdin.read()
"""


def test_a_killed_rehearsal_leaves_nobody_drawing(tmp_path):
    program = tmp_path / "drawing.py"
    program.write_text(DRAWING)
    pipe = subprocess.PIPE
    app = subprocess.Popen([sys.executable, str(program)], stdin=pipe, stdout=pipe, text=True)
    worker = int(app.stdout.readline())
    number = os.pidfd_open(worker)
    ended = select.poll()
    ended.register(number, select.POLLIN)

    app.send_signal(signal.SIGKILL)
    app.wait(PATIENCE_MS / 1000)

    try:
        assert ended.poll(PATIENCE_MS)
    finally:
        if not ended.poll(0):
            os.kill(worker, signal.SIGKILL)
        os.close(number)
        app.stdin.close()
        app.stdout.close()
