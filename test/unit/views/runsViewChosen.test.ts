import { describe, expect, it } from 'vitest';
import { chosenRuns } from '../../../src/views/runsViewChosen';

const node = (run: string | undefined): { run: string | undefined } => ({ run });
const [a, b, c] = [node('a'), node('b'), node('c')];

describe('the runs that a command is about', () => {
  it('are all that are selected; but one is done with the entry that was clicked, wherever it stands among them', () => {
    expect(chosenRuns(b, [a, b, c], [a, b, c])).toEqual({ one: 'b', all: ['a', 'b', 'c'] });
    expect(chosenRuns(c, [a, b, c], [])).toMatchObject({ one: 'c' });
  });

  it('are the clicked entry alone where it is not among those that are selected', () => {
    expect(chosenRuns(c, undefined, [a, b])).toEqual({ one: 'c', all: ['c'] });
    expect(chosenRuns(c, 'clicked', [a, b])).toEqual({ one: 'c', all: ['c'] });
  });

  it('from the palette or by a key are the selection for what is done with several, and none for what is done with one', () => {
    expect(chosenRuns(undefined, undefined, [a, b])).toEqual({ one: undefined, all: ['a', 'b'] });
    expect(chosenRuns(null, undefined, [a])).toEqual({ one: undefined, all: ['a'] });
  });

  it('from another command are its id, or ids, each once', () => {
    expect(chosenRuns('a', undefined, [b])).toEqual({ one: 'a', all: ['a'] });
    expect(chosenRuns(['c', 'a', 'c'], undefined, [b])).toEqual({ one: 'c', all: ['c', 'a'] });
  });

  it('are none of what is no run', () => {
    expect(chosenRuns(node(undefined), [node(undefined), a], [])).toEqual({ one: undefined, all: ['a'] });
    expect(chosenRuns(7, [], [{}, 3, null])).toEqual({ one: undefined, all: [] });
  });
});
