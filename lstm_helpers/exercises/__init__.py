"""The questions of the notebooks, one module each, named as the notebook is; `checking` judges the answers."""
