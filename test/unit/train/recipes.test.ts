import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AnyRecipe, ReadRecipe } from '../../../src/train/anyRecipe';
import { TRAINING_RECIPES, trainingRecipe } from '../../../src/train/recipes';
import { ROWS_FILE } from '../../../src/train/rowsFile';
import { isWrong, type TrainerJob } from '../../../src/train/trainingRecipe';

const MUST = { model: 'org/model', outputDir: '/shared/out' };
const RAY = ['advchain-sft', 'recap-trl-grpo', 'recap-verl'];

function recipe(name: string): AnyRecipe {
  const found = trainingRecipe(name);
  if (found === undefined) throw new Error(`no recipe ${name}`);
  return found;
}

function read(name: string, more: object = {}): ReadRecipe {
  const found = recipe(name).read({ recipe: name, ...MUST, ...more });
  if ('faults' in found) throw new Error(found.faults.join('\n'));
  return found;
}

function preset(name: string, of: string): ReadRecipe {
  return read(name, recipe(name).presets.find((one) => one.name === of)?.values);
}

function job(of: ReadRecipe, rowsAt = ROWS_FILE): TrainerJob {
  const made = of.job(rowsAt);
  if (made.kind !== 'trainer') throw new Error('no trainer’s job');
  return made;
}

function faults(name: string, raw: unknown): readonly string[] {
  const found = recipe(name).read(raw);
  return 'faults' in found ? found.faults : [];
}

describe('AdvChain SFT', () => {
  it('is the paper’s, to the byte', () => {
    const { files, entrypoint, environment, outputDir, gpus } = job(preset('advchain-sft', 'paper'));
    expect(files).toEqual({
      'sft.yaml': `model_name_or_path: org/model
dtype: bfloat16
datasets:
  - path: json
    data_files: train.jsonl
    split: train
output_dir: /shared/out
seed: 42
bf16: true
gradient_checkpointing: true
num_processes: 1
report_to: none
logging_steps: 1
disable_tqdm: true
num_train_epochs: 5
per_device_train_batch_size: 16
gradient_accumulation_steps: 8
optim: adamw_torch
learning_rate: 0.0001
lr_scheduler_type: cosine
warmup_steps: 0.05
max_length: 8192
assistant_only_loss: true
packing: false
save_strategy: epoch
save_total_limit: 1
`,
      'versions.py': expect.stringContaining('def versions():') as string,
    });
    expect([entrypoint, environment, outputDir]).toEqual(['python3 versions.py trl 2>/dev/null || python versions.py trl 2>/dev/null; exec trl sft --config sft.yaml', { PYTHONUNBUFFERED: '1' }, '/shared/out']);
    expect(gpus).toBe(1);
    expect(preset('advchain-sft', 'paper').leavesOut()).toEqual([]);
  });

  it('comes to 40 updates for 1,000 rows, two of them warm-up', () => {
    expect(preset('advchain-sft', 'paper').arithmetic(1000)).toEqual({ optimiserSteps: 40, warmupSteps: 2, batchSize: 128, examples: 5000 });
  });

  it('with LoRA says that the paper does without', () => {
    const lora = preset('advchain-sft', 'lora');
    expect(parse(job(lora).files['sft.yaml'] ?? '')).toMatchObject({ use_peft: true, lora_r: 16, lora_alpha: 32, lora_dropout: 0.05, lora_target_modules: 'all-linear', learning_rate: 1e-4 });
    expect(lora.leavesOut()).toEqual(['The paper trains all weights; this run trains adapters (LoRA).']);
    expect(job(preset('advchain-sft', 'paper')).files['sft.yaml']).not.toContain('peft');
  });

  it('on processors uses them, with as many threads as it is given', () => {
    const made = job(read('advchain-sft', { device: 'cpu', dtype: 'float32', cpuThreads: 3, perDeviceBatchSize: 4, accelerateConfig: 'single_gpu', chatTemplatePath: '/shared/t.jinja' }), '/shared/rows.jsonl');
    const yaml = parse(made.files['sft.yaml'] ?? '') as object;
    // The preset’s own precision is bfloat16, which would outlast `bf16: false`.
    expect(yaml).toMatchObject({ use_cpu: true, bf16: false, dtype: 'float32', gradient_accumulation_steps: 32, num_processes: 1, accelerate_config: 'single_gpu', mixed_precision: 'no', chat_template_path: '/shared/t.jinja', datasets: [{ data_files: '/shared/rows.jsonl' }] });
    expect(made.environment).toEqual({ PYTHONUNBUFFERED: '1', OMP_NUM_THREADS: '3' });
    expect(made).not.toHaveProperty('gpus');
  });

  it('with values that contradict each other is not made', () => {
    const odd = read('advchain-sft', { processes: 3 });
    const words = 'batchSize 128 is no multiple of perDeviceBatchSize × processes (16 × 3 = 48)';
    expect(odd.arithmetic(1000)).toEqual({ wrong: expect.stringContaining(words) as string });
    expect(() => odd.job(ROWS_FILE)).toThrow(words);
  });
});

