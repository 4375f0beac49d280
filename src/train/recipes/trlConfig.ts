import { stringify } from 'yaml';
import type { CommonValues } from './commonValues';
import { accelerateSettings } from './trlProcesses';

/** A value of TRL’s configuration; `undefined` is left to TRL. */
type ConfigValue = string | number | boolean | readonly unknown[] | undefined;

/**
 * What every TRL run is told: the model, the rows, where to write, how to log so that lines can be read by a program.
 * @param rowsAt the file of the rows: in the package, or a path or address that the cluster reads
 */
export function commonConfig(values: CommonValues, rowsAt: string): Readonly<Record<string, ConfigValue>> {
  const { model, outputDir, seed, device, dtype, gradientCheckpointing, lora, maxSteps } = values;
  return {
    model_name_or_path: model,
    // Weights in float16 cannot be trained: their gradients would have to be scaled back in float16.
    dtype: dtype === 'float16' ? 'float32' : dtype,
    datasets: [{ path: 'json', data_files: rowsAt, split: 'train' }],
    output_dir: outputDir,
    seed,
    ...(device === 'cpu' ? { use_cpu: true, bf16: false } : { bf16: dtype === 'bfloat16', fp16: dtype === 'float16' ? true : undefined }),
    gradient_checkpointing: gradientCheckpointing,
    ...accelerateSettings(values),
    max_steps: maxSteps,
    report_to: 'none',
    logging_steps: 1,
    disable_tqdm: true,
    ...(lora === undefined ? {} : { use_peft: true, lora_r: lora.rank, lora_alpha: lora.alpha, lora_dropout: lora.dropout, lora_target_modules: lora.targets }),
  };
}

/** As TRL’s command line reads it. */
export function trlYaml(config: Readonly<Record<string, ConfigValue>>): string {
  return stringify(Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)), { lineWidth: 0, version: '1.1' });
}

/** Of a run on processors Ray allows one thread where nothing is said. */
export function environmentOf({ device }: Pick<CommonValues, 'device'>, threads: number): Readonly<Record<string, string>> {
  return { PYTHONUNBUFFERED: '1', ...(device === 'cpu' ? { OMP_NUM_THREADS: String(threads) } : {}) };
}
