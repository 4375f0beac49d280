import type { Role } from '../rows/rowTrace';

/** Who speaks, by the names that formats use. Ours where a format has a role of its own: `prefix` (DOOR) begins the assistant's answer. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['bot', 'assistant'],
  ['bard', 'assistant'],
  ['model', 'assistant'],
  ['prefix', 'assistant'],
  ['function_call', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['ipython', 'tool'],
  ['observation', 'tool'],
  ['function_response', 'tool'],
  ['tool_response', 'tool'],
  ['environment', 'tool'],
]);

/** The role that a name means; `undefined` for a name that no format here has. */
export function roleOf(name: unknown): Role | undefined {
  return typeof name === 'string' ? ROLES.get(name.toLowerCase()) : undefined;
}
