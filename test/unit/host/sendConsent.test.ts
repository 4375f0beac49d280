import { expect, it } from 'vitest';
import type { ConfiguredJudges } from '../../../src/host/configuredJudges';
import type { ReadyJudge } from '../../../src/host/readyJudge';
import { SendConsent } from '../../../src/host/sendConsent';
import type { Destination } from '../../../src/model/chat';
import { memento, window } from '../vscode/standIn';

const PLAN = { traces: 1, steps: 3, answers: 1, requests: 4, inputTokens: 1000, repeatedTokens: 0, outputTokens: 100 };
const inVscode = (vendor: string): Destination => ({ origin: 'vscode', model: `${vendor}/some-family`, local: false });

it.each([
  ['another model of the same vendor', inVscode('copilot'), inVscode('copilot'), 1],
  ['another vendor of VS Code’s models', inVscode('copilot'), inVscode('stranger'), 2],
  ['the same address without encryption', { origin: 'https://models.example', model: 'm', local: false }, { origin: 'http://models.example', model: 'm', local: false }, 2],
  ['another port', { origin: 'https://models.example', model: 'm', local: false }, { origin: 'https://models.example:8443', model: 'm', local: false }, 2],
])('what was agreed to for one place holds for no other: %s', async (_what, first, second, asked) => {
  let questions = 0;
  Object.assign(window, {
    showInformationMessage: () => {
      questions++;
      return Promise.resolve('Score');
    },
  });
  const consent = new SendConsent({ askAboveTokens: 50_000 } as ConfiguredJudges, memento() as never);
  for (const destination of [first, second]) {
    expect(await consent.ask({ name: 'judge', destination, price: undefined } as ReadyJudge, PLAN)).toBe(true);
  }
  expect(questions).toBe(asked);
});
