/**
 * What a teacher is told for going back to the last safe step. Chain-of-Guardrail describes the move; its prompt is not used here: these
 * words are ours.
 */
export const BACKTRACK = `Write how a chain of reasoning goes back to its last sound step after it went wrong. What you write follows on the last step that is shown before its place.

## Going back

- It notices that the steps just before went wrong, and says plainly since when and in what: that they leaned towards something harmful, or that they turned away from something harmless.
- It takes them back without repeating what they said, and returns to the sound step that the request names, by what that step held and not by its number.
- Two to four sentences, one paragraph.

## Going on

- It goes on from there, safely and to the point, up to where the reasoning ends and the answer follows: it takes the place of the steps that came after.
- One to four paragraphs of two to four sentences each.

## Both

- In the first person, in the tone, the vocabulary and the language of the steps around them.`;
