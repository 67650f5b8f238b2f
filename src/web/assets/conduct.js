// Asks how the records of a month were entered, with the token that an auditor typed in, and lays the answer out as tables.
// Keeps nothing: neither the token nor the answer outlives the page.
'use strict';

(() => {
  const form = document.querySelector('#conduct-ask');
  const field = name => document.querySelector(`#conduct-${name}`);
  const result = field('result');
  const tables = field('tables');
  form.hidden = false;

  const element = (name, content, language) => {
    const made = document.createElement(name);
    made.textContent = content;
    if (language) {
      made.lang = language;
      made.className = 'en';
    }
    return made;
  };
  const say = (chinese, english) => result.replaceChildren(chinese, ' ', element('span', english, 'en'));
  const share = (part, whole) => whole ? `${part}（${(100 * part / whole).toFixed(1)}%）` : String(part);
  const local = instant => new Date(instant).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 16);
  const REASONS = { false_records: '弄虚作假', under_investigation: '核查期间', repeated_errors: '屡次登记有误' };

  const entered = row => [row.records, share(row.back_entered, row.records), share(row.imported, row.records), share(row.late, row.records)];
  const ENTERED = ['记录', '补录', '导入', '逾期'];
  const TABLES = [
    ['organizations', '各组织', 'By organisation', ['组织', ...ENTERED], row => [`${row.name} ${row.organization}`, ...entered(row)]],
    ['recorders', '经办人', 'By recorder', ['经办人', ...ENTERED, '为本人', '为下属', '月结后更正', '登记资格'],
      row => [row.actor, ...entered(row), row.about_oneself, row.as_superior, row.corrections_after_close, row.suspended ? '暂停' : '正常']],
    ['bursts', of => `集中登记：${of.burst_minutes} 分钟内手工登记 ${of.burst_records_min} 条以上`, of => `Bursts: ${of.burst_records_min} or more by hand in ${of.burst_minutes} minutes`, ['经办人', '开始', '条数'], row => [row.actor, local(row.from), row.records]],
    ['review_pairs', '谁审核谁', 'Who reviews whom', ['经办人', '审核人', '次数', '互相审核'],
      row => [row.recorder, row.reviewer, share(row.reviews, row.of_recorder), row.mutual ? '是' : '否']],
    ['long_days', of => `一天超过 ${of.plausible_day_minutes} 分钟`, of => `More than ${of.plausible_day_minutes} minutes on one day`, ['党员', '日期', '分钟'], row => [row.member, row.date, row.minutes]],
    ['overlaps', '时间重叠', 'Overlaps', ['党员', '第几条', '第几条', '分钟'], row => [row.member, row.log_index, row.other_log_index, row.minutes]],
    ['suspensions', '暂停登记', 'Suspended recorders', ['经办人', '原因', '自', '至', '恢复'],
      row => [row.actor, REASONS[row.reason] ?? row.reason, local(row.since), row.until ?? '—', row.restored_at ? local(row.restored_at) : '—']],
  ];

  /** Headings that name the limits of the month name those that the rules set. */
  const worded = (text, answer) => typeof text === 'function' ? text(answer.limits) : text;

  function table(name, title, titleInEnglish, head, cells, answer) {
    const [chinese, english] = [worded(title, answer), worded(titleInEnglish, answer)];
    const rows = answer[name];
    const section = document.createElement('section');
    const heading = element('h2', `${chinese} `);
    heading.append(element('span', english, 'en'));
    section.append(heading);
    const found = answer[`${name}_count`] ?? rows.length;
    if (rows.length === 0) {
      section.append(element('p', '没有'));
      return section;
    }
    if (found > rows.length) section.append(element('p', `共 ${found} 项，列出前 ${rows.length} 项`));
    const scroll = document.createElement('div');
    scroll.className = 'scroll';
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', chinese);
    const made = document.createElement('table');
    const line = (tag, values) => {
      const tr = document.createElement('tr');
      tr.append(...values.map(value => element(tag, String(value))));
      return tr;
    };
    const thead = document.createElement('thead');
    const tbody = document.createElement('tbody');
    const headings = line('th', head);
    for (const th of headings.children) th.scope = 'col';
    thead.append(headings);
    tbody.append(...rows.map(row => line('td', cells(row))));
    made.append(thead, tbody);
    scroll.append(made);
    section.append(scroll);
    return section;
  }

  async function ask() {
    tables.replaceChildren();
    say('正在查询…', 'asking…');
    const address = `/v1/organizations/${encodeURIComponent(field('organization').value.trim())}/conduct?month=${encodeURIComponent(field('month').value.trim())}`;
    let answer;
    try {
      answer = await fetch(address, { headers: { authorization: `Bearer ${field('token').value.trim()}` }, cache: 'no-store' });
    } catch {
      say('无法取得数据：请检查网络', 'the server does not answer');
      return;
    }
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      say(body.detail ?? `服务器拒绝（${answer.status}）`, body.detail_en ?? `refused: ${answer.status}`);
      return;
    }
    say(`${body.organization} ${body.month}：共 ${body.records} 条记录，补录 ${share(body.back_entered, body.records)}，导入 ${share(body.imported, body.records)}，逾期 ${share(body.late, body.records)}。账目数 ${body.tree_size}。`,
      `${body.records} records; the log has ${body.tree_size} entries`);
    tables.replaceChildren(...TABLES.map(([name, chinese, english, head, cells]) => table(name, chinese, english, head, cells, body)));
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    ask();
  });
})();
