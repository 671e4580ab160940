"""How a person adds text recognition to this computer, by its system."""

import shutil
import sys

PIP = "pip install 'alcove[ocr]'"
# Package managers of Linux and what they call Tesseract, in the order in which they are looked for.
_LINUX = (
    ("apt-get", "sudo apt install tesseract-ocr"),
    ("dnf", "sudo dnf install tesseract"),
    ("pacman", "sudo pacman -S tesseract tesseract-data-eng"),
    ("zypper", "sudo zypper install tesseract-ocr"),
    ("apk", "sudo apk add tesseract-ocr"),
)
_LANGUAGE = {
    "apt-get": "sudo apt install tesseract-ocr-{code}",
    "dnf": "sudo dnf install tesseract-langpack-{code}",
    "pacman": "sudo pacman -S tesseract-data-{code}",
    "zypper": "sudo zypper install tesseract-ocr-traineddata-{code}",
    "apk": "sudo apk add tesseract-ocr-data-{code}",
    "brew": "brew install tesseract-lang",
}


def command() -> str:
    """Return the line that installs Tesseract on this system."""
    if sys.platform == "darwin":
        return "brew install tesseract"
    if sys.platform == "win32":
        return "winget install UB-Mannheim.TesseractOCR"
    for manager, line in _LINUX:
        if shutil.which(manager):
            return line
    return _LINUX[0][1]


def language_command(code: str) -> str:
    """Return the line that adds the language with Tesseract's code `code`, "" if there is none."""
    for manager, line in _LANGUAGE.items():
        if shutil.which(manager):
            return line.format(code=code.replace("_", "-") if manager == "apt-get" else code)
    return ""
