"""Reading a card in at a real terminal: how far it is, stopped by Ctrl+C, and going on where it stopped."""

import os
import pty
import signal
import subprocess
import sys

from fieldkit.rehearsal.photos import camera_jpeg
from tests.conftest import MORNING

FILES = 300


def read_until(terminal, wanted=None):
    """Read what a program shows, up to some text or to its end."""
    shown = b""
    while wanted is None or wanted not in shown:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            # The program has closed its side.
            break
        if not piece:
            break
        shown += piece
    return shown.decode()


def test_a_stopped_reading_says_what_is_left_and_goes_on_the_next_time(ready, tmp_path):
    folder = tmp_path / "card" / "DCIM" / "100CANON"
    folder.mkdir(parents=True)
    jpeg = camera_jpeg(1, 1, shot=MORNING, body="B1", number=1, size=(240, 320))
    for number in range(FILES):
        note = f"{number:04}".encode()
        content = jpeg[:2] + b"\xff\xfe\x00\x06" + note + jpeg[2:]
        (folder / f"IMG_{number + 1:04}.JPG").write_bytes(content)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "fieldkit", "--lang", "en", "ingest", str(tmp_path / "card")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as program:
        os.close(theirs)
        begun = read_until(ours, b"/300 files")
        program.send_signal(signal.SIGINT)
        rest = read_until(ours)
        assert program.wait() == 1
    os.close(ours)

    assert "/300 files" in begun
    assert "files were not read" in rest
    left = ready("card", "status", "--json").json[0]
    unread = sum(row["reason"] == "cancelled" for row in left["not_safe"])
    assert 0 < unread < FILES

    again = ready("ingest", tmp_path / "card", "--json")
    assert (again.json["new"], again.json["known"]) == (unread, FILES - unread)
