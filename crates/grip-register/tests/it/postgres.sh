# Runs a PostgreSQL of its own, as the user this is run by and with the programs in folder $1, until its standard input ends:
# that happens when the tests are done, and also when they are killed. Prints the folder of its socket when it is ready.
set -eu
bin=$1
folder=$(mktemp -d)
trap '"$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT PIPE TERM
"$bin/initdb" -D "$folder/data" -U grip -A trust -E UTF8 --locale=C --no-sync >/dev/null
"$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 120 \
    -o "-k '$folder' -c listen_addresses='' -c fsync=off" start >/dev/null || { cat "$folder/log" >&2; exit 1; }
echo "$folder"
read -r _ || true
