import type { FoundExchange, FoundJudgement } from '../judge/exchangeLog';

/**
 * What was sent and received, to be read in an editor: first what the judge read (its messages with their real line breaks) and
 * said, then the whole request with its JSON indented, then both exactly as they went over the wire. Plain text throughout.
 */
export function exchangeText({ time, fault, exchanges }: FoundJudgement, heading: string): string {
  const parts = [heading, `At ${time}${fault === undefined ? '' : `; no verdict came of it: ${fault}`}`];
  for (const [i, exchange] of exchanges.entries()) {
    const { received, status } = exchange;
    const which = exchanges.length === 1 ? '' : ` ${String(i + 1)} of ${String(exchanges.length)}`;
    const sent = sentText(exchange);
    const messages = messagesOf(sent);
    parts.push(
      ...(messages === undefined ? [] : [rule(`Request${which}, its messages as text`), messages]),
      rule(`Reply${which}${status === undefined ? '' : `, HTTP status ${String(status)}`}`),
      pretty(received),
      rule(`Request${which}, laid out`),
      pretty(sent),
      rule(`Request${which}, exactly as sent`),
      sent,
      rule(`Reply${which}, exactly as received`),
      received === '' ? '(nothing came back)' : received,
    );
  }
  return `${parts.join('\n\n')}\n`;
}

/** The request's body; why there is none where it cannot be given back. */
export function sentText({ sent, problem }: FoundExchange): string {
  return sent ?? `(the request cannot be shown: ${problem ?? 'it was not kept'})`;
}

/** The first characters of a laid-out body, with a note of how many are left out. */
export function shortBody(body: string, most: number): string {
  const laid = pretty(body);
  return laid.length <= most ? laid : `${laid.slice(0, most)}\n… ${String(laid.length - most)} characters more`;
}

function rule(title: string): string {
  return `──── ${title} ${'─'.repeat(Math.max(4, 72 - title.length))}`;
}

/** JSON indented; the events of a stream line by line, the JSON of each indented; anything else as it is. */
function pretty(body: string): string {
  const whole = parsed(body);
  if (whole !== undefined) return JSON.stringify(whole, undefined, 2);
  if (!/^(data|event):/m.test(body)) return body === '' ? '(nothing came back)' : body;
  return body
    .split(/\r?\n/)
    .map((line) => {
      const event = /^data: ?(.*)$/.exec(line);
      const value = event === null ? undefined : parsed(event[1] ?? '');
      return value === undefined ? line : `data: ${JSON.stringify(value, undefined, 2)}`;
    })
    .join('\n');
}

function messagesOf(sent: string): string | undefined {
  const body = parsed(sent);
  const messages: unknown = Array.isArray(body) ? body : (body as { messages?: unknown } | undefined)?.messages;
  if (!Array.isArray(messages)) return undefined;
  return messages
    .map((message: { role?: unknown; content?: unknown } | null) => {
      const content = message?.content;
      return `[${String(message?.role)}]\n${typeof content === 'string' ? content : JSON.stringify(content, undefined, 2)}`;
    })
    .join('\n\n');
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
