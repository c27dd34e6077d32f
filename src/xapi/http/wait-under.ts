/** The outcome of some work, or at once the signal's reason on abort; the work itself goes on. */
export async function waitUnder<T>(
  result: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return result;
  const own = deriveSignal(signal);
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const listener = (): void => reject(own.reason);
    own.addEventListener("abort", listener);
    leave = () => own.removeEventListener("abort", listener);
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    leave();
  }
}

/** A signal that follows another: Node takes the eleventh listener of one signal for a leak, and says so. */
export function deriveSignal(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal]);
}
