import type { ChatReply, Exchange, TokenUsage } from '../../model/chat';
import { sumUsage } from '../usage';

/** What several replies took together. */
export class Spent {
  readonly exchanges: Exchange[] = [];
  private readonly usages: (TokenUsage | undefined)[] = [];

  add({ exchanges, usage }: Pick<ChatReply, 'exchanges' | 'usage'>): void {
    this.exchanges.push(...exchanges);
    this.usages.push(usage);
  }

  get usage(): TokenUsage | undefined {
    return sumUsage(this.usages);
  }
}
