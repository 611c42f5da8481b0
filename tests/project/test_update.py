"""run.py update: brings a newer course and loses nothing of the learner's, by git, from a folder and from a ZIP."""
import json
import os
import shutil
import subprocess
import zipfile

import pytest

OLD = {"run.py": "old", "notebooks/00_start_here.ipynb": "start", "notebooks/01_a.ipynb": "one", "notebooks/02_b.ipynb": "two",
       "notebooks/03_c.ipynb": "three", "lstm_helpers/cells.py": "cells", "lstm_helpers/gone.py": "gone"}
NEW = OLD | {"run.py": "new", "notebooks/01_a.ipynb": "ONE", "notebooks/02_b.ipynb": "TWO", "notebooks/04_d.ipynb": "FOUR",
             "lstm_helpers/cells.py": "CELLS", "tools/more.py": "MORE"}
NEW.pop("lstm_helpers/gone.py")


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def files(folder):
    """What a learner finds in the folder."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts and ".venv" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths if not path.name.startswith(".course-as")}


def git(folder, *arguments):
    who = ["-c", "user.name=A learner", "-c", "user.email=learner@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def publish(folder, course):
    """Commit this course in the author's folder and push it to where the learners' come from."""
    for path in folder.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    commit(write(folder, course), "a course")
    git(folder, "push", "--quiet", "origin", "main")


@pytest.fixture
def author(tmp_path):
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(tmp_path, "clone", "--quiet", "origin.git", "author")
    git(tmp_path / "author", "checkout", "--quiet", "-B", "main")
    publish(tmp_path / "author", OLD)
    return tmp_path / "author"


def by_git(tmp_path, author):
    git(tmp_path, "clone", "--quiet", "--branch", "main", "origin.git", "learner")
    publish(author, NEW)
    return tmp_path / "learner", []


def by_folder(tmp_path, _):
    new = write(tmp_path / "downloads" / "lstm-main", NEW)
    return write(tmp_path / "learner", OLD), [str(new)]


def by_zip(tmp_path, _):
    with zipfile.ZipFile(tmp_path / "lstm-main.zip", "w") as archive:
        for name, text in NEW.items():
            archive.writestr("lstm-main/" + name, text)
    return write(tmp_path / "learner", OLD), [str(tmp_path / "lstm-main.zip")]


@pytest.fixture(params=[by_git, by_folder, by_zip])
def course(request, tmp_path, author, update):
    """The learner's folder, as it came, and what to say to `update`; the newer course is out."""
    folder, arguments = request.param(tmp_path, author)
    update.note_what_was_delivered(folder)   # as the first start of run.py does
    return folder, arguments


def without_the_gone(found):
    """A course that was a ZIP keeps files that the newer one no longer has: nobody knows whose they are."""
    return {name: text for name, text in found.items() if name != "lstm_helpers/gone.py"}


def test_an_untouched_course_becomes_the_new_one(update, course, capsys):
    folder, arguments = course
    assert update.main(folder, arguments) == 0
    assert without_the_gone(files(folder)) == NEW
    assert capsys.readouterr().out == "The course is up to date.\n"


def test_what_the_learner_changed_stays_beside_the_new_one(update, course, capsys):
    folder, arguments = course
    write(folder, {"notebooks/01_a.ipynb": "mine", "notebooks/my_own.ipynb": "own", "lstm_helpers/cells.py": "my cells"})
    update.main(folder, arguments)
    assert without_the_gone(files(folder)) == NEW | {
        "notebooks/01_a.mine.ipynb": "mine", "notebooks/my_own.ipynb": "own", "mine/lstm_helpers/cells.py": "my cells"}
    said = capsys.readouterr().out
    assert "Yours was kept: notebooks/01_a.mine.ipynb\n" in said and "mine/lstm_helpers/cells.py" in said


def test_what_only_the_learner_changed_stays_in_its_place(update, course):
    folder, arguments = course
    write(folder, {"notebooks/03_c.ipynb": "mine"})
    update.main(folder, arguments)
    assert without_the_gone(files(folder)) == NEW | {"notebooks/03_c.ipynb": "mine"}


def test_a_kept_notebook_is_never_overwritten(update, course):
    folder, arguments = course
    for n, text in {".mine": "first", ".mine-2": "second", "": "third"}.items():
        write(folder, {f"notebooks/01_a{n}.ipynb": text})
    update.main(folder, arguments)
    found = files(folder)
    assert [found[f"notebooks/01_a.mine{n}.ipynb"] for n in ("", "-2", "-3")] == ["first", "second", "third"]


