#!/bin/sh
# Puts the ONNX Runtime library for this machine into models/runtime/PLATFORM/, where `stance` looks for it.
#
#   fetch.sh [PLATFORM]      linux-x64, linux-arm64, darwin-arm64 or win-x64; this machine's by default
#
# The official release is tried first, then the npm package onnxruntime-node, which carries the same version for all
# platforms. Only a library whose checksum stands in checksums.txt is put in place, by a rename, so that what lies
# there is always whole. Where the right one lies there already, nothing is fetched.
set -eu

version=1.30.0
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

fail() {
	echo "error: $1" >&2
	echo "hint: $2" >&2
	exit 1
}

this_platform() {
	case "$(uname -s)/$(uname -m)" in
	Linux/x86_64 | Linux/amd64) echo linux-x64 ;;
	Linux/aarch64 | Linux/arm64) echo linux-arm64 ;;
	Darwin/arm64) echo darwin-arm64 ;;
	MINGW*/x86_64 | MSYS*/x86_64 | CYGWIN*/x86_64) echo win-x64 ;;
	*) echo "$(uname -s)-$(uname -m)" ;;
	esac
}

platform=${1:-$(this_platform)}
release="https://github.com/microsoft/onnxruntime/releases/download/v$version"
case $platform in
linux-x64)
	library=libonnxruntime.so.1 npm_folder=linux/x64
	release_name=onnxruntime-linux-x64-$version release_file=libonnxruntime.so.$version ;;
linux-arm64)
	library=libonnxruntime.so.1 npm_folder=linux/arm64
	release_name=onnxruntime-linux-aarch64-$version release_file=libonnxruntime.so.$version ;;
darwin-arm64)
	library=libonnxruntime.1.dylib npm_folder=darwin/arm64
	release_name=onnxruntime-osx-arm64-$version release_file=libonnxruntime.$version.dylib ;;
win-x64)
	library=onnxruntime.dll npm_folder=win32/x64
	release_name='' release_file='' ;; # the release is a zip of 80 MB, for which there is no common tool
*)
	fail "no ONNX Runtime $version library is pinned for $platform" \
		"build it from source and name the library with --runtime or STANCE_RUNTIME" ;;
esac
target=$here/$platform/$library

sha256_of() {
	if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# pinned FILE: whether FILE is one of the libraries that checksums.txt names for the platform.
pinned() {
	[ -f "$1" ] || return 1
	sum=$(sha256_of "$1")
	[ ${#sum} -eq 64 ] && awk -v sum="$sum" -v name="$platform/$library" \
		'$1 == sum && $2 == name { found = 1 } END { exit !found }' "$here/checksums.txt"
}

if pinned "$target"; then
	echo "ONNX Runtime $version is in place: $target"
	exit 0
fi

mkdir -p "$here/$platform" 2>/dev/null && tmp=$(mktemp -d "$here/$platform/.fetch.XXXXXX" 2>/dev/null) ||
	fail "cannot write to $here/$platform" "run this as a user who may, or set STANCE_RUNTIME to a library elsewhere"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

why='' # what went wrong with each source, for the error at the end

# place SOURCE FILE: puts FILE in place when its checksum is pinned.
place() {
	if ! pinned "$2"; then
		why="$why $1: the library is not one that checksums.txt names."
		return 1
	fi
	chmod 755 "$2"
	mv -f "$2" "$target"
	echo "ONNX Runtime $version from $1: $target"
}

from_release() {
	[ -n "$release_name" ] || return 1
	command -v curl >/dev/null 2>&1 || { why="$why release: no curl."; return 1; }
	curl -fsSL --connect-timeout 10 --max-time 900 -o "$tmp/release.tgz" "$release/$release_name.tgz" 2>"$tmp/log" ||
		{ why="$why release: $(tail -n 1 "$tmp/log")."; return 1; }
	mkdir "$tmp/release"
	tar -xzf "$tmp/release.tgz" -C "$tmp/release" 2>"$tmp/log" ||
		{ why="$why release: $(tail -n 1 "$tmp/log")."; return 1; }
	place "the official release" "$tmp/release/$release_name/lib/$release_file"
}

from_npm() {
	command -v npm >/dev/null 2>&1 || { why="$why npm: not installed."; return 1; }
	(cd "$tmp" && npm pack --silent "onnxruntime-node@$version" >/dev/null 2>log) ||
		{ why="$why npm: $(grep -v '^npm warn' "$tmp/log" | head -n 1)."; return 1; }
	member=package/bin/napi-v6/$npm_folder/$library
	tar -xzf "$tmp/onnxruntime-node-$version.tgz" -C "$tmp" "$member" 2>"$tmp/log" ||
		{ why="$why npm: $(tail -n 1 "$tmp/log")."; return 1; }
	place "the npm package" "$tmp/$member"
}

from_release || from_npm || fail "cannot fetch ONNX Runtime $version for $platform:$why" \
	"give this machine access to github.com or to an npm registry, or copy a library named in checksums.txt to $target"
