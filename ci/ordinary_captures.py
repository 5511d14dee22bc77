"""Makes captures of ordinary traffic; ci/ordinary-captures.sh says how it is used."""
import argparse
import contextlib
import dataclasses
import fnmatch
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TOPOLOGY = HERE.parent / "topologies/hazards/base/router.toml"
OFFLAB, TRAFFIC = os.environ["OFFLAB"], os.environ["TRAFFIC"]
PORT = 5301
IPERF = "iperf3"

# What the sender does and what the receiver does, in steps of tests/lab/traffic.cpp.
TRAFFICS = {
    "1-byte": (["send:1", "end"], ["receive:all"]),
    "18-bytes": (["send:18", "wait:200", "end"], ["receive:all"]),
    "5-kilobytes": (["send:5000", "end"], ["receive:all"]),
    "100-kilobytes": (["pace:200000", "send:100000", "end"], ["receive:all"]),
    "1-megabyte": (["pace:1000000", "send:1000000", "end"], ["receive:all"]),
    "10-megabytes": (["pace:4000000", "send:10000000", "end"], ["receive:all"]),
    "burst": (["send:500000", "end"], ["receive:all"]),
    "pause-2s": (["send:100000", "wait:2000", "send:100000", "end"], ["receive:all"]),
    "pause-5s": (["pace:1000000", "send:300000", "wait:5000", "send:300000", "end"], ["receive:all"]),
    "pause-8s": (["send:3000", "wait:8000", "send:3000", "end"], ["receive:all"]),
    "many-pauses": (["send:20000", "wait:300"] * 8 + ["end"], ["receive:all"]),
    "requests": (["receive:100", "send:2000"] * 15 + ["end"], ["send:100", "receive:2000", "wait:50"] * 15),
    "small-writes": (["write:100"] + ["send:100", "wait:20"] * 60 + ["end"], ["receive:all"]),
    "both-ways": (["send:200000", "receive:200000", "end"], ["receive:200000", "send:200000", "receive:all"]),
    "reset-by-receiver": (["pace:500000", "send:1000000"], ["receive:300000", "reset"]),
    "reset-by-sender": (["pace:200000", "send:600000", "wait:1500", "reset"], ["receive:all"]),
    "zero-window-2s": (["send:600000", "end"], ["buffer:20000", "receive:50000", "wait:2500", "receive:all"]),
    "zero-window-7s": (["send:300000", "end"], ["buffer:20000", "receive:50000", "wait:7000", "receive:all"]),
    "slow-reader": (["send:300000", "end"], ["buffer:8000"] + ["receive:20000", "wait:200"] * 14 + ["receive:all"]),
    "keep-alives": (["keep-alive:1", "send:20000", "wait:5000", "send:20000", "end"], ["keep-alive:1", "receive:all"]),
    "keep-alives-18-bytes": (["keep-alive:1", "send:18", "wait:5000", "end"], ["receive:all"]),
    "left-open": (["pace:1000000", "send:500000", "wait:1500"], ["receive:500000", "wait:1500"]),
    "4-connections": IPERF + " -t 2 -P 4 -b 2M",
    "iperf3": IPERF + " -t 2 -b 12M",
    "iperf3-one-after-the-other": IPERF + " -t 1 -b 8M",
}
# Those whose ends are told of a broken connection.
BREAKS_OFF = {"reset-by-receiver", "reset-by-sender"}
# What more than one connection after the other takes.
TIMES = {"iperf3-one-after-the-other": 3}


@dataclasses.dataclass(frozen=True)
class Circumstance:
    sender_netem: str = ""
    receiver_netem: str = ""
    lost_at_receiver: int = 0  # packets of a thousand, behind both captures
    settings: tuple = ()  # of the lab
    later: float = 0  # captures begin so many seconds after the traffic


