"""The process behind `worker_pool.py`: runs one function after another until its parent ends.

Frames on stdin and stdout are an eight-byte length and a pickle. Whoever started this process
holds its stdin; when that closes, even by kill -9, the process ends in the middle of its work.
"""

import contextlib
import os
import pickle
import queue
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

LENGTH = struct.Struct(">Q")
# How the process ends when it needed more memory than it may have: errno's ENOMEM.
OUT_OF_MEMORY = 12


def main(memory_max_bytes: int) -> None:
    _bound_memory(memory_max_bytes)
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    # A stray print must not get between the frames.
    os.dup2(2, 1)
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, waiting), daemon=True).start()
    while True:
        _answer(waiting.get(), lambda *frame: _send(answers, frame))


def _bound_memory(most_bytes: int) -> None:
    """What is written to counts, not what is only mapped. Where the system has no such limit,
    there is none.
    """
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource  # noqa: PLC0415  (Unix only)

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, hard))


def _receive(requests: BinaryIO, waiting: "queue.SimpleQueue[bytes]") -> None:
    while head := requests.read(LENGTH.size):
        if len(head) < LENGTH.size:
            break
        waiting.put(requests.read(LENGTH.unpack(head)[0]))
    os._exit(0)


def _answer(call: bytes, send: Callable[..., None]) -> None:
    try:
        function, args, wants_progress = pickle.loads(call)  # noqa: S301  (from our own parent)
        report = (lambda fraction: send("progress", fraction),) if wants_progress else ()
        send("done", function(*args, *report))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  (whatever it is, the caller gets it)
        send("failed", _portable(error))


def _portable(error: Exception) -> Exception:
    """`error` with its traceback as a note, or a stand-in where it can't be pickled."""
    error.add_note("in the worker process:\n" + "".join(traceback.format_tb(error.__traceback__)))
    with contextlib.suppress(Exception):
        if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301  (our own)
            return error
    return RuntimeError(f"{type(error).__name__}: {error}")


def _send(answers: BinaryIO, frame: tuple[Any, ...]) -> None:
    data = pickle.dumps(frame, protocol=pickle.HIGHEST_PROTOCOL)
    view = memoryview(LENGTH.pack(len(data)) + data)
    while view:
        view = view[answers.write(view) :]


if __name__ == "__main__":
    main(int(sys.argv[1]))
