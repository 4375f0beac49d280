/**
 * A change in a row's document that has no place in the row. The message tells the researcher what was changed and what to do.
 * Other bundles know it by its `name`, not by its class.
 */
export class RowNotWritable extends Error {
  override readonly name = 'RowNotWritable';
}
