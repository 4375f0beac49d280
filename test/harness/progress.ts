/** Says one line about what takes long. */
export type Progress = (line: string) => void;

export const printProgress: Progress = (line) => {
  console.log(`  ${line}`);
};
