import { describe, expect, it } from 'vitest';
import { restored } from '../../../../src/trace/rows/asSaved';

describe('a text whose line ends an editor made one kind', () => {
  it('keeps two line ends where one that was a lone \\r comes to stand before a typed \\n', () => {
    // The row holds \r, Okay, \n\n; the editor shows three \n; somebody types another text after the first.
    expect(restored('\rOkay, so\n\n', '\nOkay, so\n\n', '\n\nPeel the onion.', '\n')).toBe('\n\nPeel the onion.');
    expect(restored('a\rb\nc\n', 'a\nb\nc\n', 'a\n\nc\n', '\n')).toBe('a\n\nc\n');
  });

  it('has its own line ends wherever nothing was typed', () => {
    expect(restored('a\r\nb\rc\r\n', 'a\nb\nc\n', 'a\nb\nC\n', '\n')).toBe('a\r\nb\rC\r\n');
  });
});
