import * as vscode from 'vscode';
import { draftPlace } from '../craft/draftText';
import { offerOf, type Offer } from '../craft/offer';
import { isRefusal, type Recipe, type Target } from '../craft/recipe';
import { recipeNamed } from '../craft/recipes';
import { knownOf, type CraftRequest } from '../host/crafting';
import type { ReadyTeacher } from '../host/teachers';
import { failed, refuse, say, type LoadedCraftParts } from './craftParts';
import { pickRecipe } from './craftPick';
import type { CraftPreview } from './craftPreview';
import { craftSpot, type CraftSpot } from './craftSpot';

const BY_HAND = 'Write by Hand';

/** *Craft at Cursor…* and each recipe's own command: by the teacher where one is set, else by hand. */
export class CraftHere {
  constructor(
    private readonly parts: LoadedCraftParts,
    private readonly preview: CraftPreview,
  ) {}

  async craft(request: CraftRequest = {}): Promise<void> {
    const spot = await craftSpot(this.parts.traces, request);
    if (spot === undefined) return;
    const byHand = request.byHand === true;
    const recipe = request.recipe === undefined ? await pickRecipe(spot, byHand ? undefined : this.parts.teachers.nameOf('teacher')) : recipeNamed(request.recipe);
    if (recipe === undefined) {
      if (request.recipe !== undefined) await refuse(`There is no recipe “${request.recipe}”.`);
      return;
    }
    await this.at(spot, recipe, byHand);
  }

  /** Crafts at a place whose document may have changed since it was looked at. */
  private async at(spot: CraftSpot, recipe: Recipe, byHand: boolean): Promise<void> {
    const now = this.parts.traces.state(spot.document);
    if (now === undefined) return;
    const offer = offerOf(recipe, now.trace, spot.at, knownOf(now));
    if ('refused' in offer) {
      await this.refused(offer);
      return;
    }
    const { target } = offer;
    // Before anything is asked of a teacher: would its words fit there at all?
    const place = draftPlace(now.trace, target);
    if (isRefusal(place)) {
      await refuse(place.reason);
      return;
    }
    if (target.note !== undefined) say(target.note);
    const here = { ...spot, state: now };
    if (byHand) await this.byHand(here, recipe, target);
    else await this.byTeacher(here, recipe, target);
  }

  private async byTeacher(spot: CraftSpot, recipe: Recipe, target: Target): Promise<void> {
    let teacher: ReadyTeacher | undefined;
    try {
      teacher = await this.parts.teachers.teacher(spot.document.uri);
    } catch (error) {
      const choose = 'Choose Teacher…';
      const chosen = await failed(this.parts.output, error, choose, BY_HAND);
      if (chosen === BY_HAND) await this.byHand(spot, recipe, target);
      else if (chosen === choose) await vscode.commands.executeCommand('cotLens.chooseTeacher');
      return;
    }
    if (teacher === undefined) await this.byHand(spot, recipe, target);
    else if ((await this.preview.begin(spot, recipe, target, teacher)) === 'by hand') await this.craft({ recipe: recipe.name, uri: spot.state.uri, at: spot.at, byHand: true });
  }

  private async byHand({ editor, state }: CraftSpot, recipe: Recipe, target: Target): Promise<void> {
    const refused = await this.parts.hand.insert(editor, state.trace, recipe, target);
    if (refused !== undefined) await refuse(refused.reason);
  }

  private async refused({ refused }: Offer & { readonly refused: string }): Promise<void> {
    const setIntent = 'Set Intent…';
    const buttons = /^Set the intent first/.test(refused) ? [setIntent] : [];
    if ((await refuse(refused, ...buttons)) === setIntent) await vscode.commands.executeCommand('cotLens.setIntent');
  }
}
