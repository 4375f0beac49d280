import type { RunOnPage } from '../../src/curve/runsPageModel';
import { markerPath } from '../curves/markers';
import { element } from '../dom';
import { groupClass, groupMarker } from '../means/groupStyles';
import { button } from '../toolkit';
import type { RunAct } from './messages';
import { runActs } from './runActs';
import { lastInWords, launchInWords, nameInWords, runLine } from './words';

const SVG = 'http://www.w3.org/2000/svg';

/** States that need an explanation wherever they are shown. */
const MEANT: Partial<Record<RunOnPage['state'], string>> = {
  lost: 'The backend had this run and has none of that name any more: it was deleted there, the backend began anew without its records, or another server answers at its address. “Look Now” asks once more.',
  unknown:
    'The backend did not say whether it took this run, so it may be running there. It is looked up again and again and is never submitted a second time by itself. If it is not there, launch it anew on purpose.',
  submitting: 'It is being submitted. What becomes of it is shown as soon as the backend says so.',
  'stop requested': 'The stop was asked for. The run goes on until the backend says that it has stopped.',
  pending: 'The backend has it and has not begun yet. A cluster may be waiting for free GPUs, processors or memory; what it cannot place Ray gives up after a while.',
  paused: 'It is paused on the backend, and goes on once it is resumed.',
};

/** What a run is and how far it has come. Elements stay while it changes: what has the focus keeps it. */
export class RunHead {
  readonly element: HTMLElement;
  private readonly launched = element('p', { class: 'hint launched' });
  private readonly line = element('p', { class: 'state' });
  private readonly progress = element('progress');
  private readonly last = element('p', { class: 'last' });
  private readonly meant = element('p', { class: 'hint' });
  private readonly why = element('div', { class: 'whyEnded' });
  private readonly facts = element('p', { class: 'details' });
  private readonly versions = element('p', { class: 'details' });
  private readonly buttons = element('div', { class: 'row acts', role: 'group' });
  private readonly shownButtons = new Map<RunAct, HTMLElement>();

  constructor(
    index: number,
    readonly id: string,
    title: string,
    several: boolean,
    private readonly act: (act: RunAct) => void,
  ) {
    const called = nameInWords(index, title, several);
    const name = several ? [swatch(index), ` ${called}`] : [called];
    this.buttons.setAttribute('aria-label', called);
    this.progress.setAttribute('aria-label', `Steps of ${called}`);
    this.element = element('section', { class: 'run', 'data-run': id }, element('h2', {}, ...name), this.launched, this.line, this.progress, this.last, this.why, this.meant, this.facts, this.versions, this.buttons);
  }

  show(run: RunOnPage, shown: readonly string[]): void {
    this.element.dataset['state'] = run.state;
    set(this.launched, launchInWords(run));
    set(this.line, runLine(run));
    set(this.last, lastInWords(run, shown));
    const active = run.state === 'running' || run.state === 'stop requested' || run.state === 'paused';
    this.progress.hidden = run.expected === null || run.step === null || !active;
    this.progress.max = Math.max(1, run.expected ?? 1);
    this.progress.value = Math.min(run.step ?? 0, this.progress.max);
    set(this.meant, MEANT[run.state] ?? '');
    set(this.facts, [run.recipe, run.set, run.backend, ...(run.model === null ? [] : [`${run.state === 'succeeded' ? 'model' : 'output'}: ${run.model}`]), run.id].filter((part) => part !== '').join(' · '));
    set(this.versions, run.versions === '' ? '' : `Versions: ${run.versions}`);
    this.showWhy(run);
    this.offer(run);
  }

  private showWhy({ state, reason, hint }: RunOnPage): void {
    const said = [reason, hint].filter((one) => one !== null).join('\n');
    if (this.why.dataset['said'] === `${state}\n${said}`) return;
    this.why.dataset['said'] = `${state}\n${said}`;
    this.why.classList.toggle('bad', state === 'failed' || state === 'not started' || state === 'lost');
    this.why.replaceChildren(...(reason === null ? [] : [element('p', { class: 'reason' }, reason)]), ...(hint === null ? [] : [element('p', { class: 'advice' }, hint)]));
    this.why.hidden = said === '';
  }

  /** Buttons that are offered still are left alone. One that goes gives the focus to the first. */
  private offer(run: RunOnPage): void {
    const acts = runActs(run);
    const had = this.shownButtons;
    const focused = [...had.values()].find((one) => one === document.activeElement);
    for (const [act, one] of [...had]) {
      if (acts.some(([offered]) => offered === act)) continue;
      one.remove();
      had.delete(act);
    }
    let before: HTMLElement | undefined;
    for (const [act, label] of acts) {
      let one = had.get(act);
      if (one === undefined) {
        had.set(act, (one = button(label, () => { this.act(act); }, { quiet: true })));
        if (before === undefined) this.buttons.prepend(one);
        else before.after(one);
      }
      if (one.textContent !== label) one.textContent = label;
      one.toggleAttribute('secondary', act !== 'log' || run.state !== 'failed');
      before = one;
    }
    if (focused?.isConnected === false) had.get('log')?.focus();
  }
}

/** A text that is the same is left alone: screen readers would say it again. */
function set(of: HTMLElement, text: string): void {
  if (of.textContent !== text) of.textContent = text;
  of.hidden = text === '';
}

/** A piece of the run's line with its marker, as it is in the chart. */
function swatch(run: number): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of [['class', 'swatch'], ['viewBox', '0 0 34 14'], ['aria-hidden', 'true']] as const) svg.setAttribute(name, value);
  const add = (style: string, d: string): void => {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', `${style} swatchLine ${groupMarker(run)} ${groupClass(run)}`);
    path.setAttribute('d', d);
    svg.append(path);
  };
  add('line', 'M1 7H33');
  add('point', markerPath(groupMarker(run), 17, 7, 3.6));
  return svg;
}
