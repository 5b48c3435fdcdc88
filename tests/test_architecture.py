"""What the house promises about its own shape."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "helpdesk").rglob("*.py"))
EVERY_SOURCE = [*SOURCES, ROOT / "config.py", ROOT / "wsgi.py"]

LONGEST_FILE = 300
LONG_WITH_REASON: dict[str, str] = {}
"""File → why it is one thing although it is long."""

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in EVERY_SOURCE:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, method: str) -> int:
    return sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        for node in ast.walk(tree)
    )


def test_imports_go_down() -> None:
    assert lint_imports(no_cache=True) == 0


def test_one_place_commits() -> None:
    committing = {
        path.relative_to(ROOT).as_posix(): calls(tree, "commit") for path, tree in trees()
    }
    assert {path: n for path, n in committing.items() if n} == {"helpdesk/core/db.py": 1}


def test_nobody_rolls_back_but_the_transaction() -> None:
    rolling = {path.name for path, tree in trees() if calls(tree, "rollback")}
    assert rolling == {"db.py"}


def test_no_drawer_has_a_name() -> None:
    assert not [path for path in SOURCES if path.stem in FORBIDDEN_NAMES]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_short_or_says_why(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE or path.relative_to(ROOT).as_posix() in LONG_WITH_REASON


def test_no_file_is_empty() -> None:
    assert not [path for path in SOURCES if not path.read_text(encoding="utf-8").strip()]


def test_no_python_file_says_ignore_without_a_reason() -> None:
    bare = re.compile(r"# type: ignore(?!\[[\w-]+(, ?[\w-]+)*\]  # )")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in EVERY_SOURCE
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert not found


def test_templates_hold_neither_script_nor_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    pages = [
        path
        for path in (ROOT / "helpdesk").rglob("templates/**/*.html")
        if "mail" not in path.relative_to(ROOT / "helpdesk").parts[1:-1]
    ]
    assert not [path for path in pages if inline.search(path.read_text(encoding="utf-8"))]


def test_public_functions_explain_themselves() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, tree in trees()
        if path.parent.name != "views" and path.stem not in {"views", "forms", "events"}
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not isinstance(node, ast.ClassDef)
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_the_project_names_no_machine_and_no_registry() -> None:
    private = re.compile(
        r"/work/(main|shared)|/root/|pypi\.org|files\.pythonhosted|registry\.npmjs"
    )
    texts = [
        *EVERY_SOURCE,
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("requirements/*"),
    ]
    assert not [path for path in texts if private.search(path.read_text(encoding="utf-8"))]
