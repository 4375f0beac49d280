/** Of a list of models so many are named at most. Ours. */
const NAMED = 5;

/** OpenAI is ending its own fine-tuning; what has its API elsewhere goes on. The dates are those of its announcement of 2026. */
export function windDownProblem(url: string): string[] {
  if (!/(?:^|\.)api\.openai\.com$/.test(new URL(url).hostname)) return [];
  return [
    'OpenAI is ending its own fine-tuning: since 2026-05-07 it takes no new jobs of organizations that never fine-tuned, since 2026-07-02 none of those that used no fine-tuned model within 60 days, and from 2027-01-06 none at all. A launch may be refused for that. Other servers with this API go on.',
  ];
}

/** Where a server lists its models, and this one is not among them. It may be known all the same: some list only what can be asked. */
export function modelProblem(model: string, listed: readonly string[], origin: string): string[] {
  if (listed.length === 0 || listed.includes(model)) return [];
  const start = model.slice(0, 4).toLowerCase();
  const near = listed.filter((name) => name.toLowerCase().includes(start));
  const named = (near.length > 0 ? near : listed).slice(0, NAMED);
  const more = listed.length - named.length;
  return [`${origin} does not list the model “${model}”; it lists ${named.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}. Check its name: what can be fine-tuned may be listed otherwise, and what is unknown is refused at the launch.`];
}
