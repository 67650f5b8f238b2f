// Checks an exported log with what the Go team wrote (golang.org/x/mod/sumdb/note and tlog) and nothing of ours: the signature, every
// entry, every tile, full and partial; earlier checkpoints, receipts, and proofs that the log only grew.
//
// Trusts no hash that stands in the directory: all are computed from the entries. It never reads hashes through tiles
// (tlog.TileHashReader lets forged ones through in old versions).
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build check_log.go
//	./check_log -policy POLICY DIRECTORY
//
// Of a policy (C2SP tlog-policy) it takes the Ed25519 keys of logs; keys of other kinds, such as SM2, are left out, and it says so. Whether
// enough witnesses cosigned is not checked here.
//
// Exit codes: 0 sound, 1 not, 2 nothing was checked: a file can't be read or isn't what it was given for, a key isn't one, usage. `go run` ends with
// 1 for all but 0: whoever needs the code builds the program first.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A tile holds 2^8 hashes, a bundle as many entries (C2SP tlog-tiles).
const height = 8
const width = 1 << height

// Names of files, one for each time that an option is given.
type names []string

func (n *names) String() string         { return strings.Join(*n, " ") }
func (n *names) Set(value string) error { *n = append(*n, value); return nil }

func main() {
	var keys, policies, earlier, receipts, growths names
	flag.Var(&keys, "key", "a verifier key of the log; again for each further one, where it was handed over")
	flag.Var(&policies, "policy", "a policy (C2SP tlog-policy), all of whose logs' keys are taken; again for each further one")
	flag.Var(&earlier, "earlier", "a checkpoint kept from before; again for each further one")
	flag.Var(&receipts, "receipt", "a receipt (c2sp.org/tlog-proof@v1); again for each further one")
	flag.Var(&growths, "growth", "what a witness is sent: old size, consistency proof, checkpoint; again for each further one")
	flag.Parse()
	for _, policy := range policies {
		named, err := logKeys(policy)
		unlessNothing(err)
		keys = append(keys, named...)
	}
	if flag.NArg() != 1 || len(keys) == 0 {
		fmt.Fprintln(os.Stderr, "usage: check_log -policy FILE | -key KEY [-earlier FILE] [-receipt FILE] [-growth FILE] DIRECTORY")
		os.Exit(2)
	}
	known, err := verifiers(keys)
	unlessNothing(err)
	unlessNothing(isExport(flag.Arg(0)))
	kept, err := read(earlier, receipts, growths)
	unlessNothing(err)
	if err := check(flag.Arg(0), known, kept); err != nil {
		fmt.Println("NOT SOUND:", err)
		os.Exit(1)
	}
	fmt.Println("sound")
}

// Ends where nothing can be checked, and so nothing is said against anybody.
func unlessNothing(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "nothing was checked:", err)
		os.Exit(2)
	}
}

// A directory with neither a checkpoint nor tiles is another one than was meant.
func isExport(directory string) error {
	_, err := os.Stat(directory + "/checkpoint")
	if _, tiles := os.Stat(directory + "/tile"); err != nil && tiles == nil {
		return nil
	}
	return err
}

// The keys that can be checked here: Ed25519.
func verifiers(keys []string) (note.Verifiers, error) {
	var known []note.Verifier
	for _, key := range keys {
		if kind, err := kindOf(key); err == nil && kind != ed25519 {
			fmt.Printf("left out     %s: it isn't an Ed25519 key\n", key)
			continue
		}
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return nil, fmt.Errorf("the key %s: %w", key, err)
		}
		known = append(known, verifier)
	}
	if len(known) == 0 {
		return nil, errors.New("no Ed25519 key of the log was given")
	}
	return note.VerifierList(known...), nil
}

// The type of a key's algorithm (C2SP signed-note).
const ed25519 = 1

func kindOf(key string) (byte, error) {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 {
		return 0, errors.New("it isn't name+id+base64")
	}
	public, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(public) == 0 {
		return 0, errors.New("it isn't base64")
	}
	return public[0], nil
}

// A file that was kept.
type kept struct {
	kind, name string
	content    []byte
}

var kinds = []string{"earlier", "receipts", "growth"}

var called = []string{"a checkpoint, signed or as a notice prints it", "a receipt", "what a witness is sent"}

