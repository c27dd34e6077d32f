/** A command said so: changes, drift or bad health. */
export const EXIT_DIFFERENT = 2;
/** Stopped by a signal, or at a question that got no answer. */
export const EXIT_INTERRUPTED = 130;
