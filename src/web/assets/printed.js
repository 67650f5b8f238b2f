// What a page prints, held against what it has to print for the data that were proved. Reads the page, changes nothing.
// No figure can be forgotten: a number anywhere on the page, in digits or in words, that no part has compared is a difference itself.
'use strict';

const Printed = (() => {
  const squeezed = text => text.replace(/\s+/g, '');
  const said = element => squeezed(element.textContent);
  /** A row of a table, cell by cell. */
  const cells = row => Array.from(row.cells, said).join('|');
  const row = values => values.map(value => squeezed(String(value))).join('|');
  const all = (selector, of = document) => Array.from(of.querySelectorAll(selector));

  /** A part of a page: its name, the texts that it has to have, the elements that have them, and how an element is read. */
  const part = (name, wanted, selector, read = said) => ({ name, wanted: wanted.map(text => squeezed(String(text))), elements: all(selector), read });
  const table = (name, head, rows, selector) => part(name, [head, ...rows.map(row)], `${selector} tr`, cells);
  /** A text that is printed in one of several ways: which one, the words say that aren't proved. */
  const oneOf = (name, ways, selector) => {
    const printed = all(selector).map(said);
    return part(name, [ways.find(way => printed.includes(squeezed(way))) ?? ways[0]], selector);
  };
  const attribute = (name, wanted, selector, of) => ({ name, wanted, elements: all(selector), read: element => element.getAttribute(of), of });

  /** Every text below an element, in order: nothing of it is left out, whatever it stands in. */
  const texts = element => {
    const found = [];
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) found.push(squeezed(nodes.currentNode.data));
    return found.filter(text => text).join('|');
  };

  /** A number in any script, in Chinese words, or in English ones. */
  const NUMBER = new RegExp('[\\p{N}〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億廿卅]|'
    + '\\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(thir|four|fif|six|seven|eigh|nine)teen|'
    + '(twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|dozen|half)s?\\b', 'iu');

  /** Where numbers stand that are no figures: in fixed words, and in the names of standards. */
  const NOT_FIGURES = new RegExp([
    '[一二三四五六]、(总体情况|各组织情况|履职情况|记录与佐证|细则与口径|如何核验)', '最[初后]一刻', '同一检查点', '只计一次', '至少报名一次', '至少有一条有效记录', '是一次活动', '（1、2、2、4）',
    '二维码', '后四位', 'the last four digits', '根哈希这三行', 'the three lines of the QR code', '签名的三行文字', 'the three lines that the log signs', 'C2SP', 'RFC 6962', 'base64',
    '从 0 数起', 'counted from 0',
  ].join('|'), 'g');

  const isNumber = text => NUMBER.test(text.replace(NOT_FIGURES, ''));

  /** What stands in attributes and is shown or read aloud. */
  const SHOWN = ['alt', 'aria-description', 'aria-label', 'aria-valuetext', 'label', 'placeholder', 'start', 'title', 'value'];
  /** What can show a figure that is no text. */
  const PICTURES = 'img, picture, image, canvas, video, audio, iframe, object, embed, style, template';

  /** The numbers on the page that stand in none of the parts. Only the list of steps and their result, which this script writes, are left out. */
  function uncompared(parts) {
    const compared = new Set(parts.filter(part => !part.of).flatMap(part => part.elements));
    for (const own of ['#verify-steps', '#verify-result']) compared.add(document.querySelector(own));
    const isCompared = element => element !== null && (compared.has(element) || isCompared(element.parentElement));
    const found = [];
    for (const root of [document.querySelector('head > title'), document.body]) {
      const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        const { data, parentElement } = nodes.currentNode;
        if (isNumber(data) && !isCompared(parentElement)) found.push(squeezed(data));
      }
    }
    for (const name of SHOWN) {
      const elsewhere = new Set(parts.filter(part => part.of === name).flatMap(part => part.elements));
      for (const element of all(`body [${name}]`)) {
        const value = element.getAttribute(name);
        if (isNumber(value) && !elsewhere.has(element) && !isCompared(element)) found.push(squeezed(value));
      }
    }
    return { name: '没有核对过的数字 a figure that nothing was compared with', wanted: [], elements: found, read: text => text };
  }

  /** What stands around a notice or a line, and what must not. */
  const around = data => [
    // Only a notice whose digest is another bears a warning, and that has been found before.
    part('警告 warning', [], '.altered'),
    part('图片 pictures', [], `body :is(${PICTURES})`, element => `<${element.localName}>`),
    attribute('公钥的样子 how a key looks', [`${data.checkpoint.origin}+5f9a1c2e+AT…`], '#verify-key', 'placeholder'),
  ];

  const SUPERSEDED = '本通报已更正：见更正通报。这里仍是印发时的内容。 This notice was superseded; what you see is as it was issued.';
  const SUPERSEDES = '更正通报，取代原通报。 Supersedes an earlier notice.';

  /** The remarks above a notice: that it supersedes another is in the log; that another supersedes it is the site's word. */
  function remarks({ data: { supersedes = null } }) {
    const found = all('.restated').filter(remark => said(remark) !== squeezed(SUPERSEDED));
    const name = '页首关于更正的提示 remark above the notice';
    return [
      { name, wanted: supersedes ? [squeezed(SUPERSEDES)] : [], elements: found, read: said },
      { name, wanted: supersedes ? [`/notices/${supersedes}`] : [], elements: found.flatMap(of => all('a', of)), read: of => of.getAttribute('href'), of: 'href' },
    ];
  }

  /** What the page of a notice has to print. `event` is the entry that issued or disclosed it. */
  function notice({ data, digest, document: { names, names_of_changes: changed, witnesses }, event }) {
    const inMonth = Prose.monthInWords(data.month);
    // The office may word the title itself: then it names the month, and no other figure.
    const own = all('article.notice > h1.own').map(heading => heading.firstChild.textContent.trim()).join();
    const isOwn = own.includes(inMonth) && !isNumber(own.replace(inMonth, ''));
    const title = isOwn ? own : Prose.title(data.month, event.data.until ? '公示' : '通报');
    const issued = Prose.localDate(event.time);
    const onPage = Math.max(all('.members tbody tr').length, Math.min(data.members.length, 3000));
    const elsewhere = data.members.length - onPage;
    const parts = [
      ...around(data),
      ...remarks(event),
      part('网页标题 title', [`${title}　${data.name}`], 'head > title'),
      part('标题 heading', [`${title}${Prose.titleInEnglish(data.month)}`], 'article.notice h1'),
      part('文号 number', [data.number || Prose.disclosedUntil(event.data.until)], '.masthead .number'),
      part('公示期与异议 period and objections', objecting(issued, event.data.until), '.objecting > :is(h2, p:not(.contact, .own))'),
      part('更正说明 changes', Corrections.texts(data, changed).map(texts => texts.map(squeezed).join('|')), '.changes > *', texts),
      part('总体情况 overview', Prose.overview(data), '[aria-labelledby="overview"] > p'),
      part('四项比率 rates', Prose.cards(data), '.rate'),
      attribute('四项比率 rates', ['报到率', '结对报名率', '巡逻报名率', '参与率'], '.rate', 'aria-label'),
      attribute('比率的横条 bars', Prose.CARDS.map(([name]) => Prose.bar(data.rates[name])), '.rate .bar .fill', 'width'),
      part('合计 sums', Prose.sums(data), '.sums > div'),
      data.sub_organizations.length === 0
        ? part('各组织 organisations', ['没有下级组织。'], '[aria-labelledby="organizations"] > p')
        : table('各组织 organisations', '名次|组织|应报到|报到率|结对报名率|巡逻报名率|参与率|积分合计|人均积分', Prose.organizations(data), '.organizations'),
      part('履职情况 service', Prose.service(data), '[aria-labelledby="service"] > p'),
      part('记录 records', [Prose.records(data)], '[aria-labelledby="evidence"] > p'),
      table('佐证 evidence', '佐证方式|记录数|占比', Prose.evidence(data), '.evidence'),
      attribute('佐证的横条 bars', Prose.shares(data).map(Prose.bar), '.evidence .bar .fill', 'width'),
      part('细则 rules', [Prose.rules(data)], '[aria-labelledby="definitions"] > p'),
      oneOf('人数过少 small groups', Prose.smallGroups(data), '.definitions li:last-child'),
      part('检查点 checkpoint', [Prose.checkpoint(data)], '.checking > p:not(.witnessing)'),
      part('见证 witnesses', [Prose.witnessing(witnesses, data.checkpoint.tree_size)], '.checking > .witnessing'),
      part('检查点 checkpoint', [
        `账本Log${data.checkpoint.origin}`, `条目数Entries${data.checkpoint.tree_size}`, `根哈希Root hash${data.checkpoint.root_hash}`, `通报摘要Digest${digest}`,
      ], '.checking dl > div'),
      part('二维码下的三行 lines below the code', [Prose.checkpointLines(data)], '.checkpoint-code code'),
      part('印发日期 date', [Prose.dateInWords(issued)], '.signed time'),
      attribute('印发日期 date', [issued], '.signed time', 'datetime'),
      part('党员积分排名 members', [`${data.name}${Prose.monthInWords(data.month)}党员积分，共${data.members.length}名`], '.members caption'),
      table('党员积分排名 members', '名次|党员所在支部|积分|志愿时长', Prose.members(data, names).slice(0, onPage), '.members'),
      part('其余党员 other members', elsewhere ? [`其余${elsewhere}名见表格文件。The others are in the table for download.`] : [], '.annex > .note ~ .note'),
    ];
    parts.push(...ownWords(), ...charts(data));
    return [...parts, uncompared([...parts, ...issuer(), contact()])];
  }

  /** From when until when something is disclosed, and how to object, unless the office words that itself. */
  function objecting(from, until) {
    if (!until) return [];
    const [heading, period, ...how] = Prose.objecting(from, until);
    return [heading, period, ...(document.querySelector(OWN_WORDS[2]) ? [] : how)];
  }

  const OWN_WORDS = ['article.notice p.addressees.own', 'article.notice p.hereby.own', '.objecting > p.own'];

  /** What an office words itself, beside the title: in each place one paragraph, with nothing in it but its text. */
  const ownWords = () => OWN_WORDS.map(selector => {
    const wanted = all(selector).filter((own, place) => place === 0 && !own.childElementCount && own.textContent.length <= 500);
    return part('经办单位的用语 what the office words', wanted.map(said), selector);
  });

  /** Whom to turn to, as the operator has set it. */
  const contact = () => part('联系方式 whom to turn to', [], '.objecting > .contact');

  /** Where the page names who issues the notice: what the operator has set, if it isn't the organisation. */
  const issuer = () => [part('发文单位 issuing body', [], '.series > :first-child, .signed > :first-child')];

  const PICTURED = 'article.notice > .charts > .pictures > .charted';

  /** The charts beside the notice. What of them follows from the notice is compared: how points are spread, and its own month of each course. */
  function charts(data) {
    const figures = all(PICTURED);
    const shown = Object.keys(Prose.CHARTS).filter(id => figures.some(figure => figure.id === id));
    return [{ name: '附图 charts', wanted: shown, elements: figures, read: figure => figure.id }, ...shown.flatMap(id => chart(id, data))];
  }

  const rowsOf = id => all(`${PICTURED}#${id} tbody tr`).length;

  function chart(id, data) {
    const place = `${PICTURED}#${id}`;
    const name = `附图“${Prose.CHARTS[id][0]}” chart`;
    const isCourse = id !== 'chart-distribution';
    const months = Prose.monthsUpTo(data.month, isCourse ? Math.min(Math.max(rowsOf(id), 1), 12) : 1);
    const { title, caption } = Prose.chart(id, months);
    const words = [[title, '> figcaption'], [title, 'svg > title'], [caption, 'svg > desc'], [caption, 'caption']];
    const parts = words.map(([wanted, where]) => part(name, [wanted], `${place} ${where}`));
    const captions = all(`${place} svg .caption`);
    if (!isCourse) {
      const bands = Prose.bands(data);
      const counts = bands.map(([, many]) => many);
      // Where they don't all have room, the last one stands there alone.
      return [...parts, table(name, '积分|党员人数', bands, `${place} table`),
        part(name, captions.length === counts.length ? counts : counts.slice(-1), `${place} svg .caption`)];
    }
    const [own, heads, last] = [Prose.ownMonth(id, data), all(`${place} thead th`).map(said), all(`${place} tbody tr:last-child td`)];
    const named = Array.from(own.keys()).filter(head => heads.includes(head) || !['0', null].includes(own.get(head)));
    parts.push(
      part(name, ['月份', ...named], `${place} thead th`),
      part(name, months.map(month => `${Number(month.slice(5))}月`), `${place} tbody th`),
      { name, wanted: named.map((head, at) => own.get(head) ?? (last[at] ? said(last[at]) : '')), elements: last, read: said },
    );
    if (id === 'chart-points') parts.push({ name, wanted: captions.slice(-1).map(() => own.get('积分合计')), elements: captions.slice(-1), read: said });
    return parts;
  }

  /** What stands on the page of a notice and in no data that were proved, in both languages. */
  function unproved(data) {
    const bodies = new Set(issuer()[0].elements.map(said));
    bodies.delete(squeezed(data.name));
    const named = Array.from(bodies, body => `“${body}”`).join('、');
    return [
      ['二维码（扫出来应是它下面的三行）', 'the QR code (it has to hold the three lines below it)'],
      ['姓名、见证人的一句（只与本网站的数据对照过）', "names and the witnesses' sentence (compared with this site's own data only)"],
      ...(named ? [[`发文单位${named}（由经办单位设置）`, `the issuing body ${named} (set by the operator)`]] : []),
      ...ownWords().flatMap(part => part.wanted).map(own => [`“${own}”（由经办单位设置）`, `“${own}” (set by the operator)`]),
      ...(contact().elements.length ? [['联系方式（由经办单位设置）', 'whom to turn to (set by the operator)']] : []),
      ...(all(PICTURED).length ? [['附图的图形（表中由通报可知的数字已核对）', 'the drawings of the charts (of their tables, what follows from the notice was compared)']] : []),
      ...(Object.keys(Prose.CHARTS).some(id => id !== 'chart-distribution' && rowsOf(id) > 1) ? [['附图中以前各月的数字', 'the earlier months in the charts']] : []),
      ...(rowsOf('chart-kinds') ? [['附图“活动构成”中走访以外的数字', 'in the chart of what was done, all but home visits']] : []),
      ['是否已被后来的通报取代', 'whether a later notice has taken its place'],
      ['不含数字的文字、图形和版式', 'words without numbers, drawings and layout'],
    ];
  }

  /** What stands on the page of a line and in no data that were proved: entries aren't public, so what they say is the site's word. */
  const UNPROVED_OF_A_LINE = [
    ['各条记录写的日期、事项、分钟、每项积分、条款、佐证和是否有效（记录不公开，只与本网站的数据对照过；序号在账本里，各项相加等于积分）',
      "of each entry its date, what was done, minutes, points, clause, evidence and whether it counts (entries aren't public: compared with this site's own data only; their numbers are in the log, and the points add up)"],
    ['姓名（只与本网站的数据对照过）', "the name (compared with this site's own data only)"],
    ['通报是否已被后来的通报取代', 'whether a later notice has taken its place'],
    ['不含数字的文字、图形和版式', 'words without numbers, drawings and layout'],
  ];

  /** What the page of a line has to print. */
  function line({ data, document: { names }, traced }) {
    const { line, items } = traced;
    const title = `${data.name}　${Prose.monthInWords(data.month)}积分`;
    const records = tr => `${Array.from(tr.cells, said).slice(0, -1).join('|')}|${all('.log-index', tr).map(said).join('|')}|${said(tr.cells[tr.cells.length - 1])}`;
    const wanted = items.map(Prose.item).map(values => {
      const indexes = values.pop();
      return `${row(values)}|${indexes.split(' ').join('|')}|${squeezed(indexes)}`;
    });
    const parts = [
      ...around(data),
      part('页首关于更正的提示 remark above the notice', [], '.restated'),
      part('网页标题 title', [`${title}　第${traced.number}行`], 'head > title'),
      part('标题 heading', [`${title}The records behind line ${traced.number}`], 'main h1'),
      part('这一行 the line', [
        `名次Rank${line.rank}`, `党员Member${names?.[traced.number - 1] ?? ''}尾号${line.number_tail}`, `所在支部Branch${line.branch ?? '已转出'}`,
        `积分Points${Prose.points(line.points)}`,
      ], '.line-facts > div'),
      part('没有记录的一句 no records', items.length ? [] : ['本月没有记录，积分为零。No records in this month: no points.'], '.nothing'),
      part('各条记录 the records', items.length ? ['日期|事项|分钟|积分|条款|佐证|有效|账目序号'] : [], '.records thead tr', cells),
      { name: '各条记录 the records', wanted, elements: all('.records tbody tr'), read: records },
    ];
    return [...parts, uncompared(parts)];
  }

  /** The first text that isn't printed as it has to be. */
  function difference(parts) {
    for (const { name, wanted, elements, read } of parts) {
      const seen = elements.map(read);
      for (let place = 0; place < Math.max(wanted.length, seen.length); place += 1) {
        if (wanted[place] !== seen[place]) return { name, wanted: wanted[place] ?? '', seen: seen[place] ?? '' };
      }
    }
    return null;
  }

  return { UNPROVED_OF_A_LINE, charts, difference, line, notice, unproved };
})();