// Whether a file is what it was given for. What isn't may be a slip of whoever checks, and says nothing about the log.
var forms = []func(text string) bool{
	func(text string) bool {
		_, printed := onPaper([]byte(text))
		return printed || isSignedCheckpoint(text)
	},
	func(text string) bool { return strings.HasPrefix(text, "c2sp.org/tlog-proof@v1\n") },
	func(text string) bool { return strings.HasPrefix(text, "old ") },
}

// A text of name, size, root and perhaps more, an empty line, signature lines: whoever signed, and whether they did.
func isSignedCheckpoint(text string) bool {
	end := strings.LastIndex(text, "\n\n")
	if end < 0 {
		return false
	}
	for _, line := range strings.Split(strings.TrimSuffix(text[end+2:], "\n"), "\n") {
		if !strings.HasPrefix(line, "— ") {
			return false
		}
	}
	lines := strings.Split(text[:end], "\n")
	if len(lines) < 3 || lines[0] == "" {
		return false
	}
	_, size := number(lines[1])
	_, root := tlog.ParseHash(lines[2])
	return size == nil && root == nil
}

func read(files ...names) ([]kept, error) {
	var all []kept
	for at, names := range files {
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			content = withPlainEnds(content)
			if !forms[at](string(content)) {
				return nil, fmt.Errorf("%s isn't %s: was it copied whole?", name, called[at])
			}
			all = append(all, kept{kinds[at], name, content})
		}
	}
	return all, nil
}

// The keys of the logs that a policy names: the second word of each line `log`.
func logKeys(policy string) ([]string, error) {
	text, err := os.ReadFile(policy)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, line := range strings.Split(string(text), "\n") {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "log" {
			keys = append(keys, words[1])
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s names no log", policy)
	}
	return keys, nil
}

func check(directory string, known note.Verifiers, allKept []kept) error {
	files := os.DirFS(directory)
	signed, err := fs.ReadFile(files, "checkpoint")
	if err != nil {
		return err
	}
	head, err := openCheckpoint(signed, known)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	fmt.Printf("signature    %d entries, signed by %s\n", head.size, head.origin)
	entries, err := readEntries(files, head.size)
	if err != nil {
		return err
	}
	l, err := hashed(head, entries)
	if err != nil {
		return err
	}
	if err := l.has(head); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	fmt.Printf("entries      %d hashed, and their root is the signed one\n", head.size)
	count, err := l.checkFiles(files)
	if err != nil {
		return err
	}
	fmt.Printf("files        %d tiles and bundles are what the entries give\n", count)
	checks := []func([]byte, note.Verifiers) error{l.checkEarlier, l.checkReceipt, l.checkGrowth}
	for at, kind := range kinds {
		held := 0
		for _, file := range allKept {
			if file.kind != kind {
				continue
			}
			if err := checks[at](file.content, known); err != nil {
				return fmt.Errorf("%s: %w", file.name, err)
			}
			held++
		}
		fmt.Printf("%-12s %d hold\n", kind, held)
	}
	return nil
}

// What an editor or a mail did to the ends of lines is undone; the signature is over what then stands there.
func withPlainEnds(content []byte) []byte {
	plain := bytes.ReplaceAll(bytes.TrimPrefix(content, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	return append(bytes.TrimRight(plain, "\n"), '\n')
}

// A head whose signature holds.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func openCheckpoint(signed []byte, known note.Verifiers) (checkpoint, error) {
	opened, err := note.Open(signed, known)
	var stranger *note.UnverifiedNoteError
	if errors.As(err, &stranger) {
		return checkpoint{}, errors.New("no key that was given signed it: was the key of the log replaced? Name the old and the new one")
	}
	if err != nil {
		return checkpoint{}, err
	}
	if err := everyLineHolds(signed, opened.Text, known); err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != opened.Sigs[0].Name {
		return checkpoint{}, errors.New("it isn't three lines that begin with the name of the log")
	}
	size, err := number(lines[1])
	if err != nil {
		return checkpoint{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{lines[0], size, root}, err
}

// Of several signatures by one key, note.Open looks at the first alone; here a wrong one fails wherever it stands.
func everyLineHolds(signed []byte, text string, known note.Verifiers) error {
	for _, line := range strings.Split(strings.TrimSuffix(string(signed[len(text)+1:]), "\n"), "\n") {
		name, encoded, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
		signature, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(signature) < 5 {
			return fmt.Errorf("%q is no signature", line)
		}
		key, err := known.Verifier(name, binary.BigEndian.Uint32(signature))
		if err == nil && !key.Verify([]byte(text), signature[4:]) {
			return fmt.Errorf("a signature of %s is wrong", name)
		}
	}
	return nil
}

// Decimal, in the one way in which it can be written.
func number(text string) (int64, error) {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < 0 || strconv.FormatInt(value, 10) != text {
		return 0, fmt.Errorf("%q is no number", text)
	}
	return value, nil
}

func readEntries(files fs.FS, size int64) ([][]byte, error) {
	var entries [][]byte
	for int64(len(entries)) < size {
		first := int64(len(entries))
		tile := tlog.Tile{H: height, L: 0, N: first / width, W: width}
		if size-first < width {
			tile.W = int(size - first)
		}
		path := strings.Replace(pathOf(tile), "tile/0/", "tile/entries/", 1)
		bundle, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		for len(bundle) > 0 {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s: entry %d is cut off", path, len(entries))
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:end])
			bundle = bundle[end:]
		}
		if int64(len(entries)) != first+int64(tile.W) {
			return nil, fmt.Errorf("%s: it has %d entries and not %d", path, int64(len(entries))-first, tile.W)
		}
	}
	return entries, nil
}

// Go writes tile/8/LEVEL/NUMBER; C2SP leaves the height out.
func pathOf(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

// A log as its entries give it: with the hashes over them, in the order in which tlog stores them.
type log struct {
	head    checkpoint
	entries [][]byte
	hashes  []tlog.Hash
}

func hashed(head checkpoint, entries [][]byte) (*log, error) {
	l := &log{head: head, entries: entries}
	for index, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(index), entry, l)
		if err != nil {
			return nil, err
		}
		l.hashes = append(l.hashes, hashes...)
	}
	return l, nil
}

func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for at, index := range indexes {
		if index < 0 || index >= int64(len(l.hashes)) {
			return nil, errors.New("the log isn't that long")
		}
		hashes[at] = l.hashes[index]
	}
	return hashes, nil
}

