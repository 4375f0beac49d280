import type { CommonValues } from './commonValues';

type Processes = Pick<CommonValues, 'device' | 'processes' | 'accelerateConfig'>;

/** Why accelerate would not start that many processes; `undefined` where it does. */
export function processesProblem({ device, processes, accelerateConfig }: Processes): string | undefined {
  if (device === 'cpu' && processes > 1) return `processes is ${String(processes)}, and on device cpu one process trains. Set processes to 1.`;
  if (device === 'cpu' && accelerateConfig !== undefined && accelerateConfig !== 'single_gpu') return `accelerateConfig ${accelerateConfig} is for GPUs, and device is cpu. Leave accelerateConfig out.`;
  if (processes > 1 && accelerateConfig === 'single_gpu') return `accelerateConfig single_gpu starts one process, and processes is ${String(processes)}. Leave accelerateConfig out, or choose multi_gpu, fsdp2 or zero3.`;
  return undefined;
}

/**
 * What accelerate is told. Without a number of its own it starts a process for each GPU that it sees, or as many as its preset has (8). A
 * preset also has a precision of its own, which outlasts the trainer’s `bf16: false`.
 */
export function accelerateSettings({ device, dtype, processes, accelerateConfig = processes > 1 ? 'multi_gpu' : undefined }: Processes & Pick<CommonValues, 'dtype'>): Readonly<Record<string, string | number | undefined>> {
  const precision = device === 'cpu' || dtype === 'float32' ? 'no' : dtype === 'bfloat16' ? 'bf16' : 'fp16';
  return { accelerate_config: accelerateConfig, mixed_precision: accelerateConfig === undefined ? undefined : precision, num_processes: processes };
}

/**
 * One GPU for each process: exactly these are visible to the run. (With more, transformers would spread one process over all of them.)
 * On processors the run asks for none, and the backend’s setting counts.
 */
export function gpusOf({ device, processes }: Processes): { readonly gpus?: number } {
  return device === 'gpu' ? { gpus: processes } : {};
}

/** What this way of starting leaves out. */
export function oneNode({ device, processes }: Processes): readonly string[] {
  return device === 'gpu' && processes > 1 ? [`All ${String(processes)} processes run on one node: a job’s entry point is given one node of the cluster, which must have ${String(processes)} GPUs. TRL on several nodes is not done.`] : [];
}
