"""Papers that leave the bureau: one frame, one register, frozen once issued."""
