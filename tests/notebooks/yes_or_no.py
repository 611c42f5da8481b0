"""Where a notebook may answer yes or no: cells whose question is one. And which notebooks have been mended by that rule."""

MENDED = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 17, 19}   # numbers of notebooks whose every verdict has become a number

YES_OR_NO = {       # {number of the notebook: {id of the cell: the question that yes or no answers}}
}
