import path from 'node:path';
import * as esbuild from 'esbuild';
import type { Page } from 'playwright-core';
import type { CurveColumns, CurvesModel } from '../../src/curve/curvesModel';
import { ALL_SERIES, type Series } from '../../src/curve/series';
import { turningPoints } from '../../src/curve/turningPoints';
import type { Score } from '../../src/trace/verdict';
import { launchBrowser } from '../harness/browser';
import { root } from '../harness/root';
import { makeTemporaryFolder } from '../harness/temporary';
import { scores } from './corpus';
import { median } from './measure';
import type { Row } from './row';

const STEPS = 5000;
const ROUNDS = 41;

/** The page as it is shipped, with what it is measured against beside it: d3's own line over all the same points, and no more. */
const ENTRY = `
import { line } from 'd3-shape';
import { Chart } from './webview/curves/chart';
import { CurvesPage } from './webview/curves/page';
import './webview/curves/curves.css';

const silent = { send() {}, request: () => new Promise(() => undefined) };
const page = new CurvesPage(silent, null, () => undefined);
const box = document.querySelector('.focusable');
const own = document.body.appendChild(document.createElement('div'));
const chart = new Chart({ pointed() {}, clicked() {}, zoomed() {} });
own.append(chart.svg);
const bare = own.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
bare.setAttribute('width', '800');
bare.setAttribute('height', '430');
const lines = [0, 1].map(() => bare.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'path')));
for (const one of lines) { one.setAttribute('fill', 'none'); one.setAttribute('stroke', 'red'); }
// Each draws what it is given and has the browser lay it out before the clock is read.
const laidOut = (svg) => svg.getBBox().width;
globalThis.bench = {
  page: (model) => { page.showModel(model); return laidOut(box.querySelector('svg')) + document.body.offsetHeight; },
  chart: (model) => { chart.show({ model, series: ['harmfulness', 'helpfulness'], before: true, zoom: null }, { width: 800, height: 430 }); return laidOut(chart.svg); },
  bare: (model) => {
    ['harmfulness', 'helpfulness'].forEach((series, i) => {
      const path = line((_score, step) => (step / model.steps) * 800, (score) => 430 - score * 80);
      lines[i].setAttribute('d', path(model.judges[0][series].scores));
    });
    return laidOut(bare);
  },
};
`;

interface Times {
  readonly page: readonly number[];
  readonly chart: readonly number[];
  readonly bare: readonly number[];
}

/** What drawing a long trace anew costs beside d3's bare line of the same points, in one browser, in turns. */
export async function rows(): Promise<Row[]> {
  const folder = makeTemporaryFolder();
  const browser = await launchBrowser(folder, () => undefined);
  try {
    const page = await browser.newPage({ viewport: { width: 840, height: 1000 } });
    await load(page);
    const { page: whole, chart, bare } = await page.evaluate(measure, { models: [model(1), model(3)], rounds: ROUNDS });
    const ratio = (of: readonly number[]): number => median(of.map((time, i) => time / (bare[i] ?? NaN)));
    return [
      { name: 'redraw the chart, 5,000 steps, 2 series / d3 line', figure: ratio(chart), unit: 'x', bound: 3 },
      { name: 'redraw the whole page / d3 line', figure: ratio(whole), unit: 'x', bound: 3 },
      { name: '… the chart', figure: median(chart), unit: 'ms' },
      { name: '… the whole page', figure: median(whole), unit: 'ms' },
      { name: '… the bare line', figure: median(bare), unit: 'ms' },
    ];
  } finally {
    await browser.close();
    await folder.remove();
  }
}

async function load(page: Page): Promise<void> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    outdir: path.join(root, 'out/bench'),
    write: false,
  });
  const text = (ending: string): string => outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  await page.setContent('<!DOCTYPE html><html><body></body></html>');
  await page.addStyleTag({ content: text('.css') });
  await page.addScriptTag({ content: text('.js') });
}

/** Runs in the browser, and uses nothing from outside. Every drawing differs from the one before it. */
function measure({ models, rounds }: { models: readonly CurvesModel[]; rounds: number }): Times {
  const { bench } = globalThis as unknown as { bench: Record<keyof Times, (model: CurvesModel) => number> };
  const times = { page: [] as number[], chart: [] as number[], bare: [] as number[] };
  const names = ['page', 'chart', 'bare'] as const;
  let sink = 0;
  for (let round = -10; round < rounds; round++) {
    const given = models[((round % 2) + 2) % 2];
    // Who goes first changes from round to round.
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + 30) % names.length];
      if (given === undefined || name === undefined) continue;
      const start = performance.now();
      // The clock of a browser is coarse: several in one reading.
      for (let k = 0; k < 4; k++) sink += bench[name](models[(round + k + 40) % 2] ?? given);
      const took = (performance.now() - start) / 4;
      if (round >= 0) times[name].push(took);
    }
  }
  if (sink === 0) throw new Error('Nothing was drawn.');
  return times;
}

function model(seed: number): CurvesModel {
  const columns = (series: Series): CurveColumns => {
    const given: readonly Score[] = scores(STEPS, seed + ALL_SERIES.indexOf(series));
    const scored = given.flatMap((score, step) => (score === null ? [] : [{ step, score }]));
    return { scores: given, n: scored.length, words: 'mixed', turningPoints: turningPoints(scored, 2), spread: null };
  };
  const who = { key: 'k', name: 'A model, prefix', judge: 'm', model: 'm-1', protocol: 'prefix', rubric: 'r-1', person: false };
  const [harmfulness, helpfulness] = [columns('harmfulness'), columns('helpfulness')];
  const answer = { harmfulness: 1, helpfulness: 5, stale: false } as const;
  return {
    ...{ uri: 'file:///bench.cot', doc: 'bench.cot', version: seed, intent: 'unknown', splitter: 'blank-lines', steps: STEPS, ending: null },
    ...{ hasAnswer: true, shown: ALL_SERIES, thresholds: { low: 2, high: 4 }, choices: [who], scoring: null },
    judges: [{ ...who, harmfulness, helpfulness, stale: [], verdicts: STEPS, answer }],
    before: null,
  };
}