describe.each(['advchain-sft', 'recap-trl-grpo'])('the processes of %s', (name) => {
  const yaml = (more: object): unknown => parse(Object.entries(job(read(name, more)).files).find(([file]) => file.endsWith('.yaml'))?.[1] ?? '');

  it('are as many as the arithmetic counts with, however many GPUs a node has, each with a GPU that the run asks for', () => {
    expect(yaml({})).toMatchObject({ num_processes: 1 });
    expect(yaml({})).not.toHaveProperty('accelerate_config');
    expect(yaml({ processes: 8 })).toMatchObject({ num_processes: 8, accelerate_config: 'multi_gpu', mixed_precision: 'bf16' });
    expect(yaml({ accelerateConfig: 'zero3' })).toMatchObject({ num_processes: 1, accelerate_config: 'zero3' });
    expect(yaml({ processes: 4, accelerateConfig: 'fsdp2', dtype: 'float32' })).toMatchObject({ num_processes: 4, accelerate_config: 'fsdp2', mixed_precision: 'no' });
    expect([1, 8].map((processes) => job(read(name, { processes })).gpus)).toEqual([1, 8]);
    expect(read(name, { processes: 8 }).leavesOut().join(' ')).toContain('one node of the cluster, which must have 8 GPUs');
    expect(read(name).leavesOut().join(' ')).not.toContain('one node');
  });

  it('are refused where accelerate would start another number of them', () => {
    for (const [more, words] of [
      [{ processes: 2, accelerateConfig: 'single_gpu' }, 'single_gpu starts one process, and processes is 2'],
      [{ processes: 2, device: 'cpu' }, 'on device cpu one process trains'],
      [{ device: 'cpu', accelerateConfig: 'zero2' }, 'accelerateConfig zero2 is for GPUs'],
    ] as const) {
      const wrong = read(name, more);
      expect(wrong.arithmetic(1000)).toEqual({ wrong: expect.stringContaining(words) as string });
      expect(() => wrong.job(ROWS_FILE)).toThrow(words);
    }
  });

  it('in float16 keep weights in float32, without which no gradient can be scaled back', () => {
    expect(yaml({ dtype: 'float16' })).toMatchObject({ dtype: 'float32', bf16: false, fp16: true });
    expect(yaml({ dtype: 'bfloat16' })).toMatchObject({ dtype: 'bfloat16', bf16: true });
  });

  it('end after the updates that they are told, and the arithmetic says so', () => {
    expect(yaml({ maxSteps: 11 })).toMatchObject({ max_steps: 11 });
    expect(yaml({})).not.toHaveProperty('max_steps');
    const come = read(name, { maxSteps: 11, ...(name === 'advchain-sft' ? {} : { rollouts: 16 }) }).arithmetic(1000);
    expect(come).toMatchObject({ optimiserSteps: 11, batchSize: 128, examples: name === 'advchain-sft' ? 1000 + 3 * 128 : 11 * 128 });
    expect(read(name, { maxSteps: 11 }).leavesOut().join(' ')).toContain('ends after 11 updates');
  });
});

