"""Makes form.pdf, a filled-in form, with ReportLab. Usage: form.py FOLDER"""

import sys
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

FIELDS = [("Name", "Amina Okafor"), ("Street", "14 Quay Street"), ("Monthly rent", "1,250 euros")]


def main() -> None:
    canvas = Canvas(str(Path(sys.argv[1]) / "form.pdf"), pagesize=A4, invariant=1)
    canvas.setTitle("Application for a Flat")
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(72, 760, "Application for a Flat")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 725, "Whoever applies must fill in every field of this form.")
    top = 680
    for label, value in FIELDS:
        canvas.drawString(72, top, f"{label}:")
        canvas.acroForm.textfield(
            name=label, value=value, x=180, y=top - 6, width=250, height=20, fontSize=11
        )
        top -= 32
    canvas.drawString(72, top, "Pets:")
    canvas.acroForm.checkbox(
        name="Pets", checked=True, x=180, y=top - 6, size=16, buttonStyle="check"
    )
    canvas.drawString(72, top - 32, "Floor:")
    canvas.acroForm.choice(
        name="Floor",
        value="second",
        options=["first", "second", "third"],
        x=180,
        y=top - 38,
        width=120,
        height=20,
        fontSize=11,
    )
    canvas.drawString(72, top - 90, "A form without a signature is not considered.")
    canvas.save()


if __name__ == "__main__":
    main()
