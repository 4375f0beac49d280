/* eslint-disable no-control-regex -- control characters are what this is about */

/** A whole escape sequence: colours and cursor moves (CSI), titles and links (OSC, ended by BEL or ST), and those of two characters. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])|\u009b[0-?]*[ -/]*[@-~]/g;
/** One whose end has not come yet. */
const TORN = /(?:\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]*\u001b?|[ -/]*)?|\u009b[0-?]*[ -/]*)$/;
/** The longest that is waited for, in characters: what goes on beyond is no escape sequence. Ours. */
const LONGEST = 4096;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * A run's log as plain text, as it grows: what a terminal would take as colours, moves, titles and links is taken out, also where an
 * escape sequence is torn by two readings.
 */
export class PlainLog {
  private torn = '';

  /** @param more what the log says beyond what was taken before @returns what can be shown of it now */
  take(more: string): string {
    const text = this.torn + more;
    const found = TORN.exec(text);
    this.torn = found !== null && found[0].length <= LONGEST ? found[0] : '';
    return text.slice(0, text.length - this.torn.length).replace(ESCAPES, '').replace(CONTROLS, '');
  }
}