# The network's MTU, and the router's own, which outdoes it once it was set.
SMALL_LAN = ("lan.mtu=1400", "router.lan.mtu=1400")
CIRCUMSTANCES = {
    "undisturbed": Circumstance(),
    "delay-20ms": Circumstance(sender_netem="delay 20ms"),
    "loss-before-1": Circumstance(sender_netem="loss 1%"),
    "loss-behind-1": Circumstance(lost_at_receiver=10),
    "pmtud-1400": Circumstance(settings=("router.lan.mtu=1400", "router.wan.mtu=1400")),
    "jitter": Circumstance(sender_netem="delay 20ms 5ms"),
    "loss-before-5": Circumstance(sender_netem="loss 5%"),
    "mtu-1400": Circumstance(settings=SMALL_LAN),
    "loss-of-acks-5": Circumstance(receiver_netem="loss 5%"),
    "reordered": Circumstance(sender_netem="delay 10ms reorder 75% 50%"),
    "router-lro-on": Circumstance(settings=("router.lro=on",)),
    "loss-behind-5": Circumstance(lost_at_receiver=50),
    "loss-before-0.1": Circumstance(sender_netem="loss 0.1%"),
    "duplicates-before-1": Circumstance(sender_netem="duplicate 1%"),
    "slow-link": Circumstance(sender_netem="rate 4mbit"),
    "begun-later": Circumstance(later=0.7),
    "loss-and-delay": Circumstance(sender_netem="delay 15ms loss 2%", receiver_netem="delay 15ms loss 1%"),
}
# Beside both taps of the router, by dumpcap, which every transfer has.
MORE_CAPTURES = ["any", "one-direction", "ends", "own", "one-file", "inside"]
SNAP_LENGTHS = [128, 192, 96, 262144, 256]

# Name, family, upload, circumstance, settings that break the router, a command in the router.
DROP_LONG = ("nft add table inet o; nft add chain inet o f '{ type filter hook forward priority 0; }'; "
             "nft add rule inet o f meta length 1000-65535 drop")
STORM = ("hypervisor.lro=passthrough",)
FAULTS = [
    ("storm", 4, False, "undisturbed", STORM, ""),
    ("storm", 4, True, "undisturbed", STORM, ""),
    ("storm", 6, False, "undisturbed", STORM, ""),
    ("storm", 4, False, "delay-20ms", STORM, ""),
    ("storm", 4, False, "loss-behind-1", STORM, ""),
    ("guessed-size", 4, False, "undisturbed", ("router.lro=on", *SMALL_LAN), ""),
    ("guessed-size", 6, False, "undisturbed", ("router.lro=on", *SMALL_LAN), ""),
    ("refragmented", 4, False, "undisturbed", (*STORM, "download.df=false"), ""),
    ("silent-drop", 4, False, "undisturbed", (), DROP_LONG),
    ("silent-drop", 6, True, "undisturbed", (), DROP_LONG),
    ("silent-drop", 4, False, "delay-20ms", (), DROP_LONG),
]
DEFAULTS = {"router.lan.mtu": "1500", "router.wan.mtu": "1500", "lan.mtu": "1500", "router.lro": "off",
            "hypervisor.lro": "off", "download.df": "true"}


@dataclasses.dataclass(frozen=True)
class Transfer:
    name: str
    traffic: object
    family: int = 4
    upload: bool = False
    circumstance: Circumstance = Circumstance()
    snap: int = 192
    more: str = ""
    settings: tuple = ()
    router_command: str = ""
    may_break_off: bool = False
    seconds: int = 60  # at most
    times: int = 1

    @property
    def sender(self):
        return "client" if self.upload else "server"

    @property
    def receiver(self):
        return "server" if self.upload else "client"


