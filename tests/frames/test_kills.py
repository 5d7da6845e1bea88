"""A program killed between any two system calls of a pass loses nothing that was acknowledged."""

import json
import subprocess
import sys

from fieldkit.frames.blobs import BlobStore

# Runs in a program of its own: for each kill point a forked child makes a pass into a home of its
# own and is killed before its n-th system call of those that matter; then a second pass follows.
PROGRAM = r"""
import itertools, json, os, signal, sys
from pathlib import Path
from fieldkit.frames import exif
from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.ingest import ingest
import exifread, pyrage

CALLS = ("open", "write", "fsync", "fchmod", "close", "mkdir", "rename", "unlink")
card, work, recipient = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

class FileLedger:
    def __init__(self, file):
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
        self.rows = [json.loads(line) for line in lines]
    def known_file(self, card, path, size, mtime_ns):
        return next((r["pt"] for r in self.rows if r["path"] == path), None)
    def unproven(self, card):
        return []
    def known_content(self, pt_sha256):
        return any(r["pt"] == pt_sha256 for r in self.rows)
    def note_known(self, card, path, size, mtime_ns, pt_sha256):
        raise AssertionError("every file of this card has its own content")
    def commit(self, captured):
        row = {"path": captured.path, "pt": captured.pt_sha256, "ct": captured.ct_sha256}
        self.rows.append(row)
        out = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(out, json.dumps(row).encode() + b"\n")
        os.fsync(out)
        os.close(out)
    def read_back(self, ct_sha256, *, sound):
        assert sound

def one_pass(home, kill_before):
    ledger = FileLedger(home / "ledger.jsonl")
    counter, count = itertools.count(1), 0
    def counted(real):
        def call(*args, **rest):
            nonlocal count
            count = mine = next(counter)
            if mine == kill_before:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **rest)
        return call
    with BlobStore(home, [recipient]) as store:
        store.empty_spool()
        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))
        ingest(card, store, ledger, card="c", settle_seconds=0, verify=False)
    return count

def in_child(home, kill_before):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        count = one_pass(home, kill_before)
        os.write(writer, str(count).encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    return status, int(os.read(reader, 20) or b"0")

status, calls = in_child(work / "whole", 0)
assert status == 0, status
points = range(1, calls + 1)
for point in points:
    status, _ = in_child(work / f"killed-{point}", point)
    # Originals whose hashes begin alike share a folder, which saves its making: four calls each.
    assert os.WIFSIGNALED(status) or (status == 0 and point > calls - 8), (point, status)
print(json.dumps({"calls": calls}))
for point in points:
    home = work / f"killed-{point}"
    (home / "before.jsonl").write_bytes(
        (home / "ledger.jsonl").read_bytes() if (home / "ledger.jsonl").exists() else b""
    )
    (home / "left.json").write_text(json.dumps([f.name for f in (home / "spool").iterdir()]))
    status, _ = in_child(home, 0)
    assert status == 0, (point, status)
"""


def rows(file):
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]


def test_a_kill_before_any_system_call_loses_nothing(card, jpeg, keys, tmp_path):
    contents = {f"100CANON/IMG_{n:04}.JPG": jpeg(n) for n in (1, 2, 3)}
    for path, content in contents.items():
        card(path, content)
    work = tmp_path / "work"
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, card.top, work, keys.recipients[0]],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    calls = json.loads(ran.stdout)["calls"]
    assert calls > 30
    acknowledged = 0
    for point in range(1, calls + 1):
        home = work / f"killed-{point}"
        store = BlobStore(home)
        before, after = rows(home / "before.jsonl"), rows(home / "ledger.jsonl")
        acknowledged += len(before)
        for row in after:
            content = store.opened(row["ct"], [keys.identity])
            assert content == contents[row["path"]]
        assert after[: len(before)] == before
        assert sorted(row["path"] for row in after) == sorted(contents)
        assert len(json.loads((home / "left.json").read_text())) <= 1
        assert not list((home / "spool").iterdir())
        # A blob whose row did not come to be is kept, never deleted: at most one a kill.
        assert len(list(store.names())) - len(after) in {0, 1}
    assert acknowledged > calls
