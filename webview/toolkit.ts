/**
 * The one file that knows which library draws the controls. Microsoft's webview-ui-toolkit is archived (January 2025) together with
 * the framework beneath it; `@vscode-elements/elements` is its kept successor, with the same controls under theme variables.
 * Another library is a change of this file alone. Single components are imported, not the bundle: only what is used is shipped.
 */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';

/** A push button; `quiet` where it is not what the page is mainly for. */
export function button(label: string, press: () => void, { quiet = false, title }: { quiet?: boolean; title?: string } = {}): HTMLElement {
  const element = document.createElement('vscode-button');
  element.textContent = label;
  if (quiet) element.setAttribute('secondary', '');
  if (title !== undefined) element.title = title;
  element.addEventListener('click', press);
  return element;
}

/** A check box whose state can be set from outside without `change` being called. */
export interface Check {
  readonly element: HTMLElement;
  set(checked: boolean): void;
}

export function check(label: string, change: (checked: boolean) => void, title?: string): Check {
  const element = document.createElement('vscode-checkbox');
  element.setAttribute('label', label);
  if (title !== undefined) element.title = title;
  element.addEventListener('change', () => {
    change(element.checked);
  });
  return {
    element,
    set(checked) {
      element.checked = checked;
    },
  };
}
