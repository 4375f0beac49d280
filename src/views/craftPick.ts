import * as vscode from 'vscode';
import { offersAt } from '../craft/offer';
import type { Recipe } from '../craft/recipe';
import { knownOf } from '../host/crafting';
import { plainLabel } from '../host/plainLabel';
import type { CraftSpot } from './craftSpot';

/** Shows every recipe, those that do not fit at this place with the reason. @returns the one that was picked, whether it fits or not */
export async function pickRecipe({ state, at }: CraftSpot, teacher: string | undefined): Promise<Recipe | undefined> {
  const offers = offersAt(state.trace, at, knownOf(state));
  const row = (offer: (typeof offers)[number]): vscode.QuickPickItem & { readonly recipe: Recipe } => {
    const { recipe } = offer;
    return 'refused' in offer
      ? { label: `$(circle-slash) ${recipe.title}`, description: 'not here', detail: offer.refused, recipe }
      : { label: `$(edit) ${recipe.title}`, description: recipe.short, detail: [recipe.inserts, offer.target.note].filter((part) => part !== undefined).join(' '), recipe };
  };
  // What fits stands first; the order of the recipes is kept.
  const rows = [...offers.filter((offer) => 'target' in offer), ...offers.filter((offer) => 'refused' in offer)].map(row);
  const picked = await vscode.window.showQuickPick(rows, {
    title: 'Craft at the cursor',
    placeHolder: teacher === undefined ? 'By hand: guides to write over' : `${plainLabel(teacher)} writes a draft that you accept, change or discard`,
    matchOnDetail: true,
  });
  return picked?.recipe;
}
