"""What ``make mutants`` found: how many planted mistakes the tests of the rules caught, and which ones they missed.

Run as ``python -m tests.rules.mutants`` once mutmut has exported its statistics; fails under the promised score.
"""

import json
import subprocess
import sys
from pathlib import Path

STATISTICS = Path("mutants") / "mutmut-cicd-stats.json"
PROMISED = 90  # of a hundred


def main() -> int:
    """Print the mutants that survived and the score; the exit status says whether the promise is kept."""
    found = json.loads(STATISTICS.read_text(encoding="utf-8"))
    mutmut = Path(sys.executable).with_name("mutmut")
    print(subprocess.run([mutmut, "results"], capture_output=True, text=True, check=True).stdout.rstrip())
    killed, planted = found["killed"] + found["timeout"], found["total"]
    print(f"Killed: {killed} of {planted} mutants, {100 * killed / planted:.1f} %")
    return 0 if 100 * killed >= PROMISED * planted else 1


if __name__ == "__main__":
    sys.exit(main())
