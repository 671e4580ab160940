"""Saves an OpenDocument text with a password, by LibreOffice: lock.py SOURCE PASSWORD TARGET.

Needs LibreOffice's own `uno` (Debian: python3-uno), hence Debian's /usr/bin/python3.
"""

import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def setting(name: str, value: object) -> PropertyValue:
    return PropertyValue(Name=name, Value=value)


def main() -> None:
    source, password, target = sys.argv[1:4]
    pipe = "socket,host=127.0.0.1,port=21870"
    command = ["soffice", "--headless", "--norestore", f"--accept={pipe};urp;"]
    office = subprocess.Popen(command)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(60):
        try:
            context = resolver.resolve(f"uno:{pipe};urp;StarOffice.ComponentContext")
            break
        except NoConnectException:
            time.sleep(1)
    desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    url = Path(source).resolve().as_uri()
    document = desktop.loadComponentFromURL(url, "_blank", 0, (setting("Hidden", True),))
    options = (setting("FilterName", "writer8"), setting("Password", password))
    document.storeToURL(Path(target).resolve().as_uri(), options)
    document.close(True)
    desktop.terminate()
    office.wait()


if __name__ == "__main__":
    main()
