import { defineConfig } from 'vitest/config';
import base from './vitest.config.mjs';

/** What needs a real model server, a Python with TRL or a real Ray, named by environment variables; `npm run test:ray`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/ray/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'out/reports/ray.json' }]],
    // A small model on two slow cores needs its time.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
