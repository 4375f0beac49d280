/** Above so many bytes a save does not write a dataset anew: edits are kept aside until *Apply Edits…*. Ours. */
export const LARGE_DATASET = 64 * 1024 * 1024;
