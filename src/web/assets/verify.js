// The button “核验 Verify”: fetches what proves a notice, recomputes it here, and says step by step what was found.
// Stops at the first contradiction. Keeps the key that the reader gave and the last checkpoint, in this browser only.
'use strict';

(() => {
  const { KeyUnknown, Refuted, Unable } = Proofs;
  const panel = document.querySelector('#verify');
  const button = document.querySelector('#verify-start');
  const keyField = document.querySelector('#verify-key');
  const list = document.querySelector('#verify-steps');
  const result = document.querySelector('#verify-result');
  const notice = panel.dataset.notice;
  const number = panel.dataset.line ? Number(panel.dataset.line) : null;
  const SAMPLED = 3;

  const kept = {
    get: name => { try { return localStorage.getItem(`mingzhang ${name}`); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(`mingzhang ${name}`, value); } catch { /* A private window keeps nothing. */ } },
  };
  keyField.value = kept.get(`key ${location.host}`) ?? '';

  async function fetched(address) {
    let answer;
    try {
      answer = await fetch(address, { headers: { accept: 'application/json' }, cache: 'no-store' });
    } catch {
      throw new Unable('无法取得数据：请检查网络', `can't fetch ${address}: check the network`);
    }
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      const refused = new Refuted(`服务器不给证明（${answer.status} ${problem.code ?? ''}）`, `the server gives no proof: ${answer.status} ${problem.code ?? ''}`);
      refused.code = problem.code;
      throw refused;
    }
    try {
      return await answer.json();
    } catch {
      throw new Refuted('服务器的回答不是 JSON', 'the answer of the server is not JSON');
    }
  }

  const both = (chinese, english) => ({ chinese, english });
  const text = (name, content, language) => {
    const element = document.createElement(name);
    element.textContent = content;
    if (language) {
      element.lang = language;
      element.className = 'en';
    }
    return element;
  };

  const MARKS = {
    running: ['…', '正在核验', 'checking'],
    passed: ['✓', '通过', 'passed'],
    failed: ['✗', '不通过', 'failed'],
    unable: ['—', '无法核验', 'not checked'],
    skipped: ['—', '未核验', 'not checked'],
  };

  function draw(item, state, title, said) {
    const [mark, word] = MARKS[state];
    item.dataset.state = state;
    item.replaceChildren();
    const sign = text('span', mark);
    sign.className = 'mark';
    sign.setAttribute('aria-hidden', 'true');
    const name = text('strong', title.chinese);
    item.append(sign, name, text('span', ` ${title.english}`, 'en'), text('span', `　${word}`));
    if (said) item.append(text('p', said.chinese), text('p', said.english, 'en'));
  }

  /** The notice that the address of this page names, and the line or none. Null where it names no notice, as that of a copy may. */
  function addressed() {
    const named = decodeURI(location.pathname).match(/\/notices\/([^/]+)(?:\/lines\/(\d+))?\/?$/);
    return named && { notice: named[1], number: named[2] === undefined ? null : Number(named[2]) };
  }

  /** One step after the other on what the steps before have proved; `found` is that. */
  const STEPS = [
    ['browser', both('浏览器的密码功能', 'Cryptography of this browser'), async () => {
      await Proofs.mustHaveEd25519();
      return both('有 SHA-256 和 Ed25519，计算都在您的设备上进行。', 'SHA-256 and Ed25519 are there; all is computed on your device.');
    }],
    ['fetch', both('取得通报和证明', 'Fetching notice and proofs'), async found => {
      if (location.protocol === 'file:') {
        throw new Unable('这是保存在本机的网页，取不到证明：请到公布单位的网站上打开它，再核验一次',
          'this page was saved as a file and can fetch no proofs: open it on the site of the issuing body and check there');
      }
      found.document = await fetched(`/v1/notices/${notice}.json`);
      found.data = found.document.notice;
      const note = kept.get(`checkpoint ${found.data.checkpoint.origin}`);
      found.before = note ? Proofs.checkpoint(note) : null;
      const address = `/v1/notices/${notice}/proof`;
      found.proof = await fetched(found.before ? `${address}?since=${found.before.size}` : address).catch(failure => {
        // It has become shorter than what was kept: the step that compares says so.
        if (failure.code !== 'as_of_beyond_head') throw failure;
        return fetched(address);
      });
      found.head = Proofs.checkpoint(String(found.proof.checkpoint));
      return both(`通报数据和 ${found.head.size} 条记录的检查点已取得。`, `Got the notice and a checkpoint of ${found.head.size} entries.`);
    }],
    ['key', both('账本的公钥', 'Key of the log'), async found => {
      const [given, before] = [keyField.value.trim(), kept.get(`seen-key ${found.head.origin}`)];
      found.isReadersKey = given !== '';
      found.keys = given ? await Proofs.readersKeys(given) : [await Proofs.sitesKey(String(found.proof.verifier_key))];
      if (!given && before && before !== found.keys[0].text) {
        throw new KeyUnknown('本网站给出的公钥与上次不同', 'the key that this site gives is another than last time');
      }
      const fingerprints = found.keys.map(key => key.fingerprint.match(/.{8}/g).join(' ')).join('；');
      return given
        ? both(`使用您填写的公钥，指纹 ${fingerprints}`, found.keys.length === 1 ? 'The key that you gave.' : 'The keys that you gave.')
        : both(`使用本网站自己给出的公钥，指纹 ${fingerprints}。请与公布单位或监督机构另行告知的对照；对照之前，只能证明本网站的说法前后一致。`,
          'The key as this site gives it: compare the fingerprint with one that reached you by another way. Until then only this site\'s own word is proved consistent.');
    }],
    ['signature', both('检查点的签名', 'Signature of the checkpoint'), async found => {
      found.signedBy = await Proofs.mustBeSigned(found.head, found.keys);
      return both(`“${found.head.origin}”签过这个检查点。`, 'The log has signed this checkpoint.');
    }],
    ['remembered', both('与上次记住的检查点相符', 'Continues the checkpoint kept last time'), async found => {
      const { before, head } = found;
      if (!before) return both('这是您第一次在这个浏览器里核验，没有可对照的。', 'Nothing to compare with: it is the first time in this browser.');
      if (before.size > head.size) {
        throw new Refuted(`账本变短了：上次有 ${before.size} 条记录，现在只有 ${head.size} 条`,
          `the log has shrunk from ${before.size} entries to ${head.size}`);
      }
      if (!await Proofs.isConsistent(before.size, head.size, Proofs.hashes(found.proof.since?.consistency_proof), before.root, head.root)) {
        throw new Refuted(`账本被改写：它不再以您上次记住的 ${before.size} 条记录开头`,
          `the log was rewritten: it no longer begins with the ${before.size} entries that this browser has kept`);
      }
      return both(`自上次的 ${before.size} 条以来，账本只在后面添加过。`, `Since ${before.size} entries the log has only grown.`);
    }],
    ['entry', both('印发通报的记录在账本里', 'The entry that issued the notice is in the log'), async found => {
      const leaf = await Proofs.leafHash(Proofs.utf8(String(found.proof.entry)));
      const path = Proofs.hashes(found.proof.inclusion_proof);
      if (!await Proofs.isIncluded(leaf, found.proof.log_index, found.head.size, path, found.head.root)) {
        throw new Refuted('这条记录不在签过名的账本里', 'the entry is not in the log that was signed');
      }
      return both(`它是第 ${found.proof.log_index} 条（从 0 数起）。`, `It is number ${found.proof.log_index}, counted from 0.`);
    }],
    ['issued', both('那条记录印发的正是这份通报', 'That entry issued this very notice'), async found => {
      found.event = JSON.parse(found.proof.entry);
      const { type, id, data: said } = found.event;
      const { data } = found;
      // What is disclosed (公示) has no number yet.
      const disclosed = data.number === '';
      const pairs = [
        [disclosed ? 'mingzhang.disclosure.opened.v1' : 'mingzhang.notice.issued.v1', type],
        [notice, id], [data.number, disclosed ? '' : said?.number], [data.month, said?.month],
        [data.organization, said?.organization], [data.checkpoint.tree_size, said?.tree_size],
        [data.checkpoint.root_hash, said?.root_hash], [data.checkpoint.origin, found.head.origin],
      ];
      const other = pairs.find(([printed, recorded]) => printed !== recorded);
      if (other) throw new Refuted(`通报写的是“${other[0]}”，账本记的是“${other[1]}”`, `the notice says ${other[0]}, the log ${other[1]}`);
      if (disclosed) return both(`${found.event.time} 公示，至 ${said.until} 止。`, `Disclosed at ${found.event.time}, until ${said.until}.`);
      return both(`文号${data.number}，${found.event.time} 印发。`, `Number ${data.number}, issued at ${found.event.time}.`);
    }],
    ['digest', both('通报的摘要', 'Digest of the notice'), async found => {
      const digest = Proofs.hex(await Proofs.sha256(Proofs.utf8(Proofs.canonical(found.data))));
      if (digest !== found.event.data.digest) {
        throw new Refuted('通报数据与印发时不同：重新计算的摘要与账本里的不符', 'the notice is not the one that was issued: its digest is another');
      }
      found.digest = digest;
      return both('通报的每个数字都与印发时相同。', 'Every figure is as it was issued.');
    }],
    ['growth', both('账本此后只添加过', 'The log has only grown since'), async found => {
      const size = found.data.checkpoint.tree_size;
      found.root = Uint8Array.from(found.data.checkpoint.root_hash.match(/../g), pair => parseInt(pair, 16));
      const path = Proofs.hashes(found.proof.consistency_proof);
      if (!await Proofs.isConsistent(size, found.head.size, path, found.root, found.head.root)) {
        throw new Refuted('现在的账本不是从通报上的根哈希接着写的：账本被改写，或通报上的根哈希是假的',
          'the log does not continue from the root that the notice prints');
      }
      return both(`通报依据的 ${size} 条记录原样在现在的 ${found.head.size} 条里。`, `The ${size} entries behind the notice are unchanged among today's ${found.head.size}.`);
    }],
    ['total', both('各行相加等于合计', 'The lines add up to the total'), async found => {
      const sum = found.data.members.reduce((sum, line) => sum + Proofs.hundredths(line.points), 0);
      if (sum !== Proofs.hundredths(found.data.totals.points)) {
        throw new Refuted('各行积分之和不等于合计', 'the points of the lines do not add up to the total');
      }
      return both(`${found.data.members.length} 行，合计 ${found.data.totals.points} 分。`, `${found.data.members.length} lines, ${found.data.totals.points} points.`);
    }],
    ['page', both('网页显示的就是这些数字', 'This page shows these figures'), async found => {
      const address = addressed();
      if (address && (address.notice !== notice || address.number !== number)) {
        throw new Refuted('这个网址是另一份通报或另一行的，网站给出的却是这一页',
          'this address is that of another notice or line than the page that the site shows here');
      }
      const traced = number === null ? null : (found.traced = await fetchedLine(number));
      const wrong = Printed.difference(traced ? Printed.line(found) : Printed.notice(found));
      if (wrong) {
        throw new Refuted(`网页的“${wrong.name}”与数据不符：网页上是“${wrong.seen}”，应为“${wrong.wanted}”`,
          `the page shows “${wrong.seen}” where “${wrong.wanted}” is right`);
      }
      found.unproved = traced ? Printed.UNPROVED_OF_A_LINE : Printed.unproved(found.data);
      if (!address) found.unproved = [...found.unproved, ['网址是否就是它的（网址里没有写明通报）', 'whether this is its address (it names no notice)']];
      return both(`网页上的其余数字都与已核验的数据相同。没有核验的：${found.unproved.map(([chinese]) => chinese).join('；')}。`,
        `Every other figure that the page shows is what was checked. Not proved: ${found.unproved.map(([, english]) => english).join('; ')}.`);
    }],
    ['lines', both('每项都有记录在账本里', 'Every item rests on entries of the log'), async found => {
      const numbers = number === null ? sampled(found.data.members.length) : [number];
      found.restingOn = new Map();
      for (const of of numbers) await checkLine(found, of, found.traced ?? await fetchedLine(of));
      const records = found.restingOn.size;
      const unproved = both('记录的内容不公开：是不是这名党员的、该得多少分，这里没有核验，监督机构用 mingzhang audit 核验。',
        'What the entries say isn\'t public: whose they are and what they are worth is not proved here; supervising bodies prove it with mingzhang audit.');
      return number === null
        ? both(`随机抽查第 ${numbers.join('、')} 行，共 ${records} 条记录：都在账本里，没有一条算了两次，各项相加等于积分。点任何一行的积分，可以核验那一行。${unproved.chinese}`,
          `Lines ${numbers.join(', ')}, taken at random: their ${records} entries are in the log, none counts twice, the items add up. Open any line to check that one. ${unproved.english}`)
        : both(`${records} 条记录都在账本里，没有一条算了两次，各项相加等于积分。${unproved.chinese}`,
          `The ${records} entries are in the log, none counts twice, the items add up. ${unproved.english}`);
    }],
    ['superseded', both('它所取代的通报', 'The notice that it takes the place of'), async found => {
      const { supersedes, number: own } = found.data;
      if ((found.event.data.supersedes ?? null) !== (supersedes?.event ?? null) && found.data.changes) {
        throw new Refuted('通报写明取代的，不是账本记载的那一份', 'the log names another notice in its place');
      }
      if (!supersedes) return both('它没有写明取代别的通报。', 'It names none.');
      const [document, proof] = [await fetched(`/v1/notices/${supersedes.event}.json`), await fetched(`/v1/notices/${supersedes.event}/proof`)];
      await mustBeIssued(found, supersedes, proof);
      const digest = Proofs.hex(await Proofs.sha256(Proofs.utf8(Proofs.canonical(document.notice))));
      if (digest !== supersedes.digest) {
        throw new Refuted('原通报的数据与印发时不同：摘要不符', 'the superseded notice is not the one that was issued: its digest is another');
      }
      const wrong = Changes.difference(document.notice, found.data);
      if (wrong) {
        throw new Refuted(`更正说明与两份通报的差别不符（${wrong}）`, `what is said to have changed is not what differs between the two notices: ${wrong}`);
      }
      return both(`${supersedes.number}与印发时相同；由它加上更正说明，正好得出${own}。`,
        `${supersedes.number} is as it was issued; with the changes that are told it gives ${own} exactly.`);
    }],
  ];

  /** The entry that issued the superseded notice is in the log and says what this one says of it. */
  async function mustBeIssued(found, supersedes, proof) {
    const wrong = (chinese, english) => new Refuted(`原通报：${chinese}`, `the superseded notice: ${english}`);
    const head = Proofs.checkpoint(String(proof.checkpoint));
    await Proofs.mustBeSigned(head, found.keys);
    const leaf = await Proofs.leafHash(Proofs.utf8(String(proof.entry)));
    if (!await Proofs.isIncluded(leaf, proof.log_index, head.size, Proofs.hashes(proof.inclusion_proof), head.root)) {
      throw wrong('印发它的记录不在账本里', 'the entry that issued it is not in the log');
    }
    const { id, data: said } = JSON.parse(proof.entry);
    const pairs = [[supersedes.event, id], ...['digest', 'number', 'tree_size', 'root_hash'].map(name => [supersedes[name], said[name]])];
    const other = pairs.find(([printed, recorded]) => printed !== recorded);
    if (other) throw wrong(`更正通报写的是“${other[0]}”，账本记的是“${other[1]}”`, `this notice says ${other[0]} of it, the log ${other[1]}`);
    const root = Uint8Array.from(supersedes.root_hash.match(/../g), pair => parseInt(pair, 16));
    if (!await Proofs.isConsistent(supersedes.tree_size, head.size, Proofs.hashes(proof.consistency_proof), root, head.root)) {
      throw wrong('账本不是从它的根哈希接着写的', 'the log does not continue from its root hash');
    }
  }

  const fetchedLine = of => fetched(`/v1/notices/${notice}/lines/${of}`);

  function sampled(lines) {
    const numbers = new Set();
    while (numbers.size < Math.min(SAMPLED, lines)) {
      numbers.add(crypto.getRandomValues(new Uint32Array(1))[0] % lines + 1);
    }
    return [...numbers].sort((a, b) => a - b);
  }

  async function checkLine(found, of, traced) {
    const wrong = (chinese, english) => new Refuted(`第 ${of} 行：${chinese}`, `line ${of}: ${english}`);
    const line = found.data.members[of - 1];
    if (!line || Proofs.canonical(traced.line) !== Proofs.canonical(line)) throw wrong('与通报的那一行不符', 'it is not the line of the notice');
    const sum = traced.items.reduce((sum, item) => sum + Proofs.hundredths(item.points), 0);
    if (sum !== Proofs.hundredths(line.points)) throw wrong('各条记录的分数相加不等于这一行的积分', 'the points of its records do not add up');
    const size = found.data.checkpoint.tree_size;
    for (const item of traced.items) {
      if (item.entries.length === 0) throw wrong('有一项没有任何记录', 'an item rests on no entry');
      for (const entry of item.entries) {
        const leaf = Proofs.hash(entry.leaf_hash);
        if (!await Proofs.isIncluded(leaf, entry.log_index, size, Proofs.hashes(entry.inclusion_proof), found.root)) {
          throw wrong(`第 ${entry.log_index} 条记录不在账本里`, `entry ${entry.log_index} is not in the log`);
        }
        mustCountOnce(found.restingOn, entry, of, item, wrong);
      }
    }
  }

  /** An entry is about one member and one item; what it corrected rests on it as well, and counts for nothing any more. */
  function mustCountOnce(restingOn, entry, of, item, wrong) {
    const corrected = item.standing === 'reversed' && Proofs.hundredths(item.points) === 0;
    const before = restingOn.get(entry.log_index);
    if (before && (before.of !== of || !(before.corrected || corrected))) {
      throw wrong(`第 ${entry.log_index} 条记录算了两次`, `entry ${entry.log_index} counts twice`);
    }
    restingOn.set(entry.log_index, { of, corrected: corrected && (before?.corrected ?? true) });
  }

  /** What to do where a check has failed. */
  const KEEP = both('请保留本页，并告知监督机构。', 'Keep this page and tell the supervising body.');
  const WHOSE_KEY = both(
    '账本可能换了钥匙，也可能是假冒的：请向公布单位或监督机构要账本现在的公钥（换过的，新旧几把都可以填在上面，用空格隔开），再核验一次。仍不通过的，请保留本页，并告知监督机构。',
    'The log may have replaced its key, or this is a forgery: ask the issuing or the supervising body for the key of today, put it above (several, old and new, apart by spaces), and check again. If it fails still, keep this page and tell the supervising body.');

  async function verify() {
    button.disabled = true;
    panel.dataset.state = 'running';
    result.replaceChildren(text('span', '正在核验…'), text('span', ' Checking…', 'en'));
    const items = STEPS.map(([name, title]) => {
      const item = document.createElement('li');
      item.dataset.step = name;
      draw(item, 'skipped', title);
      return item;
    });
    list.replaceChildren(...items);
    const found = {};
    let ended = 'passed', why = both('', ''), next = KEEP;
    for (const [place, [, title, check]] of STEPS.entries()) {
      draw(items[place], 'running', title);
      try {
        draw(items[place], 'passed', title, await check(found));
      } catch (failure) {
        ended = failure instanceof Unable ? 'unable' : 'failed';
        next = failure instanceof KeyUnknown ? WHOSE_KEY : KEEP;
        const said = failure instanceof Refuted ? failure : both('数据的样子不对', `malformed data: ${failure.message}`);
        draw(items[place], ended, title, said);
        why = both(`${title.chinese}：${said.chinese.replace(/。$/, '')}。`, `${title.english}: ${said.english.replace(/\.$/, '')}.`);
        break;
      }
    }
    const unproved = (found.unproved ?? []).map(([chinese, english]) => both(`；${chinese}`, `; ${english}`));
    const rest = both(
      `没有核验的：由原始记录重新计算积分和比率，这由监督机构用 mingzhang audit 完成${unproved.map(of => of.chinese).join('')}。详见各步说明。`,
      `Not checked here: points and rates computed anew from the entries, which supervising bodies do with mingzhang audit${unproved.map(of => of.english).join('')}. The steps say more.`);
    if (ended === 'passed') {
      kept.set(`checkpoint ${found.head.origin}`, found.proof.checkpoint);
      kept.set(`seen-key ${found.head.origin}`, found.signedBy.text);
      kept.set(`key ${location.host}`, keyField.value.trim());
      // Whoever forges a notice can make a key as well.
      if (!found.isReadersKey) ended = 'as-told';
    }
    const [chinese, english] = {
      passed: found.traced
        ? [`核验通过：这一行是通报上的那一行，通报与账本一致，它依据的记录都在账本里。${rest.chinese}`,
          `Verified: the line is that of the notice, the notice is what the log holds, and the entries behind the line are in the log. ${rest.english}`]
        : [`核验通过：这份通报与账本一致。${rest.chinese}`, `Verified: the notice is what the log holds. ${rest.english}`],
      'as-told': [`前后一致，但公钥没有核对：签名是用本网站自己给出的公钥检查的，只证明本网站的说法前后一致。请填写公布单位或监督机构另行告知的公钥，再核验一次。${rest.chinese}`,
        `Consistent, but by a key that only this site gives: its own word agrees with itself, and no more is proved. Put in the key that reached you by another way, and check again. ${rest.english}`],
      failed: [`核验不通过。${why.chinese}${next.chinese}`, `Not verified. ${why.english} ${next.english}`],
      unable: [`没有完成核验，没有结论。${why.chinese}`, `Not completed: nothing is proved either way. ${why.english}`],
    }[ended];
    panel.dataset.state = ended;
    result.replaceChildren(text('strong', chinese), text('span', ` ${english}`, 'en'));
    button.disabled = false;
  }

  button.addEventListener('click', verify);
  button.hidden = false;
})();
