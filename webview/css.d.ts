/** A style sheet goes into the page's own, beside its script. */
declare module '*.css';
