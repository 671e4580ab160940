"""What macOS is told of Alcove.app: its Info.plist, besides what PyInstaller writes itself."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "desktop"))

from document_types import DOCUMENTS, MODEL, DocumentType

# Ours are declared to the system; all others it knows, or another app declares them.
_EXPORTED = (MODEL, *(one for one in DOCUMENTS if one.uti.startswith("org.alcove.")))
# Nobody's, but no app that is always there declares it.
_IMPORTED = tuple(one for one in DOCUMENTS if one.uti == "net.daringfireball.markdown")


def _opens(one: DocumentType) -> dict[str, Any]:
    """Return how Alcove opens a type: as a further app for it, not in the place of another."""
    is_ours = one.uti.startswith("org.alcove.")
    return {
        "CFBundleTypeName": one.name,
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": "Owner" if is_ours else "Alternate",
        "LSItemContentTypes": [one.uti],
    }


def _declared(one: DocumentType) -> dict[str, Any]:
    return {
        "UTTypeIdentifier": one.uti,
        "UTTypeDescription": one.name,
        "UTTypeConformsTo": ["public.data"] if one is MODEL else ["public.plain-text"],
        "UTTypeTagSpecification": {
            "public.filename-extension": list(one.extensions),
            "public.mime-type": [one.mime],
        },
    }


INFO: dict[str, Any] = {
    "CFBundleDisplayName": "Alcove",
    "CFBundleDocumentTypes": [_opens(one) for one in (*DOCUMENTS, MODEL)],
    "LSApplicationCategoryType": "public.app-category.productivity",
    # numpy's wheels for the system that builds it; Qt 6.11 alone would do with 13.
    "LSMinimumSystemVersion": "14.0",
    "NSHighResolutionCapable": True,
    "NSHumanReadableCopyright": "The Alcove authors. MIT licence.",
    "NSRequiresAquaSystemAppearance": False,  # dark where the system is
    "UTExportedTypeDeclarations": [_declared(one) for one in _EXPORTED],
    "UTImportedTypeDeclarations": [_declared(one) for one in _IMPORTED],
}
