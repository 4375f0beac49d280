import { curveChart } from '../../src/curve/curveChart';
import type { Series } from '../../src/curve/series';
import { shapeOf } from '../../src/curve/shape';
import { sparkline } from '../../src/curve/sparkline';
import { turningPoints } from '../../src/curve/turningPoints';
import { plainLabel } from '../../src/host/plainLabel';
import { textChain } from '../../src/judge/textChain';
import { composeRow, rowEdits } from '../../src/trace/rows/rowDocument';
import type { RowTrace } from '../../src/trace/rows/rowTrace';
import { parseTrace } from '../../src/trace/parseTrace';
import { SPLITTERS, splitterNamed } from '../../src/trace/splitters';
import type { Score } from '../../src/trace/verdict';
import { steps } from './corpus';
import { LARGEST, scaling, type Work } from './measure';
import type { Row } from './row';
import { scoreFileScaling } from './scoreFile';

/**
 * Ten times the input may take this many times as long. What is linear took 5 to 14 times as long here, by how well the two sizes
 * fit the processor's caches; what is quadratic takes 100 times as long.
 */
const BOUND = 20;

/**
 * The smaller size at most, in characters. Every tag and every line of YAML is kept as many objects: with ten times as many,
 * less text fills the space that is not collected meanwhile. Steps of a chain are hundreds of characters each.
 */
const MOST_TAGS = 4096;
const MOST_YAML = 4096;
const MOST_STEPS = 2048;

/** About `size` characters of `piece` over and over, in one flat string as editors hand over. */
const repeated = (piece: string) => (size: number): string => piece.repeat(Math.ceil(size / piece.length));

/** Texts that were written to take long, by name. Each gives about as many characters as it is asked for. */
type Texts = Readonly<Record<string, (size: number) => string>>;

