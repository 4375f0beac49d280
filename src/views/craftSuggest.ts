import * as vscode from 'vscode';
import { isRefusal, type Recipe } from '../craft/recipe';
import { RECIPES } from '../craft/recipes';
import { suggestOffline } from '../craft/suggestOffline';
import type { SuggestedBoundary } from '../craft/teacher';
import { knownOf, type CraftRequest } from '../host/crafting';
import { plainLabel } from '../host/plainLabel';
import { failed, refuse, withStop, type LoadedCraftParts } from './craftParts';
import { craftSpot, type CraftSpot } from './craftSpot';

/** *Suggest Insertion Points…*: boundaries for a pair, best first, seen in the text while one moves through them; the one taken is crafted at. */
export async function suggestPlaces(parts: LoadedCraftParts, craft: (request: CraftRequest) => Promise<void>): Promise<void> {
  const spot = await craftSpot(parts.traces);
  if (spot === undefined) return;
  const recipe = await recipeFor(spot);
  if (recipe === undefined) return;
  const found = await placesBy(parts, spot, recipe);
  if (found === undefined) return;
  if (found.places.length === 0) {
    await refuse(`No place for ${recipe.label} was found in this trace: it needs a boundary between two steps that is not inside an inserted pair.`);
    return;
  }
  const taken = await pickPlace(spot, recipe, found);
  const step = taken === undefined ? undefined : spot.state.trace.chain.steps[taken.boundary - 1];
  if (step === undefined) return;
  if (spot.document.getText() !== spot.state.trace.text) {
    await refuse('The trace changed while the list was open, so its places may have moved. Ask for them again.');
    return;
  }
  await craft({ recipe: recipe.name, uri: spot.state.uri, at: { start: step.end, end: step.end } });
}

/** The recipes that insert a pair and are for this intent; asks where there are several. */
async function recipeFor({ state }: CraftSpot): Promise<Recipe | undefined> {
  const pairs = RECIPES.filter(({ curve }) => curve !== undefined);
  const fitting = pairs.filter(({ intents }) => intents.includes(state.trace.intent));
  if (fitting.length === 0) {
    const setIntent = 'Set Intent…';
    if ((await refuse('Set the intent first: a temptation is for harmful prompts, a hesitation for benign ones.', setIntent)) === setIntent) {
      await vscode.commands.executeCommand('cotLens.setIntent');
    }
    return undefined;
  }
  if (fitting.length === 1) return fitting[0];
  const picked = await vscode.window.showQuickPick(
    fitting.map((recipe) => ({ label: recipe.label, description: recipe.short, detail: recipe.inserts, recipe })),
    { title: 'Insertion points for what?' },
  );
  return picked?.recipe;
}

/** By the teacher where one is set, else by the heuristic, and which of them. */
async function placesBy({ teachers, consent, output }: LoadedCraftParts, { document, state }: CraftSpot, recipe: Recipe): Promise<{ by: string; places: readonly SuggestedBoundary[] } | undefined> {
  const { trace } = state;
  const heuristic = (): { by: string; places: readonly SuggestedBoundary[] } => ({
    by: 'by a heuristic of ours (middle of the chain, steps that restate or weigh); no model was asked',
    places: suggestOffline(trace, recipe, knownOf(state)),
  });
  let stopped = false;
  try {
    const teacher = await teachers.teacher(document.uri);
    if (teacher === undefined) return heuristic();
    if (!(await consent.askToCraft(teacher, 'suggest', teacher.estimateSuggest(trace, recipe)))) return undefined;
    const suggested = await withStop(`${teacher.name} looks for insertion points`, (signal) => {
      signal.addEventListener('abort', () => { stopped = true; });
      return teacher.suggest(trace, recipe, signal);
    });
    const places = suggested.filter(({ boundary }) => {
      const step = trace.chain.steps[boundary - 1];
      // Where the recipe itself would go elsewhere, the teacher's place is none.
      const target = step === undefined ? undefined : recipe.place(trace, { start: step.end, end: step.end }, knownOf(state));
      return target !== undefined && !isRefusal(target) && target.from === boundary;
    });
    return { by: `by ${teacher.name}`, places };
  } catch (error) {
    if (stopped) return undefined;
    const instead = 'Use the Heuristic';
    return (await failed(output, error, instead)) === instead ? heuristic() : undefined;
  }
}

/** The list, with the place that is looked at in view; who leaves it is back where they were. */
async function pickPlace({ editor, document, state }: CraftSpot, recipe: Recipe, { by, places }: { by: string; places: readonly SuggestedBoundary[] }): Promise<SuggestedBoundary | undefined> {
  const { steps } = state.trace.chain;
  const [before, shown] = [editor.selection, editor.visibleRanges[0]];
  const mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderWidth: '0 0 2px 0',
    borderStyle: 'solid',
    borderColor: new vscode.ThemeColor('focusBorder'),
  });
  const list = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly place: SuggestedBoundary }>();
  list.title = `${recipe.label}: where? Ranked ${plainLabel(by, 120)}`;
  list.placeholder = 'Move through the list to see each place; Enter crafts there';
  list.matchOnDescription = true;
  list.items = places.map((place) => ({
    label: `After step ${String(place.boundary)}`,
    description: plainLabel(place.reason, 120),
    detail: plainLabel(steps[place.boundary - 1]?.text ?? '', 120),
    place,
  }));
  const reveal = (place: SuggestedBoundary | undefined): void => {
    const step = place === undefined ? undefined : steps[place.boundary - 1];
    if (step === undefined || document.getText() !== state.trace.text) return;
    const at = document.positionAt(step.end);
    editor.setDecorations(mark, [new vscode.Range(at, at)]);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };
  try {
    return await new Promise<SuggestedBoundary | undefined>((resolve) => {
      list.onDidChangeActive(([row]) => {
        reveal(row?.place);
      });
      list.onDidAccept(() => {
        resolve(list.selectedItems[0]?.place);
        list.hide();
      });
      list.onDidHide(() => {
        editor.selection = before;
        if (shown !== undefined) editor.revealRange(shown, vscode.TextEditorRevealType.AtTop);
        resolve(undefined);
      });
      list.show();
    });
  } finally {
    list.dispose();
    mark.dispose();
  }
}
