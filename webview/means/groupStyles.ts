import { judgeLetter, type MarkerShape } from '../curves/markers';

/** Groups are told apart by marker and dash, and by colour besides. */
const SHAPES: readonly MarkerShape[] = ['circle', 'square', 'triangle', 'diamond', 'cross', 'ring', 'down'];
/** How many styles of lines there are (`means.css`); more groups begin again, with other markers. */
const STYLES = 6;

export function groupMarker(index: number): MarkerShape {
  return SHAPES[Math.max(0, index) % SHAPES.length] ?? 'circle';
}

/** The class of a group's line; of the difference (`-1`) its own. */
export function groupClass(index: number): string {
  return index < 0 ? 'difference' : `group group${String((index % STYLES) + 1)}`;
}

/** What a group is called where there is no room for its name. */
export function groupLetter(index: number): string {
  return judgeLetter(index);
}
