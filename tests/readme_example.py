"""README's Python example and what it prints; `python tests/readme_example.py --write` renews the latter."""

import contextlib
import io
import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<printed>.*?)```", re.DOTALL)


def example() -> re.Match[str]:
    """The code and what README says that it prints."""
    found = EXAMPLE.search(README.read_text("utf-8"))
    if found is None:
        raise LookupError(f"no python block followed by a text block in {README}")
    return found


def printed(code: str) -> str:
    """What the code prints now."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        exec(compile(code, str(README), "exec"), {})  # noqa: S102 - the code of our own README
    return stream.getvalue()


def main() -> None:
    """Print the output, or write it into README."""
    found = example()
    now = printed(found["code"])
    if "--write" in sys.argv[1:]:
        text = README.read_text("utf-8")
        start, end = found.span("printed")
        README.write_text(text[:start] + now + text[end:], "utf-8", newline="\n")
    else:
        sys.stdout.write(now)


if __name__ == "__main__":
    main()