const LINES: Texts = {
  '`<think ` never closed': repeated('<think '),
  'one `<think ` and no end': (size) => `<think ${repeated('a ')(size)}`,
  'fences that never close': repeated('```\na\n\n~~~~\n\n'),
  'opening fences only': repeated('```py\n\n'),
  'ever longer fences': (size) => growing(size, (length) => '`'.repeat(length)),
  'ever longer fences, opening only': (size) => growing(size, (length) => `${'`'.repeat(length)}py`),
  'one fence as long as the text': (size) => '`'.repeat(size),
  'blank lines': repeated('\n \n'),
  'carriage returns': repeated('\r'),
  'one long line': repeated('a'),
  'one long line of spaces': (size) => `a${' '.repeat(size)}b`,
  'halves of characters': repeated('\uD800'),
  'replacement characters': repeated('\uFFFD\n\n'),
  'role lines that never end': repeated('\n--- tool call '),
  'one role line as long as the text': (size) => `--- tool call a${repeated(' ---  a')(size)}`,
  'tool calls of one name': repeated(`--- tool call a ---\n${'b '.repeat(60)}\n--- tool result a ---\n${'c '.repeat(60)}\n`),
  'tool calls before all results': (size) => repeated(`--- tool call a ---\n${'b '.repeat(60)}\n`)(size / 2) + repeated(`--- tool result a ---\n${'c '.repeat(60)}\n`)(size / 2),
  'front matter without end': (size) => `---\n${repeated('a: b\n')(size)}`,
  'front matter of errors': (size) => `---\n${repeated('a: ]\n')(size)}---\n`,
};

const TAGS: Texts = {
  'opening tags': repeated('<think>\n'),
  'closing tags': repeated('</think>\n'),
  'pairs of tags': repeated('<think>\na\n</think>\n'),
  'pairs with a fence on one line in each': repeated('<think>\na ``` b ~~~ c\n</think>\n'),
  'pairs of tags on one line': repeated('<think></think>'),
  'nested tags': (size) => repeated('<think>\n')(size / 2) + repeated('</think>\n')(size / 2),
  'role lines': repeated('--- user ---\n'),
  'closing tags between role lines': repeated('--- user ---\n</think>\n'),
  'blocks that lead to nothing': (size) => `${repeated('<think>\n</think>\nb\n')(size)}<think>\nA`,
  'tags that carry a mark': (size) => `---\nmark: 7f\n---\n${repeated('<think-7f>\n--- user 7f ---\n</think-7f>\n')(size)}`,
  'tags after much white space': (size) => `${' '.repeat(60)}<think>`.repeat(size / 67),
};

const HEADS: Texts = {
  'front matter, many keys': (size) => `---\n${numbered(size, 'k# : v')}---\n`,
  'front matter, many anchors': (size) => `---\n${numbered(size, 'k#: &a# [*a#]')}---\n`,
  'front matter, nested in brackets': (size) => `---\na: ${'['.repeat(size / 2)}${']'.repeat(size / 2)}\n---\n`,
  'front matter, nested lists': (size) => `---\n${repeated('- ')(size)}a\n---\n`,
  'front matter, nested by indentation': (size) => `---\n${growing(size, (length) => `${' '.repeat(length)}a:`)}---\n`,
  'front matter, much injected': (size) => `---\ninjected:\n${repeated('  - step: 1\n')(size)}---\n`,
};

/** Lines each longer than the one before, `size` characters in all. */
function growing(size: number, line: (length: number) => string): string {
  const lines: string[] = [];
  for (let length = 3, written = 0; written < size; length++) {
    lines.push(line(length));
    written += length;
  }
  return lines.join('\n\n') + '\n';
}

function numbered(size: number, line: string): string {
  const count = Math.ceil(size / (line.length + 4));
  return Array.from({ length: count }, (_, i) => `${line.replaceAll('#', String(i))}\n`).join('');
}

/** Ups and downs, plateaus and gaps. */
const zigzag = (length: number): Score[] => Array.from({ length }, (_, i) => ([1, 5, 2, 4, 4, null, 1, 3] as const)[i % 8] ?? null);

const COLORS = { harmfulness: '#f00', helpfulness: '#00f', grid: '#888', text: '#888' };

const curve = (name: string, of: (scores: Score[], series: Series) => number): [string, (size: number) => Work] => [
  name,
  (size) => {
    const scores = zigzag(size);
    return () => of(scores, 'harmfulness');
  },
];

const OTHERS: readonly [string, (size: number) => Work][] = [
  [
    'textChain',
    (size) => {
      const texts = steps({ steps: size });
      return () => textChain('', texts).seen.length;
    },
  ],
  curve('shapeOf', (scores) => shapeOf(scores).scored),
  curve('turningPoints', (scores) => turningPoints(scores.map((score, step) => ({ step, score: score ?? 1 })), 2).length),
  curve('sparkline', (scores, series) => sparkline(scores, series).length),
  curve('curveChart', (scores, series) => curveChart({ curves: [{ series, scores }], step: 3, colors: COLORS }).length),
  [
    'plainLabel',
    (size) => {
      const text = repeated('$( \u202E\n')(size);
      return () => plainLabel(text).length;
    },
  ],
];

/** A row whose texts are this one: composed, read back, and read back after a change. */
function rowOf(text: string): Work {
  const parts = (role: 'user' | 'assistant', kind: 'text' | 'reasoning'): RowTrace['messages'][number] => ({ role, parts: [{ kind, text, at: { path: [role] } }] });
  const trace: RowTrace = {
    variant: undefined, id: undefined, intent: 'unknown', model: undefined, source: undefined, notes: [], facts: [],
    messages: [parts('user', 'text'), parts('assistant', 'reasoning')],
  };
  return () => {
    const composed = composeRow(trace, undefined);
    const { edits } = rowEdits(trace, undefined, { user: text, assistant: text }, `${composed.trimEnd().slice(0, -11)}x${composed.trimEnd().slice(-11)}`);
    return composed.length + edits.length;
  };
}

/** What a stranger's file can do to us: ten times the input takes about ten times as long, and never a hundred times. */
export async function rows(): Promise<Row[]> {
  const found: Row[] = [];
  const add = (name: string, figure: number): void => void found.push({ name, figure, unit: 'x', bound: BOUND });
  for (const [texts, largest] of [[LINES, LARGEST], [TAGS, MOST_TAGS], [HEADS, MOST_YAML]] as const) {
    for (const [name, text] of Object.entries(texts)) add(`parse 10x: ${name}`, scaling((size) => parsing(text(size)), largest));
  }
  // Every splitter sees the same texts; where they differ is in fences and in short stretches.
  for (const { name } of SPLITTERS.slice(1)) {
    const splitter = splitterNamed(name);
    for (const text of ['fences that never close', 'ever longer fences, opening only']) {
      add(`${name} 10x: ${text}`, scaling((size) => parsing(LINES[text]?.(size) ?? '', splitter)));
    }
    const pairs = 'pairs with a fence on one line in each';
    add(`${name} 10x: ${pairs}`, scaling((size) => parsing(TAGS[pairs]?.(size) ?? '', splitter), MOST_TAGS));
  }
  for (const name of ['role lines that never end', 'one role line as long as the text', 'carriage returns', 'halves of characters', 'front matter without end']) {
    add(`row 10x: ${name}`, scaling((size) => rowOf(LINES[name]?.(size) ?? ''), LARGEST));
  }
  for (const name of ['opening tags', 'closing tags', 'role lines', 'tags that carry a mark']) {
    add(`row 10x: ${name}`, scaling((size) => rowOf(TAGS[name]?.(size) ?? ''), MOST_TAGS));
  }
  for (const [name, make] of OTHERS) add(`${name} 10x`, scaling(make, name === 'textChain' ? MOST_STEPS : LARGEST));
  add('score file of 10x lines', await scoreFileScaling());
  return found;
}

function parsing(text: string, splitter = SPLITTERS[0]): Work {
  return () => {
    const { parts, problems } = parseTrace(text, splitter);
    return parts.length + problems.length;
  };
}
