"""Pages: parse the address, make one service call, draw the answer."""
