import { isMap, isScalar, parseDocument, visit, type Document, type YAMLMap } from 'yaml';
import type { Problem } from './problem';
import type { Span } from './span';
import { isIntent, type Intent } from './intent';
import { MARK } from './roleLines';

/** The YAML head of a `.cot` document. Fields that CoT Lens does not know stay in the text untouched. */
export interface FrontMatter {
  readonly id: string | undefined;
  readonly intent: Intent;
  readonly model: string | undefined;
  readonly source: string | undefined;
  /** What was injected, as written; read by the provenance code. */
  readonly injected: readonly unknown[];
  /** `summary`: what stands between the tags is a provider's summary of reasoning that it does not show, no chain of thought. */
  readonly reasoning: 'chain' | 'summary';
  /** With a mark `7f` only tags `<think-7f>` and role lines that end in ` 7f ---` count; all others are text. */
  readonly mark: string | undefined;
}

export const NO_FRONT_MATTER: FrontMatter = {
  id: undefined,
  intent: 'unknown',
  model: undefined,
  source: undefined,
  injected: [],
  reasoning: 'chain',
  mark: undefined,
};

/** Where front matter stands in a text: the whole block with its fences, and the YAML between them. */
export interface FrontMatterPlace {
  readonly block: Span;
  readonly yaml: Span;
}

const OPENING = /---[ \t]*(?:\r?\n|$)/y;
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/gm;

/** Finds front matter at `start`: a `---` line, and the next `---` or `...` line. `unclosed` where the second is missing. */
export function findFrontMatter(text: string, start: number): FrontMatterPlace | 'unclosed' | undefined {
  OPENING.lastIndex = start;
  const opening = OPENING.exec(text);
  if (opening === null) return undefined;
  const yamlStart = start + opening[0].length;
  CLOSING.lastIndex = yamlStart;
  const closing = CLOSING.exec(text);
  if (closing === null) return 'unclosed';
  return {
    block: { start, end: closing.index + closing[0].length },
    yaml: { start: yamlStart, end: closing.index },
  };
}

/** YAML that can be read here, with its map unless it is empty; or what is wrong with it, and where in it if not as a whole. */
export type HeadYaml =
  | { readonly document: Document.Parsed; readonly map: YAMLMap.Parsed | undefined }
  | { readonly wrong: string; readonly at: Span | undefined };

/** Parses the YAML between the fences; never throws. */
export function parseHeadYaml(source: string): HeadYaml {
  // The parser compares each key with all before it; ours takes one look at each.
  const document = parseDocument(source, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false });
  const { repeatedKey, aliased } = lookThrough(document);
  const error = document.errors[0] ?? repeatedKey;
  if (error !== undefined) {
    const [start, end] = error.pos;
    return { wrong: error.message.replace(/\s+/g, ' '), at: { start, end: Math.max(start, end) } };
  }
  if (document.contents === null) return { document, map: undefined };
  if (!isMap(document.contents)) return { wrong: 'it holds no `name: value` lines', at: undefined };
  // Aliases can be nested into an exponential tree; nothing in our fields needs them.
  if (aliased) return { wrong: 'anchors and aliases are not read here', at: undefined };
  return { document, map: document.contents };
}

/** Reads the YAML; what is broken becomes a problem with its place in the document, never an exception. */
export function readFrontMatter(text: string, place: FrontMatterPlace, problems: Problem[]): FrontMatter {
  const head = parseHeadYaml(text.slice(place.yaml.start, place.yaml.end));
  if ('wrong' in head) {
    problems.push({
      code: 'front-matter-invalid',
      severity: 'error',
      message: `The front matter is not valid YAML (${head.wrong}), so intent, model and source are unknown. The steps are read all the same.`,
      start: head.at === undefined ? place.block.start : place.yaml.start + head.at.start,
      end: head.at === undefined ? place.block.end : place.yaml.start + head.at.end,
    });
    return NO_FRONT_MATTER;
  }
  const { document, map } = head;
  if (map === undefined) return NO_FRONT_MATTER;
  const scalar = (key: string): string | undefined => {
    const node = map.get(key, true);
    if (!isScalar(node) || node.value === null) return undefined;
    // `id: 007` is the text 007, not the number 7.
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  };
  const injected: unknown = (document.toJS({ maxAliasCount: 0 }) as Record<string, unknown>)['injected'];
  return {
    id: scalar('id'),
    intent: readIntent(scalar('intent'), place, map.get('intent', true), problems),
    model: scalar('model'),
    source: scalar('source'),
    injected: Array.isArray(injected) ? injected : [],
    reasoning: readReasoning(scalar('reasoning'), place, map.get('reasoning', true), problems),
    mark: readMark(scalar('mark'), place, map.get('mark', true), problems),
  };
}

/** What is valid YAML and yet not read here: a map that has a key twice, an alias. */
function lookThrough(document: Document): {
  repeatedKey: { readonly pos: readonly [number, number]; readonly message: string } | undefined;
  aliased: boolean;
} {
  let repeatedAt: number | undefined;
  let aliased = false;
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) repeatedAt ??= key.range?.[0] ?? 0;
        seen.add(key.value);
      }
    },
    Alias() {
      aliased = true;
      return visit.SKIP;
    },
  });
  const repeatedKey =
    repeatedAt === undefined ? undefined : { pos: [repeatedAt, repeatedAt + 1] as const, message: 'Map keys must be unique' };
  return { repeatedKey, aliased };
}

function readIntent(value: string | undefined, place: FrontMatterPlace, node: unknown, problems: Problem[]): Intent {
  if (value === undefined) return 'unknown';
  if (isIntent(value)) return value;
  problems.push({
    code: 'unknown-intent',
    severity: 'warning',
    message: `"${value}" is no intent. Write harmful, benign, ambiguous or unknown; until then both curves are shown and none is named.`,
    ...spanOf(node, place),
  });
  return 'unknown';
}

function readReasoning(
  value: string | undefined,
  place: FrontMatterPlace,
  node: unknown,
  problems: Problem[],
): FrontMatter['reasoning'] {
  if (value !== 'summary') return 'chain';
  problems.push({
    code: 'reasoning-summary',
    severity: 'information',
    message: 'This reasoning is a summary that the provider wrote, not the chain of thought: its curve says little about how the model reasoned.',
    ...spanOf(node, place),
  });
  return 'summary';
}

function readMark(value: string | undefined, place: FrontMatterPlace, node: unknown, problems: Problem[]): string | undefined {
  if (value === undefined || MARK.test(value)) return value;
  problems.push({
    code: 'invalid-mark',
    severity: 'warning',
    message: 'A mark is 1 to 16 letters and digits. This one was passed over, so all tags and role lines count.',
    ...spanOf(node, place),
  });
  return undefined;
}

/** Where a value stands in the document. */
function spanOf(node: unknown, { yaml }: FrontMatterPlace): Span {
  const [from, to] = (isScalar(node) ? node.range : undefined) ?? [0, 0];
  return { start: yaml.start + from, end: yaml.start + to };
}
