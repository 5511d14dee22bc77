#!/usr/bin/env python3
"""Makes a large capture from a small one: the same frames again and again, as other connections and later.

    ci/make_capture.py SMALL.pcap MEGABYTES OUT.pcapng

Each copy's connections have ports of their own, and it starts after the one before it.
"""
import struct
import sys


def frames(path):
    data = open(path, "rb").read()
    assert data[:4] == b"\xd4\xc3\xb2\xa1", "a little-endian pcap in microseconds"
    at = 24
    while at + 16 <= len(data):
        seconds, micros, kept, length = struct.unpack_from("<IIII", data, at)
        yield seconds * 1_000_000 + micros, length, bytearray(data[at + 16:at + 16 + kept])
        at += 16 + kept


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def main():
    small, megabytes, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    kept = []
    clients = []
    for time, length, data in frames(small):
        ports = None
        if data[12:14] == b"\x08\x00" and data[23] == 6:
            ports = 34 if struct.unpack_from(">H", data, 36)[0] == 5201 else 36
            if data[ports:ports + 2] not in clients:
                clients.append(bytes(data[ports:ports + 2]))
        kept.append((time, length, data, ports, clients.index(data[ports:ports + 2]) if ports else 0))
    span = kept[-1][0] - kept[0][0] + 1000
    with open(out, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(block(1, struct.pack("<HHI", 1, 0, 192)))
        copy = 0
        while file.tell() < megabytes * 1_000_000:
            for time, length, data, ports, client in kept:
                if ports:
                    struct.pack_into(">H", data, ports, 10000 + (copy * len(clients) + client) % 50000)
                stamp = time + copy * span
                file.write(block(6, struct.pack("<IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, len(data), length) + bytes(data)))
            copy += 1


main()
