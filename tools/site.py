"""Build of the documents: files of the checkout that a page links to, such as ../LICENSE, are part of the site.

mkdocs calls the functions by their names (`hooks` in mkdocs.yml).
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "checkout"  # of the site, for files that stand above docs/
_ABOVE = re.compile(r"\]\(((?:\.\./)+)([^)#]+)")


def on_files(files: Files, config: Any) -> Files:
    """Add every file above docs/ that a page links to; a link that leads nowhere stays, and the build names it."""
    for page in list(files.documentation_pages()):
        for up, target in _ABOVE.findall(page.content_string):
            path = ROOT / target
            if _leaves(page, up) and path.is_file() and files.get_file_from_path(f"{FOLDER}/{target}") is None:
                files.append(File.generated(config, f"{FOLDER}/{target}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links above docs/ to where `on_files` put their files."""

    def led(found: re.Match[str]) -> str:
        up, target = found.groups()
        leaves = _leaves(page.file, up) and (ROOT / target).is_file()
        return f"]({'../' * _depth(page.file)}{FOLDER}/{target}" if leaves else found[0]

    return _ABOVE.sub(led, markdown)


def on_post_page(output: str, **_: Any) -> str:
    """Name the theme's search dialog, which assistive technology could not."""
    return output.replace(
        'data-md-component="search" role="dialog">', 'data-md-component="search" role="dialog" aria-label="Search">'
    )


def _leaves(page: File, up: str) -> bool:
    return up.count("../") == _depth(page) + 1


def _depth(page: File) -> int:
    return page.src_uri.count("/")
