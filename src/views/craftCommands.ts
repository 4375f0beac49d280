import * as vscode from 'vscode';
import type { CraftRequest, OffersAt } from '../host/crafting';
import type { Disposable } from '../trace/event';
import type { Craft, DraftAct } from './craft.onDemand';
import type { CraftParts } from './craftParts';
import { CraftStatus } from './craftStatus';

/** The recipes with a command of their own in the palette: what the command is called, and the recipe's name. */
const RECIPE_COMMANDS: Readonly<Record<string, string>> = {
  temptationCorrection: 'temptation-correction',
  hesitationCorrection: 'hesitation-correction',
  prefillByTeacher: 'counter-aligned-prefill',
  recomposeStep: 'recompose-step',
  backtrack: 'backtrack',
};

/** The commands of crafting and of drafts. What they need is loaded with the first. */
export class CraftCommands implements Disposable {
  private readonly own: vscode.Disposable[];
  private loading: Promise<Craft> | undefined;

  constructor(private readonly parts: CraftParts) {
    const command = (name: string, run: (craft: Craft, argument: unknown) => Promise<void>): vscode.Disposable =>
      vscode.commands.registerCommand(`cotLens.${name}`, async (argument: unknown) => {
        await run(await this.load(), argument);
      });
    const act = (what: DraftAct): vscode.Disposable => command(`draft.${what}`, (craft, argument) => craft.act(what, argument instanceof vscode.Uri ? argument : undefined));
    this.own = [
      // A quick fix says which recipe and which step; the editor's menu gives a document, which is the active one.
      command('craft', (craft, argument) => craft.craft(isRequest(argument) ? argument : {})),
      command('craftByHand', (craft) => craft.craft({ byHand: true })),
      ...Object.entries(RECIPE_COMMANDS).map(([name, recipe]) => command(`craft.${name}`, (craft) => craft.craft({ recipe }))),
      command('suggestInsertionPoints', (craft) => craft.suggest()),
      command('prefillUpToHere', (craft) => craft.prefill()),
      command('polishSeam', (craft) => craft.polish()),
      command('showDrafts', (craft) => craft.showDrafts()),
      act('accept'),
      act('regenerate'),
      act('discard'),
      act('stop'),
      new CraftStatus(parts.drafts, parts.teachers),
    ];
  }

  /** What recipes come to at a place, for the lightbulb. */
  readonly offersAt: OffersAt = async (state, at) => (await this.load()).offersAt(state, at);

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.loading?.then(
      (craft) => {
        craft.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  private load(): Promise<Craft> {
    return (this.loading ??= import('./craft.onDemand').then(({ createCraft }) => createCraft(this.parts)));
  }
}

function isRequest(argument: unknown): argument is CraftRequest {
  return typeof argument === 'object' && argument !== null && !(argument instanceof vscode.Uri) && ['recipe', 'step', 'at', 'byHand'].some((name) => name in argument);
}
