import { blankLines } from '../splitters/blankLines';
import { isSpace, trimEnd } from '../whitespace';

/**
 * Cuts an edited reasoning into the steps of a list again, each with the white space behind it, so that joined with nothing they are the
 * text. Steps that stand between blank lines are cut so again; of a list that was cut otherwise (by sentences) those before and after
 * the change stay as they are, and what is between is cut at blank lines (ours). Takes linear time.
 * @param items as the list has them now
 */
export function stepList(items: readonly string[], edited: string): string[] {
  if (edited === '') return [];
  const before = items.join('');
  if (edited === before) return [...items];
  const usual = cut(before);
  if (usual.length === items.length && usual.every((step, i) => step === items[i])) return cut(edited);
  return aroundChange(items, edited);
}

function aroundChange(items: readonly string[], edited: string): string[] {
  let first = 0;
  let from = 0;
  for (let item = items[first]; item !== undefined && edited.startsWith(item, from); item = items[first]) {
    from += item.length;
    first++;
  }
  let last = items.length;
  let to = edited.length;
  for (let item = items[last - 1]; last > first && item !== undefined; item = items[last - 1]) {
    if (to - item.length < from || !edited.endsWith(item, to)) break;
    to -= item.length;
    last--;
  }
  if (from === to) return [...items.slice(0, first), ...items.slice(last)];
  // What was typed at the end of a step, or before the beginning of one, is part of it.
  const previous = items[first - 1];
  if (previous !== undefined && (!endsBlank(previous) || isSpace(edited.charCodeAt(from)))) {
    first--;
    from -= previous.length;
  }
  const next = items[last];
  if (next !== undefined && !endsBlank(edited.slice(from, to))) {
    last++;
    to += next.length;
  }
  return [...items.slice(0, first), ...cut(edited.slice(from, to)), ...items.slice(last)];
}

/** A text as steps between blank lines; white space before the first is the first's. */
function cut(text: string): string[] {
  const spans = blankLines.split(text, 0, text.length);
  if (spans.length === 0) return text === '' ? [] : [text];
  return spans.map(({ start }, i) => text.slice(i === 0 ? 0 : start, spans[i + 1]?.start ?? text.length));
}

function endsBlank(text: string): boolean {
  const space = text.slice(trimEnd(text, 0, text.length));
  return space.indexOf('\n') !== space.lastIndexOf('\n');
}
