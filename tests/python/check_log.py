"""Checks an exported log with what others wrote, and nothing of ours: pymerkle hashes and proves, openssl checks signatures.

Trusts no hash that stands in the directory: all are computed from the entries. What is checked: the signature, every entry, every
tile, full and partial; earlier checkpoints, receipts, and proofs that the log only grew.

    python check_log.py --policy POLICY DIRECTORY

Of a policy (C2SP tlog-policy) it takes the Ed25519 keys of logs; keys of other kinds, such as SM2, are left out, and it says so. Whether
enough witnesses cosigned is not checked here.

Exit codes: 0 sound, 1 not, 2 nothing was checked: a file can't be read or isn't what it was given for, a key isn't one, usage.
"""

import argparse
import base64
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

from pymerkle import ConsistencyProof, InclusionProof, InmemoryTree, InvalidProof

WIDTH = 256  # A tile holds so many hashes, a bundle so many entries (C2SP tlog-tiles).
HASH_BYTES = 32
ED25519 = b"\x01"
# SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), up to the key.
SPKI_HEAD = bytes.fromhex("302a300506032b6570032100")


class NotSound(Exception):
    """What was found."""


def insist(holds, found):
    if not holds:
        raise NotSound(found)


# Signed notes (C2SP signed-note) and checkpoints (C2SP tlog-checkpoint).


def read_key(text):
    """The name, the id and the public key of a verifier key; None if it is of another kind than Ed25519."""
    name, key_id, public = text.split("+", 2)
    public = base64.b64decode(public, validate=True)
    if public[:1] != ED25519:
        return None
    expected = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    if bytes.fromhex(key_id) != expected or len(public) != 33:
        raise ValueError("its id isn't that of the key")
    return name, expected, public[1:]


def read_keys(texts):
    """The keys that can be checked here."""
    keys = []
    for text in texts:
        try:
            key = read_key(text)
        except ValueError as malformed:
            raise ValueError(f"{text} is no key of a log: {malformed}") from malformed
        if key is None:
            print(f"left out     {text}: it isn't an Ed25519 key")
        else:
            keys.append(key)
    if not keys:
        raise ValueError("no Ed25519 key of the log was given")
    return keys


def log_keys(policy):
    """The keys of the logs that a policy names: the second word of each line `log`."""
    lines = [line.split() for line in pathlib.Path(policy).read_text().splitlines()]
    return [words[1] for words in lines if len(words) > 1 and words[0] == "log"]


def is_signed(public, text, signature):
    """Whether openssl says so."""
    with tempfile.TemporaryDirectory() as directory:
        files = [pathlib.Path(directory, name) for name in ("key", "text", "signature")]
        for file, content in zip(files, (SPKI_HEAD + public, text.encode(), signature)):
            file.write_bytes(content)
        key, text, signature = files
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", key, "-rawin"]
        return subprocess.run(command + ["-in", text, "-sigfile", signature], capture_output=True).returncode == 0


def open_checkpoint(note, keys):
    """The name, size and root of a checkpoint that one of the keys signed; no known key may have signed anything else."""
    text, empty_line, signatures = note.rpartition("\n\n")
    insist(empty_line and signatures.endswith("\n"), "it isn't a signed note")
    text += "\n"
    lines = text.split("\n")
    insist(len(lines) == 4 and re.fullmatch("0|[1-9][0-9]*", lines[1]), "it isn't three lines: name, size, root")
    signed = False
    for line in signatures[:-1].split("\n"):
        insist(re.fullmatch(r"— \S+ [0-9A-Za-z+/]+=*", line), f"{line!r} is no signature")
        _, name, signature = line.split(" ")
        signature = base64.b64decode(signature, validate=True)
        for public in (public for known, key_id, public in keys if (known, key_id) == (name, signature[:4])):
            insist(is_signed(public, text, signature[4:]), f"the signature of {name} is wrong")
            signed |= name == lines[0]
    stranger = "no key that was given signed it: was the key of the log replaced? Name the old and the new one"
    insist(signed, stranger)
    return lines[0], int(lines[1]), read_hash(lines[2])


def on_paper(text):
    """The three lines that a notice prints, and its QR code holds: their paper is their proof. The root is there in base64 and in hex."""
    lines = [line.strip() for line in text.strip().split("\n")]
    if len(lines) != 3 or not re.fullmatch("0|[1-9][0-9]*", lines[1]):
        return None
    is_hex = re.fullmatch("[0-9a-f]{64}", lines[2])
    return lines[0], int(lines[1]), bytes.fromhex(lines[2]) if is_hex else read_hash(lines[2])


def with_plain_ends(content):
    """What an editor or a mail did to the ends of lines is undone; the signature is over what then stands there."""
    return content.decode().removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n") + "\n"


def is_hash(line):
    return re.fullmatch("[0-9A-Za-z+/]{43}=|[0-9a-f]{64}", line.strip())