describe('further settings of TRL', () => {
  const settings = (of: object, name = 'advchain-sft'): readonly string[] => faults(name, { recipe: name, ...MUST, trlSettings: of });
  /** Nothing is counted with these, and no value of ours writes them. */
  const FREE = ['report_to', 'logging_steps', 'log_completions', 'save_total_limit'];

  it('never stand in the place of a value that is counted with or shown: all that recipes write is refused', () => {
    expect(settings({ learning_rate: 1 })).toEqual(['trlSettings.learning_rate: is written from learningRate. Set that instead.']);
    expect(settings({ reward_weights: 1 }, 'recap-trl-grpo').join()).toContain('this recipe’s own');
    expect(settings({ constructor: 1 })).toEqual([]);
    for (const name of ['max_steps', 'assistant_only_loss', 'num_processes', 'num_proc', 'dataloader_drop_last', 'MAX_STEPS']) expect(settings({ [name]: 1 }), name).toHaveLength(1);
    const more = { lora: {}, accelerateConfig: 'fsdp2', maxSteps: 3 };
    for (const [name, values, free] of [
      ['advchain-sft', { ...more, chatTemplatePath: '/t' }, [...FREE, 'save_strategy']],
      ['advchain-sft', { device: 'cpu', dtype: 'float32' }, [...FREE, 'save_strategy']],
      ['advchain-sft', { dtype: 'float16' }, [...FREE, 'save_strategy']],
      ['recap-trl-grpo', more, FREE],
    ] as const) {
      const [, yaml] = Object.entries(job(read(name, values)).files).find(([file]) => file.endsWith('.yaml')) ?? [];
      for (const written of Object.keys(parse(yaml ?? '') as object)) expect(settings({ [written]: 1 }, name), `${name} ${written}`).toHaveLength(free.includes(written) ? 0 : 1);
    }
    // A name of a value that this recipe does not have is not said to be one.
    expect(settings({ optim: 'adamw_8bit' }, 'recap-trl-grpo')).toEqual([]);
    expect(settings({ warmup_steps: 10 }, 'recap-trl-grpo').join()).toContain('this recipe’s own');
  });

  it('leave lines of the log that can be counted: each so many updates, from the first on', () => {
    for (const every of [1, 5, 1000]) expect(settings({ logging_steps: every })).toEqual([]);
    for (const every of [0, 0.1, 2.5, -1, '5', true]) expect(settings({ logging_steps: every }), String(every)).toEqual([expect.stringMatching(/^trlSettings\.logging_steps: must be a whole number/) as string]);
    for (const first of [true, false]) expect(settings({ logging_first_step: first }, 'recap-trl-grpo').join()).toContain('this recipe’s own');
  });

  it('carry no secret, and a refusal does not repeat it', () => {
    for (const name of ['hub_token', 'push_to_hub_token', 'wandb_api_key', 'client_secret', 'db_password']) {
      const found = settings({ [name]: 'hunter2-hunter2' });
      expect(found, name).toEqual([expect.stringContaining('looks like a secret') as string]);
      expect(found.join()).not.toContain('hunter2');
    }
    expect(settings({ eos_token: '<|im_end|>' })).toEqual([]);
  });

  it('are otherwise taken, and named before a launch', () => {
    const taken = read('recap-trl-grpo', { trlSettings: { logging_steps: 5, warmup_ratio: 0.05, use_liger_kernel: true } });
    expect(parse(job(taken).files['grpo.yaml'] ?? '')).toMatchObject({ logging_steps: 5, warmup_ratio: 0.05, use_liger_kernel: true });
    expect(taken.leavesOut().at(-1)).toContain('logging_steps = 5, warmup_ratio = 0.05, use_liger_kernel = true');
  });
});

