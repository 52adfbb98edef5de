"""Write the file of cases: `python -m tests.accreditation.badges.codes.make_vectors`. The same file each time."""

import json
from pathlib import Path
from typing import Final

from tests.accreditation.badges.codes import vector_forms, vector_lists, vector_standing

FILE: Final = Path(__file__).with_name("badge-vectors.json")
ABOUT: Final = (
    "Cases of docs/badge-code.md, for every reader of badges. Bytes are base64url without padding, times seconds since "
    "1970. `cases`: judge `code` by the trust of that name; `shown`: whether what the badge says may be shown. "
    "`lists`: a reader keeps `kept` (if it still opens it) and is offered `offered`; then it keeps `number`, 0 is none."
)


def text_of_file() -> str:
    """What the file says: one case a line, so that a change of one shows as one."""
    parts = {
        "trusts": vector_standing.trusts(),
        "cases": [*vector_forms.cases(), *vector_standing.cases()],
        "lists": list(vector_lists.cases()),
    }
    lines = [f'"about": {json.dumps(ABOUT)}']
    for name, content in parts.items():
        if isinstance(content, dict):
            rows = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
            lines.append(f'"{name}": {{\n' + ",\n".join(rows) + "\n}")
        else:
            lines.append(f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in content) + "\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text_of_file(), encoding="ascii")
