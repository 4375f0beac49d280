/** How many places of a text are tried as the beginning of JSON; ours. */
const TRIES = 500;
/** How many characters are looked at in all for where JSON ends, beside one look at the whole text; ours: some hundredths of a second. */
const MOST_LOOKS = 4_000_000;

/**
 * The JSON of a model's reply: the reply itself, or the last object or list in it that is what was asked for, out of prose, code fences or
 * after a `</think>`. `undefined` where there is none.
 * @param isMeant tells it from other objects in the reply; where none is, the last object counts
 */
export function jsonInText(text: string, isMeant: (value: unknown) => boolean = holdsVerdict): unknown {
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const thought = text.lastIndexOf('</think>');
  const said = thought === -1 ? text : text.slice(thought + '</think>'.length);
  const found: unknown[] = [];
  let looks = said.length + MOST_LOOKS;
  let tries = 0;
  for (let i = nextBracket(said, 0); i !== -1 && tries < TRIES && looks > 0; tries++) {
    const end = balancedEnd(said, i);
    looks -= (end ?? said.length) - i;
    const value = end === undefined ? undefined : parsed(said.slice(i, end));
    if (value !== undefined) found.push(value);
    i = nextBracket(said, value === undefined ? i + 1 : (end ?? i + 1));
  }
  return found.findLast(isMeant) ?? found.findLast((value) => typeof value === 'object');
}

function nextBracket(text: string, from: number): number {
  const bracket = /[[{]/g;
  bracket.lastIndex = from;
  return bracket.exec(text)?.index ?? -1;
}

/** Where an object or list that begins at `start` ends (exclusive); brackets in strings do not count. */
function balancedEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1;
  }
  return undefined;
}

function holdsVerdict(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsVerdict);
  return typeof value === 'object' && value !== null && ('harmfulness' in value || 'verdicts' in value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
