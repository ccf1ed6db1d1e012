"""Decisions on paper (行政处罚决定书, 协议处理决定书) and the record of a visit (现场检查笔录)."""