def is_checkpoint(text):
    """Whether it has the form of one, on paper or signed: whoever signed, and whether they did."""
    text, empty_line, signatures = text.strip().rpartition("\n\n") if "\n\n" in text.strip() else (text.strip(), None, "")
    lines = [line.strip() for line in text.split("\n")]
    of_form = len(lines) >= 3 and lines[0] and re.fullmatch("0|[1-9][0-9]*", lines[1]) and is_hash(lines[2])
    if empty_line:
        return of_form and all(line.startswith("— ") for line in signatures.split("\n"))
    return of_form and len(lines) == 3


# What each kind of file has to be. What isn't may be a slip of whoever checks, and says nothing about the log.
FORMS = {
    "earlier": (is_checkpoint, "a checkpoint, signed or as a notice prints it"),
    "receipts": (lambda text: text.startswith("c2sp.org/tlog-proof@v1\n"), "a receipt"),
    "growth": (lambda text: text.startswith("old "), "what a witness is sent"),
}


def read_kept(kind, name):
    text = with_plain_ends(pathlib.Path(name).read_bytes())
    has_form, called = FORMS[kind]
    if not has_form(text):
        raise ValueError(f"{name} isn't {called}: was it copied whole?")
    return text


def read_hash(line):
    content = base64.b64decode(line, validate=True)
    insist(len(content) == HASH_BYTES and base64.b64encode(content).decode() == line, f"{line!r} is no hash")
    return content


# Tiles (C2SP tlog-tiles).


