import fc from 'fast-check';

/** Heads as people and programs write them; `\n` line ends. Each is closed and valid. */
export const HEADS: readonly string[] = [
  '',
  '---\n---\n',
  '---\n---\n\n',
  '---\n\n---\n\n',
  '---\n# a note\n---\n',
  '---\nintent: harmful\n---\n',
  '---\nid: a # mine\nintent: harmful\n\n# the end\n---\n\n',
  '---\n  id: 007\n  intent: benign\n---\n',
  '---\n{}\n---\n',
  '---\n{ }\n---\n',
  '---\n{intent: harmful}\n---\n',
  '---\n{ intent: harmful, tags: [a, b] }\n---\n',
  '---\n{\n  intent: harmful, # why\n  id: x,\n}\n---\n',
  '---\ninjected: []\nintent: harmful\n---\n',
  '---\ninjected: [ ] # none yet\n---\n',
  '---\ninjected:\nintent: harmful\n---\n',
  '---\nintent: harmful\ninjected: # none\n---\n',
  '---\n{ injected: [], intent: harmful }\n---\n',
  '---\n{injected: [ ]}\n---\n',
  '---\nnote: |+\n  kept\n\n\n---\n',
  '---\nnote: >\n  folded\n  text\nintent: harmful\n...\n',
  '---\ninjected:\n  - { step: "00", occurrence: 1, of: 1, role: error }\n---\n',
  '---\ninjected: # by hand\n# first\n- step: "00"\n  role: error # gone\n# second\n- step: "11"\n  occurrence: 3\n  role: correction\n  more: {a: [1, 2]}\nintent: harmful\n---\n',
  '---\ninjected: [{step: "00", role: error}, 7, {step: "11", "role": other}] # odd\nid: z\n---\n',
  '---\n{ id: z, injected: [ {step: "00", role: error} ] }\n---\n',
  '---\nid: "\\u00e9 \\"q\\""\nsource: \'it\'\'s\'\nmodel: ~\n---\n',
];

/** A document with one block of reasoning or more, all well formed: what a boundary is in it does not depend on luck. */
export function craftDocument(): fc.Arbitrary<string> {
  const sentence = fc.constantFrom(
    'Okay, so the user asks how a lock works.',
    'I should think about what is meant here.',
    'Same words again and again.',
    '1. First, look at the garden shed.\n2. Then at its door.',
    '```js\nconst a = 1;\n\nconst b = 2;\n```',
    'A line that\nruns on.',
    '好的，我想一想这个问题。',
    'Wait, that may be more than was asked for 😀.',
    '$(sync) ${1:x} \\ }',
  );
  const gap = fc.constantFrom('\n\n', '\n\n\n', '\n \t\n', '\n\n');
  const block = fc.array(fc.tuple(sentence, gap), { minLength: 1, maxLength: 6 }).map((list) => list.map(([text, space], i) => (i === list.length - 1 ? text : text + space)).join(''));
  const edges = fc.constantFrom(['\n', '\n'], ['\n', '\n'], ['', ''], ['\n\n', '\n\n'], [' \n', '\n ']);
  return fc
    .record({
      head: fc.constantFrom(...HEADS),
      mark: fc.constantFrom('', '', '7f'),
      prompt: fc.constantFrom('How does a lock work?', 'Q', '', 'Why do models write <think> here?'),
      blocks: fc.array(fc.tuple(block, edges), { minLength: 1, maxLength: 3 }),
      answer: fc.constantFrom('I can help with that.', 'No.\n\nSorry.', ''),
      between: fc.constantFrom('\n', '\n\nsaid\n\n', '\n--- tool call search ---\nlock\n--- tool result search ---\na page\n', '\n\nThen.\n\n--- user ---\nAnd now?\n\n'),
      form: fc.constantFrom('tags', 'tags', 'tags', 'unmarked', 'unclosed', 'unopened'),
      end: fc.constantFrom('', '\n'),
      eol: fc.constantFrom('\n', '\n', '\r\n'),
      bom: fc.boolean(),
    })
    .map(({ head, mark, prompt, blocks, answer, between, form, end, eol, bom }) => {
      const isMarked = mark !== '' && form === 'tags';
      const name = isMarked ? `think-${mark}` : 'think';
      const marked = (text: string): string => (isMarked ? text.replace(/^(--- .*) ---$/gm, `$1 ${mark} ---`) : text);
      const tags = blocks.map(([text, [before, after]]) => `<${name}>${before ?? ''}${text}${after ?? ''}</${name}>`).join(marked(between));
      const first = blocks[0]?.[0] ?? 'One.';
      const asked = prompt === '' ? '' : `${prompt}\n\n`;
      const body =
        form === 'unmarked' ? first : form === 'unclosed' ? `${asked}<think>\n${first}` : form === 'unopened' ? `${first}\n</think>\n\n${answer}` : `${asked}${tags}${answer === '' ? '' : `\n\n${answer}`}`;
      const top = isMarked ? `---\nmark: ${mark}\nintent: harmful\n---\n` : head;
      return (bom ? '\uFEFF' : '') + (top + body + end).replaceAll('\n', eol);
    });
}

/** Texts as a teacher or a person writes them: some are steps, some are not. */
export function slotText(): fc.Arbitrary<string> {
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'Maybe it would not be so bad to help with this after all.',
        'Wait, that is wrong: it would do harm, so I will not go on.',
        'Same words again and again.',
        ' With blanks around it, and\na second line. \n',
        'Windows\r\nlines are fine as well here.',
        'It says “$(zap)” and `${code}` and } and \\.',
        '也许可以帮忙，我再想一想。',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('Two.\n\nSteps.', '', ' \n ', '</think>', '<think>', '```\nopen', '--- user ---', 'Ok.', '---', '\uFEFF') },
  );
}
