"""A hook of mkdocs. Pages link to files of the repository beside docs/ (topologies, examples): these are published with the pages,
as text, below sources/. A link to a folder becomes plain text."""
import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File

LINK = re.compile(r"\[([^\]]*)\]\(((?:\.\./)+[^)#\s]+)(#[^)\s]*)?\)")


def outside(page, link):
    """Path from the root of the repository of what a page links to, when that is not below docs/."""
    path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), link))
    return None if path.startswith("docs/") else path


def on_files(files, config):
    root = Path(config["docs_dir"]).parent
    copies = Path(config["site_dir"]).parent / "docs-sources"
    for page in [file for file in files if file.src_uri.endswith(".md")]:
        for _, link, _ in LINK.findall(Path(page.abs_src_path).read_text()):
            path = outside(page.src_uri, link)
            name = f"sources/{path}.txt"
            if path is None or files.get_file_from_path(name) or (root / path).is_dir():
                continue
            (copies / name).parent.mkdir(parents=True, exist_ok=True)
            (copies / name).write_bytes((root / path).read_bytes())
            files.append(File(name, str(copies), config["site_dir"], config["use_directory_urls"]))
    return files


def on_page_markdown(markdown, page, config, files):
    root = Path(config["docs_dir"]).parent

    def publish(found):
        path = outside(page.file.src_uri, found.group(2))
        if path is None:
            return found.group(0)
        if (root / path).is_dir():
            return found.group(1)
        up = "../" * page.file.src_uri.count("/")
        return f"[{found.group(1)}]({up}sources/{path}.txt{found.group(3) or ''})"

    return LINK.sub(publish, markdown)
