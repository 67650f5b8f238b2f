// What a page prints, and what it has to print for the data that were proved: two lists of texts that are compared.
// Reads the page, changes nothing.
'use strict';

const Printed = (() => {
  const grouped = digits => digits.replace(/\B(?=(\d{3})+$)/g, ',');
  const count = number => grouped(String(number));
  const points = text => {
    const [, minus, whole, rest] = /^(-?)(\d+)(\.\d\d)$/.exec(text);
    return `${minus ? '−' : ''}${grouped(whole)}${rest}`;
  };
  const pointsInWords = text => points(text).replace(/\.00$/, '');
  const time = minutes => `${count(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}`;
  const timeInWords = minutes => `${count(Math.floor(minutes / 60))}小时${minutes % 60 ? `${minutes % 60}分` : ''}`;
  const percent = rate => {
    if (rate === null) return '—';
    if (rate === 'withheld') return '＊';
    if (rate.numerator === rate.denominator) return '100%';
    const hundredths = rate.percent_hundredths;
    return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
  };

  const texts = (selector, of = document) => Array.from(of.querySelectorAll(selector), element => element.textContent.trim());
  const rows = selector => Array.from(document.querySelectorAll(`${selector} tbody tr`));
  /** The text of an element without that of the elements inside it. */
  const own = element => Array.from(element.childNodes, node => node.nodeType === Node.TEXT_NODE ? node.data : '').join('').trim();

  const CARDS = ['enrollment', 'pairing_sign_up', 'patrol_sign_up', 'participation'];

  /** What the page of a notice has to print, part by part: [name, wanted, seen]. */
  function notice(data, digest) {
    const cards = CARDS.map(name => data.rates[name]);
    const members = rows('.members');
    return [
      // What is disclosed has words in its place.
      ['文号 number', data.number ? [data.number] : [], data.number ? texts('.masthead .number') : []],
      ['四项比率 rates', cards.map(percent), texts('.rate .numeral')],
      ['比率的分子和分母 counts',
        cards.flatMap(rate => rate?.numerator === undefined ? [] : [count(rate.numerator), count(rate.denominator)]),
        texts('.rate .counted b')],
      ['合计 sums',
        [pointsInWords(data.totals.points), data.totals.average_points === null ? '＊' : pointsInWords(data.totals.average_points),
          timeInWords(data.totals.voluntary_minutes)],
        Array.from(document.querySelectorAll('.sums dd'), own)],
      ['各组织 organisations',
        data.sub_organizations.map(of => [
          of.rank === null ? '—' : of.rank, of.name, count(of.due), ...CARDS.map(name => percent(of.rates[name])),
          points(of.totals.points), of.totals.average_points === null ? '＊' : points(of.totals.average_points),
        ].join(' ')),
        rows('.organizations').map(row => texts('td, th', row).join(' '))],
      ['检查点 checkpoint',
        [data.checkpoint.origin, String(data.checkpoint.tree_size), data.checkpoint.root_hash, digest],
        texts('.checking dd')],
      ['党员积分排名 members',
        data.members.slice(0, Math.max(members.length, Math.min(data.members.length, 3000))).map(line =>
          [line.rank, line.number_tail, points(line.points), time(line.voluntary_minutes)].join(' ')),
        members.map(row => [texts('.rank', row)[0], texts('.tail', row)[0], ...texts('td:not(.rank)', row)].join(' '))],
    ];
  }

  /** What the page of a line has to print. */
  function line(traced) {
    const items = traced.items.map(item => [
      item.date, String(item.minutes), points(item.points), item.entries.map(entry => entry.log_index).join(' '),
    ].join(' | '));
    const shown = rows('.records').map(row => [
      texts('.date', row)[0], texts('.minutes', row)[0], texts('.points', row)[0], texts('.log-index', row).join(' '),
    ].join(' | '));
    const head = [traced.line.rank, traced.line.number_tail, points(traced.line.points)].join(' | ');
    return [
      ['这一行 the line', [head], [texts('.line-rank, .line-tail, .line-points').join(' | ')]],
      ['各条记录 the records', items, shown],
    ];
  }

  /** The first part that isn't printed as it has to be. */
  function difference(parts) {
    for (const [name, wanted, seen] of parts) {
      const length = Math.max(wanted.length, seen.length);
      for (let place = 0; place < length; place += 1) {
        if (String(wanted[place]) !== String(seen[place])) return { name, wanted: wanted[place] ?? '', seen: seen[place] ?? '' };
      }
    }
    return null;
  }

  return { difference, line, notice };
})();
