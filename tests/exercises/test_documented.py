"""The example in CONTRIBUTING.md is one that works."""

import re
from pathlib import Path

import numpy as np

from lstm_helpers.checking import Question

TEXT = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
DECLARATION, STUB = re.findall(r"```python\n(.*?)```", TEXT[TEXT.index("## Add an exercise"):], re.DOTALL)[:2]


def test_the_documented_question_works():
    namespace = {"np": np, "Question": Question}
    exec(DECLARATION, namespace)
    question = namespace["q1"]
    for rng in range(3):
        assert question.grade(namespace["half_life"], rng).correct
        for mistake, message in question.mistakes.items():
            assert question.grade(mistake, rng).message == message


def test_the_documented_stub_is_not_attempted(capsys):
    namespace = {"np": np, "Question": Question, "__name__": __name__}
    exec(DECLARATION, namespace)
    exec(STUB, namespace)
    assert capsys.readouterr().out.startswith("Not attempted yet.")
