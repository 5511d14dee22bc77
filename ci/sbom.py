#!/usr/bin/env python3
"""The software bill of materials of the packages, as SPDX 3.0.1 (JSON-LD).

    ci/sbom.py --packages DIR --build DIR > offlab.spdx.json

It says which files are in the packages, with their SHA-256, and what of others is in them or is loaded by them: shared
libraries (readelf), what the guests' programs are linked with statically (the compiler's archives), headers that the
compiler read and that have no shared library (ninja's record of the build), and files that the program carries. dpkg
says whose they are. The same packages give the same text: the date is SOURCE_DATE_EPOCH.
"""
import argparse, functools, hashlib, json, os, pathlib, re, subprocess, sys, tempfile, time

IRI = "https://offlab.example/spdx/"
CREATION = "_:creation"
# Debian's short names, as far as they differ from those of SPDX.
LICENSES = {
    "Expat": "MIT", "BSD-3-clause": "BSD-3-Clause", "BSD-2-clause": "BSD-2-Clause", "LGPL-2.1+": "LGPL-2.1-or-later",
    "LGPL-2.1+~OpenSSL": "LGPL-2.1-or-later", "public-domain": "NOASSERTION", "BSD-3-clause or GPL-2": "BSD-3-Clause OR GPL-2.0-only",
    "Apache-2.0": "Apache-2.0", "curl": "curl", "BSL-1.0": "BSL-1.0",
    "Expat with embedded exception": "NOASSERTION",
}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@functools.lru_cache(maxsize=None)
def owners():
    """The package of each file, by dpkg's lists: to ask dpkg for each file takes minutes."""
    admin = pathlib.Path("/var/lib/dpkg/info")
    return {file: one.stem for one in admin.glob("*.list") for file in one.read_text().splitlines()}


def owner(path):
    """The package that a file is of; nothing for a file that no package has. Debian's files may be listed below /lib or /usr/lib."""
    real = os.path.realpath(path)
    return next((owners()[name] for name in (path, real, real.removeprefix("/usr"), "/usr" + real) if name in owners()), None)


@functools.lru_cache(maxsize=None)
def library_path(soname):
    found = re.search(rf"^\s*{re.escape(soname)} .*x86-64.* => (\S+)$", output("/sbin/ldconfig", "-p"), re.M)
    return found.group(1) if found else None


def needed(file):
    text = subprocess.run(["readelf", "--dynamic", "--wide", file], capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+)\]", text)


def is_elf(file):
    with open(file, "rb") as stream:
        return stream.read(4) == b"\x7fELF"


def static_packages():
    """What -static takes from."""
    archives = [output("g++", f"-print-file-name={name}").strip() for name in ("libc.a", "libstdc++.a", "libgcc.a")]
    return sorted({owner(os.path.realpath(one)) for one in archives} - {None})


def embedded_packages(build):
    """Whose files the program carries with it: what CMake found below /usr/share."""
    cache = pathlib.Path(build, "CMakeCache.txt").read_text()
    return sorted({owner(file) for file in re.findall(r"^\w+:FILEPATH=(/usr/share/\S+\.js)$", cache, re.M)} - {None})


@functools.lru_cache(maxsize=None)
def header_packages(build, rooms):
    """The packages whose headers the compiler read for objects of these rooms, without those of the compiler and the C library."""
    headers, counts = set(), False
    for line in output("ninja", "-C", build, "-t", "deps").splitlines():
        if not line.startswith(" "):
            counts = re.match(rf"harness/CMakeFiles/{rooms}\.dir/", line) is not None
        elif counts and line.startswith("    /usr/include/"):
            headers.add(line.strip())
    folders = {}
    for header in headers:  # one of each folder is enough to ask for
        folders.setdefault(os.path.dirname(header), header)
    packages = {owner(header) for header in folders.values()} - {None}
    return {one for one in packages if not re.match(r"(libc6|libstdc\+\+|libgcc|linux-libc|libgtest|libgmock|googletest)", one)}


@functools.lru_cache(maxsize=None)
def field(package, name):
    return output("dpkg-query", "--show", f"--showformat=${{{name}}}", package).strip()


def license_of(package):
    try:
        text = pathlib.Path(f"/usr/share/doc/{package.split(':')[0]}/copyright").read_text(errors="replace")
    except OSError:
        return "NOASSERTION"
    found = re.search(r"^Files:\s*\*.*?^License:\s*(.+?)$", text, re.M | re.S)
    return LICENSES.get(found.group(1).strip(), "NOASSERTION") if found else "NOASSERTION"


