"""The exit codes: what a script may rely on."""

CLEAN = 0
FAULTS = 1
USAGE = 2
OPEN = 3
OUR_FAULT = 70
INTERRUPTED = 130
PIPE_CLOSED = 141
