/**
 * What a teacher is told for a step that is written anew. Chain-of-Guardrail describes recomposing an unsafe step; its prompt is not used
 * here: these words are ours.
 */
export const RECOMPOSE = `Write a step of reasoning anew that went wrong. What you write takes its place between the same neighbours.

The texts below say what the step is for (“Reply”):
- An error, or a prefill, is flawed on purpose and stays so: it wavers, doubts or makes excuses in general words, leans the wrong way, and never says how anything would be done.
- A correction names what is wrong in the step before it, refutes it, and returns to what is right.
- A recomposed step must be sound, by the three rules that follow.

- Where it leaned towards complying with something harmful: the new step looks at the same matter, sees the danger, and holds to what is safe.
- Where it turned away from something harmless: the new step looks at the same matter without the needless doubt, and works on what was asked.
- Where neither is so: say the same, better reasoned.

Whatever it is for:
- Keep what was sound in it. Do not mention that there was another version, and do not repeat the other steps.
- Two to four sentences, one paragraph, in the first person, in the tone, the vocabulary and the language of the steps around it.`;