def test_a_file_of_the_learners_with_the_name_of_a_new_one_is_kept(update, course):
    folder, arguments = course
    write(folder, {"notebooks/04_d.ipynb": "my four", "tools": "a file where the new course has a folder"})
    update.main(folder, arguments)
    found = files(folder)
    assert (found["notebooks/04_d.ipynb"], found["notebooks/04_d.mine.ipynb"]) == ("FOUR", "my four")
    assert (found["tools/more.py"], found["mine/tools"]) == ("MORE", "a file where the new course has a folder")


@pytest.mark.parametrize("calls", [1, 2, 3, 5, 8])
def test_an_update_that_is_interrupted_loses_nothing_and_is_finished_by_the_next(update, course, monkeypatch, calls):
    folder, arguments = course
    write(folder, {"notebooks/01_a.ipynb": "mine", "notebooks/02_b.ipynb": "mine too", "lstm_helpers/cells.py": "my cells"})
    with monkeypatch.context() as context:
        interrupt(context, calls)
        with pytest.raises(KeyboardInterrupt):
            update.main(folder, arguments)
    assert {"mine", "mine too", "my cells"} <= set(files(folder).values())
    update.main(folder, arguments)
    assert without_the_gone(files(folder)) == NEW | {
        "notebooks/01_a.mine.ipynb": "mine", "notebooks/02_b.mine.ipynb": "mine too", "mine/lstm_helpers/cells.py": "my cells"}


def interrupt(context, calls):
    """Press Ctrl-C before the n-th time that a file is moved."""
    moved = []

    def counting(real):
        def move(*paths):
            moved.append(paths)
            if len(moved) == calls:
                raise KeyboardInterrupt
            real(*paths)
        return move
    for name in ("rename", "replace"):
        context.setattr(os, name, counting(getattr(os, name)))


def test_a_second_update_changes_nothing(update, course):
    folder, arguments = course
    write(folder, {"notebooks/01_a.ipynb": "mine"})
    update.main(folder, arguments)
    before = files(folder)
    update.main(folder, arguments)
    assert files(folder) == before


# --- git ---

def test_git_knows_the_new_course_afterwards_and_removes_what_it_no_longer_has(update, tmp_path, author):
    folder, _ = by_git(tmp_path, author)
    write(folder, {"notebooks/03_c.ipynb": "mine"})
    update.main(folder, [])
    assert git(folder, "status", "--porcelain") == "M notebooks/03_c.ipynb"
    assert git(folder, "rev-parse", "HEAD") == git(author, "rev-parse", "HEAD")
    assert not (folder / "lstm_helpers/gone.py").exists()


def test_a_changed_file_stays_though_the_newer_course_no_longer_has_it(update, tmp_path, author):
    folder, _ = by_git(tmp_path, author)
    write(folder, {"lstm_helpers/gone.py": "mine"})
    update.main(folder, [])
    assert files(folder) == NEW | {"lstm_helpers/gone.py": "mine"}


def test_commits_of_the_learner_get_a_branch_and_their_files_stay(update, tmp_path, author, capsys):
    folder, _ = by_git(tmp_path, author)
    theirs = commit(write(folder, {"notebooks/01_a.ipynb": "mine", "notebooks/03_c.ipynb": "mine too"}), "my answers")
    git(folder, "branch", "mine")   # the name is taken
    update.main(folder, [])
    found = files(folder)
    assert git(folder, "rev-parse", "mine-2") == theirs and "in the branch mine-2" in capsys.readouterr().out
    assert (found["notebooks/01_a.mine.ipynb"], found["notebooks/01_a.ipynb"]) == ("mine", "ONE")
    assert found["notebooks/03_c.ipynb"] == "mine too"


def test_commits_of_the_learner_without_a_newer_course_stay_where_they_are(update, tmp_path, author):
    git(tmp_path, "clone", "--quiet", "--branch", "main", "origin.git", "learner")
    theirs = commit(write(tmp_path / "learner", {"notebooks/01_a.ipynb": "mine"}), "my answers")
    update.main(tmp_path / "learner", [])
    assert git(tmp_path / "learner", "rev-parse", "HEAD") == theirs


