import * as z from 'zod';
import { Channel } from '../channel';
import { fromPage, toPage } from './messages';
import { TracesPage } from './page';
import './traces.css';

/** What VS Code gives a page. */
interface VsCode {
  postMessage(message: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

// The page's policy lets no code be made from text, which zod would otherwise try.
z.config({ jitless: true });

const vscode = acquireVsCodeApi();

const channel: Channel<typeof fromPage, typeof toPage> = new Channel(
  fromPage,
  toPage,
  {
    events: {
      datasets: ({ list, looking }) => {
        page.setDatasets(list, looking);
      },
      dataset: ({ dataset, loading, error }) => {
        page.setDataset(dataset, loading, error);
      },
      query: ({ query }) => {
        page.setQuery(query);
      },
      judges: ({ judges }) => {
        page.setJudges(judges);
      },
      status: (status) => {
        page.setStatus(status);
      },
      cards: ({ generation, cards }) => {
        page.setCards(generation, cards);
      },
      stale: () => {
        page.refreshCards();
      },
      shown: ({ generation, position, reveal }) => {
        page.setShown(generation, position, reveal);
      },
      select: ({ generation, positions, active }) => {
        page.select(generation, positions, active);
      },
      failed: ({ message }) => {
        page.say(message);
      },
    },
    requests: {},
  },
  {
    post: (message) => {
      vscode.postMessage(message);
    },
    log: (message) => {
      channel.send('failed', { message: message.slice(0, 4000) });
    },
  },
);
const page = new TracesPage(channel);

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  channel.receive(data);
});
addEventListener('error', ({ message }) => {
  channel.send('failed', { message: message.slice(0, 4000) });
});
channel.send('ready', {});
