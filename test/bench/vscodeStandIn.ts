/**
 * As much of the `vscode` module as activation touches: every function, class and namespace can be called and gives more of
 * the same, and what has to be a list or a text is one. It answers at once, so that what is measured is our own code.
 */
export function vscodeStandIn(): object {
  const lists = new Set(['visibleTextEditors', 'textDocuments', 'workspaceFolders', 'all', 'subscriptions']);
  const texts = new Set(['fsPath', 'path', 'scheme', 'languageId', 'toString']);
  const none = new Set<PropertyKey>(['then', 'activeTextEditor', Symbol.iterator, Symbol.toPrimitive]);
  const anything = (): unknown =>
    new Proxy(class {}, {
      get: (target, name) => {
        // A class of ours may extend one of VS Code's.
        if (name === 'prototype') return target.prototype;
        if (none.has(name)) return undefined;
        if (lists.has(String(name))) return [];
        if (name === 'toString') return () => 'stand-in';
        if (name === 'get') return (_key: string, standard: unknown) => standard;
        return texts.has(String(name)) ? 'stand-in' : anything();
      },
      set: () => true,
      apply: () => anything(),
      construct: () => anything() as object,
    });
  // Bundles copy a module's own names and leave the rest to its prototype.
  return Object.create(anything() as object) as object;
}
