import type { WrongReply } from './readWritten';
import { TeacherFault, type TeacherFaultCode } from './teacher';

const REMEDY: Readonly<Record<TeacherFaultCode, string>> = {
  refused: 'Regenerate to ask once more, choose another teacher with “Choose Teacher…”, or write it by hand.',
  blocked: 'Choose a teacher whose server filters less with “Choose Teacher…”, or write it by hand.',
  'cut-off': 'Allow longer replies (“maxTokens” of this model in the setting cotLens.judges), or leave the limit out, and regenerate.',
  shape: 'It was asked to put it right and did not. Regenerate; if it stays so, the model may be too small for this.',
  rambles: 'It was stopped. Regenerate to ask once more, or choose another teacher with “Choose Teacher…”.',
  repeats: 'Regenerate to ask once more; with a temperature of 0 the same may come again.',
  empty: 'Regenerate to ask once more, or write it by hand.',
};

/** The error of a reply that cannot be used: what happened, and what to do now. */
export function teacherFault({ code, wrong }: WrongReply, text: string): TeacherFault {
  return new TeacherFault(code, `The teacher’s reply cannot be used, and nothing was inserted. ${wrong} ${REMEDY[code]}`, text);
}
