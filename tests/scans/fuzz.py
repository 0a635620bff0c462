"""`make fuzz`: the whole API asked by schemathesis whatever its schema allows, and much that it does not.

``CASES`` of an operation (100), the cases of the schema's borders beside them. Ends with an error where an answer is a
server's error, or is not as the schema says.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import running_site
from tests.scans import folder_of_a_site

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
UNLIMITED = {"API_LIMIT": "1000000", "VERIFY_LIMIT_API": "1000000"}


def main() -> None:
    """Serves a site and has it asked."""
    cases = os.environ.get("CASES", "100")
    with folder_of_a_site() as folder, running_site.served(folder, workers=2, **UNLIMITED) as address:
        command = [str(Path(sys.executable).with_name("st")), "run", f"{address}/api/v1/openapi.json"]
        command += ["--checks", ",".join(CHECKS), "--max-examples", cases, "--phases", "examples,coverage,fuzzing"]
        command += ["--request-timeout", "60", "--continue-on-failure", "--no-color", *sys.argv[1:]]
        sys.exit(subprocess.run(command, cwd=folder, check=False).returncode)


if __name__ == "__main__":
    main()
