#!/bin/sh
# Tell this desktop about Alcove where it lies: its menu, "Open with Alcove", "Summarize with Alcove".
#   ./install.sh            for you alone, without root; nothing is copied but these entries
#   ./install.sh --remove   take them away again; documents, chats and models stay
# Move the folder afterwards, and run it again.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
program=$here/alcove
data=${XDG_DATA_HOME:-$HOME/.local/share}
scripts=nautilus/scripts/"Summarize with Alcove"

say() { printf '%s\n' "$*"; }

# A command of a desktop entry stands in double quotes, with four characters escaped.
# That text stands in a file whose format takes one backslash of two; sed takes one more.
exec_word() { printf '%s' "$1" | sed -e 's/\\/\\\\\\\\/g' -e 's/["`$]/\\\\&/g'; }
sed_word() { printf '%s' "$1" | sed -e 's/[\\&|]/\\&/g'; }

entries() { (cd "$here/share" && find . -type f | sed 's|^\./||' | sort); }

refresh() {
    # Each where it is there: a desktop that has none of them looks by itself.
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$data/applications" || true
    fi
    if command -v update-mime-database >/dev/null 2>&1; then
        update-mime-database "$data/mime" >/dev/null 2>&1 || true
    fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1; then
        gtk-update-icon-cache -q -t "$data/icons/hicolor" 2>/dev/null || true
    fi
}

remove() {
    entries | while IFS= read -r entry; do rm -f "$data/$entry"; done
    rm -f "$data/$scripts"
    refresh
    say "Alcove's entries are removed from the desktop."
    if [ -e "$here/portable" ]; then
        say "Your documents, chats and models are in $here/alcove-data."
    else
        say "Your documents, chats and models are in $data/alcove; remove that folder if you do not"
        say "want them any more. What can be made again is in ${XDG_CACHE_HOME:-$HOME/.cache}/alcove."
    fi
}

add() {
    [ -x "$program" ] || { say "There is no program $program: unpack the whole archive."; exit 1; }
    case "$program" in
    *'
'* | *%*)
        # GLib looks for the program before it makes one % of two, and finds none.
        say "Desktops cannot start a program in a folder with % or a line break in its name."
        say "Rename the folder, and run this again: $here"
        exit 1 ;;
    esac
    word=$(sed_word "$(exec_word "$program")")
    plain=$(sed_word "$(printf '%s' "$program" | sed 's/\\/\\\\/g')")
    entries | while IFS= read -r entry; do
        mkdir -p "$(dirname "$data/$entry")"
        case "$entry" in
        *.desktop | *.nemo_action)
            sed -e "s|^Exec=alcove|Exec=\"$word\"|" -e "s|^TryExec=alcove|TryExec=$plain|" \
                "$here/share/$entry" >"$data/$entry"
            case "$entry" in kio/*) chmod 755 "$data/$entry" ;; esac ;;
        *) cp "$here/share/$entry" "$data/$entry" ;;
        esac
    done
    # GNOME's file manager has no actions of its own, only scripts, and shows them where there are any.
    mkdir -p "$data/nautilus/scripts"
    quoted=$(printf '%s' "$program" | sed "s/'/'\\\\''/g")
    printf '#!/bin/sh\nexec '"'%s'"' --summarize "$@"\n' "$quoted" >"$data/$scripts"
    chmod 755 "$data/$scripts"
    refresh
    say "Alcove is in your menu now. To take it away again: $here/install.sh --remove"
}

case "${1:-}" in
"") add ;;
--remove) remove ;;
*) say "usage: install.sh [--remove]"; exit 2 ;;
esac