def healthy_transfers(rounds):
    names = list(CIRCUMSTANCES)
    transfers = []
    for turn in range(rounds):
        for index, (traffic, steps) in enumerate(TRAFFICS.items()):
            number = turn * len(TRAFFICS) + index
            circumstance = names[(index + 4 * turn) % len(names)]
            family = 6 if number % 3 == 2 else 4
            upload = number % 2 == 1
            more = MORE_CAPTURES[(number + number // len(MORE_CAPTURES)) % len(MORE_CAPTURES)]
            snap = SNAP_LENGTHS[number % len(SNAP_LENGTHS)]
            way = "upload" if upload else "download"
            transfers.append(Transfer(
                f"{number:03}-{traffic}-{way}-ipv{family}-{circumstance}-snap{snap}", steps, family, upload,
                CIRCUMSTANCES[circumstance], snap, more, CIRCUMSTANCES[circumstance].settings,
                may_break_off=traffic in BREAKS_OFF, times=TIMES.get(traffic, 1)))
    return transfers


def faulty_transfers():
    transfers = []
    steps = (["send:3000000", "end"], ["receive:all"])
    for number, (fault, family, upload, circumstance, settings, command) in enumerate(FAULTS):
        way = "upload" if upload else "download"
        transfers.append(Transfer(f"{number:03}-{fault}-{way}-ipv{family}-{circumstance}", steps, family, upload,
                                  CIRCUMSTANCES[circumstance], 192, MORE_CAPTURES[number % 2 * 3], settings, command,
                                  may_break_off=True, seconds=5))
    return transfers


def wait_for(what, is_there, seconds=10):
    end = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} was not there after {seconds} s")
        time.sleep(0.02)


def has_content(file):
    return file.exists() and file.stat().st_size > 0


class Lab:
    """A lab that stays, until the end of a `with`."""

    def __init__(self):
        self.name = f"ordinary-{os.getpid()}"
        self.set_now = dict(DEFAULTS)
        self.nics = {}

    def __enter__(self):
        subprocess.run([OFFLAB, "up", TOPOLOGY, "--name", self.name], check=True, stdout=subprocess.DEVNULL)
        try:
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        subprocess.run([OFFLAB, "down", self.name], check=True, stdout=subprocess.DEVNULL)

    def prepare(self):
        cache = pathlib.Path(os.environ.get("OFFLAB_CACHE") or
                             pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "offlab")
        self.inside = str(json.loads((cache / "labs" / self.name / "lab.json").read_text())["init"])
        for node, networks in (("router", ("198.18.1.0/24", "198.18.2.0/24")), ("client", ("198.18.1.0/24",)),
                               ("server", ("198.18.2.0/24",))):
            self.nics[node] = [self.run(node, f"ip -o addr show to {network}").split()[1] for network in networks]
        for node in ("client", "server"):
            with open(TRAFFIC, "rb") as program:
                self.run(node, "cat > /tmp/traffic && chmod +x /tmp/traffic", stdin=program)
        self.run("server", "iperf3 -s -D > /dev/null")

    def command(self, node, line):
        return [OFFLAB, "exec", "--lab", self.name, node, line]

    def run(self, node, line, **options):
        done = subprocess.run(self.command(node, line), stdout=subprocess.PIPE, text=True, timeout=60, **options)
        if done.returncode != 0:
            raise RuntimeError(f"{node}: '{line}' ended with {done.returncode}")
        return done.stdout

    def start(self, node, line):
        return subprocess.Popen(self.command(node, line), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def set(self, settings):
        wanted = DEFAULTS | dict(setting.split("=", 1) for setting in settings)
        changed = [f"{key}={value}" for key, value in wanted.items() if self.set_now[key] != value]
        if changed:
            subprocess.run([OFFLAB, "set", "--lab", self.name, *changed], check=True, stdout=subprocess.DEVNULL)
            for node in ("client", "server"):  # path MTUs that were learnt
                self.run(node, "ip route flush cache; ip -6 route flush cache")
        self.set_now = wanted


@contextlib.contextmanager
def disturbed(lab, transfer):
    """Losses, delays and the like, as long as the transfer takes."""
    begin = {node: [] for node in ("sender", "receiver", "router")}
    end = {node: [] for node in begin}
    nic = {"sender": lab.nics[transfer.sender][0], "receiver": lab.nics[transfer.receiver][0]}
    circumstance = transfer.circumstance
    for node, netem in (("sender", circumstance.sender_netem), ("receiver", circumstance.receiver_netem)):
        if netem:
            begin[node].append(f"tc qdisc replace dev {nic[node]} root netem limit 10000 {netem}")
            end[node].append(f"tc qdisc del dev {nic[node]} root")
    if circumstance.lost_at_receiver:
        begin["receiver"].append("nft add table inet o && nft add chain inet o i '{ type filter hook input priority 0; }' && "
                                 f"nft add rule inet o i iifname {nic['receiver']} meta l4proto tcp numgen random mod 1000 '<' "
                                 f"{circumstance.lost_at_receiver} drop")
        end["receiver"].append("nft delete table inet o")
    if transfer.router_command:
        begin["router"].append(transfer.router_command)
        end["router"].append("nft delete table inet o")
    nodes = {"sender": transfer.sender, "receiver": transfer.receiver, "router": "router"}

    def apply(commands):
        for role, lines in commands.items():
            if lines:
                lab.run(nodes[role], " && ".join(lines))

    apply(begin)
    try:
        yield
    finally:
        apply(end)


class Captures:
    """Everything that captures one transfer, until the end of a `with`."""

    def __init__(self, lab, transfer, folder):
        self.lab, self.transfer, self.folder = lab, transfer, folder
        self.processes, self.in_guests = [], []

    def __enter__(self):
        self.on_host("-wan.pcap", ["-P"], "router-wan")
        self.on_host("-lan.pcap", ["-P"], "router-lan")
        getattr(self, self.transfer.more.replace("-", "_"))()
        return self

    def file(self, suffix):
        return self.folder / (self.transfer.name + suffix)

    def on_host(self, suffix, options, *taps):
        file = self.file(suffix)
        command = ["nsenter", "-t", self.lab.inside, "-n", "dumpcap", "-q", "-s", str(self.transfer.snap), "-w", file]
        for tap in taps:
            command += ["-i", tap]
        self.processes.append(subprocess.Popen(command + options, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_for(file.name, lambda: has_content(file))

    def in_guest(self, suffix, node, arguments):
        name = f"/tmp/capture{len(self.in_guests)}"
        line = (f"tcpdump -Z root --immediate-mode -U -s {self.transfer.snap} -w {name} {arguments} 2> {name}.log & echo $!; "
                f"n=0; until [ -s {name} ]; do n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.05; done")
        process = self.lab.run(node, line).split()[0]
        self.in_guests.append((node, process, name, self.file(suffix)))

    def any(self):
        self.in_guest("-any.pcap", "router", "-i any net 198.18.0.0/15 or net 2001:2::/48")

    def one_direction(self):
        lan, wan = self.lab.nics["router"]
        into, out = (lan, wan) if self.transfer.upload else (wan, lan)
        sides = {lan: "lan", wan: "wan"}
        self.in_guest(f"-one-direction-{sides[into]}.pcap", "router", f"-i {into} -Q in")
        self.in_guest(f"-one-direction-{sides[out]}.pcap", "router", f"-i {out} -Q out")

    def ends(self):
        for node in ("server", "client"):
            self.in_guest(f"-{node}.pcap", node, f"-i {self.lab.nics[node][0]}")

    def inside(self):
        lan, wan = self.lab.nics["router"]
        self.in_guest("-inside-wan.pcap", "router", f"-i {wan}")
        self.in_guest("-inside-lan.pcap", "router", f"-i {lan}")

    def one_file(self):
        self.on_host("-one-file.pcapng", ["-n"], "router-wan", "router-lan")

    def own(self):
        for network in ("wan", "lan"):
            file = self.file(f"-own-{network}.pcapng")
            with open(file, "wb") as output:
                snap = str(min(self.transfer.snap, 65536))
                self.processes.append(subprocess.Popen(
                    [OFFLAB, "capture", "--lab", self.lab.name, "--snap", snap, "router", network],
                    stdout=output, stderr=subprocess.DEVNULL))
            wait_for(file.name, lambda: has_content(file))

    def __exit__(self, *_):
        time.sleep(0.3)  # what is on its way
        for process in self.processes:
            process.send_signal(signal.SIGINT)
        for process in self.processes:
            process.wait(timeout=20)
        for node, process, name, file in self.in_guests:
            self.lab.run(node, f"kill -INT {process}; while kill -0 {process} 2>/dev/null; do sleep 0.05; done")
            with open(file, "wb") as output:
                subprocess.run(self.lab.command(node, f"cat {name}; rm {name}"), stdout=output, check=True, timeout=60)


def start_iperf(lab, transfer):
    way = "" if transfer.upload else " -R"
    address = "198.18.2.2" if transfer.family == 4 else "2001:2:0:2::2"
    return [lab.start("client", f"{transfer.traffic} -c {address}{way}")]


def start_traffic(lab, transfer):
    """Both ends; the client connects."""
    if isinstance(transfer.traffic, str):
        return start_iperf(lab, transfer)
    sends, receives = transfer.traffic
    of_server, of_client = (receives, sends) if transfer.upload else (sends, receives)
    address = "198.18.2.2" if transfer.family == 4 else "2001:2:0:2::2"
    program = f"exec timeout {transfer.seconds} /tmp/traffic"
    server = lab.start("server", f"{program} listen {PORT} {' '.join(of_server)}")
    if server.stdout.readline() != "listening\n":
        raise RuntimeError(f"{transfer.name}: the server does not listen: {server.communicate()[1]}")
    return [server, lab.start("client", f"{program} connect {address} {PORT} {' '.join(of_client)}")]


def finish(transfer, ends):
    """What went wrong, or nothing."""
    said = []
    for end in ends:
        _, errors = end.communicate(timeout=transfer.seconds + 30)
        if end.returncode != 0:
            said.append(f"exit status {end.returncode}: {errors.strip()}")
    return "" if transfer.may_break_off else "; ".join(said)


def make(lab, transfer, folder):
    lab.set(transfer.settings)
    with disturbed(lab, transfer):
        if not transfer.circumstance.later:
            with Captures(lab, transfer, folder):
                return "; ".join(filter(None, (finish(transfer, start_traffic(lab, transfer))
                                               for _ in range(transfer.times))))
        ends = start_traffic(lab, transfer)
        time.sleep(transfer.circumstance.later)
        with Captures(lab, transfer, folder):
            return finish(transfer, ends)


def judge(folder, wrong):
    """The lines of answers that may not be."""
    answers = folder.parent / (folder.name + ".list")
    subprocess.run([HERE / "bench-captures.sh", "--list", answers, folder, OFFLAB])

    def is_wrong(outcome, reason):
        # A file without data is refused, which is right.
        return outcome in (wrong, "crash", "hung") or (outcome == "error" and "has no TCP data" not in reason)

    lines = answers.read_text().splitlines()
    return [line for line in lines if is_wrong(line.split("\t")[0], line.split("\t")[2])]


def main():
    parser = argparse.ArgumentParser(prog="ordinary-captures.sh")
    parser.add_argument("-r", "--rounds", type=int, default=4)
    parser.add_argument("-k", "--only", default="*")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    begin = time.monotonic()
    broken = []
    work = [(transfer, options.folder / "healthy") for transfer in healthy_transfers(options.rounds)]
    work += [(transfer, options.folder / "faulty") for transfer in faulty_transfers()]
    work = [(transfer, folder) for transfer, folder in work
            if fnmatch.fnmatch(transfer.name, options.only) and not (folder / f"{transfer.name}-wan.pcap").exists()]
    if work:
        with Lab() as lab:
            for transfer, folder in work:
                folder.mkdir(parents=True, exist_ok=True)
                mistake = make(lab, transfer, folder)
                print(f"{time.monotonic() - begin:6.1f} s  {transfer.name}{': ' + mistake if mistake else ''}", flush=True)
                if mistake:
                    broken.append(transfer.name)
    wrong = []
    for name, outcome in (("healthy", "fail"), ("faulty", "pass")):
        if (options.folder / name).is_dir():
            print(f"\n{name}:")
            wrong += judge(options.folder / name, outcome)
    print(f"\n{len(work)} transfers in {time.monotonic() - begin:.0f} s; {len(broken)} broke off; {len(wrong)} answers are wrong")
    for line in wrong:
        print("  " + line.replace("\t", "  "))
    sys.exit(1 if wrong else 2 if broken else 0)


main()
