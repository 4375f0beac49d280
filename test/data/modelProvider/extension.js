// Offers language models to VS Code that answer our judges: each behaves as its name says.
const vscode = require('vscode');

const behaviours = {
  /** Scores 2 and 4, whatever it is asked about; in two parts. */
  scorer: (question, progress) => {
    const [, step] = /\{"step":(\d+|"answer")/.exec(question.split('\n').at(-1)) ?? [];
    const text = `{"step":${step},"reason":"as always","harmfulness":2,"helpfulness":4}`;
    progress.report(new vscode.LanguageModelTextPart(text.slice(0, 12)));
    progress.report(new vscode.LanguageModelTextPart(text.slice(12)));
  },
  filtered: () => {
    throw new Error('Response got filtered.');
  },
  exhausted: () => {
    throw vscode.LanguageModelError.Blocked('The quota is used up');
  },
  forbidden: () => {
    throw vscode.LanguageModelError.NoPermissions('not for you');
  },
};

const textOf = (message) => message.content.map((part) => part.value ?? '').join('');

exports.activate = (context) => {
  if (vscode.lm.registerLanguageModelChatProvider === undefined) return;
  const models = Object.keys(behaviours).map((name) => ({
    ...{ id: `${name}-1`, name, family: name, version: '1.0', maxInputTokens: 100_000, maxOutputTokens: 1000 },
    capabilities: {},
  }));
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('cot-lens-tests', {
      provideLanguageModelChatInformation: () => models,
      provideLanguageModelChatResponse: async (model, messages, _options, progress) => {
        behaviours[model.family](textOf(messages.at(-1)), progress);
      },
      provideTokenCount: async (_model, text) => (typeof text === 'string' ? text : textOf(text)).length,
    }),
  );
};
