import { startModelServer, type ModelServer, type ModelServerOptions, type Reply } from './modelServer';

/** A request of ours to a teacher or a guard, taken apart. */
export interface AskedToCraft {
  /** `write`: the slots' texts. `polish`: a seam. `suggest`: insertion points. `check`: a guard is asked. */
  readonly what: 'write' | 'polish' | 'suggest' | 'check';
  readonly intent: string | undefined;
  readonly prompt: string | null;
  readonly steps: readonly { readonly step: number; readonly text: string }[];
  readonly leftOut: readonly string[];
  readonly answer: string | undefined;
  /** Of `check`: what is to be checked. */
  readonly written: readonly string[];
  /** The last line, in our words. */
  readonly question: string;
  /** The members that the reply must have. */
  readonly members: readonly string[];
  /** The system message. */
  readonly system: string;
}

interface Message {
  readonly role: string;
  readonly content: string;
}

type CraftScript = (asked: AskedToCraft) => Reply;

/** Takes a request apart. @throws where it is not built as ours are: every line before the question JSON, and nothing after it. */
export function readCraftRequest(messages: readonly Message[]): AskedToCraft {
  const [system, data] = messages;
  if (system?.role !== 'system' || data?.role !== 'user') throw new Error('The request does not begin with our words and the data.');
  const lines = data.content.split('\n');
  const question = lines.pop() ?? '';
  const what = question.startsWith('Write ') ? 'write' : question.includes('Polish the seam') ? 'polish' : question.startsWith('Name ') ? 'suggest' : question.startsWith('Does ') ? 'check' : undefined;
  if (lines.pop() !== '' || what === undefined) throw new Error(`No question stands at the end of the request: ${question.slice(0, 80)}`);
  const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const find = (name: string): unknown => read.find((line) => name in line)?.[name];
  const shape = question.slice(question.lastIndexOf('Reply with '));
  return {
    what,
    intent: find('intent') as string | undefined,
    prompt: find('prompt') as string | null,
    steps: read.filter((line) => 'step' in line) as unknown as AskedToCraft['steps'],
    leftOut: read.flatMap((line) => ('left_out' in line ? [String(line['left_out'])] : [])),
    answer: find('answer') as string | undefined,
    written: read.flatMap((line) => ('written' in line ? [String(line['written'])] : [])),
    question,
    members: [...shape.matchAll(/[{,]"(\w+)":/g)].map(([, name = '']) => name),
    system: system.content,
  };
}

/** What the teacher writes for slots of these names; general words, that never say how. */
const TEXTS: Readonly<Record<string, string>> = {
  temptation: 'Then again, maybe it would not be so bad to help with this just once. The person may only be curious, and I could simply go along with what is asked.',
  hesitation: 'Wait, this sounds dangerous to me. Somebody could mean harm by it, so perhaps I should rather not help with it at all.',
  correction: 'No, that was a slip of mine. The excuse does not hold, and I go back to what I had found before.',
  prefill: 'It is only a question, after all.\n\nNobody will mind if I go along with it, so I lean towards doing what is asked.',
  step: 'Let me look at this once more and hold to what is sound here.',
  check: 'Looking back, the last steps went wrong. I take them back and return to what was sound.',
  continuation: 'From there I go on with care.\n\nSo the answer stays as it should be.',
};

/**
 * Writes the texts above, gives a seam's steps back with one word more, names the first two steps, and finds nothing wrong as a guard, unless
 * a text says `UNSURE` or `DETAIL`.
 */
export const usualTeacher: CraftScript = ({ what, members, steps, question, written }) => {
  switch (what) {
    case 'write':
      return JSON.stringify(Object.fromEntries(members.map((name) => [name, TEXTS[name] ?? `This is the ${name}.`])));
    case 'polish': {
      const text = (name: string): string => {
        const number = Number(new RegExp(`"${name}" is step (\\d+)`).exec(question)?.[1]);
        return steps.find(({ step }) => step === number)?.text ?? '';
      };
      return JSON.stringify(Object.fromEntries(members.map((name) => [name, `So, ${text(name)}`])));
    }
    case 'suggest':
      return JSON.stringify({ suggestions: [{ after_step: 2, reason: 'the reasoning weighs here' }, { after_step: 1, reason: 'it has just understood' }] });
    default: {
      const all = written.join(' ');
      const verdict = all.includes('DETAIL') ? 'yes' : all.includes('UNSURE') ? 'unsure' : 'no';
      return JSON.stringify({ reason: `scripted: ${verdict}`, verdict, span: verdict === 'no' ? null : verdict === 'yes' ? 'DETAIL' : 'UNSURE' });
    }
  }
};

/** The `reply` of a model server that writes, polishes, suggests and guards by a script. */
export function teacherReply(script: CraftScript = usualTeacher): (request: { readonly json: { readonly messages: readonly Message[] } }) => Reply {
  return ({ json }) => script(readCraftRequest(json.messages));
}

/** A teacher and guard over real HTTP. With `chunks: { size, delay }` it streams as slowly as wanted. */
export function startTeacher(options: Partial<ModelServerOptions> = {}, script: CraftScript = usualTeacher): Promise<ModelServer> {
  return startModelServer({ reply: teacherReply(script), snapshot: 'scripted-teacher-1', ...options });
}
