"""How an answer leaves the socket: in one piece, or in one of the ways that real ones go wrong."""

import http.client
import select
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler

from orders.sandbox.http.messages import Answer

DRIP_SECONDS = 0.2
SILENCE_SECONDS = 60.0
OVERSIZED_BYTES = 48 * 1024 * 1024
_CHUNK = b" " * 65536


def deliver(handler: BaseHTTPRequestHandler, answer: Answer, stopping: threading.Event) -> None:
    connection = handler.connection
    if answer.delivery != "whole":
        handler.close_connection = True
    match answer.delivery:
        case "timeout":
            _be_silent(connection, stopping)
        case "close":
            return
        case "reset":
            # Lingering for zero seconds makes the kernel send RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        case "garbage":
            connection.sendall(b"\x00\x16\x03 this is not HTTP\r\n\r\n")
        case "cut":
            whole = head(handler, answer, len(answer.body)) + answer.body
            connection.sendall(whole[: len(whole) - len(answer.body) // 2])
        case "oversized":
            _flood(connection, head(handler, answer, OVERSIZED_BYTES), stopping)
        case "drip-headers":
            _drip(connection, head(handler, answer, len(answer.body)) + answer.body, stopping)
        case "drip-body":
            connection.sendall(head(handler, answer, len(answer.body)))
            _drip(connection, answer.body, stopping)
        case _:
            body = b"" if handler.command == "HEAD" else answer.body
            # One write: two would meet Nagle and delayed acknowledgement, 40 ms each time.
            connection.sendall(head(handler, answer, len(answer.body)) + body)


def head(handler: BaseHTTPRequestHandler, answer: Answer, length: int) -> bytes:
    reason = http.client.responses.get(answer.status, "Unknown")
    lines = [
        f"HTTP/1.1 {answer.status} {reason}",
        f"Date: {handler.date_time_string()}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {length}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    if handler.close_connection:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _be_silent(connection: socket.socket, stopping: threading.Event) -> None:
    """Hold the line without a word until the client hangs up."""
    end = time.monotonic() + SILENCE_SECONDS
    while time.monotonic() < end and not stopping.is_set():
        readable, _, _ = select.select([connection], [], [], 0.05)
        if readable and not connection.recv(1, socket.MSG_PEEK):
            return
        if readable:
            stopping.wait(0.05)


def _drip(connection: socket.socket, data: bytes, stopping: threading.Event) -> None:
    for byte in data:
        if stopping.wait(DRIP_SECONDS):
            return
        connection.sendall(bytes([byte]))


def _flood(connection: socket.socket, first: bytes, stopping: threading.Event) -> None:
    """A JSON text that would be fine, were it not for its size."""
    opening = b'{"items":[],"totalCount":0,"padding":"'
    connection.sendall(first + opening)
    left = OVERSIZED_BYTES - len(opening) - 2
    while left > 0 and not stopping.is_set():
        connection.sendall(_CHUNK[:left])
        left -= len(_CHUNK)
    connection.sendall(b'"}')
