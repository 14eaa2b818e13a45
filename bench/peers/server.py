"""Answers requests on standard input, one a line, so that a benchmark can let a peer take turns with others.

    knows ROW            yes or no
    prepare ROW FOLDER   loads in_NAME.npy from the folder, computes once, writes out_K.npy there: ready
    time FOLDER N        seconds that N calls take, by the clock and on a processor
    forget FOLDER        frees what was prepared: done

A row is a function of arrays by name. It returns a function without arguments that computes once and returns arrays.
"""
import gc
import os
import sys
import time

import numpy as np


def serve(version, rows, load=lambda x: x, unload=np.asarray):
    """Answers until standard input ends. `rows` are functions by name; `load` and `unload` convert arrays."""
    steps = {}
    print(version, flush=True)
    for line in sys.stdin:
        command, *words = line.split()
        try:
            if command == "knows":
                answer = "yes" if words[0] in rows else "no"
            elif command == "prepare":
                steps[words[1]] = prepare(rows[words[0]], words[1], load, unload)
                answer = "ready"
            elif command == "time":
                answer = " ".join(map(repr, measure(steps[words[0]], int(words[1]))))
            else:
                del steps[words[0]]
                gc.collect()
                answer = "done"
        except Exception as failure:  # noqa: BLE001  (the other side reports it)
            answer = f"{type(failure).__name__}: {failure}".replace("\n", " ")
        print(answer, flush=True)


def prepare(row, folder, load, unload):
    files = [name for name in os.listdir(folder) if name.startswith("in_")]
    step = row(**{name[3:-4]: load(np.load(os.path.join(folder, name))) for name in files})
    for k, result in enumerate(step()):
        np.save(os.path.join(folder, f"out_{k}.npy"), np.ascontiguousarray(unload(result)))
    return step


def measure(step, calls):
    processor, start = time.process_time(), time.perf_counter()
    for _ in range(calls):
        step()
    seconds = time.perf_counter() - start
    return seconds, time.process_time() - processor
