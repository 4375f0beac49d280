import { withoutInjected } from '../craft/craftEdit';
import { isRefusal, type Refusal } from '../craft/recipe';
import { recipeOfInjected } from '../craft/recipeOfInjected';
import { parseTrace } from '../trace/parseTrace';
import { chainHash, injectedOf, readEntry, type ProvenanceEntry } from '../trace/provenance';
import type { JsonObject, JsonValue } from '../trace/rows/fieldRef';
import { readHead } from '../trace/rows/headText';
import { headPlace } from '../trace/rows/rowHead';
import { documentSections, type DocumentSection } from '../trace/sections';
import { splitterNamed } from '../trace/splitters';
import { withEdits } from '../trace/textEdit';
import type { Step, Trace } from '../trace/trace';
import type { CuratedSample, SampleVerdicts } from './sample';
import { sampleHash } from './sampleHash';

/** What a sample is made of besides its trace. */
export interface SampleParts {
  /** Of judges that scored exactly this text. */
  readonly verdicts: readonly SampleVerdicts[];
  /** Codes of what its own checks found. */
  readonly findings: readonly string[];
  /** ISO 8601. */
  readonly added: string;
  /** The document it comes from, relative to the workspace. */
  readonly from?: string;
  readonly note?: string;
  readonly ablation?: true;
}

/** Front matter that has fields of its own in a sample, or that means something only in a document. */
const OWN = ['id', 'intent', 'model', 'source', 'expected', 'reasoning', 'mark', 'head'];
/** How much of a trace's id goes into a sample's. Ours. */
const LONGEST_ID = 80;

/** A crafted trace as a line of a set, or why it cannot be one, with what to do. */
export function makeSample(trace: Trace, parts: SampleParts): CuratedSample | Refusal {
  const asked = askedIn(trace);
  if (isRefusal(asked)) return asked;
  const { chain, frontMatter } = trace;
  const steps = stepTexts(chain.steps);
  const answer = chain.answer?.text ?? '';
  const injected = injectedOf(trace);
  const recipe = recipeOf(trace);
  const texts = { intent: trace.intent, ...asked, steps, answer };
  const text = sampleHash(texts);
  const base = injected.steps.length > 0 && injected.lost.length === 0 ? baseOf(trace) : undefined;
  const { prompt, system } = asked;
  const { expected, cotlens } = otherHead(trace);
  return {
    id: [...idWords(frontMatter.id), recipe, text.slice(0, 8)].join('.'),
    intent: trace.intent,
    recipe,
    ...(system === undefined ? {} : { system }),
    prompt,
    steps,
    answer,
    ...(expected === undefined ? {} : { expected }),
    ...(frontMatter.model === undefined ? {} : { model: frontMatter.model }),
    ...(frontMatter.source === undefined ? {} : { source: frontMatter.source }),
    ...(parts.note === undefined ? {} : { note: parts.note }),
    verdicts: parts.verdicts.map((one) => ({ of: text, ...one })),
    findings: parts.findings,
    ...(parts.ablation === true ? { ablation: true } : {}),
    added: parts.added,
    ...(parts.from === undefined ? {} : { from: parts.from }),
    ...(base === undefined ? {} : { base }),
    cotlens,
  };
}

/**
 * The recipe that the sample is one of, as its checks see it; where none of those named is known, the one that was used last; `none`
 * where nothing is known to be injected.
 */
export function recipeOf(trace: Pick<Trace, 'frontMatter' | 'chain'>): string {
  const known = recipeOfInjected(injectedOf(trace));
  if (known !== undefined) return known.name;
  const named = trace.frontMatter.injected.flatMap((written) => {
    const { recipe, at = '' } = readEntry(written) ?? {};
    return recipe === undefined ? [] : [{ recipe, at }];
  });
  return named.reduce<{ recipe: string; at: string } | undefined>((last, one) => (last === undefined || one.at >= last.at ? one : last), undefined)?.recipe ?? 'none';
}

