#!/bin/sh
# Take Alcove's entries away from this desktop again. Documents, chats and models stay.
exec "$(dirname "$0")/install.sh" --remove
