// Proofs of a transparency log (RFC 6962, C2SP signed notes) with the cryptography that the browser has itself.
// Fetches nothing, draws nothing. Whatever isn't exactly as it should be throws Refuted; nothing here is believed unchecked.
'use strict';

const Proofs = (() => {
  /** A check that was made and failed, in both languages. */
  class Refuted extends Error {
    constructor(chinese, english) {
      super(english);
      this.chinese = chinese;
      this.english = english;
    }
  }

  /** What a check needs isn't there (the browser lacks it, the reader's key is mistyped): nothing is said about the notice. */
  class Unable extends Refuted {}

  /** Another key has signed than the reader's: it was replaced, or all is forged. Who gave the key can tell. */
  class KeyUnknown extends Refuted {}

  const utf8 = text => new TextEncoder().encode(text);
  const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  const same = (a, b) => a.length === b.length && a.every((byte, place) => byte === b[place]);

  function joined(...parts) {
    const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let end = 0;
    for (const part of parts) {
      bytes.set(part, end);
      end += part.length;
    }
    return bytes;
  }

  /** Base64 with padding (RFC 4648 §4), nothing laxer. */
  function base64(text) {
    if (typeof text !== 'string' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
      throw new Refuted('不是规范的 base64', 'not base64 as it has to be');
    }
    return Uint8Array.from(atob(text), character => character.charCodeAt(0));
  }

  function hash(text) {
    const bytes = base64(text);
    if (bytes.length !== 32) throw new Refuted('哈希的长度不对', 'a hash of the wrong length');
    return bytes;
  }

  function hashes(list) {
    if (!Array.isArray(list) || list.length > 64) throw new Refuted('证明的长度不对', 'a proof of the wrong length');
    return list.map(hash);
  }

  const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const leafHash = entry => sha256(joined([0], entry));
  const nodeHash = (left, right) => sha256(joined([1], left, right));

  const isSize = number => Number.isSafeInteger(number) && number >= 0;
  const half = number => Math.floor(number / 2);

  /** Whether the leaf is number `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2). */
  async function isIncluded(leaf, index, size, proof, root) {
    if (!isSize(index) || !isSize(size) || index >= size) return false;
    let node = index, last = size - 1, reached = leaf;
    for (const sibling of proof) {
      if (last === 0) return false;
      if (node % 2 === 1 || node === last) {
        reached = await nodeHash(sibling, reached);
        while (node % 2 === 0 && node !== 0) {
          node = half(node);
          last = half(last);
        }
      } else {
        reached = await nodeHash(reached, sibling);
      }
      node = half(node);
      last = half(last);
    }
    return last === 0 && same(reached, root);
  }

  /** Whether the tree of `newSize` leaves begins with the one of `oldSize` (RFC 9162 §2.1.4.2). */
  async function isConsistent(oldSize, newSize, proof, oldRoot, newRoot) {
    if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize || oldSize === 0) return false;
    if (oldSize === newSize) return proof.length === 0 && same(oldRoot, newRoot);
    let node = oldSize - 1, last = newSize - 1, power = oldSize;
    while (power % 2 === 0) power = half(power);
    const path = power === 1 ? [oldRoot, ...proof] : [...proof];
    if (path.length === 0) return false;
    while (node % 2 === 1) {
      node = half(node);
      last = half(last);
    }
    let ofOld = path[0], ofNew = path[0];
    for (const sibling of path.slice(1)) {
      if (last === 0) return false;
      if (node % 2 === 1 || node === last) {
        ofOld = await nodeHash(sibling, ofOld);
        ofNew = await nodeHash(sibling, ofNew);
        while (node % 2 === 0 && node !== 0) {
          node = half(node);
          last = half(last);
        }
      } else {
        ofNew = await nodeHash(ofNew, sibling);
      }
      node = half(node);
      last = half(last);
    }
    return last === 0 && same(ofOld, oldRoot) && same(ofNew, newRoot);
  }

  const ED25519 = 1;
  const keyId = async (name, key) => hex((await sha256(joined(utf8(`${name}\n`), key))).slice(0, 4));

  /** A verifier key (C2SP signed-note): `name+key id+base64`. What is wrong with it is thrown as `Wrong`. */
  async function verifierKey(text, Wrong) {
    const wrong = new Wrong(`公钥“${text}”的写法不对：应为“名称+八位编号+base64”，请核对是否抄写完整`,
      `${text} is not a key, which is written name+key id+base64: was it copied whole?`);
    const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text);
    if (!parts || parts[3].length % 4 !== 0) throw wrong;
    const [, name, id, encoded] = parts;
    const key = base64(encoded);
    if (await keyId(name, key) !== id) throw wrong;
    if (key.length !== 33 || key[0] !== ED25519) return null;
    return { text, name, id, key: key.slice(1), fingerprint: hex(await sha256(key.slice(1))) };
  }

  /** The keys that a reader gave, apart by white space. Those of other kinds, such as SM2, no browser can check; others check them. */
  async function readersKeys(text) {
    const all = await Promise.all(text.split(/\s+/).filter(Boolean).map(key => verifierKey(key, Unable)));
    const keys = all.filter(key => key !== null);
    if (all.length > 0 && keys.length === 0) {
      throw new Unable('浏览器不能核验这种公钥（例如国密 SM2），请填写账本的 Ed25519 公钥', 'no browser can check this kind of key, such as SM2: give the Ed25519 key of the log');
    }
    return keys;
  }

  /** The key that the site gives. */
  async function sitesKey(text) {
    const key = await verifierKey(text, Refuted);
    if (key === null) throw new Refuted('本网站给出的公钥不是 Ed25519 公钥', 'the key that this site gives is no Ed25519 key');
    return key;
  }

  /** A checkpoint (C2SP tlog-checkpoint) with its signature lines, none of them checked. */
  function checkpoint(note) {
    const end = note.lastIndexOf('\n\n');
    const text = note.slice(0, end + 1);
    const lines = text.split('\n');
    if (end < 0 || lines.length < 4 || !/^(0|[1-9][0-9]{0,15})$/.test(lines[1]) || !note.endsWith('\n')) {
      throw new Refuted('检查点的格式不对', 'not a checkpoint');
    }
    const signatures = note.slice(end + 2, -1).split('\n').map(line => {
      const parts = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
      if (!parts) throw new Refuted('检查点的签名行格式不对', 'not a signature line');
      const bytes = base64(parts[2]);
      return { name: parts[1], id: hex(bytes.slice(0, 4)), signature: bytes.slice(4) };
    });
    return { text, origin: lines[0], size: Number(lines[1]), root: hash(lines[2]), signatures };
  }

  /** Whether the browser has Ed25519 at all. Only pages over https or from the same machine have any cryptography. */
  async function mustHaveEd25519() {
    if (!globalThis.crypto?.subtle) {
      throw new Unable(
        '浏览器只在 https 或本机页面上提供密码功能，本页两者都不是',
        'browsers have cryptography only on pages over https or of the same machine');
    }
    try {
      await crypto.subtle.importKey('raw', new Uint8Array(32).fill(9), 'Ed25519', false, ['verify']);
    } catch (missing) {
      if (missing.name === 'NotSupportedError') {
        throw new Unable('这个浏览器不支持 Ed25519 签名，请换用较新的版本', 'this browser has no Ed25519: use a newer one');
      }
    }
  }

  /** Refutes a checkpoint that isn't of a key's log or that none of the keys signed. Gives the key that did. */
  async function mustBeSigned(checkpoint, keys) {
    const own = keys.filter(key => key.name === checkpoint.origin);
    if (own.length === 0) {
      throw new KeyUnknown(`检查点属于账本“${checkpoint.origin}”，公钥属于“${keys[0].name}”`,
        `the checkpoint is of ${checkpoint.origin}, the key of ${keys[0].name}`);
    }
    let signedBy = null;
    for (const key of own) {
      const imported = await crypto.subtle.importKey('raw', key.key, 'Ed25519', false, ['verify']);
      // All of them: a wrong one beside a right one fails as well.
      for (const line of checkpoint.signatures.filter(line => line.name === key.name && line.id === key.id)) {
        if (!await crypto.subtle.verify('Ed25519', imported, line.signature, utf8(checkpoint.text))) {
          throw new Refuted('签名与检查点不符：检查点被改动，或不是由这把钥匙签的',
            'the signature is not over this checkpoint: it was changed, or another key signed it');
        }
        signedBy = key;
      }
    }
    if (signedBy === null) throw new KeyUnknown('检查点上没有这把公钥的签名', 'the checkpoint bears no signature of this key');
    return signedBy;
  }

  /** The canonical form of JSON (RFC 8785) for text, whole numbers, lists and objects: all that a notice holds. */
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
    if (value !== null && typeof value === 'object') {
      const members = Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canonical(value[key])}`);
      return `{${members.join(',')}}`;
    }
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new Refuted('通报数据里有非整数', 'a number of the notice is not whole');
    }
    return JSON.stringify(value);
  }

  /** `12.50` points as a whole number of hundredths. */
  function hundredths(text) {
    const parts = /^(-?)([0-9]{1,13})\.([0-9]{2})$/.exec(text);
    if (!parts) throw new Refuted(`“${text}”不是规范的积分`, `${text} is not written as points are`);
    const magnitude = Number(parts[2]) * 100 + Number(parts[3]);
    return parts[1] ? -magnitude : magnitude;
  }

  return {
    KeyUnknown, Refuted, Unable, canonical, checkpoint, hash, hashes, hex, hundredths, isConsistent, isIncluded, leafHash,
    mustBeSigned, mustHaveEd25519, readersKeys, same, sha256, sitesKey, utf8,
  };
})();
