#!/bin/sh
# Makes the documents of this folder, and the sample, with real programs. Needed only to make them
# anew: the tests read what is committed.
#
#   apt-get install --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui mutt \
#       qpdf poppler-utils pandoc \
#       wkhtmltopdf fonts-liberation libreoffice-impress-nogui python3-uno
#   pip install msoffcrypto-tool
#
# The two texts come from the Debian package miscfiles (us-constitution, us-declaration).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

apt-get download miscfiles
dpkg-deb -x miscfiles_*.deb unpacked
zcat unpacked/usr/share/state/us-constitution.gz >constitution.txt
zcat unpacked/usr/share/state/us-declaration.gz >declaration.txt

python3 "$here/sources.py" constitution.txt declaration.txt .
# Tagged PDF with bookmarks, as "Export as PDF" offers.
bookmarks='{"ExportBookmarks":{"type":"boolean","value":"true"}}'
soffice --headless --convert-to "pdf:writer_pdf_Export:$bookmarks" constitution.fodt report.fodt
soffice --headless --convert-to pdf columns.fodt interleaved.fodt
soffice --headless --convert-to docx report.fodt
pandoc -t gfm -o report.md report.docx
pandoc -s -t html5 -o report.html report.docx
wkhtmltopdf --quiet report.html web.pdf
qpdf --encrypt open-sesame owner 256 -- report.pdf password.pdf
qpdf --empty --pages constitution.pdf 1-2 -- two.pdf
pdftoppm -r 50 -gray -jpeg two.pdf scan
python3 "$here/pictures.py" scan-*.jpg
pr -f -l 56 -D '1 June 2026' -h 'The Constitution' constitution.txt >pages.txt

cp declaration.txt "$here"
# Hebrew and Arabic, by LibreOffice and by Chromium, which write such lines differently.
#   apt-get install --no-install-recommends fonts-dejavu-core chromium
python3 "$here/leftwards.py" .
soffice --headless --convert-to pdf leftwards.fodt
chromium --headless --no-sandbox --no-pdf-header-footer --user-data-dir=browser \
    --print-to-pdf=leftwards-web.pdf leftwards.html
mv leftwards.pdf leftwards-web.pdf "$here"

# A filled-in form, by ReportLab (pip install reportlab).
python3 "$here/form.py" "$here"

# A request for comments, set as its editor set it then; and a paper set by LaTeX.
#   apt-get install --no-install-recommends enscript ghostscript texlive-latex-recommended
apt-get download libogg-dev
dpkg-deb -x libogg-dev_*.deb ogg
zcat ogg/usr/share/doc/libogg-dev/html/rfc3533.txt.gz >rfc3533.txt
enscript -q -B -fCourier10 --margins=72:72:: -p rfc.ps rfc3533.txt
ps2pdf rfc.ps rfc3533.pdf
pdflatex -interaction=batchmode "$here/paper.tex" >/dev/null
pdflatex -interaction=batchmode "$here/paper.tex" >/dev/null
mv rfc3533.txt rfc3533.pdf paper.pdf "$here"

# A letter on paper: scanned, photographed, faxed, and as the second page of a PDF with text.
python3 "$here/letter.py" source .
soffice --headless --convert-to pdf letter.fodt
pdftoppm -r 200 -gray -png letter.pdf letter
python3 "$here/letter.py" scans letter-1.png letter-2.png .
qpdf --empty --pages report.pdf 1 scanned.pdf 1 -- mixed.pdf
python3 "$here/letter.py" shown letter.png .
soffice --headless --convert-to pdf illustrated.fodt
mv letter.png letter.jpg letter.tiff mixed.pdf illustrated.pdf "$here"

python3 "$here/office_sources.py" declaration.txt .
for kind in pdf docx odt rtf; do
    soffice --headless --convert-to "$kind" harbour.fodt
done
pandoc -s -t html5 -o harbour.html harbour.docx
pandoc --metadata lang=en -o harbour.epub harbour.docx
for kind in docx odt rtf; do
    soffice --headless --convert-to "$kind" lease.fodt
done
# Its comment as a note on the page, and a file that goes with it.
notes='{"ExportNotes":{"type":"boolean","value":"true"}}'
soffice --headless --convert-to "pdf:writer_pdf_Export:$notes" lease.fodt
qpdf --add-attachment declaration.txt -- lease.pdf lease-attached.pdf
pandoc -o slides.pptx slides.md
soffice --headless --convert-to odp slides.pptx
soffice --headless --convert-to odp drawn.fodp
soffice --headless --convert-to pptx drawn.fodp
msoffcrypto-tool -e -p open-sesame report.docx locked.docx
/usr/bin/python3 "$here/lock.py" report.docx open-sesame locked.odt
mkdir -p "$here/office"
mv lease-attached.pdf lease.pdf
mv harbour.pdf harbour.docx harbour.odt harbour.rtf harbour.html harbour.epub harbour.txt \
    lease.fodt lease.pdf lease.docx lease.odt lease.rtf slides.pptx slides.odp drawn.odp drawn.pptx \
    locked.docx locked.odt "$here/office"

python3 "$here/sheets.py" .
soffice --headless --convert-to xlsx accounts.fods
soffice --headless --convert-to ods accounts.fods
soffice --headless --convert-to xlsx remarked.fods
soffice --headless --convert-to ods remarked.fods
# Semicolons, ANSI, values as they are stored, the first sheet.
soffice --headless --convert-to \
    "csv:Text - txt - csv (StarCalc):59,34,ANSI,1,,0,false,true,false,false,false,1" accounts.fods
mv accounts-Costs.csv costs.csv
sh "$here/mail.sh" "$PWD"
cp accounts.xlsx accounts.ods remarked.xlsx remarked.ods costs.csv letter.eml letters.mbox "$here"

mv columns.pdf interleaved.pdf report.docx report.md report.html report.pdf web.pdf \
    password.pdf pictures.pdf pages.txt "$here"
mv constitution.pdf "$here/../../resources/samples/sample.pdf"
