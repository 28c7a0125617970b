#!/bin/sh
# Get a PgBouncer that knows of prepared statements (1.21 or newer) into build/pgbouncer: that of the next release of
# Debian, with the libraries that it needs, from where apt gets this one's packages.  Nothing is installed.
set -eu
cd "$(dirname "$0")/../.."
suite=trixie
target="$PWD/build/pgbouncer"
[ ! -x "$target/run" ] || exit 0
version=$(PATH="$PATH:/usr/sbin" pgbouncer --version 2>/dev/null | sed -n 's/^PgBouncer \([0-9]*\.[0-9]*\).*/\1/p')
if [ -n "$version" ] && [ "$(printf '1.21\n%s\n' "$version" | sort -V | head -n 1)" = 1.21 ]; then
    exit 0
fi
. /etc/os-release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/root"
chmod 777 "$work/debs"
archive=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(REPO_URI)' | awk -v r="$VERSION_CODENAME" '$2 == r { print $3; exit }')
keys=$(ls /usr/share/keyrings/debian-archive-keyring.*)
echo "deb [signed-by=$keys] $archive $suite main" >"$work/sources.list"
apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}
apt update
(
    cd "$work/debs"
    apt download pgbouncer/$suite libc6/$suite libcares2/$suite libevent-2.1-7t64/$suite libpam0g/$suite \
        libssl3t64/$suite libsystemd0/$suite libcap2/$suite libaudit1/$suite libcap-ng0/$suite libzstd1/$suite \
        zlib1g/$suite
)
for package in "$work"/debs/*.deb; do
    dpkg-deb -x "$package" "$work/root"
done
libraries=$(dirname "$(find "$work/root/usr/lib" -name 'ld-linux-*')")
mkdir -p "$target"
cp -a "$libraries/." "$target/lib"
cp "$work/root/usr/sbin/pgbouncer" "$target/pgbouncer"
cat >"$target/run" <<'RUN'
#!/bin/sh
here=$(dirname "$0")
exec "$here"/lib/ld-linux-*.so.* --library-path "$here/lib" "$here/pgbouncer" "$@"
RUN
chmod 755 "$target/run"
"$target/run" --version
