/** What ends a line of C#. */
export const LINE_END = /[\n\r\u0085\u2028\u2029]/;
