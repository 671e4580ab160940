"""Build llama.cpp for every processor: one library for each kind, chosen when the app starts.

A build for the processor of one machine ends with "illegal instruction" on an older one, and a
build for the oldest is several times slower than it need be. So ggml's processor part is compiled
once for each generation (`libggml-cpu-haswell.so`, …) and `assistant/engine/llama/variants.py`
loads the best that runs. The sources are those of the llama-cpp-python that is installed, because
its bindings fit no other release.

    python packaging/llama.py            builds, or finds what was built; prints the folder
    python packaging/llama.py --vulkan   the same for the optional library for graphics processors
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "llama"
RELEASE = "llama-cpp-python"
# What is compiled into the app is what was looked at: another release needs its sum here first.
SOURCE_SHA256 = {"0.3.36": "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"}
COMMON = {
    "BUILD_SHARED_LIBS": "ON",
    "CMAKE_BUILD_TYPE": "Release",
    "CMAKE_BUILD_WITH_INSTALL_RPATH": "ON",
    # One name for each file: a library that is found by two names is loaded twice, and the second
    # copy knows no processor. Links would do, but not on a USB stick's file system.
    "CMAKE_PLATFORM_NO_VERSIONED_SONAME": "ON",
    "GGML_CCACHE": "OFF",
    "GGML_NATIVE": "OFF",
    # Else the commit of whatever checkout lies around the sources becomes part of the libraries.
    "LLAMA_BUILD_COMMIT": "release",
    "LLAMA_BUILD_COMMON": "OFF",
    "LLAMA_BUILD_NUMBER": "0",
}
DISPATCH = {"GGML_BACKEND_DL": "ON", "GGML_CPU_ALL_VARIANTS": "ON"}
LINUX = {
    "CMAKE_INSTALL_RPATH": "$ORIGIN",
    # Names for debuggers only; what libraries need of each other stays.
    "CMAKE_MODULE_LINKER_FLAGS": "-Wl,-s",
    "CMAKE_SHARED_LINKER_FLAGS": "-Wl,-s",
}
# Every Apple processor has what M1 has, and every Intel one that a supported macOS runs on has
# AVX2: nothing to choose at start, and Metal is always there.
MACOS = {
    "CMAKE_INSTALL_RPATH": "@loader_path",
    # Else the libraries ask for the builder's own version. macos/info.py promises the same.
    "CMAKE_OSX_DEPLOYMENT_TARGET": "14.0",
    "GGML_METAL_EMBED_LIBRARY": "ON",
}
WINDOWS = {"CMAKE_WINDOWS_EXPORT_ALL_SYMBOLS": "ON"}
# Debian 12's headers are older than this part of ggml's, which is for validation only.
VULKAN_SOURCE = "ggml/src/ggml-vulkan/ggml-vulkan.cpp"
NEWER_BEGIN, NEWER_END = "std::vector<vk::LayerSettingEXT> settings", "&layer_setting_info);"
WITHOUT_NEWER = (
    "vk::InstanceCreateInfo instance_create_info"
    "(vk::InstanceCreateFlags{}, &app_info, layers, extensions);"
)
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


class BuildFailed(Exception):  # noqa: N818 - named for what happened
    """The build cannot go on; the text says what to do."""


def options(*, vulkan: bool = False) -> dict[str, str]:
    """Return CMake's options for this system."""
    chosen = dict(COMMON)
    if sys.platform == "darwin":
        chosen |= MACOS
    else:
        chosen |= DISPATCH | (WINDOWS if sys.platform == "win32" else LINUX)
    if vulkan:
        chosen["GGML_VULKAN"] = "ON"
    return chosen


def key(version: str, chosen: dict[str, str]) -> str:
    """Return the name of the folder that keeps a build: another release or option, another name."""
    told = json.dumps([version, platform.machine(), sys.platform, chosen], sort_keys=True)
    return f"{version}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def libraries(*, vulkan: bool = False) -> Path:
    """Return the folder of the built libraries, building them if they are not there.

    Args:
        vulkan: only the optional library for graphics processors.

    Raises:
        BuildFailed: a tool is missing, or the build failed.
    """
    version = importlib.metadata.version(RELEASE)
    chosen = options(vulkan=vulkan)
    folder = CACHE / key(version, chosen)
    if (folder / "done").exists():
        return folder / "lib"
    cmake = _tool("cmake")
    if vulkan and not shutil.which("glslc"):
        raise BuildFailed(
            "The Vulkan build needs a shader compiler and Vulkan's headers: "
            "apt-get install glslc libvulkan-dev spirv-headers"
        )
    source = _source(version)
    if vulkan:
        _allow_older_headers(source / VULKAN_SOURCE)
    target = "ggml-vulkan" if vulkan else "llama"
    _compile(cmake, source, folder, chosen, target)
    _collect(folder, target, only="ggml-vulkan" if vulkan else "")
    (folder / "done").touch()
    return folder / "lib"


