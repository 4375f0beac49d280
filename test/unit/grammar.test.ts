import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from 'vscode-textmate';

/** Reads the grammar with the engine that VS Code itself uses. */
const root = path.resolve(import.meta.dirname, '../..');
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await loadWASM(readFileSync(wasm));
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: (scope) => {
      // VS Code brings its own YAML grammar; without any the whole rule around it would be left out.
      if (scope === 'source.yaml') return Promise.resolve(parseRawGrammar('{"scopeName":"source.yaml","patterns":[]}', 'yaml.json'));
      if (scope !== 'text.cot') return Promise.resolve(null);
      const file = path.join(root, 'syntaxes/cot.tmLanguage.json');
      return Promise.resolve(parseRawGrammar(readFileSync(file, 'utf8'), file));
    },
  });
  const loaded = await registry.loadGrammar('text.cot');
  if (loaded === null) throw new Error('The grammar does not load.');
  grammar = loaded;
});

/** The scopes of the token that begins with `text`, without the root scope. */
function scopesOf(document: string, text: string): string[] {
  let stack = INITIAL;
  for (const line of document.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    const at = line.indexOf(text);
    const token = tokens.find(({ startIndex, endIndex }) => at !== -1 && startIndex <= at && at < endIndex);
    if (token !== undefined) return token.scopes.slice(1);
  }
  throw new Error(`“${text}” is not in the document.`);
}

const document = [
  '---', 'intent: harmful', '---', 'The prompt asks', 'in two lines.', '', '<think depth="1">', 'First `code` step.', '',
  '- Second step', '```py', 'x = 1', '', 'y = 2', '```', 'ends here.', '', 'Third.', '</think>', '', 'The answer says', '', '**so**.',
].join('\n');

describe('the grammar tells apart', () => {
  it.each([
    ['front matter', 'intent', 'meta.embedded.block.frontmatter'],
    ['the prompt', 'The prompt', 'meta.prompt.cot'],
    ['its second line', 'in two', 'meta.prompt.cot'],
    ['the tag', 'think depth', 'entity.name.tag.cot'],
    ['a step', 'First', 'meta.step.cot'],
    ['inline code', '`code`', 'markup.inline.raw.cot'],
    ['a list marker', '- Second', 'punctuation.definition.list.begin.markdown'],
    ['a fence across blank lines', 'y = 2', 'markup.fenced_code.block.cot'],
    ['the step after the fence', 'ends here', 'meta.step.cot'],
    ['the last step', 'Third', 'meta.step.cot'],
    ['the answer', 'The answer', 'meta.answer.cot'],
    ['bold text', '**so**', 'markup.bold.cot'],
  ])('%s', (_what, text, scope) => {
    expect(scopesOf(document, text)).toContain(scope);
  });

  it('the reasoning from what is around it', () => {
    for (const text of ['First', 'Third', 'y = 2']) expect(scopesOf(document, text)).toContain('meta.reasoning.cot');
    for (const text of ['intent', 'The prompt', 'The answer']) expect(scopesOf(document, text)).not.toContain('meta.reasoning.cot');
  });

  it('two blocks and the text between them', () => {
    const two = '<think>\nA one\n</think>\nbetween\n<think>\nB two\n</think>\nend';
    expect(scopesOf(two, 'A one')).toContain('meta.step.cot');
    expect(scopesOf(two, 'between')).toContain('meta.answer.cot');
    expect(scopesOf(two, 'B two')).toContain('meta.step.cot');
    expect(scopesOf(two, 'end')).toContain('meta.answer.cot');
  });

  it('an answer after a closing tag whose opening one is missing', () => {
    expect(scopesOf('A step.\n\n</think>\n\nThe end.', 'The end')).toContain('meta.answer.cot');
  });

  it('a tag within a line of the prompt from a real one', () => {
    const quoted = 'Why does it write <think> there?\n\n<think>\nBecause.\n</think>';
    expect(scopesOf(quoted, 'Why')).toContain('meta.prompt.cot');
    expect(scopesOf(quoted, 'there')).not.toContain('meta.reasoning.cot');
    expect(scopesOf(quoted, 'Because')).toContain('meta.step.cot');
  });

  it('role lines, and the turns between them', () => {
    const two = 'Q one\n\n<think>\nA one\n--- user ---\n</think>\n\nsaid\n--- tool call search ---\n{}\n--- user ---\nQ two\n\n<think>\nB two\n</think>\nend';
    expect(scopesOf(two, 'search')).toContain('entity.name.function.tool.cot');
    expect(scopesOf(two, 'tool call')).toContain('keyword.other.role.cot');
    expect(scopesOf(two, 'said')).toContain('meta.answer.cot');
    expect(scopesOf(two, 'Q two')).toContain('meta.prompt.cot');
    expect(scopesOf(two, 'B two')).toContain('meta.step.cot');
    // The first one stands within reasoning.
    expect(scopesOf(two, '--- user')).toContain('meta.reasoning.cot');
  });

  it('tags that carry a mark', () => {
    const marked = 'Q <think>\n\n<think-7f>\nA one\n</think-7f>\n\nend';
    expect(scopesOf(marked, 'A one')).toContain('meta.step.cot');
    expect(scopesOf(marked, 'end')).not.toContain('meta.reasoning.cot');
    expect(scopesOf(marked, 'end')).toContain('meta.answer.cot');
    const long = '<think-0123456789abcdef>\nA\n</think-0123456789abcdef>\nbetween\n<think-0123456789abcdef>\nB two\n</think-0123456789abcdef>\nend';
    expect(scopesOf(long, 'between')).toContain('meta.answer.cot');
    expect(scopesOf(long, 'B two')).toContain('meta.step.cot');
  });

  it('what the assistant says under a line of its own', () => {
    const said = 'Q\n--- assistant ---\nHello there\n\n- again\n--- user ---\nQ two\n--- assistant 7f ---\n<think>\nHm.\n</think>\nend\n--- tool result x ---\nfound\n--- assistant ---\nlast';
    for (const text of ['Hello', 'again', 'end', 'last']) expect(scopesOf(said, text)).toContain('meta.answer.cot');
    for (const text of ['Q two', 'found']) expect(scopesOf(said, text)).toContain('meta.prompt.cot');
    expect(scopesOf(said, 'assistant')).toContain('keyword.other.role.cot');
    expect(scopesOf(said, '--- assistant')).toContain('markup.heading.role.cot');
    expect(scopesOf(said, 'Hm.')).toContain('meta.step.cot');
    expect(scopesOf(said, 'Hm.')).not.toContain('meta.answer.cot');
  });
});
