import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';

const PREFIX = 'cotLens.key:';

/**
 * API keys in VS Code's secret storage, one for each origin (scheme, host and port) and given out for that origin alone. They are
 * never written into settings, logs, errors or files.
 */
export class ApiKeys implements Disposable {
  private readonly changes = new vscode.EventEmitter<string>();
  private readonly listening: vscode.Disposable;

  /** Fires with the origin whose key was set or cleared, here or in another window. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly secrets: vscode.SecretStorage) {
    this.listening = secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) this.changes.fire(key.slice(PREFIX.length));
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.changes.dispose();
  }

  /** The key for this origin; `undefined` where none is set. */
  async of(origin: string): Promise<string | undefined> {
    return this.secrets.get(PREFIX + origin);
  }

  async set(origin: string, key: string): Promise<void> {
    await this.secrets.store(PREFIX + origin, key);
  }

  async clear(origin: string): Promise<void> {
    await this.secrets.delete(PREFIX + origin);
  }
}