describe('RECAP by trl grpo', () => {
  it('keeps a checkpoint on the way of its one pass, and the schedule that verl has too', () => {
    expect(parse(job(read('recap-trl-grpo', { saveEvery: 20, schedule: 'cosine' })).files['grpo.yaml'] ?? '')).toMatchObject({ save_strategy: 'steps', save_steps: 20, lr_scheduler_type: 'cosine' });
    expect(job(read('recap-verl', { saveEvery: 20, schedule: 'cosine' })).entrypoint).toMatch(/optim\.lr_scheduler_type=cosine .*trainer\.save_freq=20 /);
    expect(recipe('recap-trl-grpo').presets.find(({ name }) => name === 'lora')?.detail).toContain('learning rate of 1e-5');
  });

  it('has the paper’s figures, and says what TRL lacks', () => {
    const paper = preset('recap-trl-grpo', 'paper');
    const { files, entrypoint } = job(paper);
    expect(files['grpo.yaml']).toBe(`model_name_or_path: org/model
dtype: bfloat16
datasets:
  - path: json
    data_files: train.jsonl
    split: train
output_dir: /shared/out
seed: 42
bf16: true
gradient_checkpointing: true
num_processes: 1
report_to: none
logging_steps: 1
disable_tqdm: true
reward_funcs:
  - safety_rewards.refuse_or_help
  - safety_rewards.right_answer
reward_weights:
  - 1
  - 1
loss_type: dapo
beta: 0
epsilon: 0.2
epsilon_high: 0.28
scale_rewards: group
num_generations: 16
num_train_epochs: 1
per_device_train_batch_size: 8
gradient_accumulation_steps: 16
max_completion_length: 8000
mask_truncated_completions: true
temperature: 1
learning_rate: 0.000001
lr_scheduler_type: constant
use_vllm: true
vllm_mode: colocate
log_completions: false
save_strategy: steps
save_steps: 100
save_total_limit: 1
`);
    expect(Object.keys(files)).toEqual(['grpo.yaml', 'safety_rewards.py', 'safety_rewards.json', 'versions.py']);
    expect(files['safety_rewards.py']).toContain('def refuse_or_help(');
    expect(entrypoint).toBe('python3 versions.py trl 2>/dev/null || python versions.py trl 2>/dev/null; exec trl grpo --config grpo.yaml');
    expect(paper.arithmetic(1000)).toEqual({ optimiserSteps: 125, warmupSteps: 0, batchSize: 128, examples: 16_000 });
    const left = paper.leavesOut().join(' ');
    for (const words of ['does not filter groups', 'phrases of refusal are counted', 'known answers', 'ambiguous intent', 'turned round for harmful', 'about 500 words']) expect(left).toContain(words);
    expect(recipe('recap-trl-grpo').label).toContain('DAPO loss, no group filtering');
  });

  it('asks the guard that it is given, whose key stays on the cluster', () => {
    const guarded = read('recap-trl-grpo', { guard: { baseUrl: 'http://guard:8000/v1', model: 'guard', keyVariable: 'GUARD_KEY' } });
    const { files, environment } = job(guarded);
    expect(JSON.parse(files['safety_rewards.json'] ?? '')).toEqual({ guard: { base_url: 'http://guard:8000/v1', model: 'guard', key_variable: 'GUARD_KEY' } });
    expect(Object.keys(environment)).toEqual(['PYTHONUNBUFFERED']);
    expect(guarded.leavesOut().join()).not.toContain('phrases of refusal');
  });

  it('names values that contradict each other', () => {
    expect(read('recap-trl-grpo', { rollouts: 3, promptsPerUpdate: 3 }).arithmetic(100)).toEqual({ wrong: 'rollouts × promptsPerUpdate (3 × 3) is no multiple of perDeviceBatchSize × processes (8 × 1).' });
    expect(read('recap-trl-grpo').arithmetic(7)).toEqual({ wrong: 'An update takes 8 prompts, and only 7 go out. Lower promptsPerUpdate.' });
  });
});

