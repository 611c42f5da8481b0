"""What runs an answer can be replaced: homework runs it in another process."""

from lstm_helpers.checking import Question
from lstm_helpers.checking.judging import outcomes


def double(x):
    return 2 * x


def test_grading_asks_the_runner_for_every_outcome_and_never_calls_the_answer_itself():
    question = Question(ask="", reference=double, cases=[("two", (2,)), ("three", (3,))])
    asked = []

    def runner(answer, question, jobs):
        asked.append((answer, [args for args, _ in jobs]))
        return outcomes(double, question, jobs)

    assert question.grade("not a function", runner=runner).correct
    assert asked == [("not a function", [(2,), (3,)])]
