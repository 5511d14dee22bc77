#!/usr/bin/env python3
"""Stands in for the vSphere API of an ESXi host, for what vcsim cannot do: a reboot, and answers that are wrong.

    vsphere_api.py STATE PORT CERTIFICATE KEY

STATE as ci/lab_esxi.py makes it; STATE/fault names what it does wrong, read at each request:
  wrong-type        values are strings                  invalid-argument  UpdateOptions is refused
  refuse KEY        this one is refused                 half-applied KEY  it is stored, and refused all the same
  ignores KEY       it is accepted, and not stored      expires N         the session ends after N calls, once
  always-expired    no session lasts                    dies KEY          the server ends in the middle of this one
  huge              an answer without an end            many              seven megabytes of small elements
  bomb              entities that expand to gigabytes   slow              a byte a second
  silent            no answer at all                    html              a page for people
  redirect          to another server                   token             a list without an end
  slow-set          a second before each change"""
import http.server
import os
import pathlib
import re
import ssl
import sys
import time
import xml.sax.saxutils

STATE = pathlib.Path(sys.argv[1])
PASSWORD = "correct horse"
sessions, calls = set(), {"count": 0, "expired": False}

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>"""
CONTENT = """<returnval><rootFolder type="Folder">ha-folder-root</rootFolder>
<propertyCollector type="PropertyCollector">ha-property-collector</propertyCollector><viewManager type="ViewManager">ViewManager</viewManager>
<about><name>VMware ESXi</name><version>8.0.2</version><build>22380479</build><apiType>HostAgent</apiType></about>
<sessionManager type="SessionManager">ha-sessionmgr</sessionManager></returnval>"""


def read(name):
    return (STATE / name).read_text().strip()


def fault():
    return read("fault").split() if (STATE / "fault").exists() else [""]


class Fault(Exception):
    pass


def text_in(body, element):
    found = re.search(rf"<{element}[^>]*>([^<]*)</{element}>", body)
    return xml.sax.saxutils.unescape(found.group(1)) if found else ""


def option(body):
    key = text_in(body, "name")
    file = STATE / "values" / key.removeprefix("Net.")
    if not file.is_file():
        raise Fault("InvalidName", "The name is invalid.")
    kind = "string" if fault()[0] == "wrong-type" else "long"
    return f'<returnval xsi:type="OptionValue"><key>{key}</key><value xsi:type="xsd:{kind}">{read(file)}</value></returnval>'


def update(body):
    key, value = text_in(body, "key"), text_in(body, "value")
    if 'xsi:type="xsd:long"' not in body:
        raise Fault("InvalidArgument", "A specified parameter was not correct: changedValue.value")
    what, named = fault()[0], fault()[-1]
    if what == "slow-set":
        time.sleep(1)
    if what == "invalid-argument" or (what == "refuse" and named == key):
        raise Fault("InvalidArgument", "A specified parameter was not correct: changedValue.value")
    if what == "dies" and named == key:
        os._exit(1)
    if not (what == "ignores" and named == key):
        (STATE / "values" / key.removeprefix("Net.")).write_text(value + "\n")
    if what == "half-applied" and named == key:
        raise Fault("HostConfigFault", "An error occurred during host configuration.")
    return ""


def objects(body):
    """Properties of one type of object, each with its value as it stands in the answer."""
    def machine(name):
        state = "poweredOn" if read(f"vms/{name}") == "on" else "poweredOff"
        return {"name": name, "runtime.powerState": state, "runtime.host": '<val type="HostSystem">ha-host</val>',
                "config.hardware.device": '<val xsi:type="ArrayOfVirtualDevice"><VirtualDevice xsi:type="VirtualVmxnet3">'
                "<key>4000</key><backing><deviceName>wan</deviceName></backing><macAddress>00:50:56:00:00:01</macAddress>"
                '</VirtualDevice><VirtualDevice xsi:type="VirtualDisk"><key>2000</key></VirtualDevice></val>'}
    options = "".join(f"<OptionDef><label>x</label><key>Net.{file.name}</key><optionType xsi:type=\"LongOption\"><min>0</min>"
                      "<max>1</max><defaultValue>1</defaultValue></optionType></OptionDef>"
                      for file in (STATE / "values").iterdir())
    maintenance = "true" if (STATE / "maintenance").exists() else "false"
    known = {"HostSystem": {"ha-host": {
        "name": "esx-1.example.net", "parent": '<val type="ComputeResource">ha-compute-res</val>',
        "configManager.advancedOption": '<val type="OptionManager">ha-adv-options</val>',
        "runtime.inMaintenanceMode": maintenance, "runtime.bootTime": read("booted"),
        "runtime.connectionState": "connected"}},
        "ComputeResource": {"ha-compute-res": {"name": "esx-1.example.net"}},
        "VirtualMachine": {f"vm-{file.name}": machine(file.name) for file in sorted((STATE / "vms").iterdir())},
        "OptionManager": {"ha-adv-options": {"supportedOption": f'<val xsi:type="ArrayOfOptionDef">{options}</val>'}},
        "Task": {"task-1": {"info": '<val xsi:type="TaskInfo"><state>success</state></val>'}}}
    kind, paths = text_in(body, "type"), re.findall("<pathSet>([^<]*)</pathSet>", body)
    only = re.search(rf'<obj type="{kind}">([^<]*)</obj>', body)
    answer = ""
    for identity, properties in known.get(kind, {}).items():
        if only and only.group(1) != identity:
            continue
        answer += f'<objects><obj type="{kind}">{identity}</obj>'
        for path in paths:
            value = properties.get(path)
            if value is not None:
                value = value if value.startswith("<val") else f'<val xsi:type="xsd:string">{value}</val>'
                answer += f"<propSet><name>{path}</name>{value}</propSet>"
        answer += "</objects>"
    token = "<token>again</token>" if fault()[0] == "token" else ""
    return f"<returnval>{token}{answer}</returnval>"


def task(_):
    return '<returnval type="Task">task-1</returnval>'


def shut_down(body):
    name = text_in(body, "_this").removeprefix("vm-")
    (STATE / "vms" / name).write_text("off\n")
    return ""


def power_on(body):
    name = text_in(body, "_this").removeprefix("vm-")
    (STATE / "vms" / name).write_text("on\n")
    (STATE / "apply").write_text("")
    return task(body)


def enter_maintenance(body):
    (STATE / "maintenance").write_text("")
    return task(body)


def leave_maintenance(body):
    (STATE / "maintenance").unlink(missing_ok=True)
    return task(body)


def reboot(body):
    (STATE / "reboot").write_text("")
    return task(body)


METHODS = {"CreateContainerView": lambda body: '<returnval type="ContainerView">view-1</returnval>',
           "RetrievePropertiesEx": objects, "ContinueRetrievePropertiesEx": objects, "QueryOptions": option,
           "UpdateOptions": update, "Logout": lambda body: "", "ShutdownGuest": shut_down, "PowerOnVM_Task": power_on,
           "EnterMaintenanceMode_Task": enter_maintenance, "ExitMaintenanceMode_Task": leave_maintenance,
           "RebootHost_Task": reboot}


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def end(self, status, text, headers=()):
        data = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def misbehave(self, what):
        """True when nothing else is to be answered."""
        if what == "silent":
            time.sleep(600)
        elif what == "html":
            self.end(200, "<html><body>VMware ESXi: Welcome<br></body></html>")
        elif what == "redirect":
            self.end(302, "", [("Location", "https://198.51.100.1/sdk")])
        elif what == "many":
            self.end(200, ENVELOPE.format("<a/>" * 1_800_000))
        elif what == "bomb":
            entities = '<!ENTITY a0 "ha">' + "".join(
                f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
            self.end(200, f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>' +
                     ENVELOPE.split("\n", 1)[1].format("<RetrieveServiceContentResponse>&a11;</RetrieveServiceContentResponse>"))
        elif what in ("huge", "slow"):
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"<a>" if what == "slow" else b"<a>much</a>" * 100_000)
                    self.wfile.flush()
                    if what == "slow":
                        time.sleep(1)
            except OSError:
                pass
        else:
            return False
        return True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.misbehave(fault()[0]):
            return
        method = re.search(r"Body><(\w+)", body).group(1)
        with open(STATE / "log", "a") as log:
            log.write(method + "\n")
        cookie = (self.headers.get("Cookie") or "").partition("=")[2].strip('"')
        try:
            headers = ()
            if method == "RetrieveServiceContent":
                answer = CONTENT
            elif method == "Login":
                if text_in(body, "password") != PASSWORD:
                    raise Fault("InvalidLogin", "Cannot complete login due to an incorrect user name or password.")
                cookie = os.urandom(8).hex()
                sessions.add(cookie)
                headers = [("Set-Cookie", f'vmware_soap_session="{cookie}"; Path=/; HttpOnly; Secure;')]
                answer = "<returnval><key>1</key></returnval>"
            else:
                calls["count"] += 1
                what = fault()
                if what[0] == "expires" and calls["count"] > int(what[1]) and not calls["expired"]:
                    calls["expired"] = True
                    sessions.clear()
                if cookie not in sessions or what[0] == "always-expired":
                    raise Fault("NotAuthenticated", "The session is not authenticated.")
                answer = METHODS[method](body)
            self.end(200, ENVELOPE.format(f'<{method}Response xmlns="urn:vim25">{answer}</{method}Response>'), headers)
        except Fault as one:
            kind, words = one.args
            self.end(500, ENVELOPE.format(f"<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>{words}"
                                          f'</faultstring><detail><{kind}Fault xmlns="urn:vim25" xsi:type="{kind}"/>'
                                          "</detail></soapenv:Fault>"))


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Server)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


main()
