import * as vscode from 'vscode';
import { offersAt } from '../craft/offer';
import { knownOf, type CraftRequest, type OffersAt } from '../host/crafting';
import { DraftWriters } from '../host/craftingDraft';
import type { Draft } from '../host/drafts';
import { HandCrafting } from '../host/handCrafting';
import type { Disposable } from '../trace/event';
import { CraftAccept } from './craftAccept';
import { CraftHere } from './craftHere';
import type { CraftParts, LoadedCraftParts } from './craftParts';
import { polishAnew, polishSeam } from './craftPolish';
import { prefillHere } from './craftPrefill';
import { CraftPreview } from './craftPreview';
import { suggestPlaces } from './craftSuggest';
import { activeDraft, showDraft } from './craftTabs';

/** What can be done with a draft. */
export type DraftAct = 'accept' | 'regenerate' | 'discard' | 'stop';

/** All of crafting, loaded when a person first looks for it. */
export interface Craft extends Disposable {
  readonly offersAt: OffersAt;
  craft(request: CraftRequest): Promise<void>;
  suggest(): Promise<void>;
  prefill(): Promise<void>;
  polish(): Promise<void>;
  /** @param uri the draft's document; the one in front where absent */
  act(what: DraftAct, uri: vscode.Uri | undefined): Promise<void>;
  /** Lists the drafts that are kept, to show one again. */
  showDrafts(): Promise<void>;
}

export function createCraft(shared: CraftParts): Craft {
  const writers = new DraftWriters(shared.drafts);
  const hand = new HandCrafting(shared.traces, shared.output);
  const parts: LoadedCraftParts = { ...shared, writers, hand };
  const { drafts } = parts;
  const preview = new CraftPreview(parts);
  const acceptance = new CraftAccept(parts);
  const here = new CraftHere(parts, preview);

  const byHand = (draft: Draft): Promise<void> => {
    const { of } = draft;
    return of.kind === 'insert' ? here.craft({ recipe: of.recipe, uri: draft.trace, at: of.at, byHand: true }) : Promise.resolve();
  };
  const regenerate = async (draft: Draft): Promise<void> => {
    if (draft.of.kind === 'polish') {
      if (!draft.typed || (await preview.mayReplace())) await polishAnew(parts, draft, draft.of.steps);
    } else if ((await preview.regenerate(draft)) === 'by hand') await byHand(draft);
  };

  return {
    offersAt: (state, at) => Promise.resolve(offersAt(state.trace, at, knownOf(state))),
    craft: (request) => here.craft(request),
    suggest: () => suggestPlaces(parts, (request) => here.craft(request)),
    prefill: () => prefillHere(parts),
    polish: () => polishSeam(parts),
    async act(what, uri) {
      const draft = (uri === undefined ? undefined : drafts.of(uri)) ?? activeDraft(drafts) ?? (drafts.all.length === 1 ? drafts.all[0] : undefined);
      if (draft === undefined) {
        void vscode.window.showInformationMessage('No draft is in front. “Show Drafts…” lists those that are kept.');
      } else if (what === 'stop') writers.stop(draft.id);
      else if (what === 'discard') await preview.discard(draft);
      else if (what === 'regenerate' || (await acceptance.accept(draft)) === 'regenerate') await regenerate(drafts.get(draft.id) ?? draft);
    },
    async showDrafts() {
      if (drafts.all.length === 0) {
        void vscode.window.showInformationMessage('No draft is kept: each was accepted or discarded.');
        return;
      }
      const words = { writing: 'being written', written: 'written', stopped: 'stopped before its end', failed: 'cannot be used as it came' };
      const picked = await vscode.window.showQuickPick(
        drafts.all.map((draft) => ({ label: draft.label, description: draft.name, detail: `${words[draft.stage]} by ${draft.teacher}${draft.typed ? ', changed by you' : ''}`, draft })),
        { title: 'Drafts that are kept', placeHolder: 'Shows one beside its trace' },
      );
      if (picked !== undefined) await showDraft(drafts, picked.draft);
    },
    dispose() {
      writers.dispose();
      hand.dispose();
    },
  };
}
