/** The stage for what needs a Ray cluster. It says why it does nothing, rather than passing in silence. */
console.log('skipped: no part of the project needs Ray yet');