class Document:
    def __init__(self, name):
        self.base = f"{IRI}{name}/"
        self.graph = [{
            "type": "CreationInfo", "@id": CREATION, "specVersion": "3.0.1", "createdBy": [self.iri("maintainers")],
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))}]
        self.relations = {}
        self.known = set()
        self.add("Organization", "maintainers", name="The offlab maintainers")

    def iri(self, name):
        return self.base + re.sub(r"[^A-Za-z0-9._/+-]", "-", name)

    def add(self, kind, key, **fields):
        iri = self.iri(key)
        if iri not in self.known:
            self.known.add(iri)
            self.graph.append({"type": kind, "spdxId": iri, "creationInfo": CREATION, **fields})
        return iri

    def relate(self, source, kind, target):
        self.relations.setdefault((source, kind), set()).add(target)

    def licensed(self, element, expression):
        if expression == "NOASSERTION":
            target = "https://spdx.org/rdf/3.0.1/terms/Licensing/NoAssertion"
        else:
            target = self.add("simplelicensing_LicenseExpression", f"license/{expression}", simplelicensing_licenseExpression=expression)
        self.relate(element, "hasDeclaredLicense", target)

    def debian(self, package):
        name, version = package.split(":")[0], field(package, "Version")
        iri = self.add("software_Package", f"debian/{name}", name=name, software_packageVersion=version,
                       software_packageUrl=f"pkg:deb/debian/{name}@{version.replace('+', '%2B')}?arch={field(package, 'Architecture')}&distro=bookworm",
                       software_sourceInfo=f"built from the Debian source package {field(package, 'source:Package')} {field(package, 'source:Version')}",
                       suppliedBy=self.add("Organization", "debian", name="Debian"))
        self.licensed(iri, license_of(package))
        return iri

    def finish(self, name, roots):
        for (source, kind), targets in sorted(self.relations.items()):
            key = hashlib.sha256(f"{source} {kind}".encode()).hexdigest()[:16]
            self.add("Relationship", f"relationship/{key}", **{"from": source}, relationshipType=kind, to=sorted(targets))
        sbom = self.add("software_Sbom", "sbom", name=name, rootElement=roots, software_sbomType=["build"],
                        element=sorted(self.known))
        self.add("SpdxDocument", "document", name=name, rootElement=[sbom], element=sorted(self.known | {sbom}),
                 profileConformance=["core", "software", "simpleLicensing"])
        return {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": self.graph}


def describe(document, deb, build):
    name, version, architecture = (output("dpkg-deb", "--field", deb, key).strip() for key in ("Package", "Version", "Architecture"))
    iri = document.add("software_Package", name, name=name, software_packageVersion=version,
                       software_packageUrl=f"pkg:deb/{name}@{version}?arch={architecture}", software_primaryPurpose="application",
                       suppliedBy=document.iri("maintainers"),
                       verifiedUsing=[{"type": "Hash", "algorithm": "sha256", "hashValue": hashlib.sha256(deb.read_bytes()).hexdigest()}])
    document.licensed(iri, "Apache-2.0")
    with tempfile.TemporaryDirectory() as root:
        output("dpkg-deb", "--extract", str(deb), root)
        for file in sorted(pathlib.Path(root).rglob("*")):
            if file.is_symlink() or not file.is_file():
                continue
            path = str(file.relative_to(root))
            inside = document.add("software_File", f"{name}/{path}", name=f"/{path}",
                                  verifiedUsing=[{"type": "Hash", "algorithm": "sha256", "hashValue": hashlib.sha256(file.read_bytes()).hexdigest()}])
            document.relate(iri, "contains", inside)
            if not is_elf(file):
                continue
            shared = {owner(library_path(soname)) for soname in needed(file) if library_path(soname)} - {None}
            for package in sorted(shared):
                document.relate(inside, "hasDynamicLink", document.debian(package))
            if not shared:
                for package in static_packages():
                    document.relate(inside, "hasStaticLink", document.debian(package))
                continue
            if path.endswith("bin/offlab"):
                for package in embedded_packages(build):
                    document.relate(inside, "contains", document.debian(package))
            rooms = "offlab(_[a-z]+)?" if path.endswith("bin/offlab") else "offlab_shared"
            sources = {field(package, "source:Package") for package in shared}
            for package in sorted(header_packages(build, rooms)):  # those of shared libraries are said already
                if field(package, "source:Package") not in sources:
                    document.relate(inside, "hasStaticLink", document.debian(package))
    return iri


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", required=True, type=pathlib.Path)
    parser.add_argument("--build", required=True)
    arguments = parser.parse_args()
    debs = sorted(arguments.packages.glob("*.deb"))
    if not debs:
        sys.exit(f"error: there is no package in {arguments.packages}")
    version = output("dpkg-deb", "--field", debs[0], "Version").strip()
    document = Document(f"offlab-{version}")
    roots = [describe(document, deb, arguments.build) for deb in debs]
    json.dump(document.finish(f"offlab {version}", roots), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
