// What 更正说明 of a superseding notice says, from its data: the names and sentences of `src/notice/changes` once more, for the browser that
// compares. Reads no page and changes nothing; whoever changes a sentence there changes it here.
'use strict';

const Corrections = (() => {
  const { count, percent, points, pointsInWords, time, timeInWords } = Prose;
  const NO_FIGURE = '—';

  const SESSIONS = { held: '次数', attended: '出席人次', on_leave: '请假人次', absent: '缺席人次' };
  /** Names below the same word: `patrols.shifts` is 夜间巡逻班次. */
  const below = (place, word, names) => Object.entries(names).map(([name, what]) => [`${place}.${name}`, `${word}${what}`]);
  /** What a figure of the whole organisation is called, by its place in the data. */
  const FIGURES = Object.fromEntries([
    ['name', '组织'], ['due', '应报到人数'], ['home_visits', '结对走访次数'], ['rules', '积分细则'], ['published_group_members_min', '公布比率的最少人数'],
    ...below('rates', '', {
      enrollment: '报到率', pairing_participation: '走访参与率', pairing_sign_up: '结对报名率', participation: '参与率',
      patrol_participation: '巡逻参与率', patrol_sign_up: '巡逻报名率',
    }),
    ...below('totals', '', { points: '积分合计', average_points: '人均积分', voluntary_minutes: '志愿服务时长' }),
    ...below('patrols', '夜间巡逻', { shifts: '班次', signed_up: '报名人次', attended: '参加人次', no_shows: '报名未到人次', minutes: '时长' }),
    ...below('meetings', '会议', SESSIONS), ...below('trainings', '培训', SESSIONS),
    ...below('duty', '每日值守', { days_covered: '有人在岗天数', days_needed: '应值守天数', members_per_working_day: '每日应到队员', working_days: '工作日' }),
    ...below('records', '记录数', { accepted: '：有效', pending: '：待审核', returned: '：退回', check_out_missing: '：未签退' }),
    ...Object.entries(Prose.EVIDENCE).map(([name, words]) => [`evidence.${name}`, `佐证方式：${words.split(' ')[0]}`]),
  ]);

  const monthBefore = month => {
    const [year, number] = month.split('-').map(Number);
    return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
  };
  const named = (place, month) => place.startsWith('previous.')
    ? `${Prose.monthInWords(monthBefore(month))}${FIGURES[place.slice('previous.'.length)]}` : FIGURES[place];

  /** With both counts, so that two rates that round alike are told apart. */
  const percentOf = rate => rate?.numerator === undefined ? percent(rate)
    : `${percent(rate)}（${count(rate.numerator)}/${count(rate.denominator)}）`;

  function figure(place, value) {
    if (value === null || place.includes('rates.')) return percentOf(value);
    if (place.endsWith('minutes')) return timeInWords(value);
    if (place.endsWith('points')) return pointsInWords(value);
    return typeof value === 'number' ? count(value) : value;
  }

  const average = value => value === null ? '＊' : points(value);
  const ORGANIZATION = [
    ['名次', of => of.rank === null ? NO_FIGURE : String(of.rank)], ['组织', of => of.name], ['应报到', of => count(of.due)],
    ['报到率', of => percentOf(of.rates.enrollment)], ['结对报名率', of => percentOf(of.rates.pairing_sign_up)],
    ['巡逻报名率', of => percentOf(of.rates.patrol_sign_up)], ['参与率', of => percentOf(of.rates.participation)],
    ['走访参与率', of => percentOf(of.rates.pairing_participation)], ['巡逻参与率', of => percentOf(of.rates.patrol_participation)],
    ['积分合计', of => points(of.totals.points)], ['人均积分', of => average(of.totals.average_points)],
    ['志愿服务时长', of => time(of.totals.voluntary_minutes)],
  ];
  const branch = line => line.branch ?? '已转出';
  const MEMBER = [
    ['积分', of => points(of.points)], ['名次', of => String(of.rank)], ['志愿服务时长', of => time(of.voluntary_minutes)], ['所在支部', branch],
  ];

  /** The rows of a line before and after: those that differ; where it came or went, all. */
  const differing = ({ before, after }, items) => items
    .map(([name, read]) => [name, before ? read(before) : NO_FIGURE, after ? read(after) : NO_FIGURE])
    .filter(([, was, is]) => was !== is);

  const presence = ({ before, after }) => !before ? ['新列入'] : !after ? ['不再列入'] : [];

  const ACTS = {
    recorded: '补登', checked_out: '补签退', approved: '审核通过', returned: '退回', corrected: '更正', reversed: '冲正', quashed: '撤销',
    granted: '加分', deducted: '扣分', transferred: '组织关系转接', reclassified: '党员类别变更', exempted: '免予报到', left: '退出花名册', enrolled: '报到',
    enrollment_ended: '报到终止',
  };
  const CORRECTION = {
    entered_wrongly: '录入差错', recorded_twice: '重复登记', objection_upheld: '异议成立', found_untrue: '检查发现不实', returned_and_mended: '退回后补正',
  };
  const REASONS = {
    returned: {
      time_wrong: '时间不符', member_wrong: '人员不符', evidence_missing: '佐证不足', recorded_twice: '重复登记', did_not_take_place: '未实际参加',
    },
    quashed: { reviewed: '复核改变认定', appeal_upheld: '申诉成立', procedure_wrong: '程序不当' },
  };
  const GROUNDS = {
    record_missing: '漏记', time_wrong: '时间不符', member_wrong: '人员不符', recorded_twice: '重复登记', did_not_take_place: '未实际参加', points_wrong: '计分有误',
  };

  /** `更正（异议成立：时间不符）`: why, in the notice of a month. */
  function cause({ act, ground, month, reason }, of) {
    const because = month === of ? [] : [month];
    if (ground !== null) because.push(`异议成立：${GROUNDS[ground]}`);
    // That an objection was upheld is said with its ground.
    const given = reason === null || (ground !== null && act !== 'quashed') ? undefined : (REASONS[act] ?? CORRECTION)[reason];
    if (given !== undefined) because.push(given);
    const done = ACTS[act] ?? act;
    return because.length === 0 ? done : `${done}（${because.join('，')}）`;
  }

  /** The texts of the list of entries behind a change. */
  const causes = (all, month) => all.flatMap(of => [
    `${cause(of, month)}，第`, String(of.log_index), '条',
    ...[['记录', of.event], ['异议', of.objection], ['决定', of.decision]].filter(([, id]) => id !== null).flat(),
  ]);

  /** The texts of one group: whose, before and after, why. Nothing where nothing of it is printed. */
  function group(whose, rows, presence = [], why = []) {
    if (rows.length === 0 && presence.length === 0) return [];
    return [[...whose, ...presence, '项目', '更正前', '更正后', ...rows.flat(), ...why]];
  }

  function shifts(changes) {
    const moved = changes.rank_shifts.reduce((sum, { members }) => sum + members, 0);
    if (moved === 0) return [];
    const runs = changes.rank_shifts.map(({ by, first, last, members }) =>
      `${first === last ? `原第${first}名` : `原第${first}名至第${last}名`}（${members}人）${by > 0 ? '后移' : '前移'}${Math.abs(by)}位`);
    return [[`另有${count(moved)}名党员积分和时长未变，仅名次随之变动：${runs.join('；')}。`]];
  }

  /** Each part of 更正说明 in its order, as the texts that it consists of; none on a notice that tells no changes. */
  function texts({ changes, month, supersedes }, names) {
    if (!changes || !supersedes) return [];
    const { number, tree_size: size, digest } = supersedes;
    const behind = causes(changes.causes ?? [], month);
    const behindRows = changes.figures.length === 0 ? behind : [];
    const groups = [
      ...group(['总体数字', 'Overall'], changes.figures.map(of =>
        [named(of.figure, month), figure(of.figure, of.before), figure(of.figure, of.after)]), [], behind),
      ...changes.organizations.flatMap(change =>
        group([(change.after ?? change.before).name], differing(change, ORGANIZATION), presence(change), behindRows)),
      ...changes.members.flatMap((change, at) => {
        const line = change.after ?? change.before;
        const whose = [...(names?.[at] ? [names[at]] : []), line.number_tail, branch(line)];
        return group(whose, differing(change, MEMBER), presence(change), causes(change.causes, month));
      }),
    ];
    const moved = shifts(changes);
    return [
      ['更正说明', 'What was corrected'],
      [`本通报取代${number}通报。原通报依据账本最前面的${count(size)}条记录，摘要为`, digest,
        `In the place of ${number}, which rested on the first ${count(size)} entries; its digest:`],
      ...groups,
      ...(groups.length + moved.length === 0 ? [['没有变化：两份通报的数字完全相同。', 'Nothing changed: both notices have the same figures.']] : []),
      ...moved,
      ['依据是账本中的更正、冲正等记录，事由取自封闭的清单，不写姓名和经过；每条记录的编号可据以核对。',
        'Reasons are words of closed lists, taken from the entries named; no text about a person is recorded.'],
    ];
  }

  return { cause, figure, named, texts };
})();
