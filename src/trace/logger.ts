/** Where the core says what happened, for the output channel. Never given keys. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
