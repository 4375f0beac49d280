/** What both ways of RECAP's reinforcement learning do otherwise than the paper, in lines that are shown before a launch. */
export function recapLeavesOut({ lora, guard }: { readonly lora?: object | undefined; readonly guard?: object | undefined }): readonly string[] {
  return [
    ...(lora === undefined ? [] : ['The paper trains all weights; this run trains adapters (LoRA).']),
    'Mathematics: the paper’s prompts with known answers are not added. Where no sample of the set has a known answer, none is rewarded for being right.',
    'Prompts of ambiguous intent without a known answer teach nothing: no reward speaks of them.',
    ...(guard === undefined
      ? ['No guard judges the answers: phrases of refusal are counted, which is coarse.']
      : ['The guard is asked in a chat and its words are read, where the paper takes a guard model’s logits. One that says only safe or unsafe judges harmful prompts; over-refusal is then counted by phrases.']),
    'The share α of prefilled prompts is drawn for each intent.',
    'Rewards of 0, 0.5 and 1 are the paper’s for benign prompts; turned round for harmful ones they are ours.',
    'A prefill is as long as the sample’s flawed reasoning is; the paper’s ℓ is about 500 words.',
  ];
}
