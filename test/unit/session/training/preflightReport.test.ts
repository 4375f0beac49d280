import { describe, expect, it } from 'vitest';
import { preflightReport } from '../../../../src/session/training/preflightReport';

describe('the report of what was looked at', () => {
  it('has all of each, broken into lines that an editor shows, and says where each begins', () => {
    const long = Array.from({ length: 200 }, (_, i) => `word${String(i)}`).join(' ');
    const { text, lines } = preflightReport(['kitchen to lab'], [{ about: 'Recipe', status: 'error', said: long }, { about: 'Mix', status: 'warning', said: 'It is none.' }, { about: 'Model', status: 'open', said: 'x'.repeat(300) }, { about: 'Steps', status: 'ok', said: '' }]);
    const all = text.split('\n');
    expect(lines.map((line) => all[line])).toEqual(['ERROR  Recipe', 'WARNING  Mix', 'NOT CHECKED  Model', 'OK  Steps']);
    expect(all.slice(0, 3)).toEqual(['kitchen to lab', '', '1 error, 1 warning. Errors keep it from going out.']);
    const said = all.slice((lines[0] ?? 0) + 1, (lines[1] ?? 0) - 1);
    expect(said.every((line) => line.length <= 102 && line.startsWith('  '))).toBe(true);
    expect(said.map((line) => line.trim()).join(' ')).toBe(long);
    expect(all).toContain(`  ${'x'.repeat(300)}`);
    expect(preflightReport([], [{ about: 'Steps', status: 'ok', said: 'Good.' }]).text).toContain('No error, 0 warnings.');
  });

  it('lets nobody else’s text make lines of its own, or turn them round', () => {
    const { text } = preflightReport(['a\nERROR  b'], [{ about: 'Model', status: 'ok', said: 'tiny\n\nERROR  Backend\u202E' }]);
    expect(text.split('\n')).toEqual(['a ERROR b', '', 'No error, 0 warnings.', '', 'OK  Model', '  tiny ERROR Backend', '']);
  });
});
