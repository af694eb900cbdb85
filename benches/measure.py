"""Runs a command and prints one line of JSON: wall seconds, seconds of processor, and peak resident
memory in kilobytes.

Usage: measure.py COMMAND [ARGUMENT ...]
Python's resource module is the one portable place that knows the peak of a child that has ended.
"""

import json
import resource
import subprocess
import sys
import time

started = time.perf_counter()
ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
seconds = time.perf_counter() - started
# 3 is what Grip says of work that is done, but found faults in what it was given.
if ended.returncode not in (0, 3):
    sys.stderr.buffer.write(ended.stderr)
    sys.exit(ended.returncode)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime, "peak_kb": used.ru_maxrss}))
