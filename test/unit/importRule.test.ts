import path from 'node:path';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { importRule } from '../../scripts/eslint/importRule.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** What the rule says of a file that exists in memory only. */
function objections(file: string, code: string): string[] {
  const config: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { layers: { rules: { 'import-rule': importRule } } },
    rules: { 'layers/import-rule': 'error' },
  };
  return new Linter({ cwd: root })
    .verify(code, [config], path.join(root, file))
    .map((message) => message.message.replace(/ \(import rule.*/, ''));
}

describe('the import rule', () => {
  it.each([
    ['src/curve/shape.ts', `import { split } from '../trace/split';`],
    ['src/trace/formats/csv.ts', `import { parse } from '../parse';`],
    ['src/evaluate/metrics.ts', `import { mix } from '../curate/mix';`],
    ['src/session/store.ts', `import { run } from '../train/run';`],
    ['src/host/log.ts', `import * as vscode from 'vscode';`],
    ['src/editor/lane.ts', `import { log } from '../host/log';`],
    ['src/views/page.ts', `import type { Message } from '../../webview/messages';`],
    ['src/views/page.ts', `import { parseMessage } from '../../webview/messages';`],
    ['src/views/page.ts', `import { Channel } from '../../webview/channel';`],
    ['src/extension.ts', `import { lane } from './editor/lane'; import { page } from './views/page';`],
    ['src/cli.ts', `import { run } from './train/run'; import { store } from './session/store';`],
    ['webview/curves/index.ts', `import type { Trace } from '../../src/trace/trace';`],
    ['webview/curves/index.ts', `import { type Curve } from '../../src/curve/curve'; import '../messages';`],
    ['src/judge/judge.ts', `import OpenAI from 'openai';`],
    ['test/unit/any.test.ts', `import { lane } from '../../src/editor/lane';`],
  ])('lets %s say %s', (file, code) => {
    expect(objections(file, code)).toEqual([]);
  });

  it.each([
    ['src/trace/trace.ts', `import { curve } from '../curve/curve';`, `'trace' may not import 'curve'`],
    ['src/trace/formats/csv.ts', `export * from '../../judge/judge';`, `'trace' may not import 'judge'`],
    ['src/curve/shape.ts', `const late = import('../model/chat');`, `'curve' may not import 'model'`],
    ['src/curve/shape.ts', `type Late = import('../model/chat').Chat;`, `'curve' may not import 'model'`],
    ['src/curve/shape.ts', `const chat = require('../model/chat');`, `'curve' may not import 'model'`],
    ['src/evaluate/run.ts', `import { run } from '../train/run';`, `'evaluate' may not import 'train'`],
    ['src/train/run.ts', `import { run } from '../evaluate/run';`, `'train' may not import 'evaluate'`],
    ['src/editor/lane.ts', `import { page } from '../views/page';`, `'editor' may not import 'views'`],
    ['src/views/page.ts', `import { lane } from '../editor/lane';`, `'views' may not import 'editor'`],
    ['src/views/page.ts', `import { draw } from '../../webview/curves/draw';`, `'views' may not import 'webview'`],
    ['src/cli.ts', `import { log } from './host/log';`, `'cli' may not import 'host'`],
    ['src/host/log.ts', `import { activate } from '../extension';`, `'host' may not import 'extension'`],
    ['src/session/store.ts', `import type { Uri } from 'vscode';`, `'session' runs without VS Code and may not import it`],
    ['src/cli.ts', `import * as vscode from 'vscode';`, `'cli' runs without VS Code and may not import it`],
    ['webview/curves/index.ts', `import { curve } from '../../src/curve/curve';`, `'webview' may import only types of 'curve'`],
    ['webview/curves/index.ts', `import type { Judge } from '../../src/judge/judge';`, `'webview' may not import 'judge'`],
    ['src/trace/trace.ts', `import { x } from '../../test/unit/x';`, `'trace' may not import test/unit/x: it is not part of the product`],
  ])('stops %s from saying %s', (file, code, objection) => {
    expect(objections(file, code)).toEqual([objection]);
  });

  it('stops files outside the layers', () => {
    expect(objections('src/helpers/text.ts', `import './more';`)).toEqual([
      `'helpers' is not a layer: add it to scripts/eslint/layers.mjs or move the file`,
    ]);
  });
});
