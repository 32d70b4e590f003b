"""Changes a diagram as a model and as a picture, by the same commands whoever gives them.

A file is read into a `Sheet`; a command changes its steps and keeps the picture tidy; `text` gives
the file back, with every element, attribute, comment and foreign namespace that no command touched.
"""