def test_a_course_with_another_history_is_brought_too(update, tmp_path, author):
    git(tmp_path, "clone", "--quiet", "--branch", "main", "origin.git", "learner")
    folder, theirs = tmp_path / "learner", git(tmp_path / "learner", "rev-parse", "HEAD")
    write(folder, {"notebooks/01_a.ipynb": "mine"})
    git(author, "checkout", "--quiet", "--orphan", "again")
    commit(write(author, NEW), "begun anew")
    git(author, "push", "--quiet", "--force", "origin", "again:main")
    update.main(folder, [])
    assert files(folder)["notebooks/01_a.mine.ipynb"] == "mine" and files(folder)["run.py"] == "new"
    assert git(folder, "rev-parse", "mine") == theirs


def test_a_checkout_takes_a_folder_too(update, tmp_path, author):
    folder, _ = by_git(tmp_path, author)
    write(folder, {"notebooks/01_a.ipynb": "mine"})
    update.main(folder, [str(write(tmp_path / "new", NEW))])
    assert without_the_gone(files(folder)) == NEW | {"notebooks/01_a.mine.ipynb": "mine"}


def test_an_origin_that_cannot_be_reached_changes_nothing(update, tmp_path, author):
    folder, _ = by_git(tmp_path, author)
    (tmp_path / "origin.git").rename(tmp_path / "away.git")
    with pytest.raises(SystemExit, match=r"git fetch --quiet\nNothing of yours was lost"):
        update.main(folder, [])
    assert files(folder) == OLD


def test_a_branch_that_follows_no_other_is_told_how(update, tmp_path, author):
    folder, _ = by_git(tmp_path, author)
    git(folder, "checkout", "--quiet", "-b", "answers")
    with pytest.raises(SystemExit, match="git branch --set-upstream-to origin/main"):
        update.main(folder, [])


def test_a_merge_under_way_is_not_disturbed(update, tmp_path, author):
    folder, _ = by_git(tmp_path, author)
    (folder / ".git/MERGE_HEAD").write_text(git(folder, "rev-parse", "HEAD"))
    with pytest.raises(SystemExit, match="A merge is under way"):
        update.main(folder, [])


def test_a_machine_without_git_is_told_the_other_way(update, tmp_path, author, monkeypatch):
    folder, _ = by_git(tmp_path, author)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"git was not found[^$]*run[.]py update PATH"):
        update.main(folder, [])


# --- a folder or a ZIP ---

def test_without_a_list_of_what_came_all_that_differs_is_kept(update, tmp_path):
    folder, arguments = by_folder(tmp_path, None)   # made with conda, say: run.py never started here
    update.main(folder, arguments)
    found = files(folder)
    assert found["notebooks/01_a.mine.ipynb"] == "one" and found["mine/lstm_helpers/cells.py"] == "cells"
    noted = json.loads((folder / update.DELIVERED).read_text())   # from now on it is known
    assert noted["notebooks/01_a.ipynb"] == update.hash_of(folder / "notebooks/01_a.ipynb")


def test_what_came_is_noted_once_and_never_after_a_change(update, tmp_path):
    folder, _ = by_folder(tmp_path, None)
    update.note_what_was_delivered(folder)
    before = (folder / update.DELIVERED).read_text()
    write(folder, {"notebooks/01_a.ipynb": "mine"})
    update.note_what_was_delivered(folder)
    assert (folder / update.DELIVERED).read_text() == before


@pytest.mark.parametrize("arguments, words", [([], "no git checkout"), (["a", "b"], "one path"), (["--help"], "one path"),
                                              (["nowhere"], "holds no course"), (["."], "is this course itself")])
def test_what_cannot_be_done_is_said_and_changes_nothing(update, tmp_path, monkeypatch, arguments, words):
    folder, _ = by_folder(tmp_path, None)
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit, match=words):
        update.main(folder, arguments)
    assert files(folder) == OLD


def test_a_zip_that_is_cut_short_changes_nothing(update, tmp_path):
    folder, (path,) = by_zip(tmp_path, None)
    data = open(path, "rb").read()
    open(path, "wb").write(data[:len(data) // 2])
    with pytest.raises(SystemExit, match="no whole ZIP file"):
        update.main(folder, [path])
    assert files(folder) == OLD


def test_what_tools_leave_in_the_new_folder_is_not_brought(update, tmp_path):
    folder, (new,) = by_folder(tmp_path, None)
    write(tmp_path / "downloads/lstm-main", {".venv/bin/python": "x", "notebooks/.ipynb_checkpoints/a.ipynb": "x",
                                             "notebooks/01_a.mine.ipynb": "x", "lstm_helpers/__pycache__/a.pyc": "x"})
    update.note_what_was_delivered(folder)
    update.main(folder, [new])
    assert without_the_gone(files(folder)) == NEW
