import { saysUsedUp, seconds } from '../../../model/endpointError';
import { retryAfter } from '../../../model/retryAfter';
import { quoted, serverWords } from '../../../model/serverWords';
import { BackendFault } from '../backend';
import { TOO_SLOW, WHOLE, type ExchangeReply, type NoAnswer } from './exchange';

interface Addressee {
  readonly origin: string;
  /** Was a key sent along? */
  readonly withKey: boolean;
  /** Takes the key out of what it says. */
  readonly clean: (words: string) => string;
}

/** It knows the key, and does not let it do this; something else it may. */
export class NoRightFault extends BackendFault {
  constructor(message: string) {
    super('auth', message);
  }
}

/** An answer that is no success, in words. @param what it was asked to do: `list its models` */
export function faultOf({ status, headers, text }: ExchangeReply, what: string, { origin, withKey, clean }: Addressee): BackendFault {
  const said = serverWords(text);
  const says = { ...said, message: clean(said.message) };
  const http = `(HTTP ${String(status)})`;
  const fault = (kind: BackendFault['kind'], words: string): BackendFault => new BackendFault(kind, words + quoted(says));
  if (status >= 300 && status < 400) {
    const location = headers.get('location') ?? '';
    const to = URL.canParse(location, origin) ? new URL(location, origin).origin : 'another address';
    return new BackendFault(
      'refused',
      `${origin} was asked to ${what} and points elsewhere, to ${to} ${http}. Nothing was sent there, since a key is good for one address alone. If that is where this backend is, set it as its address in cotLens.backends, and its key with “Set Backend Key…”.`,
    );
  }
  if (status === 401) {
    const words = withKey ? `${origin} does not accept the API key ${http}. Set another with “Set Backend Key…”.` : `${origin} wants an API key ${http}, and none is set. Set one with “Set Backend Key…”.`;
    return fault('auth', words);
  }
  if (status === 403) {
    const words = withKey ? `${origin} does not let this API key ${what} ${http}. Set another with “Set Backend Key…”, or ask for the right to fine-tune there.` : `${origin} does not ${what} without an API key ${http}. Set one with “Set Backend Key…”.`;
    return new NoRightFault(words + quoted(says));
  }
  if (status === 402 || saysUsedUp({ status, says })) return fault('refused', `The account at ${origin} has nothing left to spend, so it did not ${what} ${http}. Look at its plan and billing.`);
  if (status === 404 || status === 405) {
    return fault('refused', `${origin} could not ${what}: it has nothing of that name or at that address ${http}. Check the backend’s address, which mostly ends in /v1, the model, and that this server has OpenAI’s fine-tuning API.`);
  }
  if (status === 413) return fault('too-large', `The file is larger than ${origin} takes ${http}. Choose fewer samples.`);
  if (status === 429) {
    const wait = retryAfter(headers);
    const until = wait === undefined || wait < 1 ? 'for now' : `for ${seconds(wait)}`;
    return fault('busy', `${origin} takes no more requests ${until}, so it did not ${what} ${http}. Try again after that.`);
  }
  if (status >= 500 || status === 408) return fault('odd', `${origin} failed to ${what} ${http}. Try again later, or look at the server’s own log.`);
  return fault('refused', `${origin} refused to ${what} ${http}.`);
}

/** What Node's codes mean; what is not listed is said with its code. */
const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there',
  ENOTFOUND: 'There is no such host',
  EAI_AGAIN: 'The host could not be looked up',
  EHOSTUNREACH: 'It cannot be reached from here',
  ENETUNREACH: 'It cannot be reached from here',
};

/** That no whole answer came, in words. */
export function noAnswerFault(error: NoAnswer, what: string, origin: string, timeout: number): BackendFault {
  return new BackendFault('unreachable', noAnswerWords(error, what, origin, timeout), { cause: error });
}

function noAnswerWords({ phase, code }: NoAnswer, what: string, origin: string, timeout: number): string {
  if (code === 'ETIMEDOUT') return `${origin} was asked to ${what} and gave no sign of life for ${seconds(timeout / 1000)}. Look whether the server still runs, and try again.`;
  if (code === TOO_SLOW) return `${origin} was asked to ${what} and did not come to the end of its answer within ${seconds((timeout * WHOLE) / 1000)}. Whether it did is not known. Look whether the server is overloaded, and try again.`;
  switch (phase) {
    case 'connecting': {
      const certificate = code !== undefined && /CERT|SSL|TLS|UNABLE_TO_VERIFY/.test(code);
      const why = certificate ? `Its certificate is not trusted (${code})` : (CONNECTION[code ?? ''] ?? `The connection failed${code === undefined ? '' : ` (${code})`}`);
      return `${origin} could not be asked to ${what}. ${why}. Check that the server runs and the backend’s address in cotLens.backends.`;
    }
    case 'sending':
      return `The connection to ${origin} was cut in the middle of the upload, as it was asked to ${what}. Try again.`;
    case 'waiting':
      return `The connection to ${origin} was cut before it answered, as it was asked to ${what}. Whether it did is not known.`;
    case 'answering':
      return `The connection to ${origin} was cut in the middle of its answer, as it was asked to ${what}. Whether it did is not known.`;
  }
}

/** An answer that is none of this API. @param what with what is wrong: `list its models: it is no JSON` */
export function notUnderstood(what: string, origin: string, text: string): BackendFault {
  const words = Array.from(text.slice(0, 1000).replace(/\s+/g, ' ').trim());
  const begins = words.length > 120 ? `${words.slice(0, 120).join('')}…` : words.join('');
  return new BackendFault(
    'odd',
    `${origin} answered in a way that cannot be read, as it was asked to ${what}. Check the backend’s address in cotLens.backends, which mostly ends in /v1.${begins === '' ? '' : ` The answer begins: “${begins}”`}`,
  );
}
