"""One POST over HTTP, judged; what adapters that send to other programs have in common."""
