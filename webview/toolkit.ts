/**
 * The one file that knows which library draws the controls. Microsoft's webview-ui-toolkit is archived (January 2025) together with
 * the framework beneath it; `@vscode-elements/elements` is its kept successor, with the same controls under theme variables.
 * Another library is a change of this file alone. Single components are imported, not the bundle: only what is used is shipped.
 */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';

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

/** A control with a value that can be set from outside without `change` being called. */
export interface Valued {
  readonly element: HTMLElement;
  set(value: string): void;
}

export interface ChoiceOption {
  readonly value: string;
  readonly label: string;
  /** Said of it while the list is open. */
  readonly description?: string;
}

/** One of several, from a list that drops down. */
export interface Choice extends Valued {
  /** Other options, and which of them is chosen. */
  fill(options: readonly ChoiceOption[], value: string): void;
}

/** @param label what screen readers call it */
export function choice(label: string, options: readonly ChoiceOption[], change: (value: string) => void): Choice {
  const element = document.createElement('vscode-single-select');
  element.label = label;
  element.title = label;
  const fill = (given: readonly ChoiceOption[], value: string): void => {
    element.options = given.map((one) => ({ ...one }));
    element.value = value;
  };
  fill(options, options[0]?.value ?? '');
  element.addEventListener('change', () => {
    change(element.value);
  });
  return {
    element,
    fill,
    set(value) {
      if (element.value !== value) element.value = value;
    },
  };
}

/** A box to type a line or a number into; `change` is called while it is typed. */
export function field(label: string, change: (value: string) => void, type: 'search' | 'number' = 'search'): Valued {
  const element = document.createElement('vscode-textfield');
  element.label = label;
  element.type = type;
  if (type === 'search') element.placeholder = label;
  if (type === 'number') element.min = 0;
  element.addEventListener('input', () => {
    change(element.value);
  });
  return {
    element,
    set(value) {
      if (element.value !== value) element.value = value;
    },
  };
}
