"""Write the bill of materials of the frozen app: dist/Alcove-….cdx.json (CycloneDX 1.6).

    python packaging/sbom.py [--app DIST/alcove] [--out DIST]

It is the list of parts that the app itself shows (licences/parts.json), in the form that tools for
vulnerabilities and licences read. What a wheel says of its own parts stands within it. The same app
gives the same bytes.
"""

import argparse
import importlib.metadata
import json
import re
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec
from archive import archive_name, build_epoch
from licences import built_in_names

from assistant import __version__
from assistant.parts import Part

ROOT = Path(__file__).resolve().parent.parent
_EXPRESSION = re.compile(r"\(?[A-Za-z0-9.+-]+\)?( (AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)*")
_SPDX = {"PSFL": "PSF-2.0", "Apache 2.0": "Apache-2.0"}

Component = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--app", type=Path, default=ROOT / "dist" / "alcove")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    lists = sorted(options.app.rglob("resources/licences/parts.json"))
    if not lists:
        print(f"{options.app} has no list of its parts: run packaging/build.py.", file=sys.stderr)
        return 1
    parts = msgspec.json.decode(lists[0].read_bytes(), type=list[Part])
    has_model = any(options.app.rglob("resources/models/*.gguf"))
    target = options.out / f"{archive_name(suffix='' if has_model else '-nomodel')}.cdx.json"
    text = json.dumps(bill(parts), indent=1, ensure_ascii=False)
    target.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    print(f"{target}: {len(parts)} parts")
    return 0


def bill(parts: list[Part]) -> dict[str, Any]:
    """Return the bill of materials of an app with `parts`."""
    components = [_component(part) for part in parts]
    made = datetime.fromtimestamp(build_epoch(), UTC)
    app = {
        "type": "application",
        "bom-ref": "alcove",
        "name": "Alcove",
        "version": __version__,
        "licenses": [{"expression": "MIT"}],
        "purl": f"pkg:generic/alcove@{__version__}",
    }
    listed = json.dumps(components, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, listed)}",
        "version": 1,
        "metadata": {"timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": app},
        "components": components,
        "dependencies": [
            {"ref": "alcove", "dependsOn": [component["bom-ref"] for component in components]}
        ],
    }


def _component(part: Part) -> Component:
    is_model = part.name.endswith("(the starter model)")
    component: Component = {
        "type": "machine-learning-model" if is_model else "library",
        "bom-ref": _purl(part),
        "name": part.name,
        "purl": _purl(part),
    }
    if part.version:
        component["version"] = part.version
    if part.licence:
        component["licenses"] = [_licence(part.licence)]
    if part.homepage:
        component["externalReferences"] = [{"type": "website", "url": part.homepage}]
    if is_model:
        component["hashes"] = [{"alg": "SHA-256", "content": _starter_sha256()}]
    if within := _within(part.name):
        component["components"] = within
    return component


def _licence(said: str) -> dict[str, Any]:
    licence = _SPDX.get(said, said)
    if _EXPRESSION.fullmatch(licence):
        return {"expression": licence}
    return {"license": {"name": licence}}


def _purl(part: Part) -> str:
    """Return the package's address in the form that databases of vulnerabilities look up."""
    name = re.sub(r"[^a-z0-9.]+", "-", part.name.casefold()).strip("-")
    version = f"@{part.version.replace(':', '%3A').replace(' ', '%20')}" if part.version else ""
    version = version.replace("+", "%2B")
    if _is_distribution(part.name):
        return f"pkg:pypi/{name}{version}"
    if part.name in built_in_names():
        return f"pkg:generic/{name}{version}"
    return f"pkg:deb/debian/{name}{version}?arch=source"


def _is_distribution(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _within(name: str) -> list[Component]:
    """Return the components that a wheel names in bills of its own."""
    if not _is_distribution(name):
        return []
    found: dict[str, Component] = {}
    for file in importlib.metadata.distribution(name).files or ():
        if "sboms" not in file.parts or file.suffix != ".json":
            continue
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # a wheel's own bill may be anything
        for component in said.get("components", []):
            purl = component.get("purl")
            if isinstance(purl, str) and component.get("name") != name:
                # Two wheels may hold the same library: a reference is within one of them.
                found[purl] = {
                    "type": "library",
                    "bom-ref": f"{name.casefold()}:{purl}",
                    "name": str(component["name"]),
                    "purl": purl,
                    **({"version": str(component["version"])} if "version" in component else {}),
                }
    return [found[purl] for purl in sorted(found)]


def _starter_sha256() -> str:
    starter = json.loads((ROOT / "resources" / "models" / "starter.json").read_text("utf-8"))
    return str(starter["sha256"])


if __name__ == "__main__":
    sys.exit(main())
