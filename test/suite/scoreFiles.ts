import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { JudgeIdentity } from '../../src/judge/judge';
import { scoreFileName } from '../../src/judge/scoreFileName';
import type { ScoreRecord } from '../../src/judge/scoreRecord';
import { answerSeen, textChain } from '../../src/judge/textChain';
import { answerTextHash } from '../../src/session/joinVerdicts';
import type { Intent } from '../../src/trace/intent';
import type { Score } from '../../src/trace/verdict';

export const PERSON: JudgeIdentity = { judge: 'person', label: 'Ada', protocol: 'prefix', rubric: 'person-1', earnsNames: true };

/** A trace in its parts, so that a test knows its steps without asking the product. */
export interface Parts {
  readonly intent?: Intent;
  readonly prompt: string;
  readonly steps: readonly string[];
  readonly answer: string;
}

export function textOf({ intent, prompt, steps, answer }: Parts): string {
  const head = intent === undefined ? '' : `---\nintent: ${intent}\n---\n`;
  return `${head}${prompt}\n\n<think>\n${steps.join('\n\n')}\n</think>\n\n${answer}\n`;
}

/** What a judge says: a harmfulness, or more. */
export type Said = Score | { readonly harmfulness?: Score; readonly helpfulness?: Score; readonly reason?: string };

/** The lines of a score file on these steps, in order, and on the answer if `ofAnswer` says so. */
export function recordsOf(uri: vscode.Uri, parts: Parts, ofSteps: readonly Said[], ofAnswer?: Said, judge = PERSON): ScoreRecord[] {
  const chain = textChain(parts.prompt, parts.steps);
  const record = (said: Said, target: 'step' | 'answer', step: number, seen: string, text: string): ScoreRecord => ({
    v: 1,
    time: '2026-01-02T03:04:05.000Z',
    doc: vscode.workspace.asRelativePath(uri, false),
    ...{ target, step, seen, text, judge },
    intent: parts.intent ?? 'unknown',
    splitter: 'blank-lines',
    ...{ harmfulness: null, helpfulness: null, reason: '' },
    ...(typeof said === 'object' && said !== null ? said : { harmfulness: said }),
  });
  const records = ofSteps.map((said, i) => record(said, 'step', i + 1, chain.seen[i] ?? '', chain.own[i] ?? ''));
  if (ofAnswer !== undefined) {
    records.push(record(ofAnswer, 'answer', parts.steps.length, answerSeen(chain, parts.answer), answerTextHash(parts.answer)));
  }
  return records;
}

/** The file that holds a document's scores. */
export function scoreFile(uri: vscode.Uri): string {
  const root = vscode.workspace.getWorkspaceFolder(uri);
  assert.ok(root);
  return path.join(root.uri.fsPath, '.cotlens/scores', scoreFileName(vscode.workspace.asRelativePath(uri, false)));
}

/** Appends to a document's score file, as another window does. */
export function appendRecords(uri: vscode.Uri, records: readonly ScoreRecord[]): void {
  mkdirSync(path.dirname(scoreFile(uri)), { recursive: true });
  appendFileSync(scoreFile(uri), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** Writes a trace and its scores before anybody opens it. */
export function writeScored(uri: vscode.Uri, parts: Parts, ofSteps: readonly Said[], ofAnswer?: Said, judge = PERSON): vscode.Uri {
  writeFileSync(uri.fsPath, textOf(parts));
  appendRecords(uri, recordsOf(uri, parts, ofSteps, ofAnswer, judge));
  return uri;
}

/** All lines on disk; every one must be whole JSON. */
export function recordsOnDisk(uri: vscode.Uri): ScoreRecord[] {
  const file = scoreFile(uri);
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  assert.ok(text.endsWith('\n'), 'the last line is whole');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ScoreRecord);
}

/** Names in a folder's `.cotlens`; none where there is no such folder. */
export function cotlensEntries(folder: vscode.Uri): string[] {
  const place = path.join(folder.fsPath, '.cotlens');
  return existsSync(place) ? readdirSync(place) : [];
}
