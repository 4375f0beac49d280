import type { MixModel } from '../../src/curve/meanCurvesModel';
import { groupClass } from '../means/groupStyles';
import { element } from '../dom';

/** One piece of a bar, in percent of its width. */
export interface MixPiece {
  readonly name: string;
  readonly share: number;
}

/** The pieces of the bar of what is there, or of the target; none where there is nothing to share out. */
export function mixPieces({ parts }: MixModel, of: 'samples' | 'target'): readonly MixPiece[] {
  const total = parts.reduce((sum, part) => sum + part[of], 0);
  if (!(total > 0)) return [];
  return parts.flatMap((part) => (part[of] > 0 ? [{ name: part.name, share: (100 * part[of]) / total }] : []));
}

/** A piece's words: `T-C 80 %`. */
export function pieceInWords({ name, share }: MixPiece): string {
  return `${name} ${String(Math.round(share))} %`;
}

/** How many samples a set has of each recipe, against its target: two bars, and in words what is missing. */
export class MixBar {
  readonly element = element('section', { class: 'mix', 'aria-label': 'Mix of recipes against the target' });

  /** @param groups the names of the curves, in their order: a recipe that is one of them has its colour */
  show(mix: MixModel | undefined, groups: readonly string[]): void {
    this.element.hidden = mix === undefined;
    if (mix === undefined) return;
    const bars = (['samples', 'target'] as const).flatMap((of) => {
      const pieces = mixPieces(mix, of);
      if (pieces.length === 0) return [];
      const label = of === 'samples' ? 'samples' : 'target';
      // The words beneath say the same: a bar is a drawing.
      const bar = element('div', { class: `mixBar ${of}`, role: 'img', 'aria-label': `${label}: ${pieces.map(pieceInWords).join(', ')}` }, ...pieces.map((piece) => drawn(piece, groups.indexOf(piece.name))));
      return [element('div', { class: 'mixRow' }, element('span', { class: 'hint', 'aria-hidden': 'true' }, label), bar)];
    });
    this.element.replaceChildren(...bars, ...mix.words.map((line) => element('p', {}, line)));
  }
}

function drawn(piece: MixPiece, group: number): HTMLElement {
  const words = pieceInWords(piece);
  const made = element('div', { class: group < 0 ? 'mixPiece' : `mixPiece ${groupClass(group)}`, title: words, 'aria-hidden': 'true' }, words);
  made.style.flexGrow = String(piece.share);
  return made;
}