/** What was asked, as a sample holds it: one user's message, and one of the system before it. */
function askedIn({ text, frontMatter, turns, chain, problems }: Trace): { readonly prompt: string; readonly system?: string } | Refusal {
  const broken = problems.find(({ code }) => code === 'front-matter-invalid' || code === 'front-matter-unclosed');
  if (broken !== undefined) return { reason: 'The front matter cannot be read, so what was injected is not known. Mend it first (see the Problems view).' };
  if (frontMatter.reasoning === 'summary') {
    return { reason: 'This reasoning is a summary that the provider wrote, not the chain of thought, so it is nothing to train on. Take a trace whose own reasoning is known.' };
  }
  if (chain.ending === 'unmarked') {
    return { reason: 'Nothing in this text tells the prompt from the reasoning and the answer. Put <think> and </think> around the reasoning, then add it again.' };
  }
  if (turns.length > 1) return { reason: `This conversation has ${String(turns.length)} turns, and a sample is one prompt with one answer. Keep the turn that it is about in a file of its own.` };
  if (chain.steps.length === 0) return { reason: 'There is no reasoning here: a sample has at least one step. Write it between <think> and </think>.' };
  const head = headPlace(text);
  const sections = documentSections(text, head === 'unclosed' ? 0 : head.end, frontMatter.mark, []).filter((section) => !isBlank(text, section));
  const reasoning = sections.findIndex(({ kind }) => kind === 'reasoning');
  const said = sections.slice(0, reasoning);
  const after = sections.slice(reasoning + 1);
  const strange = [...said.filter(({ kind }) => kind !== 'user' && kind !== 'system'), ...after.slice(0, -1), ...after.slice(-1).filter(({ kind }) => kind !== 'assistant')][0];
  if (strange !== undefined) return { reason: `${NAMES[strange.kind]} in line ${String(lineOf(text, strange))} has no place in a sample: it is a prompt, one block of reasoning and an answer. Take it out, or keep that part in a file of its own.` };
  const users = said.filter(({ kind }) => kind === 'user');
  const systems = said.filter(({ kind }) => kind === 'system');
  const [user, system] = [users[0], systems[0]];
  if (user === undefined) return { reason: 'There is no prompt before the reasoning, and without one nothing can be trained. Write it above <think>.' };
  if (users.length > 1 || systems.length > 1 || (system !== undefined && system.start > user.start)) {
    return { reason: `Before the reasoning stand ${String(said.length)} messages. A sample has one of the user, and at most one of the system before it: make one of them.` };
  }
  const textOf = ({ start, end }: DocumentSection): string => text.slice(start, end).trim();
  return { prompt: textOf(user), ...(system === undefined ? {} : { system: textOf(system) }) };
}

const NAMES: Readonly<Record<DocumentSection['kind'], string>> = {
  system: 'The system message',
  user: 'The user’s message',
  assistant: 'The model’s text',
  toolCall: 'The tool call',
  toolResult: 'The tool’s result',
  redacted: 'The withheld reasoning',
  reasoning: 'The other block of reasoning',
};

function isBlank(text: string, { start, end }: DocumentSection): boolean {
  return text.slice(start, end).trim() === '';
}

function lineOf(text: string, { line, block, start }: DocumentSection): number {
  const at = (line ?? block?.open)?.start ?? start + (/\S/.exec(text.slice(start))?.index ?? 0);
  return text.slice(0, at).split('\n').length;
}

/** Each step with the white space behind it, but for that behind the last. */
function stepTexts(steps: readonly Step[]): string[] {
  return steps.map(({ text, separator }, i) => (i === steps.length - 1 ? text : text + separator));
}

/** The steps without what was injected, if they are what provenance says they were. */
function baseOf(trace: Trace): CuratedSample['base'] {
  const injected = injectedOf(trace).steps;
  const edits = withoutInjected(trace, injected.map(({ step }) => step));
  if ('reason' in edits) return undefined;
  const { chain } = parseTrace(withEdits(trace.text, edits), splitterNamed(trace.splitter));
  const hash = chainHash(chain.steps);
  return injected.some(({ base }) => base === hash) ? { steps: stepTexts(chain.steps), answer: chain.answer?.text ?? '' } : undefined;
}

/** The known answer, and all of the head that has no field of its own. */
function otherHead({ text }: Trace): Pick<CuratedSample, 'cotlens' | 'expected'> {
  const head = headPlace(text);
  const read = head === 'unclosed' ? undefined : readHead(head.yaml);
  const values = read !== undefined && 'values' in read ? [...read.values] : [];
  const expected = values.find(([name]) => name === 'expected')?.[1];
  const more: JsonObject = Object.fromEntries(values.filter(([name]) => !OWN.includes(name)));
  const injected: JsonValue = more['injected'] ?? [];
  return {
    ...(typeof expected === 'string' || typeof expected === 'number' ? { expected: String(expected) } : {}),
    cotlens: { ...more, injected: Array.isArray(injected) ? (injected as readonly ProvenanceEntry[]) : [] },
  };
}

function idWords(id: string | undefined): string[] {
  const word = (id ?? '').slice(0, LONGEST_ID).toWellFormed().replace(/[\s\p{C}]+/gu, '-').replace(/^-|-$/g, '');
  return word === '' ? [] : [word];
}
