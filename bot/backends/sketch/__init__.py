"""The default backend: pictures drawn from the prompt's words, without a key or a GPU.

`backend.py` is the port Backend and hands each picture to a worker process (`worker_task.py`).
There `painter.py` draws: the prompt is read into a scene (prompt/), a place with its weather is
painted (scenery/), `subjects.py` says who stands where and `subject_painter.py` draws them
(glyphs/), all with the same tools (brush/).
"""
