"""Homework: notebooks for nbgrader made from the exercises, and answers graded in a process of their own. For teachers."""
