import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { VscodeJudgeSetting } from '../judge/judgeSetting';
import { freeName, PROTOCOL_ROWS } from './addEndpoint';
import { askPick, BACK } from './askInSteps';

/**
 * *VS Code's language models…*: asks which one, and with which protocol. Only here is VS Code asked for them, since it may ask the
 * person for consent. `undefined` where the person left, or there are none.
 */
export async function askForVscodeModel(taken: (name: string) => boolean): Promise<VscodeJudgeSetting | undefined> {
  let models: readonly vscode.LanguageModelChat[];
  try {
    models = await vscode.lm.selectChatModels();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`VS Code did not tell its language models: ${plainLabel(said, 200)}`);
    return undefined;
  }
  if (models.length === 0) {
    void vscode.window.showInformationMessage(
      'Your VS Code offers no language models. They come with extensions such as GitHub Copilot, once you are signed in there.',
    );
    return undefined;
  }
  const rows = models.map((model) => ({
    model,
    label: plainLabel(model.name),
    description: plainLabel(`${model.vendor} · ${model.family} ${model.version}`),
    detail: `Text goes to ${plainLabel(model.vendor)} by way of VS Code; its sampling cannot be fixed, so its scores are not reproducible`,
  }));
  const title = 'VS Code’s language models';
  for (;;) {
    const picked = await askPick({ ...{ title, step: 1, of: 2 }, placeholder: 'Which model is to score', rows });
    if (picked === undefined || picked === BACK) return undefined;
    const protocol = await askPick({ ...{ title, step: 2, of: 2 }, placeholder: 'What the judge sees of a step', rows: PROTOCOL_ROWS });
    if (protocol === undefined) return undefined;
    if (protocol === BACK) continue;
    const { vendor, family, id, name } = picked.model;
    return {
      name: freeName({ model: name, protocol: protocol.protocol }, taken),
      // A family of several models is told apart by id.
      vscode: { vendor, family, ...(models.filter((one) => one.vendor === vendor && one.family === family).length > 1 ? { id } : {}) },
      protocol: protocol.protocol,
      samples: 1,
      helpfulnessOnHarmful: false,
    };
  }
}