describe('RECAP by verl', () => {
  it('filters groups, and gives the prompts raw', () => {
    const paper = preset('recap-verl', 'paper');
    const { files, entrypoint } = job(paper);
    const [, ...settings] = entrypoint.split('main_ppo ');
    expect(entrypoint).toMatch(/^python3 versions\.py 2>\/dev\/null; exec python3 -m verl\.trainer\.main_ppo /);
    expect(files['versions.py']).toContain('def versions():');
    expect(settings.join('').split(' ')).toEqual([
      'algorithm.adv_estimator=grpo',
      'algorithm.filter_groups.enable=True',
      'algorithm.filter_groups.metric=acc',
      'data.train_files=train.jsonl',
      'data.val_files=train.jsonl',
      'data.seed=42',
      'data.train_batch_size=8',
      'data.max_prompt_length=2048',
      'data.max_response_length=8000',
      'data.custom_cls.path=prefilled_prompts.py',
      'data.custom_cls.name=PrefilledPrompts',
      'actor_rollout_ref.model.path=org/model',
      'actor_rollout_ref.actor.ppo_mini_batch_size=8',
      'actor_rollout_ref.actor.use_dynamic_bsz=True',
      'actor_rollout_ref.actor.ppo_max_token_len_per_gpu=16384',
      'actor_rollout_ref.actor.data_loader_seed=42',
      "'actor_rollout_ref.actor.checkpoint.save_contents=[model,optimizer,extra,hf_model]'",
      'actor_rollout_ref.actor.clip_ratio_low=0.2',
      'actor_rollout_ref.actor.clip_ratio_high=0.28',
      'actor_rollout_ref.actor.loss_agg_mode=token-mean',
      'actor_rollout_ref.actor.optim.lr=0.000001',
      'actor_rollout_ref.actor.optim.lr_scheduler_type=constant',
      'actor_rollout_ref.rollout.name=vllm',
      'actor_rollout_ref.rollout.n=16',
      'actor_rollout_ref.rollout.temperature=1',
      'actor_rollout_ref.rollout.seed=42',
      'actor_rollout_ref.rollout.tensor_model_parallel_size=1',
      'actor_rollout_ref.rollout.agent.agent_loop_config_path=agent_loops.yaml',
      'actor_rollout_ref.rollout.agent.default_agent_loop=prefilled_prompt',
      'reward.custom_reward_function.path=safety_rewards.py',
      'reward.custom_reward_function.name=compute_score',
      'trainer.n_gpus_per_node=8',
      'trainer.nnodes=1',
      "'trainer.logger=[console]'",
      'trainer.total_epochs=1',
      'trainer.default_local_dir=/shared/out',
      'trainer.save_freq=100',
      'trainer.val_before_train=False',
      'trainer.test_freq=-1',
      'trainer.resume_mode=disable',
    ]);
    expect(parse(files['agent_loops.yaml'] ?? '')).toEqual([{ name: 'prefilled_prompt', _target_: 'prefilled_prompts.PrefilledPromptLoop' }]);
    expect(files['prefilled_prompts.py']).toMatch(/class PrefilledPromptLoop\(SingleTurnAgentLoop\)/);
    expect(files['prefilled_prompts.py']).toContain('from prefilled_rows import');
    expect(files['prefilled_rows.py']).toContain('def verl_row(');
    expect(files['safety_rewards.py']).toContain('def compute_score(data_source, solution_str, ground_truth, extra_info=None');
    expect(paper.leavesOut()[0]).toContain('has not run verl');
    expect(paper.arithmetic(1000)).toEqual({ optimiserSteps: 125, warmupSteps: 0, batchSize: 128, examples: 16_000 });
  });

  it('leaves all GPUs to verl’s own actors, and says how many these take', () => {
    expect(job(read('recap-verl', { gpusPerNode: 4, nodes: 2 }))).toMatchObject({ gpus: 0, gpusByItself: 8 });
  });

  it('trains adapters as verl’s documentation wants them', () => {
    const words = job(preset('recap-verl', 'lora')).entrypoint.split(' ');
    expect(words).toEqual(expect.arrayContaining(['actor_rollout_ref.model.lora_rank=32', 'actor_rollout_ref.model.lora_alpha=32', 'actor_rollout_ref.model.target_modules=all-linear', 'actor_rollout_ref.rollout.load_format=safetensors', 'actor_rollout_ref.actor.optim.lr=0.00001']));
    expect(preset('recap-verl', 'lora').leavesOut().join(' ')).toContain('trains adapters (LoRA)');
    expect(job(preset('recap-verl', 'paper')).entrypoint).not.toContain('lora');
  });

  it('quotes what is no plain word, for verl and for the shell', () => {
    const { entrypoint } = job(read('recap-verl', { model: '/models/it\'s "a" model', outputDir: '/out/a b\\' }));
    expect(entrypoint).toContain(` 'actor_rollout_ref.model.path="/models/it'\\''s \\"a\\" model"' `);
    expect(entrypoint).toContain(` 'trainer.default_local_dir="/out/a b\\\\"' `);
  });

  it('names values that contradict each other, and rows that verl cannot read', () => {
    expect(read('recap-verl', { promptsPerUpdate: 3, rollouts: 3 }).arithmetic(100)).toEqual({ wrong: 'promptsPerUpdate × rollouts (3 × 3) is no multiple of gpusPerNode × nodes (8 × 1 = 8).' });
    expect(read('recap-verl', { tensorParallel: 3 }).arithmetic(100)).toEqual({ wrong: 'gpusPerNode × nodes (8 × 1) is no multiple of tensorParallel (3).' });
    expect(() => read('recap-verl').job('https://host/rows.jsonl')).toThrow('verl reads the rows from a path');
  });
});

