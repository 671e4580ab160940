#!/bin/sh
# Writes letter.eml and letters.mbox with mutt, which sends to a file here.
#
# Usage: mail.sh FOLDER, where report.docx and accounts.ods are.
set -eu
cd "$1"
export LC_ALL=C.UTF-8 HOME="$1"
printf '#!/bin/sh\ncat >"$OUT"\n' >send
chmod +x send

# Usage: mail OUT NAME ADDRESS MORE_OPTIONS…, the text on standard input
mail() {
    OUT=$1 name=$2 address=$3
    export OUT
    shift 3
    mutt -n -F /dev/null -e "set realname='$name' from=$address use_from copy=yes" \
        -e "set record=$PWD/letters.mbox mbox_type=mbox sendmail=$PWD/send sendmail_wait=0" \
        -e 'set charset=utf-8 send_charset="us-ascii:iso-8859-1:utf-8"' "$@"
}

cat >first.txt <<'TEXT'
Dear Ben,

the rent for the library rises to 1,204 euros from May. Please sign the offer
until 1 March. The council may not extend this date.

Grüße
-- 
Anna Müller
Town Library, Kiel
TEXT
cat >reply.txt <<'TEXT'
Dear Anna,

I have signed. See you on Monday.

>From May on we pay more, then.

On Mon, Jan 05, 2026 at 10:00:00AM +0100, Anna Müller wrote:
> Dear Ben,
> 
> the rent for the library rises to 1,204 euros from May. Please sign the offer
> until 1 March. The council may not extend this date.
TEXT

mail letter.eml 'Anna Müller' anna@library.example -s 'Angebot für die Miete' \
    -a report.docx accounts.ods -- 'Ben Brown <ben@town.example>' <first.txt
rm letters.mbox
mail sent 'Anna Müller' anna@library.example -s 'Angebot für die Miete' \
    -- 'Ben Brown <ben@town.example>' <first.txt
sed 's/^>From/From/' reply.txt | mail sent 'Ben Brown' ben@town.example \
    -s 'Re: Angebot für die Miete' -a costs.csv \
    -- 'Anna Müller <anna@library.example>'
rm send sent first.txt reply.txt
