// What a page prints, held against what it has to print for the data that were proved. Reads the page, changes nothing.
// No figure can be forgotten: a number on the page that no part has compared is a difference itself.
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
  const attribute = (name, wanted, selector, of) => ({ name, wanted, elements: all(selector), read: element => element.getAttribute(of), compared: false });

  /** Where numbers stand that are no figures: in the names of standards, and in fixed words. */
  const NOT_FIGURES = /C2SP|RFC 6962|base64|（1、2、2、4）|从 0 数起|counted from 0/g;

  /** The numbers below an element that stand in none of the parts. */
  function uncompared(parts, within) {
    const compared = new Set(parts.filter(part => part.compared !== false).flatMap(part => part.elements));
    const isCompared = node => {
      for (let above = node.parentElement; above; above = above.parentElement) if (compared.has(above)) return true;
      return false;
    };
    const found = [];
    for (const root of all(within)) {
      const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        const { data, parentElement } = nodes.currentNode;
        if (/\p{N}/u.test(data.replace(NOT_FIGURES, '')) && !isCompared(nodes.currentNode) && !parentElement.closest('#verify, .restated, .altered, .changes, .charts')) {
          found.push(squeezed(data));
        }
      }
    }
    return { name: '没有核对过的数字 a figure that nothing was compared with', wanted: [], elements: found, read: text => text };
  }

  /** What the page of a notice has to print. `event` is the entry that issued or disclosed it. */
  function notice({ data, digest, document: { names, witnesses }, event }) {
    const title = Prose.title(data.month);
    const issued = Prose.localDate(event.time);
    const onPage = Math.max(all('.members tbody tr').length, Math.min(data.members.length, 3000));
    const elsewhere = data.members.length - onPage;
    const parts = [
      part('网页标题 title', [`${title}　${data.name}`], 'head > title'),
      part('标题 heading', [`${title}${Prose.titleInEnglish(data.month)}`], 'article.notice h1'),
      part('文号 number', [data.number || Prose.disclosedUntil(event.data.until)], '.masthead .number'),
      ...changed(data),
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
      part('人数过少 small groups', [Prose.smallGroups(data)], '.definitions li:last-child'),
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
    return [...parts, uncompared([...parts, ...issuer()], 'main, head > title')];
  }

  const figure = (name, value) => {
    if (value === null || name.includes('rates.')) return Prose.percent(value);
    if (name.endsWith('minutes')) return Prose.timeInWords(value);
    if (name.endsWith('points')) return Prose.pointsInWords(value);
    return typeof value === 'number' ? Prose.count(value) : value;
  };
  const cellsOfMember = line => [Prose.points(line.points), String(line.rank), Prose.time(line.voluntary_minutes), line.branch ?? '已转出'];
  const cellsOfOrganization = of => [
    of.rank === null ? '—' : String(of.rank), of.name, Prose.count(of.due),
    ...['enrollment', 'pairing_sign_up', 'patrol_sign_up', 'participation', 'pairing_participation', 'patrol_participation'].map(name => Prose.percent(of.rates[name])),
    Prose.points(of.totals.points), of.totals.average_points === null ? '＊' : Prose.points(of.totals.average_points),
    Prose.time(of.totals.voluntary_minutes),
  ];

  /** The cells of a line before and after, those that differ. */
  function differing(change, cellsOf) {
    const [before, after] = [change.before && cellsOf(change.before), change.after && cellsOf(change.after)];
    return (before ?? after).map((_, at) => [before?.[at] ?? '—', after?.[at] ?? '—']).filter(([was, is]) => was !== is);
  }

  /** What the page of a superseding notice has to print of what it changed; nothing on any other page. */
  function changed({ changes: of, supersedes }) {
    if (!of) return [part('更正说明 changes', [], '.changes')];
    const figures = of.figures.map(change => [figure(change.figure, change.before), figure(change.figure, change.after)]);
    const organizations = of.organizations.flatMap(change => differing(change, cellsOfOrganization));
    const members = of.members.flatMap(change => differing(change, cellsOfMember));
    const causes = [...(of.causes ?? []), ...of.members.flatMap(change => change.causes)];
    return [
      part('取代的通报 superseded', [supersedes.digest], '.changes .supersedes code'),
      part('更正的数字 changes', [...figures, ...organizations, ...members].map(row), '.change tbody tr', tr => Array.from(tr.cells, said).slice(1).join('|')),
      part('更正的党员 members changed', of.members.map(change => (change.after ?? change.before).number_tail), '.change h3 .tail'),
      part('更正的依据 reasons',
        causes.flatMap(cause => [String(cause.log_index), ...[cause.event, cause.objection, cause.decision].filter(id => id !== null)]),
        '.causes .log-index, .causes code'),
    ];
  }

  /** Where the page names who issues the notice: what the operator has set, if it isn't the organisation. */
  const issuer = () => [part('发文单位 issuing body', [], '.series > :first-child, .signed > :first-child')];

  /** What stands on the page of a notice and in no data that were proved, in both languages. */
  function unproved(data) {
    const bodies = new Set(issuer()[0].elements.map(said));
    bodies.delete(squeezed(data.name));
    const named = Array.from(bodies, body => `“${body}”`).join('、');
    return [
      ['二维码（扫出来应是它下面的三行）', 'the QR code (it has to hold the three lines below it)'],
      ['姓名、见证人的一句（只与本网站的数据对照过）', "names and the witnesses' sentence (compared with this site's own data only)"],
      ...(named ? [[`发文单位${named}（由经办单位设置）`, `the issuing body ${named} (set by the operator)`]] : []),
      ...(all('.charts').length ? [['附图（由同一检查点的记录绘制，不属于通报）', 'the charts (drawn from entries of the same checkpoint, no part of the notice)']] : []),
      ...(data.changes ? [['更正说明的叙述文字', 'the sentences about what changed']] : []),
      ...(all('.restated').length ? [['页首关于更正的提示', 'the remark on supersession above the notice']] : []),
    ];
  }

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
      part('网页标题 title', [`${title}　第${traced.number}行`], 'head > title'),
      part('标题 heading', [`${title}The records behind line ${traced.number}`], 'main h1'),
      part('这一行 the line', [
        `名次Rank${line.rank}`, `党员Member${names?.[traced.number - 1] ?? ''}尾号${line.number_tail}`, `所在支部Branch${line.branch ?? '已转出'}`,
        `积分Points${Prose.points(line.points)}`,
      ], '.line-facts > div'),
      part('各条记录 the records', items.length ? ['日期|事项|分钟|积分|条款|佐证|有效|账目序号'] : [], '.records thead tr', cells),
      { name: '各条记录 the records', wanted, elements: all('.records tbody tr'), read: records },
    ];
    return [...parts, uncompared(parts, 'main, head > title')];
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

  return { difference, line, notice, unproved };
})();
