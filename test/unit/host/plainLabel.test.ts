import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainLabel } from '../../../src/host/plainLabel';

it.each([
  ['$(sync~spin) x', '$\u200B(sync~spin) x'],
  ['a\n\n\tb\r\nc', 'a b c'],
  ['[mend it](command:workbench.action.quit)', '[mend it]\u200B(command:workbench.action.quit)'],
  ['mirror \u202Etxet\u202C end', 'mirror txet end'],
  ['zero\u200Bwidth \u2066x\u2069', 'zero width x'],
  ['\u0000\u001b[31mred', '[31mred'],
  ['  ', ''],
  ['👩‍👩‍👧 family', '👩 👩 👧 family'],
])('%j becomes %j', (text, label) => {
  expect(plainLabel(text)).toBe(label);
});

it('is cut between characters, with an ellipsis', () => {
  expect(plainLabel('😀😀😀😀', 3)).toBe('😀😀…');
  expect(plainLabel('word '.repeat(1_000_000), 20)).toHaveLength(20);
});

it('law: one line, never an icon or a link, never longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 2, max: 60 }), (text, most) => {
      const label = plainLabel(`${text}$(${text}](${text}`, most);
      expect(label).not.toMatch(/[$\]]\(|[\n\r\u202A-\u202E\u2066-\u2069]/);
      // The space that keeps an icon or a link apart is not counted.
      expect([...label.replaceAll('\u200B', '')].length).toBeLessThanOrEqual(most);
    }),
  );
});
