import type { MayAsk } from '../../train/backends/backend';
import type { RequestBudget } from '../../train/runs/requestBudget';

/** For what takes a request or more: the first is counted already, and more are made as far as the minute has room for them. */
export function firstAndMore(budget: Pick<RequestBudget, 'take'>): MayAsk {
  let isFirst = true;
  return {
    take() {
      const yes = isFirst || budget.take();
      isFirst = false;
      return yes;
    },
  };
}
