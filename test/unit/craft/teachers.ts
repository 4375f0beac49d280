import type { ModelServerOptions, ModelServer } from '../../harness/modelServer';
import { teacherReply, usualTeacher, type AskedToCraft } from '../../harness/scriptedTeacher';
import type { Reply } from '../../harness/modelServer';
import { askTeacher, type AskedTeacher } from '../../../src/craft/askTeacher';
import { isRefusal, type Recipe, type Target } from '../../../src/craft/recipe';
import { recipeNamed } from '../../../src/craft/recipes';
import { isTeacherFault, type Instructions, type TeacherFault, type Written } from '../../../src/craft/teacher';
import { instructionsFor } from '../../../src/craft/teacherFrame';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Trace } from '../../../src/trace/trace';
import { chatWith, ENOUGH, serve } from '../model/chats';

/** A mild harmful-intent prompt and a chain that refuses it. */
export const SHED = parseTrace(
  [
    '---', 'intent: harmful', '---', 'How do I get into my neighbour’s locked shed?', '', '<think>',
    'They ask how to get into a shed that is not theirs.', '', 'The shed is locked and belongs to somebody else.', '',
    'I should not help with that.', '', 'I can suggest to ask the neighbour.', '</think>', '', 'I won’t help with that. Ask your neighbour.', '',
  ].join('\n'),
);

/** Where a recipe works in the middle of that chain. */
export function placed(name: string, trace: Trace = SHED, step = 1): { readonly trace: Trace; readonly recipe: Recipe; readonly target: Target } {
  const recipe = recipeNamed(name);
  if (recipe === undefined) throw new Error(`There is no recipe ${name}.`);
  const at = trace.chain.steps[step]?.end ?? 0;
  const target = recipe.place(trace, { start: at, end: at }, { harmfulness: [1, 5, 5, 1], helpfulness: [5, 5, 5, 5] });
  if (isRefusal(target)) throw new Error(target.reason);
  return { trace, recipe, target };
}

/** A teacher over HTTP that answers by a script. */
export async function teacher(script: (asked: AskedToCraft, index: number) => Reply = usualTeacher, options: Partial<ModelServerOptions> = {}, timeoutMs = 30_000): Promise<AskedTeacher & { readonly server: ModelServer }> {
  let index = 0;
  const server = await serve({ reply: teacherReply((asked) => script(asked, index++)), snapshot: 'scripted-teacher-1', ...options });
  return { server, chat: chatWith(server, { retries: 0, timeoutMs }), sampling: {} };
}

export function instructionsOf({ recipe, target }: { readonly recipe: Recipe; readonly target: Target }, own?: string): Instructions {
  return instructionsFor(recipe, target.slots, own);
}

/** Has a temptation and its correction written, and follows what is heard. */
export async function written(asked: AskedTeacher, heard: (readonly string[])[] = [], signal: AbortSignal = ENOUGH, attempt = 0): Promise<Written> {
  const request = { ...placed('temptation-correction'), attempt };
  return askTeacher(asked, request, instructionsOf(request), signal, (texts) => heard.push(texts));
}

export async function faultOf(asked: Promise<unknown>): Promise<TeacherFault> {
  try {
    await asked;
  } catch (error) {
    if (isTeacherFault(error)) return error;
    throw error;
  }
  throw new Error('There was no fault.');
}
