"""Reads the text of pictures (OCR): with Tesseract where it is installed, or RapidOCR."""
