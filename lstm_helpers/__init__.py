"""What the notebooks of *LSTM, gate by gate* have already taught, as tested functions.

`cells` holds the maths of one layer, `learning` the losses, optimisers and training, `sequences` the data makers,
`drawing` the figures. Every docstring names the notebook in which the thing is written out for the first time.
"""
