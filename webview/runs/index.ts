import * as z from 'zod';
import { Channel } from '../channel';
import '../curves/curves.css';
import '../means/means.css';
import './runs.css';
import { fromRunsPage, runsState, toRunsPage, type RunsState } from './messages';
import { RunsPage } from './page';

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
const remembered = runsState.safeParse(vscode.getState());
const state: RunsState | null = remembered.success ? remembered.data : null;

const channel: Channel<typeof fromRunsPage, typeof toRunsPage> = new Channel(
  fromRunsPage,
  toRunsPage,
  {
    events: {
      begin: ({ state: given }) => {
        page.begin(given);
      },
      model: ({ model }) => {
        page.showModel(model);
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
const page = new RunsPage(channel, state, (now) => {
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
