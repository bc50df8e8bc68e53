"""A folder whose names say nothing: the test's own name would pass for a claim."""

import pytest


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)

    def write(name, content):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
