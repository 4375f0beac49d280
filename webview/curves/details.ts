import type { CurvesModel, Place } from '../../src/curve/curvesModel';
import type { Series } from '../../src/curve/series';
import { element } from '../dom';
import { button } from '../toolkit';
import { isStaleAt, placeName, scoresInWords } from './words';

/** What can be learnt of a place by asking the extension. */
export interface StepTexts {
  readonly text: string | null;
  readonly more: number;
  readonly reason: string;
  readonly time: string | null;
}

export interface SentTexts {
  readonly exchanges: readonly { readonly sent: string; readonly received: string; readonly status: number | null }[];
  readonly none: string | null;
}

export interface DetailsActs {
  go(place: Place): void;
  sent(place: Place, judge: string): Promise<SentTexts>;
  openSent(place: Place, judge: string): void;
}

/** The selected step: its scores by each judge, its text, the reasons, and what was sent for it. All from outside is text. */
export class Details {
  readonly element = element('section', { class: 'step', 'aria-label': 'Selected step' });
  private readonly sent = element('div', { class: 'sent' });
  /** Which place the open *What was sent* is of: an answer that comes late is of no use. */
  private asked = 0;

  constructor(private readonly acts: DetailsActs) {}

  clear(): void {
    this.asked++;
    this.element.replaceChildren();
  }

  show(model: CurvesModel, place: Place, series: readonly Series[], texts: StepTexts | undefined): void {
    this.asked++;
    this.sent.replaceChildren();
    const head = element('div', { class: 'row' }, element('h2', {}, placeName(place, model.steps)));
    head.append(button('Go to Editor', () => { this.acts.go(place); }, { quiet: true, title: 'Put the editor’s cursor there (Enter)' }));
    const [shown] = model.judges;
    if (shown !== undefined) {
      head.append(button('What Was Sent', () => void this.showSent(place, shown.key), { quiet: true, title: `The request and reply of ${shown.name}` }));
    }
    const scores = element('ul', { class: 'scores' });
    for (const judge of model.judges) {
      const stale = isStaleAt(judge, place) ? ' (stale: given before an edit)' : '';
      scores.append(element('li', {}, element('strong', {}, scoresInWords(judge, place, series)), `${stale} by ${judge.name}`));
    }
    this.element.replaceChildren(head, scores);
    if (texts !== undefined) {
      if (texts.reason !== '') {
        const day = texts.time === null ? '' : ` (${texts.time.slice(0, 10)})`;
        this.element.append(element('p', { class: 'reason' }, `Reason${day}: ${texts.reason}`));
      }
      const more = texts.more > 0 ? `\n… ${String(texts.more)} characters more in the editor` : '';
      this.element.append(element('blockquote', {}, texts.text === null ? 'The text has just changed.' : `${texts.text}${more}`));
    }
    this.element.append(this.sent);
  }

  private async showSent(place: Place, judge: string): Promise<void> {
    const mine = ++this.asked;
    this.sent.replaceChildren(element('p', {}, 'Looking up …'));
    try {
      const { exchanges, none } = await this.acts.sent(place, judge);
      if (mine !== this.asked) return;
      if (exchanges.length === 0) {
        this.sent.replaceChildren(element('p', {}, none ?? 'Nothing is kept of it.'));
        return;
      }
      this.sent.replaceChildren(
        button('Open as Document', () => { this.acts.openSent(place, judge); }, { quiet: true }),
        ...exchanges.flatMap(({ sent, received, status }) => [
          element('h3', {}, 'Sent'),
          element('pre', { tabindex: '0' }, sent),
          element('h3', {}, status === null ? 'Received' : `Received (HTTP ${String(status)})`),
          element('pre', { tabindex: '0' }, received),
        ]),
      );
    } catch (error) {
      if (mine === this.asked) this.sent.replaceChildren(element('p', { role: 'alert' }, error instanceof Error ? error.message : String(error)));
    }
  }
}
