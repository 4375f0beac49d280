import type { Backend } from '../train/backends/backend';
import type { BackendSetting } from '../train/backends/backendSetting';
import { OpenAiBackend } from '../train/backends/openai/openAiBackend';
import { RayBackend } from '../train/backends/ray/rayBackend';
import { trustedBackend } from './trustedBackend';

export { settingOf } from './configuredBackends';

/** What speaks to a backend. @param key of its origin alone, where one is set */
export function backendFor(setting: BackendSetting, key: string | undefined, isTrusted: () => boolean): Backend {
  return trustedBackend(made(setting, key), isTrusted);
}

function made(setting: BackendSetting, key: string | undefined): Backend {
  if (setting.kind === 'openai') return new OpenAiBackend({ name: setting.name, url: setting.url, key });
  const { name, url, gpus, cpus, memory, resources, path, environment } = setting;
  return new RayBackend({ name, url, token: key, resources: { gpus, cpus, memory, custom: resources }, path, environment });
}
