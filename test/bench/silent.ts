import type { Logger } from '../../src/trace/logger';

const nothing = (): void => undefined;

export const silent: Logger = { info: nothing, warn: nothing, error: nothing };
