// What a notice says, from its data: the figures and sentences of `src/notice` (format, prose, wording) once more, for the browser that
// compares. Reads no page and changes nothing; whoever changes a sentence there changes it here.
'use strict';

const Prose = (() => {
  const grouped = digits => digits.replace(/\B(?=(\d{3})+$)/g, ',');
  const count = number => grouped(String(number));
  const points = text => {
    const [, minus, whole, rest] = /^(-?)(\d+)(\.\d\d)$/.exec(text);
    return `${minus ? '−' : ''}${grouped(whole)}${rest}`;
  };
  const pointsInWords = text => points(text).replace(/\.00$/, '');
  const time = minutes => `${count(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}`;
  const timeInWords = minutes => `${count(Math.floor(minutes / 60))}小时${minutes % 60 ? `${minutes % 60}分` : ''}`;
  const decimal = hundredths => `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
  const percent = rate => {
    if (rate === null) return '—';
    if (rate === 'withheld') return '＊';
    return rate.numerator === rate.denominator ? '100%' : `${decimal(rate.percent_hundredths)}%`;
  };
  /** A change since last month, in hundredths. */
  const change = hundredths => {
    const amount = hundredths === 0 ? '0' : `${hundredths < 0 ? '−' : '+'}${points(decimal(Math.abs(hundredths)))}`;
    return `${hundredths === 0 ? '＝' : hundredths < 0 ? '▼' : '▲'} ${amount}`;
  };
  const monthInWords = month => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;
  const dateInWords = date => `${monthInWords(date.slice(0, 7))}${Number(date.slice(8))}日`;
  const lastDay = month => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  /** The day in China of an instant. */
  const localDate = instant => new Date(Date.parse(instant) + 8 * 3600_000).toISOString().slice(0, 10);

  const rateInWords = rate => {
    if (rate === null) return '无（没有应报到的党员）';
    return rate === 'withheld' ? '不公布' : percent(rate);
  };
  const numerator = (rate, words) => rate?.numerator === undefined ? '' : words(count(rate.numerator));

  const title = (month, kind) => `关于${monthInWords(month)}党员参与基层治理积分情况的${kind}`;
  const titleInEnglish = month => `Points of members' service to the community, ${month}`;

  function overview(of) {
    const { rates, totals } = of;
    const counted = rates.enrollment?.denominator ?? of.due;
    const ownDue = counted === of.due ? '' : `${counted < of.due ? '其中' : '另按细则'}计入报到率的${count(counted)}人，`;
    const average = totals.average_points === null ? '' : `，人均${pointsInWords(totals.average_points)}分`;
    return [
      `${of.month_closed ? '' : '本月尚未月结，以下数字仍可能变动。'}截至${monthInWords(of.month)}${lastDay(of.month)}日24时，${of.name}应报到党员${count(of.due)}人，${
        numerator(rates.enrollment, number => `${ownDue}已报到${number}人，`)}报到率${rateInWords(rates.enrollment)}；结对报名率${
        rateInWords(rates.pairing_sign_up)}，巡逻报名率${rateInWords(rates.patrol_sign_up)}。`,
      `全月${numerator(rates.participation, number => `${number}人参加了活动，`)}参与率${rateInWords(rates.participation)}；积分合计${
        pointsInWords(totals.points)}分${average}；志愿服务累计${timeInWords(totals.voluntary_minutes)}。`,
    ];
  }

  const CARDS = [
    ['enrollment', '报到率 Enrolment', '已报到'], ['pairing_sign_up', '结对报名率 Paired', '已结对'],
    ['patrol_sign_up', '巡逻报名率 Patrol sign-up', '已报名'], ['participation', '参与率 Participation', '已参加'],
  ];

  /** The four rates as they stand on cards. */
  const cards = of => CARDS.map(([name, words, did]) => {
    const [now, before] = [of.rates[name], of.previous?.rates[name]];
    const counted = now?.numerator === undefined ? '不公布 not published' : `${did} ${count(now.numerator)} ／ 应报到 ${count(now.denominator)}`;
    const since = now?.numerator === undefined || before?.numerator === undefined ? ''
      : `较上月 ${change(now.percent_hundredths - before.percent_hundredths)} 个百分点`;
    return `${words} ${percent(now)} ${counted} ${since}`;
  });
  const bar = rate => decimal(rate?.percent_hundredths ?? 0);

  function sums({ totals, previous }) {
    const since = (now, before) => now && before ? `较上月 ${change(Proofs.hundredths(now) - Proofs.hundredths(before))}` : '';
    const average = totals.average_points;
    return [
      `积分合计 Points ${pointsInWords(totals.points)} ${since(totals.points, previous?.totals.points)}`,
      `人均积分 Average ${average === null ? '＊' : pointsInWords(average)} ${since(average, previous?.totals.average_points)}`,
      `志愿服务时长 Voluntary time ${timeInWords(totals.voluntary_minutes)}`,
    ];
  }

  const organizations = of => of.sub_organizations.map(below => [
    below.rank === null ? '—' : below.rank, below.name, count(below.due), ...CARDS.map(([name]) => percent(below.rates[name])),
    points(below.totals.points), below.totals.average_points === null ? '＊' : points(below.totals.average_points),
  ]);

  function sessions({ absent, attended, held, on_leave: onLeave }) {
    return held === 0 ? '本月没有安排。'
      : `${count(held)}次，出席${count(attended)}人次，请假${count(onLeave)}人次，缺席${count(absent)}人次。`;
  }

  function duty({ duty, month }) {
    if (!duty) return `${Number(month.slice(0, 4))}年的法定工作日历尚未载入，本项不统计。`;
    if (duty.days_needed === 0) return '本月没有值守要求。';
    const covered = share(duty.days_covered, duty.days_needed);
    return `本月${duty.working_days}个工作日；各社区合计应值守${count(duty.days_needed)}天，其中${count(duty.days_covered)}天有${
      duty.members_per_working_day}名以上队员在岗，占${percent(covered)}。`;
  }

  /** A rate that the data give as its two counts. */
  function share(numerator, denominator) {
    if (denominator === 0) return null;
    const hundredths = Math.floor((numerator * 20_000 + denominator) / (2 * denominator));
    return { numerator, denominator, percent_hundredths: hundredths };
  }

  function service(of) {
    const { patrols } = of;
    const noShows = of.month_closed || of.no_shows_counted ? `报名未到${count(patrols.no_shows)}人次` : '报名未到的人次尚未统计';
    return [
      `夜间巡逻 开展${count(patrols.shifts)}班次，报名${count(patrols.signed_up)}人次，参加${count(patrols.attended)}人次，累计${
        timeInWords(patrols.minutes)}；${noShows}。参与率${rateInWords(of.rates.patrol_participation)}。`,
      `结对走访 ${numerator(of.rates.pairing_sign_up, number => `应参加的党员中${number}名结对，`)}走访困难家庭${count(of.home_visits)}次，参与率${
        rateInWords(of.rates.pairing_participation)}。`,
      `会议 ${sessions(of.meetings)}`, `培训 ${sessions(of.trainings)}`, `每日值守 ${duty(of)}`,
    ];
  }

  const EVIDENCE = {
    on_site_code: '现场扫码 Code on site', both_parties: '双方确认 Both parties', attested: '见证 Attested', imported: '导入 Imported',
    back_entered: '补录 Entered late', office: '系统登记 By office',
  };

  function records({ records, evidence }) {
    const backEntered = evidence.find(line => line.evidence === 'back_entered')?.records ?? 0;
    return `有效记录${count(records.accepted)}条；待审核${count(records.pending)}条，退回${count(records.returned)}条，未签退${
      count(records.check_out_missing)}条，这三类均不计分。有效和待审核的记录中，补录${count(backEntered)}条。`;
  }

  const shares = ({ evidence }) => {
    const all = evidence.reduce((sum, line) => sum + line.records, 0);
    return evidence.map(line => share(line.records, all));
  };
  const evidence = of => shares(of).map((part, row) =>
    [EVIDENCE[of.evidence[row].evidence], count(of.evidence[row].records), percent(part)]);

  const rules = ({ rules }) => rules
    ? `本月积分按《${rules.title}》（${rules.version}版）计算。` : '本月没有施行的积分细则，不计积分。';
  /** In one way where the rules withhold what a small group's figure would follow from, too, and in the other where they don't. */
  const smallGroups = ({ published_group_members_min: least }) => [
    [`，或者可由此推算出不足${least}人`, ', or such that a figure over fewer would follow'], ['', ''],
  ].map(([beside, besideInEnglish]) => `“＊”：不公布的比率和平均数，不足${least}人${beside}的。＊: not published, over fewer than ${least} members${besideInEnglish}.`);

  const checkpoint = ({ checkpoint }) =>
    `本通报的全部数字，由账本最前面的${count(checkpoint.tree_size)}条记录算出。账本只能添加，不能修改；“根哈希”是这些记录的指纹，改动其中任何一条，指纹就不同。`;
  const checkpointLines = ({ checkpoint }) => {
    const bytes = checkpoint.root_hash.match(/../g).map(pair => String.fromCharCode(parseInt(pair, 16)));
    return `${checkpoint.origin}\n${checkpoint.tree_size}\n${btoa(bytes.join(''))}\n`;
  };

  function witnessing({ state, cosigners, configured, tree_size: cosigned }, size) {
    if (state === 'not_configured') return '未配置见证人。 No witness is configured.';
    if (state === 'unwitnessed') {
      return `尚未见证：这${count(size)}条记录所在的检查点，还没有得到${configured}家见证人中足够多家的签名。 Unwitnessed: too few of the ${
        configured} witnesses have cosigned a checkpoint with these ${count(size)} entries.`;
    }
    return `已见证：${configured}家见证人中的${cosigners.length}家（${cosigners.join('、')}）已为账本最前面的${count(cosigned)}条记录签名，其中包含这${
      count(size)}条。 Witnessed: ${cosigners.length} of ${configured} witnesses (${cosigners.join(', ')}) cosigned the first ${
      count(cosigned)} entries of the log, these ${count(size)} among them.`;
  }

  const disclosedUntil = date => `公示稿，公示至 ${dateInWords(date)} 止，期间可以提出异议 Disclosed until ${date}; objections may be raised until then`;

  /** How to object to what is disclosed, from when until when. */
  const objecting = (from, until) => [
    '公示期与异议 Period and objections', `公示期自${dateInWords(from)}起，至${dateInWords(until)}止。`,
    '对公示中与自己有关的记录、加减分或本人一行有异议的，党员可在公示期内向所在党支部或公布单位提出，注明编号尾号、活动日期和事由；没有账号的，由经办人代为提出。异议由没有经办、更正或审核过该记录的人决定，答复和更正均记入账本。',
    'Until the last day, a member who disagrees with a record, points or their own line raises it with their branch or the issuing body, naming the last digits of their number, the day and the reason; whoever has no log-in has it written down by a recorder. Somebody who had no hand in the record decides, and what follows is in the ledger.',
  ];

  const members = (of, names) => of.members.map((line, row) =>
    [line.rank, `${names?.[row] ?? ''} ${line.number_tail} ${line.branch ?? '已转出'}`, points(line.points), time(line.voluntary_minutes)]);

  const KINDS = {
    night_patrol: '夜间巡逻 Night patrol', home_visit: '走访 Home visit', meeting: '会议 Meeting', duty: '值守 Duty', service: '志愿服务 Service',
    training: '培训 Training', mobilization: '急难险重 Mobilisation',
  };
  const OCCASIONS = {
    service: '服务 Service', leave: '请假 On leave', absence: '无故缺席 Absent', no_show: '报名未到 No-show', granted: '加分 Granted',
    deducted: '扣分 Deducted', reset: '清零 Reset', vetoed: '一票否决 Vetoed', base: '基础分 Base points',
  };
  const STANDINGS = {
    accepted: '有效 counts', pending: '待审核 pending', returned: '退回 returned', reversed: '冲正 reversed', quashed: '撤销 quashed',
    check_out_missing: '未签退 no check-out', activity_cancelled: '活动已取消 activity cancelled', not_on_roster: '当时不在册 not on the roster',
  };

  function occasion({ occasion, kind }) {
    if (!kind || ['granted', 'deducted', 'reset', 'vetoed', 'base'].includes(occasion)) return OCCASIONS[occasion];
    if (occasion === 'service') return KINDS[kind];
    const [, chinese, english] = /^(\S+) (.+)$/.exec(OCCASIONS[occasion]);
    const [, kindInChinese, kindInEnglish] = /^(\S+) (.+)$/.exec(KINDS[kind]);
    return `${chinese}（${kindInChinese}）${english} (${kindInEnglish})`;
  }

  /** A record behind a line, with the places of its entries in the log last. */
  const item = of => [
    of.date, occasion(of), of.minutes, points(of.points), of.clause === null ? '—' : `${of.clause} ${of.name}`,
    of.evidence === null ? '—' : EVIDENCE[of.evidence], STANDINGS[of.standing], of.entries.map(entry => entry.log_index).join(' '),
  ];

  const CHARTS = {
    'chart-points': ['积分合计走势', 'Points by month', '每月积分合计。', 'the points of each month.'],
    'chart-rates': ['报到、报名和参与走势', 'Rates by month', '每月的报到率、结对报名率、巡逻报名率和参与率。',
      'enrolment, paired, patrol sign-up and participation of each month.'],
    'chart-distribution': ['积分分布', 'Members by points', '各分数段的党员人数；分数段含上限，不含下限。',
      'how many members have so many points; a band has its upper bound and not its lower one.'],
    'chart-kinds': ['活动构成', 'What was done', '有效记录按活动种类的构成；表中为记录数。',
      'accepted records by what was done, as shares; the table has their numbers.'],
    'chart-evidence': ['佐证构成', 'How it was evidenced', '有效和待审核记录按佐证方式的构成；表中为记录数。',
      'accepted and pending records by how they were evidenced, as shares; the table has their numbers.'],
  };

  /** So many months up to a month, the oldest first. */
  const monthsUpTo = (month, many) => Array.from({ length: many }, (_, place) =>
    new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - many + place)).toISOString().slice(0, 7));

  /** What a chart of these months is called, and what its sentence says. */
  function chart(id, months) {
    const [title, titleInEnglish, sentence, sentenceInEnglish] = CHARTS[id];
    const [first, last] = [months[0], months[months.length - 1]];
    const [stretch, stretchInEnglish] = first === last ? [monthInWords(last), last] : [`${monthInWords(first)}至${monthInWords(last)}`, `${first} to ${last}`];
    return { title: `${title} ${titleInEnglish}`, caption: `${stretch}，${sentence} ${stretchInEnglish}: ${sentenceInEnglish}` };
  }

  /** How many members have how many points, in bands of a round width, at most eight above nothing. */
  function bands({ members }) {
    const hundredths = members.map(line => Proofs.hundredths(line.points));
    const highest = Math.max(0, ...hundredths);
    let width = 100;
    for (let step = 0; Math.ceil(highest / width) > 8; step += 1) width *= [2, 2.5, 2][step % 3];
    const among = is => hundredths.filter(is).length;
    const rows = [['＜0', among(of => of < 0)], ['0', among(of => of === 0)]].filter(([, many]) => many > 0);
    for (let above = 0; above < highest; above += width) {
      rows.push([`${above / 100}–${(above + width) / 100}`, among(of => above < of && of <= above + width)]);
    }
    return rows;
  }

  const inChinese = words => words.split(' ')[0];

  /** What the notice itself says of its own month in a chart, by the heading of the column; null where it doesn't. */
  function ownMonth(id, of) {
    const isSmall = of.due > 0 && of.due < of.published_group_members_min;
    const told = number => isSmall ? null : count(number);
    switch (id) {
      case 'chart-points': return new Map([['积分合计', isSmall ? '＊' : pointsInWords(of.totals.points)]]);
      case 'chart-rates': return new Map(CARDS.map(([name, words]) => [inChinese(words), percent(of.rates[name])]));
      case 'chart-kinds': return new Map(Object.entries(KINDS).map(([kind, words]) => [inChinese(words), kind === 'home_visit' ? told(of.home_visits) : null]));
      default: return new Map(Object.entries(EVIDENCE).map(([name, words]) =>
        [inChinese(words), told(of.evidence.find(line => line.evidence === name)?.records ?? 0)]));
    }
  }

  return {
    CARDS, CHARTS, EVIDENCE, bands, bar, cards, chart, checkpoint, checkpointLines, count, dateInWords, disclosedUntil, evidence, item, localDate, members, monthInWords, monthsUpTo,
    objecting, organizations, overview, ownMonth, percent, points, pointsInWords, records, rules, service, shares, smallGroups, sums, time, timeInWords, title,
    titleInEnglish, witnessing,
  };
})();
