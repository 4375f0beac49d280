import { element } from '../dom';
import { choice, type Choice } from '../toolkit';
import type { Listed, ShownDataset } from './messages';
import { counted } from './words';

/** Which dataset is shown, and what is to be known of it. */
export class DatasetBar {
  readonly element = element('section', { class: 'dataset', 'aria-label': 'Dataset' });
  private readonly list: Choice;
  private readonly facts = element('div', { class: 'facts' });
  private listed: readonly Listed[] = [];
  private chosen: { readonly id: string; readonly name: string } | undefined;
  private filled = '';

  constructor(choose: (id: string) => void) {
    this.list = choice('Dataset', [], choose);
    this.element.append(this.list.element, this.facts);
  }

  setList(listed: readonly Listed[], looking: boolean): void {
    this.listed = listed;
    this.element.setAttribute('aria-busy', String(looking));
    this.fill(looking);
  }

  show(dataset: ShownDataset | null, error: string | null): void {
    this.chosen = dataset ?? undefined;
    this.facts.replaceChildren();
    if (dataset !== null) {
      this.facts.append(element('span', {}, [counted(dataset.rows, 'row'), ...dataset.facts].join(' · ')));
      if (dataset.problems.length > 0) {
        const list = element('ul', {}, ...dataset.problems.map((problem) => element('li', {}, problem)));
        this.facts.append(element('details', { class: 'problems' }, element('summary', {}, `⚠ ${counted(dataset.problems.length, 'problem')}`), list));
      }
    }
    if (error !== null) this.facts.append(element('p', { class: 'error', role: 'alert' }, error));
    this.fill(false);
  }

  private fill(looking: boolean): void {
    const { chosen } = this;
    // A file that was opened by hand may lie outside the workspace.
    const own = chosen === undefined || this.listed.some(({ id }) => id === chosen.id) ? [] : [{ value: chosen.id, label: fileFirst(chosen.name) }];
    const none = chosen === undefined ? [{ value: '', label: looking ? 'Looking for datasets …' : this.listed.length === 0 ? 'No dataset found' : 'Choose a dataset …' }] : [];
    const options = [...none, ...own, ...this.listed.map(({ id, name, detail }) => ({ value: id, label: fileFirst(name), description: detail }))];
    const now = JSON.stringify([options, chosen?.id]);
    // A list that is open is not taken away under a person's hands for nothing.
    if (now !== this.filled) this.list.fill(options, chosen?.id ?? '');
    this.filled = now;
  }
}

/** A path with the file's name before its folder: the view is narrow, and cuts the end off. */
function fileFirst(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? path : `${path.slice(at + 1)} — ${path.slice(0, at)}`;
}
