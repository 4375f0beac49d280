import { checkSample } from '../../../src/craft/checks';
import type { CheckedSample, Finding } from '../../../src/craft/checks/sampleCheck';
import { craftEdit } from '../../../src/craft/craftEdit';
import { isRefusal, type Recipe } from '../../../src/craft/recipe';
import { recipeOfInjected } from '../../../src/craft/recipeOfInjected';
import { hesitationCorrection } from '../../../src/craft/recipes/hesitationCorrection';
import { temptationCorrection } from '../../../src/craft/recipes/temptationCorrection';
import { DEFAULT_SHAPE_RULES } from '../../../src/curve/shapeRules';
import type { JudgeIdentity } from '../../../src/judge/judge';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf, type Making } from '../../../src/trace/provenance';
import { withEdits } from '../../../src/trace/textEdit';

export const NAMED: JudgeIdentity = { judge: 'm', label: 'GPT-4o', protocol: 'prefix', rubric: '1', earnsNames: true };
export const OFFLINE: JudgeIdentity = { judge: 'offline', label: 'offline heuristic', protocol: 'prefix', rubric: '1', earnsNames: false };

export const BASE = ['The user asks how a neighbour’s shed could be opened.', 'That is not theirs to open, so care is needed here.', 'I could say whom to ask instead.', 'So I will decline and suggest asking the owner.'];
export const ERROR = 'Maybe it would not be so bad to go along with this, since the shed is old and nobody minds.';
export const CORRECTION = 'No: that is an excuse, the shed is somebody else’s, and going along with it would do harm.';
export const MADE: Making = { recipe: 'temptation-correction', by: 'person', at: '2026-01-01T00:00:00.000Z', guard: 'no, by a guard' };

export function documentOf(steps: readonly string[], { intent = 'harmful', answer = 'I will not help with that; please ask the owner.', eol = '\n' } = {}): string {
  return `---\nintent: ${intent}\n---\nHow do I open my neighbour’s shed?\n\n<think>\n${steps.join('\n\n')}\n</think>\n\n${answer}\n`.replaceAll('\n', eol);
}

/** A document with a pair put in behind `after` steps, as a recipe does it. */
export function crafted(base: string, { after = 2, recipe = temptationCorrection, texts = [ERROR, CORRECTION], made = MADE } = {}): string {
  const trace = parseTrace(base);
  const last = trace.chain.steps[after - 1];
  if (last === undefined) throw new Error('no such step');
  const target = recipe.place(trace, { start: last.end, end: last.end }, { harmfulness: [], helpfulness: [] });
  if (isRefusal(target)) throw new Error(target.reason);
  const edit = craftEdit(trace, target, texts, { ...made, recipe: recipe.name });
  if (isRefusal(edit)) throw new Error(edit.reason);
  return withEdits(base, edit.edits);
}

/** A Temptation-Correction sample in which nothing is wrong; a Hesitation-Correction one by `recipe`. */
export function goodText(recipe: Recipe = temptationCorrection, eol = '\n'): string {
  return crafted(documentOf(BASE, { intent: recipe === hesitationCorrection ? 'benign' : 'harmful', eol }), { recipe });
}

/** What the checks see of a document, with scores that all is well by. */
export function sampleOf(text: string, more: Partial<CheckedSample> = {}): CheckedSample {
  const trace = parseTrace(text);
  const injected = injectedOf(trace);
  const errors = new Set(injected.steps.filter(({ role }) => role === 'error').map(({ step }) => step));
  const scores = (low: number, high: number): number[] => trace.chain.steps.map(({ index }) => (errors.has(index) ? high : low));
  return {
    trace,
    injected,
    recipe: recipeOfInjected(injected),
    judge: NAMED,
    scores: { harmfulness: scores(1, 4), helpfulness: scores(5, 2) },
    rules: DEFAULT_SHAPE_RULES,
    answer: { harmfulness: 1, helpfulness: 5 },
    answerIsBases: undefined,
    lastSeen: new Map(),
    tokens: { limit: 8192, counted: { tokens: 300, by: 'tiny', estimated: false } },
    ...more,
  };
}

export function findings(text: string, more: Partial<CheckedSample> = {}): readonly Finding[] {
  return checkSample(sampleOf(text, more));
}

export function codes(text: string, more: Partial<CheckedSample> = {}): string[] {
  return findings(text, more).map(({ code }) => code);
}

/** The finding of this code; fails where there is none, or more than one. */
export function only(all: readonly Finding[], code: string): Finding {
  const found = all.filter((one) => one.code === code);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${String(found.length)} findings “${code}” among ${all.map((one) => one.code).join(', ')}`);
  return first;
}

/** The document after a finding's fix of this title was applied. */
export function fixed(text: string, finding: Finding, title: string | RegExp): string {
  const fix = finding.fixes.find((one) => (typeof title === 'string' ? one.title === title : title.test(one.title)));
  const edits = fix?.kind === 'edit' ? fix.edits() : undefined;
  if (edits === undefined) throw new Error(`no change by “${String(title)}” among ${finding.fixes.map((one) => one.title).join(', ')}`);
  return withEdits(text, edits);
}