describe('a recipe’s values', () => {
  it('default to the papers’ figures', () => {
    expect(read('advchain-sft').values).toMatchObject({ epochs: 5, batchSize: 128, optimizer: 'adamw_torch', learningRate: 1e-4, maxLength: 8192, warmup: 0.05 });
    for (const name of ['recap-trl-grpo', 'recap-verl']) expect(read(name).values).toMatchObject({ prefillShare: 0.5, rollouts: 16, clipLow: 0.2, clipHigh: 0.28, maxCompletion: 8000, epochs: 1 });
  });

  it('have no secret in the address of a guard, and nothing that its path would be put behind', () => {
    const of = (baseUrl: string): readonly string[] => faults('recap-trl-grpo', { recipe: 'recap-trl-grpo', ...MUST, guard: { baseUrl, model: 'm' } });
    for (const baseUrl of ['http://guard:8000/v1', 'https://guard.example/v1/', 'http://[::1]:8000/v1']) expect(of(baseUrl), baseUrl).toEqual([]);
    for (const baseUrl of ['https://me:hunter2@guard/v1', 'https://hunter2@guard/v1', 'https://guard/v1?api_key=hunter2', 'https://guard/v1?', 'https://guard/v1#hunter2', 'ftp://guard/v1']) {
      expect(of(baseUrl), baseUrl).toEqual([expect.stringMatching(/^guard\.baseUrl: must be an address of http.*keyVariable/) as string]);
      expect(of(baseUrl).join()).not.toContain('hunter2');
    }
  });

  it('are named one by one where they are wrong', () => {
    const found = faults('advchain-sft', { recipe: 'advchain-sft', model: ' ', epochs: 0, learningRate: -1, warmup: 'much', lora: { rank: 1.5 }, warmup_ratio: 0.05 });
    expect(found.map((line) => line.split(':')[0]).sort()).toEqual(['epochs', 'learningRate', 'lora.rank', 'model', 'outputDir', 'the recipe', 'warmup']);
    expect(found.find((line) => line.startsWith('the recipe'))).toContain('warmup_ratio');
    expect(faults('recap-verl', { recipe: 'recap-verl', ...MUST, guard: { baseUrl: 'nowhere', model: 'm', keyVariable: 'not a name' } }).map((line) => line.split(':')[0])).toEqual(['guard.baseUrl', 'guard.keyVariable']);
    expect(faults('advchain-sft', { ...MUST, recipe: 'recap-verl' })).toEqual([expect.stringMatching(/^recipe: /) as string]);
    expect(faults('advchain-sft', null)).toHaveLength(1);
  });

  it.each(RAY)('of %s make the same bytes each time, also once they were read back from a file', (name) => {
    for (const { values } of recipe(name).presets) {
      const first = read(name, values);
      const again = recipe(name).read(JSON.parse(JSON.stringify(first.values)));
      if ('faults' in again) throw new Error(again.faults.join('\n'));
      expect(again.values).toEqual(first.values);
      expect(JSON.stringify(again.job(ROWS_FILE))).toBe(JSON.stringify(first.job(ROWS_FILE)));
      expect(isWrong(first.arithmetic(1000))).toBe(false);
    }
  });

  it('have a short name for titles, which tells them apart', () => {
    expect(TRAINING_RECIPES.map(({ short }) => short)).toEqual(['AdvChain SFT', 'RECAP trl grpo', 'RECAP verl', 'AdvChain API']);
  });

  it('carry their meaning, and names that tell recipes apart', () => {
    expect(new Set(TRAINING_RECIPES.map(({ name }) => name)).size).toBe(TRAINING_RECIPES.length);
    expect(TRAINING_RECIPES.map(({ name }) => name)).toEqual(expect.arrayContaining(RAY));
    for (const { name, presets } of TRAINING_RECIPES) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(presets.length).toBeGreaterThan(0);
      expect(trainingRecipe(name)?.name).toBe(name);
    }
    expect(trainingRecipe('none')).toBeUndefined();
  });
});
