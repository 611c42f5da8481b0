"""Where a notebook may answer yes or no: cells whose question is one. And which notebooks have been mended by that rule."""

MENDED = {          # numbers of notebooks whose every verdict has become a number
    11,
    12,
}

YES_OR_NO = {       # {number of the notebook: {id of the cell: the question that yes or no answers}}
}
