/** A JSON value whose texts, and names of fields, were each put through; in place, however deep they lie. */
export function withTexts(value: unknown, through: (text: string) => string): unknown {
  const whole = { value };
  const left: object[] = [whole];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const [name, inner] of Object.entries(at)) {
      const now = typeof inner === 'string' ? through(inner) : (inner as unknown);
      const called = at === whole || Array.isArray(at) ? name : through(name);
      if (called !== name) Reflect.deleteProperty(at, name);
      // A field may be called `__proto__`.
      if (called !== name || now !== inner) Object.defineProperty(at, called, { value: now, writable: true, enumerable: true, configurable: true });
      if (typeof now === 'object' && now !== null) left.push(now);
    }
  }
  return whole.value;
}
