#!/usr/bin/env python3
"""vcsim, VMware's simulator of the vSphere API, as an ESXi host or a vCenter, in a network of its own, for tests.

    ci/lab_vsphere.py [--delay MS] esxi|vcenter FOLDER COMMAND...

Builds vcsim where it is not there (ci/build_vcsim.sh). Each host gets the settings of LRO, which vcsim does not know, as
xsd:long 1. Runs COMMAND with $VSPHERE: the file that says how the server is reached, and $VALUES: a command that prints the
five settings of each host, asked without offlab. --delay: of each change. Ends with its status; 77, with the reason, where vcsim cannot be had."""
import http.client
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import time
import xml.sax.saxutils

import lab_esxi

HERE = pathlib.Path(__file__).resolve().parent
FIVE = ["Net.VmxnetSwLROSL", "Net.Vmxnet3SwLRO", "Net.Vmxnet3HwLRO", "Net.Vmxnet2SwLRO", "Net.Vmxnet2HwLRO"]
OTHERS = ["Net.VmxnetPromDisableLro", "Net.NetpollSwLRO", "Net.TcpipDefLROEnabled"]
PORT = 8989
USER, PASSWORD = "offlab@vsphere.local", "correct horse & <battery>"


class Api:
    def __init__(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.connection = http.client.HTTPSConnection("127.0.0.1", PORT, context=context, timeout=10)
        self.cookie = None

    def call(self, method, kind, identity, arguments=""):
        body = f'''<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Body><{method} xmlns="urn:vim25"><_this
            type="{kind}">{identity}</_this>{arguments}</{method}></Body></Envelope>'''
        headers = {"Content-Type": "text/xml", "SOAPAction": "urn:vim25/6.5"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        self.connection.request("POST", "/sdk", body, headers)
        answer = self.connection.getresponse()
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie or "").split(";")[0]
        return answer.read().decode()

    def login(self):
        content = self.call("RetrieveServiceContent", "ServiceInstance", "ServiceInstance")
        self.objects = dict(re.findall(r"<(sessionManager|propertyCollector|viewManager|rootFolder)[^>]*>([^<]*)<", content))
        quoted = xml.sax.saxutils.escape(PASSWORD)
        self.call("Login", "SessionManager", self.objects["sessionManager"],
                  f"<userName>{USER}</userName><password>{quoted}</password>")

    def hosts(self):
        view = self.call("CreateContainerView", "ViewManager", self.objects["viewManager"],
                         f'<container type="Folder">{self.objects["rootFolder"]}</container><type>HostSystem</type>'
                         "<recursive>true</recursive>")
        view = re.search(r"<returnval[^>]*>([^<]*)<", view).group(1)
        answer = self.call("RetrievePropertiesEx", "PropertyCollector", self.objects["propertyCollector"],
                           "<specSet><propSet><type>HostSystem</type><pathSet>name</pathSet><pathSet>"
                           f'configManager.advancedOption</pathSet></propSet><objectSet><obj type="ContainerView">{view}'
                           '</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><name>v</name><type>ContainerView'
                           "</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet><options/>")
        found = {}
        for part in answer.split("<objects>")[1:]:
            values = re.findall(r"<name>([^<]*)</name><val[^>]*>([^<]*)<", part)
            found[dict(values)["name"]] = dict(values)["configManager.advancedOption"]
        return found

    def seed(self):
        changed = "".join(f'<changedValue><key>{key}</key><value xsi:type="xsd:long">1</value></changedValue>'
                          for key in FIVE + OTHERS)
        for options in self.hosts().values():
            self.call("UpdateOptions", "OptionManager", options, changed)

    def values(self):
        for name, options in sorted(self.hosts().items()):
            found = []
            for key in FIVE:
                answer = self.call("QueryOptions", "OptionManager", options, f"<name>{key}</name>")
                found += re.findall(rf"<key>{re.escape(key)}</key><value[^>]*>([^<]*)<", answer)
            print(name, "".join(found), flush=True)


def wait_for_port():
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", PORT), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("lab_vsphere: vcsim does not answer")


def serve(delay, kind, folder, command):
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    lab_esxi.make_certificate(folder)
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "vsphere.toml").write_text(f"""[vsphere]
address = "127.0.0.1"
port = {PORT}
user = "{USER}"
password_file = "password"
ca_file = "api.pem"
""" + ("" if kind == "esxi" else 'cluster = "DC0_C0"\n'))
    model = ["-esx"] if kind == "esxi" else ["-dc", "1", "-cluster", "1", "-host", "2", "-standalone-host", "1"]
    log = open(folder / "vcsim.log", "ab")
    server = subprocess.Popen([HERE.parent / "build/vcsim", *model, "-l", f"127.0.0.1:{PORT}", "-username", USER,
                               "-password", PASSWORD, "-tlscert", folder / "api.pem", "-tlskey", folder / "api.key",
                               "-method-delay", f"UpdateOptions:{delay}"],
                              stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_for_port()
        api = Api()
        api.login()
        api.seed()
        environment = {**os.environ, "VSPHERE": str(folder / "vsphere.toml"), "VALUES": f"{sys.executable} {__file__} --values"}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        server.terminate()
        server.wait()


def main():
    if sys.argv[1:] == ["--values"]:
        api = Api()
        api.login()
        return api.values()
    words, delay = sys.argv[1:], "0"
    inside = words[:1] == ["--inside"]
    words = words[1:] if inside else words
    if words[:1] == ["--delay"]:
        delay, words = words[1], words[2:]
    if len(words) < 3 or words[0] not in ("esxi", "vcenter"):
        print(__doc__, file=sys.stderr)
        return 2
    if inside:
        return serve(delay, words[0], pathlib.Path(words[1]).resolve(), words[2:])
    built = subprocess.run([HERE / "build_vcsim.sh"], stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if built.returncode != 0:
        return built.returncode
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                          sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
