import type { Series } from '../curve/series';

/** The outcome of a judge's last calibration, short enough to stand beside its name. */
export interface CalibrationNote {
  /** The series that was calibrated; of the other one it says nothing. */
  readonly series: Series;
  /** Weighted kappa of judge and person, −1 … 1; NaN where it cannot be said. */
  readonly kappa: number;
  /** Steps that both scored. */
  readonly n: number;
  /** When it was done, `2026-11-21`, UTC. */
  readonly day: string;
  /** The person: `you`, or their name. */
  readonly who: string;
}

/** The calibration of a judge (`identityKey`), if there is one. */
export type CalibrationOf = (judge: string) => CalibrationNote | undefined;
