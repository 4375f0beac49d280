/**
 * Stands in for the module `vscode` in unit tests (see vitest.config.mjs): only as much of it as activating the extension takes.
 * Every registration, listener and other thing that must be disposed is kept in `live` until it is.
 */
interface Disposing {
  dispose(): void;
}

/** What is registered and not disposed, by what it is. */
export const live = new Map<Disposing, string>();
/** Answers and state that a test may set. */
export const world = {
  documents: [] as unknown[],
  editors: [] as unknown[],
  context: new Map<string, unknown>(),
  configuration: new Map<string, unknown>(),
  /** VS Code's language models. */
  models: [] as Record<string, unknown>[],
  storage: '',
  trusted: true,
};

function keep<T extends object>(what: string, made: T): T & Disposing {
  const kept = Object.assign(made, {
    dispose: () => {
      live.delete(kept);
    },
  });
  live.set(kept, what);
  return kept;
}

/** An event of VS Code's own: what listens to it is live. */
function happening<T>(what: string): { event: (listener: (value: T) => unknown) => Disposing; fire: (value: T) => void } {
  const listeners = new Set<(value: T) => unknown>();
  return {
    event(listener) {
      listeners.add(listener);
      const kept: Disposing = {
        dispose: () => {
          listeners.delete(listener);
          live.delete(kept);
        },
      };
      live.set(kept, `listener of ${what}`);
      return kept;
    },
    fire(value) {
      for (const listener of [...listeners]) listener(value);
    },
  };
}

export const events = {
  secrets: happening<unknown>('onDidChange of secrets'),
  opened: happening<unknown>('onDidOpenTextDocument'),
  changed: happening<unknown>('onDidChangeTextDocument'),
  closed: happening<unknown>('onDidCloseTextDocument'),
  renamed: happening<unknown>('onDidRenameFiles'),
  folders: happening<unknown>('onDidChangeWorkspaceFolders'),
  configuration: happening<unknown>('onDidChangeConfiguration'),
  activeEditor: happening<unknown>('onDidChangeActiveTextEditor'),
  selection: happening<unknown>('onDidChangeTextEditorSelection'),
  visibleEditors: happening<unknown>('onDidChangeVisibleTextEditors'),
  theme: happening<unknown>('onDidChangeActiveColorTheme'),
  saved: happening<unknown>('onDidSaveTextDocument'),
  tabs: happening<unknown>('onDidChangeTabs'),
  tabGroups: happening<unknown>('onDidChangeTabGroups'),
};

export class EventEmitter<T> implements Disposing {
  private readonly own = happening<T>('an event of ours');
  readonly event = this.own.event;

  constructor() {
    live.set(this, 'EventEmitter');
  }

  fire(value: T): void {
    this.own.fire(value);
  }

  dispose(): void {
    live.delete(this);
  }
}

export class Disposable {
  constructor(private readonly run: () => void) {}

  static from(...parts: Disposing[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }

  dispose(): void {
    this.run();
  }
}

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}

  static file(path: string): Uri {
    return new Uri('file', path);
  }

  static parse(text: string): Uri {
    const [, scheme = 'file', path = ''] = /^([a-z-]+):(?:\/\/)?(.*)$/.exec(text) ?? [];
    return new Uri(scheme, path);
  }

  static joinPath(base: Uri, ...names: string[]): Uri {
    return new Uri(base.scheme, [base.path, ...names].join('/'));
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(...[a, b, c, d]: [Position, Position] | [number, number, number, number]) {
    this.start = a instanceof Position ? a : new Position(a, b as number);
    this.end = b instanceof Position ? b : new Position(c as number, d as number);
  }
}

export class Diagnostic {
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

export class CodeAction {
  constructor(
    readonly title: string,
    readonly kind: CodeActionKind,
  ) {}
}

export class TabInputText {}
export class TabInputTextDiff {}

export class ThemeIcon {
  constructor(readonly id: string) {}
}

export class ThemeColor {
  constructor(readonly id: string) {}
}


export class CodeActionKind {
  static readonly QuickFix = new CodeActionKind('quickfix');
  static readonly RefactorRewrite = new CodeActionKind('refactor.rewrite');

  private constructor(readonly value: string) {}

  append(part: string): CodeActionKind {
    return new CodeActionKind(`${this.value}.${part}`);
  }
}

export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ColorThemeKind = { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 };
export const OverviewRulerLane = { Left: 1, Center: 2, Right: 4, Full: 7 };
export const DecorationRangeBehavior = { OpenOpen: 0, ClosedClosed: 1 };
export const ProgressLocation = { Notification: 15 };
export const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };

export class CancellationTokenSource implements Disposing {
  private readonly cancelled = new Set<() => void>();
  readonly token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void): Disposing => {
      this.cancelled.add(listener);
      return { dispose: () => this.cancelled.delete(listener) };
    },
  };

  constructor() {
    live.set(this, 'CancellationTokenSource');
  }

  cancel(): void {
    this.token.isCancellationRequested = true;
    for (const listener of this.cancelled) listener();
  }

  dispose(): void {
    live.delete(this);
  }
}

export class LanguageModelChatMessage {
  private constructor(
    readonly role: 'user' | 'assistant',
    readonly content: string,
  ) {}

  static User(content: string): LanguageModelChatMessage {
    return new LanguageModelChatMessage('user', content);
  }