// The root over the first entries is the one of the checkpoint.
func (l *log) has(head checkpoint) error {
	if head.size > int64(len(l.entries)) {
		return fmt.Errorf("it has %d entries, and the log only %d", head.size, len(l.entries))
	}
	root, err := tlog.TreeHash(head.size, l)
	if head.size == 0 {
		// Old versions of tlog have another root for the empty tree than RFC 6962.
		root = sha256.Sum256(nil)
	}
	if err == nil && root != head.root {
		err = fmt.Errorf("the root over %d entries is %v, and signed was %v", head.size, root, head.root)
	}
	return err
}

// Every file is what the entries give, and none is missing.
func (l *log) checkFiles(files fs.FS) (int, error) {
	checked := map[string]bool{"checkpoint": true}
	err := fs.WalkDir(files, ".", func(path string, file fs.DirEntry, err error) error {
		if err != nil || file.IsDir() || checked[path] {
			return err
		}
		expected, err := l.expected(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		content, err := fs.ReadFile(files, path)
		if err == nil && !bytes.Equal(content, expected) {
			err = fmt.Errorf("%s isn't what the entries give", path)
		}
		checked[path] = true
		return err
	})
	// The last path of each level has the width of the tree; those of narrower tiles may be there or not.
	for size, level := int64(len(l.entries)), 0; size > 0 && err == nil; size, level = size/width, level+1 {
		for n := int64(0); n*width < size && err == nil; n++ {
			tile := tlog.Tile{H: height, L: level, N: n, W: width}
			if size-n*width < width {
				tile.W = int(size - n*width)
			}
			if !checked[pathOf(tile)] {
				err = fmt.Errorf("%s is missing", pathOf(tile))
			}
		}
	}
	return len(checked) - 1, err
}

// What has to stand in a file of that path.
func (l *log) expected(path string) ([]byte, error) {
	entries := strings.HasPrefix(path, "tile/entries/")
	hashes := strings.Replace(path, "tile/entries/", "tile/0/", 1)
	tile, err := tlog.ParseTilePath(strings.Replace(hashes, "tile/", "tile/8/", 1))
	if err != nil || tile.L < 0 || pathOf(tile) != hashes {
		return nil, errors.New("no log has such a file")
	}
	if !entries {
		return tlog.ReadTileData(tile, l)
	}
	first := tile.N * width
	if first+int64(tile.W) > int64(len(l.entries)) {
		return nil, errors.New("the log isn't that long")
	}
	var bundle []byte
	for _, entry := range l.entries[first : first+int64(tile.W)] {
		bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
		bundle = append(bundle, entry...)
	}
	return bundle, nil
}

// The three lines that a notice prints, and its QR code holds: their paper is their proof. The root is there in base64 and in hex.
func onPaper(text []byte) (checkpoint, bool) {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 3 {
		return checkpoint{}, false
	}
	for at := range lines {
		lines[at] = strings.TrimSpace(lines[at])
	}
	size, err := number(lines[1])
	if err != nil {
		return checkpoint{}, false
	}
	if root, err := hex.DecodeString(lines[2]); err == nil && len(root) == tlog.HashSize {
		return checkpoint{lines[0], size, *(*tlog.Hash)(root)}, true
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{lines[0], size, root}, err == nil
}

// A checkpoint kept from before, signed or on paper, is of the first entries, and Go's own proof from it to the head holds.
func (l *log) checkEarlier(text []byte, known note.Verifiers) error {
	older, printed := onPaper(text)
	if !printed {
		var err error
		if older, err = openCheckpoint(text, known); err != nil {
			return err
		}
	}
	if older.origin != l.head.origin {
		return fmt.Errorf("it is of another log, %s", older.origin)
	}
	if err := l.has(older); err != nil || older.size == 0 {
		return err
	}
	proof, err := tlog.ProveTree(l.head.size, older.size, l)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, l.head.size, l.head.root, older.size, older.root)
}

// A receipt: which entry, the proof that the log made, and the checkpoint that it leads to.
func (l *log) checkReceipt(receipt []byte, known note.Verifiers) error {
	proof, signed, _ := strings.Cut(string(receipt), "\n\n")
	lines := strings.Split(proof, "\n")
	if len(lines) > 1 && strings.HasPrefix(lines[1], "extra ") {
		lines = append(lines[:1], lines[2:]...)
	}
	if lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 || !strings.HasPrefix(lines[1], "index ") {
		return errors.New("it isn't a receipt")
	}
	index, err := number(strings.TrimPrefix(lines[1], "index "))
	if err != nil || index >= int64(len(l.entries)) {
		return errors.New("the log has no such entry")
	}
	hashes, err := readHashes(lines[2:])
	if err != nil {
		return err
	}
	head, err := openCheckpoint([]byte(signed), known)
	if err != nil {
		return err
	}
	if err := l.has(head); err != nil {
		return err
	}
	return tlog.CheckRecord(hashes, head.size, head.root, index, tlog.RecordHash(l.entries[index]))
}

// What a witness is sent: the size that it knows, the proof that the log made from there, and the checkpoint.
func (l *log) checkGrowth(request []byte, known note.Verifiers) error {
	proof, signed, _ := strings.Cut(string(request), "\n\n")
	lines := strings.Split(proof, "\n")
	if !strings.HasPrefix(lines[0], "old ") {
		return errors.New("it doesn't begin with an old size")
	}
	old, err := number(strings.TrimPrefix(lines[0], "old "))
	if err != nil {
		return err
	}
	hashes, err := readHashes(lines[1:])
	if err != nil {
		return err
	}
	head, err := openCheckpoint([]byte(signed), known)
	if err != nil {
		return err
	}
	if err := l.has(head); err != nil || old == 0 {
		return err
	}
	root, err := tlog.TreeHash(old, l)
	if err != nil {
		return err
	}
	return tlog.CheckTree(hashes, head.size, head.root, old, root)
}

func readHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		content, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(content) != tlog.HashSize {
			return nil, fmt.Errorf("%q is no hash", line)
		}
		hashes = append(hashes, *(*tlog.Hash)(content))
	}
	return hashes, nil
}
