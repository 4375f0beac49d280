import { askGuard, estimateGuarding } from '../craft/askGuard';
import { askTeacher, estimateWriting, type AskedTeacher, type RequestSize } from '../craft/askTeacher';
import { askToPolish, estimatePolishing, polishInstructions, seamOf } from '../craft/polish';
import { askToSuggest, estimateSuggesting, suggestInstructions } from '../craft/suggestByTeacher';
import { instructionsFor } from '../craft/teacherFrame';
import type { JudgeSetting } from '../judge/judgeSetting';
import type { Chat } from '../model/chat';
import type { InstructionTexts } from './instructions';
import type { Sending } from './readyJudge';
import type { ReadyGuard, ReadyModel, ReadyTeacher } from './teachers';

export { BUILT_IN } from '../craft/instructions';
export { GUARD_SYSTEM, guardRubricVersion } from '../craft/guardRubric';
export { shownInstructions } from '../craft/shownInstructions';

/** What a teacher does through its chat, by the person's own instructions where there are some. */
export function teacherOf(chat: Chat, setting: JudgeSetting, own: InstructionTexts): Omit<ReadyTeacher, keyof ReadyModel> {
  const asked = askedOf(chat, setting);
  return {
    instructionsFor: (recipe, slots) => instructionsFor(recipe, slots, own(recipe.name)),
    estimate: (request) => sendingOf(estimateWriting(asked, request, instructionsFor(request.recipe, request.target.slots, own(request.recipe.name)))),
    write: async (request, signal, heard) => {
      const instructions = instructionsFor(request.recipe, request.target.slots, own(request.recipe.name));
      return askTeacher(asked, request, instructions, signal, heard);
    },
    estimatePolish: (trace, steps) => {
      const seam = seamOf(trace, steps);
      return seam === undefined ? undefined : sendingOf(estimatePolishing(asked, trace, seam, polishInstructions(own('polish'), seam)));
    },
    polish: async (trace, steps, signal, attempt) => {
      const seam = seamOf(trace, steps);
      if (seam === undefined) throw new Error('There is nothing to polish: no step that was there before stands beside what was put in.');
      return askToPolish(asked, trace, seam, polishInstructions(own('polish'), seam), signal, attempt);
    },
    estimateSuggest: (trace, recipe) => sendingOf(estimateSuggesting(asked, trace, suggestInstructions(own('suggest'), recipe))),
    suggest: async (trace, recipe, signal) => askToSuggest(asked, trace, suggestInstructions(own('suggest'), recipe), signal),
  };
}

/** What a guard does through its chat. Its rubric is ours: no file of a workspace can make it lenient. */
export function guardOf(chat: Chat, setting: JudgeSetting): Omit<ReadyGuard, keyof ReadyModel> {
  const asked = askedOf(chat, setting);
  return {
    estimate: (texts, trace) => sendingOf(estimateGuarding(asked, texts, trace)),
    check: (texts, trace, signal) => askGuard(asked, texts, trace, signal),
  };
}

function askedOf(chat: Chat, { temperature, seed, maxTokens, contextTokens }: JudgeSetting): AskedTeacher {
  return {
    chat,
    sampling: {
      ...(temperature === undefined ? {} : { temperature }),
      ...(seed === undefined ? {} : { seed }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    },
    ...(contextTokens === undefined ? {} : { contextTokens }),
  };
}

function sendingOf({ inputTokens, outputTokens }: RequestSize): Sending {
  return { requests: 1, inputTokens, repeatedTokens: 0, outputTokens };
}
