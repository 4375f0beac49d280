import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// vitest's own report of a failed test needs Map.groupBy, which Node 20 lacks. The tests run in other
// processes, which do not get it.
Map.groupBy ??= (items, keyOf) => {
  const groups = new Map();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

/** As the build does: Python files that are sent along with a training run are text. @type {import('vite').Plugin} */
export const pythonAsText = {
  name: 'python as text',
  transform: (code, id) => (id.endsWith('.py') ? { code: `export default ${JSON.stringify(code)};`, map: null } : undefined),
};

export default defineConfig({
  plugins: [pythonAsText],
  test: {
    include: ['test/unit/**/*.test.ts'],
    // Only VS Code itself has the module `vscode`.
    alias: { vscode: fileURLToPath(new URL('test/unit/vscode/standIn.ts', import.meta.url)) },
    // The JSON report is what `npm test` counts.
    reporters: ['default', ['json', { outputFile: 'out/reports/unit.json' }]],
    passWithNoTests: false,
  },
});