def _allow_older_headers(path: Path) -> None:
    """Let the source be compiled also with headers that do not know VK_EXT_layer_settings."""
    text = path.read_text("utf-8")
    begin = text.find(NEWER_BEGIN)
    end = text.find(NEWER_END, begin) + len(NEWER_END)
    if "#ifdef VK_EXT_layer_settings" in text or begin < 0 or end < begin:
        return
    choice = f"\n#ifdef VK_EXT_layer_settings\n{text[begin:end]}\n#else\n{WITHOUT_NEWER}\n#endif\n"
    path.write_text(text[:begin] + choice + text[end:], "utf-8")


def _tool(name: str) -> str:
    """Return the path of a build tool, that of the environment first."""
    beside = Path(sys.executable).with_name(name + (".exe" if sys.platform == "win32" else ""))
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise BuildFailed(f"{name} is missing: install your system's, or pip install {name}.")
    return found


def _source(version: str) -> Path:
    """Return llama.cpp's sources of this release: fetched once, checked, unpacked."""
    folder = CACHE / f"source-{version}"
    llama = folder / f"llama_cpp_python-{version}" / "vendor" / "llama.cpp"
    if (folder / "done").exists():
        return llama
    print(f"Fetching the sources of {RELEASE} {version} (77 MB), once.", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as arriving:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        fetch += ["--disable-pip-version-check", "--no-binary", RELEASE, "--dest", arriving]
        if subprocess.run([*fetch, f"{RELEASE}=={version}"], check=False).returncode:
            raise BuildFailed("The sources could not be fetched: check the connection.")
        (packed,) = Path(arriving).glob("*.tar.gz")
        with packed.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if sha256 != SOURCE_SHA256.get(version):
            raise BuildFailed(f"The sources of {version} have the sum {sha256}, which is unknown.")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
    (folder / "done").touch()
    return llama


def _compile(cmake: str, source: Path, folder: Path, chosen: dict[str, str], target: str) -> None:
    """Run CMake; what it prints goes to a log."""
    work = folder / "work"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "build.log"
    print(f"Building llama.cpp for every processor, once; the log is {log}.", file=sys.stderr)
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(source.parent)}
    # It would turn every SIMD instruction off (ggml/CMakeLists.txt).
    environment.pop("SOURCE_DATE_EPOCH", None)
    configure = [cmake, "-S", str(source), "-B", str(work)]
    configure += [f"-D{name}={value}" for name, value in sorted(chosen.items())]
    if sys.platform != "win32":
        # Assertions name their file: without the folder that this machine happens to build in.
        configure += [f"-DCMAKE_{it}_FLAGS=-ffile-prefix-map={source}=." for it in ("C", "CXX")]
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(os.cpu_count() or 2)
    build = [cmake, "--build", str(work), "--config", "Release", "--target", target]
    with log.open("w", encoding="utf-8") as output:
        for command in (configure, [*build, "--parallel", jobs]):
            output.write(f"$ {' '.join(command)}\n")
            output.flush()
            done = subprocess.run(
                command, env=environment, stdout=output, stderr=output, check=False
            )
            if done.returncode:
                tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
                raise BuildFailed(f"{tail}\nllama.cpp was not built; the whole log is {log}.")


def _collect(folder: Path, target: str, *, only: str = "") -> None:
    """Keep the libraries whose name has `only`, that of `target` at least; leave out the rest."""
    lib = folder / "lib"
    shutil.rmtree(lib, ignore_errors=True)
    lib.mkdir()
    for path in sorted((folder / "work").rglob(f"*{SUFFIX}")):
        if only in path.name and not path.is_symlink():
            shutil.copyfile(path, lib / path.name)
    wanted = f"{'' if sys.platform == 'win32' else 'lib'}{target}{SUFFIX}"
    if not (lib / wanted).is_file():
        raise BuildFailed(f"The build left no {wanted} in {folder / 'work'}.")
    shutil.rmtree(folder / "work")


def main() -> int:
    parser = argparse.ArgumentParser(description="Build llama.cpp for every processor.")
    parser.add_argument("--vulkan", action="store_true", help="the library for graphics processors")
    try:
        print(libraries(vulkan=parser.parse_args().vulkan))
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
