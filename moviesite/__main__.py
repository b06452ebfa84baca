"""`python -m moviesite`: the whole site in one command. See supervisor.py; decides nothing."""

import sys

from moviesite.processes.supervisor import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