def path_of(level, index, width):
    groups = re.findall("...", str(index).zfill((len(str(index)) + 2) // 3 * 3))
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + (f".p/{width}" if width < WIDTH else "")


def read_path(path):
    """Level, index and width of a path; none if no log has such a file."""
    found = re.fullmatch(r"tile/(entries|[0-9]+)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]+))?", path)
    if not found:
        return None
    level = found[1] if found[1] == "entries" else int(found[1])
    tile = level, int(found[2].replace("x", "").replace("/", "")), int(found[3] or WIDTH)
    return tile if path_of(*tile) == path and tile[2] > 0 else None


def tiles_of(level, count):
    return [(level, index // WIDTH, min(count - index, WIDTH)) for index in range(0, count, WIDTH)]


def read_entries(directory, size):
    entries = []
    for tile in tiles_of("entries", size):
        bundle = directory.joinpath(path_of(*tile)).read_bytes()
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            insist(len(bundle) >= 2 + length >= 2 and len(bundle) >= 2, f"entry {len(entries)} is cut off")
            entries.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
        insist(len(entries) == WIDTH * tile[1] + tile[2], f"{path_of(*tile)} has another count of entries")
    return entries


class Log:
    """A log as its entries give it."""

    def __init__(self, origin, entries):
        self.origin, self.entries = origin, entries
        # SHA-256 with the prefixes of RFC 6962, which pymerkle calls security.
        self.tree = InmemoryTree.init_from_entries(entries, algorithm="sha256", disable_security=False)
        # By level, the hashes that the tiles of that level hold; each the root over a full tile below.
        self.hashes = [[self.tree.get_leaf(number + 1) for number in range(len(entries))]]
        while len(self.hashes[-1]) >= WIDTH:
            below, pair = self.hashes[-1], self.tree.hash_pair
            above = []
            for first in range(0, len(below) // WIDTH * WIDTH, WIDTH):
                row = below[first : first + WIDTH]
                while len(row) > 1:
                    row = [pair(left, right) for left, right in zip(row[::2], row[1::2])]
                above += row
            self.hashes.append(above)

    def root(self, size):
        insist(size <= len(self.entries), f"the log has {len(self.entries)} entries and not {size}")
        return self.tree.get_root(size)

    def has(self, size, root):
        insist(self.root(size) == root, f"the root over the first {size} entries isn't the signed one")

    def expected(self, tile):
        """What has to stand in the file of a tile."""
        level, index, width = tile
        first, end = index * WIDTH, index * WIDTH + width
        if level == "entries":
            insist(end <= len(self.entries), "the log isn't that long")
            return b"".join(len(entry).to_bytes(2, "big") + entry for entry in self.entries[first:end])
        insist(level < len(self.hashes) and end <= len(self.hashes[level]), "the log isn't that long")
        return b"".join(self.hashes[level][first:end])

    def check_files(self, directory):
        found = {file.relative_to(directory).as_posix() for file in directory.rglob("*") if file.is_file()}
        found.discard("checkpoint")
        for path in sorted(found):
            tile = read_path(path)
            insist(tile, f"{path}: no log has such a file")
            insist(directory.joinpath(path).read_bytes() == self.expected(tile), f"{path} isn't what the entries give")
        for level, hashes in enumerate(self.hashes):
            for tile in tiles_of(level, len(hashes)):
                insist(path_of(*tile) in found, f"{path_of(*tile)} is missing")
        return len(found)

    def check_earlier(self, text, keys):
        """A checkpoint kept from before, signed or on paper, is of the first entries, and pymerkle's own proof from it to the head holds."""
        origin, size, root = on_paper(text) or open_checkpoint(text, keys)
        insist(origin == self.origin, f"it is of another log, {origin}")
        self.has(size, root)
        if size > 0:
            proof = self.tree.prove_consistency(size)
            proof.verify(root, self.root(len(self.entries)), prior_size=size, later_size=len(self.entries))

    def check_receipt(self, text, keys):
        """A receipt (C2SP tlog-proof): which entry, the log's proof, the checkpoint that it leads to."""
        proof, _, note = text.partition("\n\n")
        lines = [line for line in proof.split("\n") if not line.startswith("extra ")]
        insist(lines[0] == "c2sp.org/tlog-proof@v1" and re.fullmatch("index (0|[1-9][0-9]*)", lines[1]), "no receipt")
        index, path = int(lines[1][6:]), [read_hash(line) for line in lines[2:]]
        _, size, root = open_checkpoint(note, keys)
        self.has(size, root)
        insist(index < size, "the log has no such entry")
        leaf = self.tree.hash_buff(self.entries[index])
        # pymerkle counts from 1, and writes the leaf before the path; its rule says at which side each hash stands.
        rule = self.tree.prove_inclusion(index + 1, size).rule
        theirs = InclusionProof("sha256", True, size, index + 1, rule, [leaf] + path)
        theirs.verify(leaf, root, index=index + 1, size=size, algorithm="sha256")

    def check_growth(self, text, keys):
        """What a witness is sent (C2SP tlog-witness): the size that it knows, the log's proof from there, the checkpoint."""
        proof, _, note = text.partition("\n\n")
        old, *lines = proof.split("\n")
        insist(re.fullmatch("old (0|[1-9][0-9]*)", old), "it doesn't begin with an old size")
        old, path = int(old[4:]), [read_hash(line) for line in lines]
        _, size, root = open_checkpoint(note, keys)
        self.has(size, root)
        insist(old <= size, "the old size is the larger one")
        if old == 0 or old == size:
            insist(not path, "a proof where nothing is to be proved")
            return
        # Where the older tree is one whole subtree, RFC 6962 leaves its root out, because whoever checks has it.
        if old & (old - 1) == 0:
            path = [self.root(old)] + path
        # pymerkle takes apart what stands right of the older tree, down to its first leaf, where RFC 6962 has one hash.
        known = self.tree.prove_consistency(old, size)
        apart = known.subset.index(1)
        right = InclusionProof("sha256", True, size, 1, known.rule[:apart], known.path[:apart]).compute_root()
        insist(path[1:2] == [right], "it isn't what stands right of the older tree")
        path = known.path[:apart] + path[:1] + path[2:]
        theirs = ConsistencyProof("sha256", True, size, old, known.rule, known.subset, path)
        theirs.verify(self.root(old), root, prior_size=old, later_size=size, algorithm="sha256")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("directory", type=pathlib.Path)
    options.add_argument("--key", action="append", default=[], help="a verifier key of the log; repeatable")
    options.add_argument("--policy", action="append", default=[], help="a policy, all of whose logs' keys are taken")
    options.add_argument("--earlier", action="append", default=[], help="a checkpoint kept from before; repeatable")
    options.add_argument("--receipt", action="append", default=[], help="a receipt; repeatable")
    options.add_argument("--growth", action="append", default=[], help="what a witness is sent; repeatable")
    given = options.parse_args()
    kinds = ("earlier", given.earlier), ("receipts", given.receipt), ("growth", given.growth)
    try:
        named = given.key + [key for policy in given.policy for key in log_keys(policy)]
        if not named:
            options.error("say --policy FILE, or --key KEY: a log can't vouch for itself")
        keys = read_keys(named)
        if not given.directory.joinpath("tile").exists():
            given.directory.joinpath("checkpoint").stat()
        kept = [(name, kind, read_kept(kind, name)) for kind, names in kinds for name in names]
    except (OSError, ValueError) as unreadable:
        print(f"nothing was checked: {unreadable}", file=sys.stderr)
        return 2
    try:
        origin, size, root = open_checkpoint(given.directory.joinpath("checkpoint").read_bytes().decode(), keys)
        print(f"signature    {size} entries, signed by {origin}")
        log = Log(origin, read_entries(given.directory, size))
        log.has(size, root)
        print(f"entries      {size} hashed, and their root is the signed one")
        print(f"files        {log.check_files(given.directory)} tiles and bundles are what the entries give")
        checks = {"earlier": log.check_earlier, "receipts": log.check_receipt, "growth": log.check_growth}
        for kind, names in kinds:
            for name, text in [(name, text) for name, of, text in kept if of == kind]:
                try:
                    checks[kind](text, keys)
                except (NotSound, InvalidProof, ValueError) as found:
                    raise NotSound(f"{name}: {found}") from found
            print(f"{kind:12} {len(names)} hold")
    except (NotSound, InvalidProof, ValueError, OSError) as found:
        print(f"NOT SOUND: {found}")
        return 1
    print("sound")
    return 0


if __name__ == "__main__":
    sys.exit(main())
