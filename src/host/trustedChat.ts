import * as vscode from 'vscode';
import type { Chat, ChatReply, ChatRequest, Destination } from '../model/chat';
import { ModelError } from '../model/modelError';

/**
 * A chat that sends nothing from a workspace that is not trusted, whoever asks. What a person starts is refused before, with an offer to
 * manage trust; this is the last door.
 */
export class TrustedChat implements Chat {
  readonly destination: Destination;
  readonly concurrency: number;

  constructor(private readonly chat: Chat) {
    this.destination = chat.destination;
    this.concurrency = chat.concurrency;
  }

  ask(request: ChatRequest, signal: AbortSignal, heard?: (text: string) => void): Promise<ChatReply> {
    if (vscode.workspace.isTrusted) return this.chat.ask(request, signal, heard);
    const { origin } = this.destination;
    return Promise.reject(
      new ModelError('not-allowed', `Nothing was sent to ${origin}: this workspace is not trusted. Trust it with “Workspaces: Manage Workspace Trust”, or do without a model: score with the offline heuristic, write by hand.`),
    );
  }
}
