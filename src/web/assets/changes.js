// What a superseding notice says that it changed, taken back: does the notice that it takes the place of come out? Compares data, reads no page.
'use strict';

const Changes = (() => {
  const canonical = value => Proofs.canonical(value);
  /** What is compared line by line, or is said of the notice itself. */
  const ELSEWHERE = ['changes', 'checkpoint', 'evidence', 'format', 'level', 'members', 'month', 'month_closed', 'no_shows_counted', 'number', 'organization', 'rules',
    'sub_organizations', 'supersedes'];

  /** Every figure by its place, as `changes.figures` names it. */
  function figures(data) {
    const found = new Map();
    const leaves = (place, value) => {
      if (value !== null && typeof value === 'object' && value.numerator === undefined) {
        for (const [name, below] of Object.entries(value)) leaves(`${place}.${name}`, below);
      } else {
        found.set(place, canonical(value));
      }
    };
    for (const [name, value] of Object.entries(data)) if (!ELSEWHERE.includes(name)) leaves(name, value);
    found.delete('previous.month');
    for (const line of data.evidence) found.set(`evidence.${line.evidence}`, canonical(line.records));
    if (data.rules) found.set('rules', canonical(`《${data.rules.title}》（${data.rules.version}版）`));
    return found;
  }

  function wrongFigure(before, after, changes) {
    const [earlier, later, none] = [figures(before), figures(after), canonical(null)];
    const told = new Map(changes.map(change => [change.figure, change]));
    for (const place of new Set([...earlier.keys(), ...later.keys(), ...told.keys()])) {
      const [was, is] = [earlier.get(place) ?? none, later.get(place) ?? none];
      const change = told.get(place);
      if (change ? canonical(change.before) !== was || canonical(change.after) !== is || was === is : was !== is) return place;
    }
    return null;
  }

  /** Lines as a bag: `take` says whether one was there. */
  function bag(lines) {
    const counts = new Map();
    const add = line => counts.set(canonical(line), (counts.get(canonical(line)) ?? 0) + 1);
    lines.forEach(add);
    return {
      add,
      take: line => {
        const count = counts.get(canonical(line)) ?? 0;
        counts.set(canonical(line), count - 1);
        return count > 0;
      },
      isEmpty: () => [...counts.values()].every(count => count === 0),
    };
  }

  /** Lines of before, those that changed put in their place and the others moved, against the lines of after. */
  function areTheSame(before, after, changes, moved) {
    const [earlier, later] = [bag(before), bag(after)];
    for (const change of changes) {
      if (change.before !== null && !earlier.take(change.before)) return false;
      if (change.after !== null && !later.take(change.after)) return false;
    }
    const changed = bag(changes.map(change => change.before).filter(line => line !== null));
    return before.every(line => changed.take(line) || later.take(moved(line))) && later.isEmpty();
  }

  /** What of the later notice isn't what the earlier one and the changes give; null if all is. */
  function difference(before, after) {
    const { changes } = after;
    const figure = wrongFigure(before, after, changes.figures);
    if (figure) return figure;
    const moved = line => {
      const shift = changes.rank_shifts.find(({ first, last }) => first <= line.rank && line.rank <= last);
      return shift ? { ...line, rank: line.rank + shift.by } : line;
    };
    if (!areTheSame(before.members, after.members, changes.members, moved)) return 'members';
    const rows = [before.sub_organizations, after.sub_organizations, changes.organizations];
    return areTheSame(...rows, row => row) ? null : 'sub_organizations';
  }

  return { difference };
})();
