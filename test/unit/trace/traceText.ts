import fc from 'fast-check';

/** Texts that look like traces, whole and broken: marks, line ends, fences and odd characters in any order. */
export function traceText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('\n\n', '\n', '\r\n\r\n', '\r\n', '\r', ' \n\t\n', '\n\n\n', ' ', '\u3000') },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '<think>', '</think>', '<think>\n', '\n</think>\n', '<thinking>', '</thinking>', '<think a="b">', '<think', '</Think>',
        '---\n', '---', '...\n', 'intent: harmful\n', 'id: [\n', '\uFEFF',
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom('```', '```js\n', '~~~\n', '\n```\n', '````', '- ', '1. ') },
    {
      weight: 4,
      arbitrary: fc.constantFrom('Okay, so', 'I should not.', 'word', '好。', '😀', '\uD83D', '\uFFFD', 'a', 'Yes! No? “So.”', '$(sync)', '\0'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  return fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
}
