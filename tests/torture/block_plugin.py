"""A block device for nbdkit that keeps an image in a file and writes down every write and every flush.

nbdkit loads it into a Python of its own, so it imports nothing of ours. One record a request: kind,
stamp of the monotonic clock in ns, offset, length, then the bytes written.
"""

import os
import struct
import time

import nbdkit

API_VERSION = 2
RECORD = struct.Struct("<cQQI")
_settings = {}
_opened = {}


def config(key, value):
    _settings[key] = value


def get_ready():
    _opened["image"] = os.open(_settings["image"], os.O_RDWR)
    _opened["log"] = os.open(_settings["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def thread_model():
    return nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS


def open(readonly):  # noqa: A001  nbdkit calls it by this name
    return 1


def get_size(handle):
    return os.fstat(_opened["image"]).st_size


def can_fua(handle):
    return nbdkit.FUA_EMULATE


def pread(handle, buffer, offset, flags):
    buffer[:] = os.pread(_opened["image"], len(buffer), offset)


def pwrite(handle, buffer, offset, flags):
    _note(b"W", offset, bytes(buffer))
    os.pwrite(_opened["image"], buffer, offset)


def flush(handle, flags):
    _note(b"F", 0, b"")


def _note(kind, offset, content):
    os.write(_opened["log"], RECORD.pack(kind, time.monotonic_ns(), offset, len(content)) + content)
