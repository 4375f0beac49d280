import * as z from 'zod';
import { Channel } from '../channel';
import '../curves/curves.css';
import './means.css';
import '../set/set.css';
import { fromMeansPage, meanState, toMeansPage, type MeanState } from './messages';
import { MeansPage } from './page';

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
const remembered = meanState.safeParse(vscode.getState());
const state: MeanState | null = remembered.success ? remembered.data : null;

const channel: Channel<typeof fromMeansPage, typeof toMeansPage> = new Channel(
  fromMeansPage,
  toMeansPage,
  {
    events: {
      begin: ({ state: given }) => {
        page.begin(given);
      },
      model: ({ version, model }) => {
        page.showModel(version, model);
      },
      busy: ({ message }) => {
        page.showBusy(message);
      },
      problem: ({ message }) => {
        page.showProblem(message);
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
const page = new MeansPage(channel, state, (now) => {
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
