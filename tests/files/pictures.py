"""Puts JPEG pictures into pictures.pdf, one a page, as a scanner does. Usage: pictures.py FILE…"""

import sys

import pypdfium2


def main() -> None:
    document = pypdfium2.PdfDocument.new()
    for name in sys.argv[1:]:
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(name)
        width, height = image.get_px_size()
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page = document.new_page(width, height)
        page.insert_obj(image)
        page.gen_content()
    document.save("pictures.pdf")


if __name__ == "__main__":
    main()
