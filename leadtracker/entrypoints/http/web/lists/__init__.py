"""The pages that show many leads: the list, the board, and changes of several leads."""
