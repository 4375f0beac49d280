import * as z from 'zod';
import { Channel } from '../channel';
import { fromPage, pageState, toPage, type PageState } from '../messages';
import './curves.css';
import { CurvesPage } from './page';

/** What VS Code gives a page. */
interface VsCode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

// The page's policy lets no code be made from text, which zod would otherwise try.
z.config({ jitless: true });

const vscode = acquireVsCodeApi();
const remembered = pageState.safeParse(vscode.getState());
const state: PageState | null = remembered.success ? remembered.data : null;

const channel: Channel<typeof fromPage, typeof toPage> = new Channel(
  fromPage,
  toPage,
  {
    events: {
      state: (given) => {
        page.setState({ ...(given.overlay === undefined ? {} : { overlay: given.overlay }), ...(given.pinned === undefined ? {} : { pinned: given.pinned }) });
      },
      model: ({ model }) => {
        page.showModel(model);
      },
      cursor: ({ uri, place }) => {
        page.showCursor(uri, place);
      },
      comparison: ({ comparison }) => {
        page.showComparison(comparison);
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
const page = new CurvesPage(channel, state, (now) => {
  vscode.setState(now);
});
page.start();

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  channel.receive(data);
});
addEventListener('error', ({ message }) => {
  channel.send('failed', { message: message.slice(0, 4000) });
});
channel.send('ready', { state });
