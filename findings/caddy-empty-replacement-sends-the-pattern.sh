#!/bin/sh
# Guess:    `header_up Cookie "session=[^;]*;? ?" ""` takes one cookie out of a line and leaves the others: a pattern
#           and a replacement, which is nothing. So `$http_cookie` is cut down in nginx, and so sed does it.
# Happens:  an empty replacement is none. The header is set to the pattern's own text: the application receives
#           `Cookie: session=[^;]*;? ?`, and the visitor's other cookies are gone. `caddy validate` has no objection.
# Versions: Caddy 2.6.2 (Debian 12).
# Date:     2026-11-29
# Here:     docs/caddy/members.Caddyfile keeps what is around the cookie, by `$1$2`.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

apt-get download caddy >apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x caddy_*.deb caddy
cat >Caddyfile <<END
{
	admin off
}
http://application.example {
	bind unix/$folder/application
	respond "{header.Cookie}"
}
http://emptied.example {
	bind unix/$folder/socket
	reverse_proxy unix/$folder/application {
		header_up Host application.example
		header_up Cookie "session=[^;]*;? ?" ""
	}
}
http://kept.example {
	bind unix/$folder/socket
	reverse_proxy unix/$folder/application {
		header_up Host application.example
		header_up Cookie "^(.*?)session=[^;]*;? ?(.*)$" "\$1\$2"
	}
}
END
HOME=$folder caddy/usr/bin/caddy run --config Caddyfile --adapter caddyfile >caddy.log 2>&1 &
server=$!

ask() {
  curl --silent --fail --unix-socket socket --header 'Cookie: a=1; session=abc; b=2' "http://$1/"
}
tries=0
until ask kept.example >/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { cat caddy.log; exit 2; }
  sleep 1
done

emptied=$(ask emptied.example)
kept=$(ask kept.example)
echo "caddy $(dpkg-deb -f caddy_*.deb Version)"
echo 'Cookie: a=1; session=abc; b=2'
echo "    replaced by nothing:            $emptied"
echo "    replaced by what is around it:  $kept"

if [ "$emptied" = 'session=[^;]*;? ?' ] && [ "$kept" = 'a=1; b=2' ]; then
  echo 'As described: an empty replacement sends the pattern.'
else
  echo 'The behaviour has changed.'
  exit 1
fi