  static Assistant(content: string): LanguageModelChatMessage {
    return new LanguageModelChatMessage('assistant', content);
  }
}

/** As VS Code makes them: told apart by `code`. */
export class LanguageModelError extends Error {
  readonly code: string;

  constructor(message = '', code = 'Unknown', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  static NoPermissions = (message?: string): LanguageModelError => new LanguageModelError(message, 'NoPermissions');
  static Blocked = (message?: string): LanguageModelError => new LanguageModelError(message, 'Blocked');
  static NotFound = (message?: string): LanguageModelError => new LanguageModelError(message, 'NotFound');
}

/** What a window, or a workspace, remembers. */
export function memento(): { get: (key: string, fallback?: unknown) => unknown; update: (key: string, value: unknown) => Promise<void> } {
  const values = new Map<string, unknown>();
  return {
    get: (key, fallback) => values.get(key) ?? fallback,
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

/** The part of an extension's context that ours uses. */
export function extensionContext(folder: string): { subscriptions: Disposing[] } {
  return Object.assign(
    { subscriptions: [] as Disposing[] },
    {
      extensionUri: Uri.file(`${folder}/extension`),
      globalStorageUri: Uri.file(`${folder}/storage`),
      globalState: memento(),
      workspaceState: memento(),
      secrets: { get: () => Promise.resolve(), store: () => Promise.resolve(), delete: () => Promise.resolve(), onDidChange: events.secrets.event },
    },
  );
}

/** Typed by what the extension expects of it, not here. */
type Surface = Readonly<Record<string, unknown>>;

const nothing = (): undefined => undefined;

export const commands: Surface = {
  registerCommand: (name: string, run: unknown) => keep(`command ${name}`, { run }),
  executeCommand(name: string, key: string, value: unknown): Promise<void> {
    if (name === 'setContext') world.context.set(key, value);
    return Promise.resolve();
  },
};

export const lm: Surface = {
  selectChatModels: (selector: Record<string, unknown>) =>
    Promise.resolve(world.models.filter((model) => Object.entries(selector).every(([key, value]) => model[key] === value))),
};

export const languages: Surface = {
  registerCodeLensProvider: (_where: unknown, provider: object) => keep('CodeLens provider', { provider }),
  registerHoverProvider: (_where: unknown, provider: object) => keep('hover provider', { provider }),
  registerDocumentSymbolProvider: (_where: unknown, provider: object) => keep('outline provider', { provider }),
  registerFoldingRangeProvider: (_where: unknown, provider: object) => keep('folding provider', { provider }),
  registerCodeActionsProvider: (_where: unknown, provider: object) => keep('code action provider', { provider }),
  createDiagnosticCollection: (name: string) => keep(`diagnostics ${name}`, { set: nothing, delete: nothing }),
};

export const window: Surface = {
  get activeTextEditor(): unknown {
    return world.editors[0];
  },
  get visibleTextEditors(): unknown[] {
    return world.editors;
  },
  activeColorTheme: { kind: ColorThemeKind.Dark },
  tabGroups: {
    all: [],
    activeTabGroup: { activeTab: undefined, viewColumn: 1 },
    onDidChangeTabs: events.tabs.event,
    onDidChangeTabGroups: events.tabGroups.event,
  },
  onDidChangeActiveTextEditor: events.activeEditor.event,
  onDidChangeTextEditorSelection: events.selection.event,
  onDidChangeVisibleTextEditors: events.visibleEditors.event,
  onDidChangeActiveColorTheme: events.theme.event,
  createOutputChannel: (name: string) => keep(`output ${name}`, { info: nothing, warn: nothing, error: nothing, show: nothing }),
  createStatusBarItem: (id: string) => keep(`status ${id}`, { show: nothing, hide: nothing }),
  createTextEditorDecorationType: (options: object) => keep('decoration type', { options }),
  createTreeView: (view: string, options: object) => keep(`tree ${view}`, { options, selection: [] }),
  registerWebviewViewProvider: (view: string) => keep(`view ${view}`, {}),
  registerWebviewPanelSerializer: (view: string) => keep(`serializer ${view}`, {}),
  setStatusBarMessage: () => new Disposable(nothing),
  showInformationMessage: () => Promise.resolve(),
  showErrorMessage: () => Promise.resolve(),
};

export const workspace: Surface = {
  get isTrusted(): boolean {
    return world.trusted;
  },
  get textDocuments(): unknown[] {
    return world.documents;
  },
  registerTextDocumentContentProvider: (scheme: string) => keep(`content provider ${scheme}`, {}),
  onDidOpenTextDocument: events.opened.event,
  onDidChangeTextDocument: events.changed.event,
  onDidCloseTextDocument: events.closed.event,
  onDidRenameFiles: events.renamed.event,
  onDidSaveTextDocument: events.saved.event,
  registerFileSystemProvider: (scheme: string) => keep(`file system ${scheme}`, {}),
  onDidChangeWorkspaceFolders: events.folders.event,
  onDidChangeConfiguration: events.configuration.event,
  getWorkspaceFolder: () => (world.storage === '' ? undefined : { uri: Uri.file(world.storage) }),
  asRelativePath: (uri: Uri | string) => String(uri instanceof Uri ? uri.path : uri).replace(`${world.storage}/`, ''),
  getConfiguration: (section: string) => ({
    get: (name: string, fallback: unknown) => world.configuration.get(`${section}.${name}`) ?? fallback,
  }),
};
