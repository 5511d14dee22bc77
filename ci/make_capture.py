#!/usr/bin/env python3
"""Makes a large capture from a small one: the same frames again and again, later each time.

    ci/make_capture.py SMALL.pcap MEGABYTES OUT.pcapng [FLOWS]

Without FLOWS each copy's connections have ports of their own, and it starts after the one before it. With FLOWS that many
connections go on side by side from the first frame to the last, each with the first frames of SMALL as its content; together
they fill a link of 1 Gbit/s.
"""
import struct
import sys

SERVER_PORT = 5201
SYN = 2
FLOW_FRAMES = 60  # of SMALL, with FLOWS
FRAME_MICROS = 12  # with FLOWS: as full-sized packets follow each other on a link of 1 Gbit/s


def frames(path):
    data = open(path, "rb").read()
    assert data[:4] == b"\xd4\xc3\xb2\xa1", "a little-endian pcap in microseconds"
    at = 24
    while at + 16 <= len(data):
        seconds, micros, kept, length = struct.unpack_from("<IIII", data, at)
        yield seconds * 1_000_000 + micros, length, bytearray(data[at + 16:at + 16 + kept])
        at += 16 + kept


def client_port_at(data):
    """Where a TCP frame over IPv4 has the client's port; nothing for other frames."""
    if data[12:14] != b"\x08\x00" or data[23] != 6:
        return None
    return 34 if struct.unpack_from(">H", data, 36)[0] == SERVER_PORT else 36


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def write_frame(file, stamp, data, length):
    file.write(block(6, struct.pack("<IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, len(data), length) + bytes(data)))


def one_after_the_other(kept, size, file):
    clients = []
    for _, _, data in kept:
        at = client_port_at(data)
        if at and data[at:at + 2] not in clients:
            clients.append(bytes(data[at:at + 2]))
    known = [clients.index(bytes(data[at:at + 2])) if (at := client_port_at(data)) else 0 for _, _, data in kept]
    span = kept[-1][0] - kept[0][0] + 1000
    copy = 0
    while file.tell() < size:
        for (time, length, data), client in zip(kept, known):
            at = client_port_at(data)
            if at:
                struct.pack_into(">H", data, at, 10000 + (copy * len(clients) + client) % 50000)
            write_frame(file, time + copy * span, data, length)
        copy += 1


def side_by_side(kept, size, flows, file):
    ends = {34: [], 36: []}  # by who sends: the sequence numbers behind each payload
    content = []
    ports = [bytes(data[at:at + 2]) for _, _, data in kept if (at := client_port_at(data))]
    busiest = max(set(ports), key=ports.count)
    for time, length, data in kept:
        at = client_port_at(data)
        if at and data[at:at + 2] == busiest and len(content) < FLOW_FRAMES:
            content.append((time, length, data, at))
            payload = struct.unpack_from(">H", data, 16)[0] - 20 - 4 * (data[46] >> 4)
            ends[at].append((struct.unpack_from(">I", data, 38)[0], payload))
    grown = {}
    for at, sent in ends.items():
        base = sent[0][0]
        grown[at] = max(((sequence - base + payload) % 2**32 for sequence, payload in sent))
        if any(data[47] & SYN for _, _, data, where in content if where == at):
            grown[at] -= 1  # a SYN takes a number, and comes once
    numbers = [struct.unpack_from(">II", data, 38) for _, _, data, _ in content]
    turn = 0
    stamp = content[0][0]
    while file.tell() < size:
        for (_, length, data, at), (sequence, acknowledged) in zip(content, numbers):
            if turn and data[47] & SYN:
                continue
            mine, other = grown[at], grown[70 - at]
            struct.pack_into(">II", data, 38, (sequence + turn * mine) % 2**32,
                             (acknowledged + turn * other) % 2**32 if data[47] & 16 else 0)
            for flow in range(flows):
                struct.pack_into(">H", data, at, 10000 + flow)
                write_frame(file, stamp, data, length)
                stamp += FRAME_MICROS
        turn += 1


def main():
    kept = list(frames(sys.argv[1]))
    size = int(sys.argv[2]) * 1_000_000
    with open(sys.argv[3], "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(block(1, struct.pack("<HHI", 1, 0, 192)))
        if len(sys.argv) > 4:
            side_by_side(kept, size, int(sys.argv[4]), file)
        else:
            one_after_the_other(kept, size, file)


main()
