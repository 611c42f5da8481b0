"""Where a notebook may answer yes or no: cells whose question is one. And which notebooks have been mended by that rule."""

MENDED = {*range(21)}   # numbers of notebooks whose every verdict has become a number

YES_OR_NO = {       # {number of the notebook: {id of the cell: the question that yes or no answers}}
}
