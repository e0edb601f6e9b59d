#!/usr/bin/env python3
"""Checks that no dependency of the libraries wants a newer compiler than they promise."""

import json
import subprocess
import sys

PUBLISHED = ["wengert", "wengert-graph", "wengert-sparse"]


def version(text):
    """1.89 and 1.89.0 are the same."""
    return tuple(int(part) for part in (text + ".0.0").split(".")[:3])


def normal_dependencies(metadata):
    """Packages that are compiled for whoever uses the libraries, on any platform."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    roots = [package["id"] for package in metadata["packages"] if package["name"] in PUBLISHED]
    seen, waiting = set(), roots
    while waiting:
        node = nodes[waiting.pop()]
        for dependency in node["deps"]:
            kinds = {kind["kind"] for kind in dependency["dep_kinds"]}
            if kinds - {"dev"} and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    return seen


def main():
    command = ["cargo", "metadata", "--format-version", "1", "--all-features"]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    ours = [package for package in packages.values() if package["name"] in PUBLISHED]
    promised = min((package["rust_version"] for package in ours), key=version)
    names = " and ".join(PUBLISHED)
    too_new = []
    for package in sorted(normal_dependencies(metadata)):
        name = "{name} {version}".format(**packages[package])
        wanted = packages[package]["rust_version"]
        print(f"{name} wants {wanted or 'no particular compiler'}")
        if wanted and version(wanted) > version(promised):
            too_new.append(name)
    if too_new:
        sys.exit(f"{names} promise {promised}, which is too old for {', '.join(too_new)}")
    print(f"{names} promise {promised}")


if __name__ == "__main__":
    main()
